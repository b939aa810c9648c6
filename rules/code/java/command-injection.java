package tools.web;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.commons.exec.CommandLine;
import org.springframework.web.bind.annotation.*;

class DiagnosticsController {
    private static final Map<String, String> HOSTS = Map.of("db", "10.0.0.5", "cache", "10.0.0.6");

    @GetMapping("/ping")
    void ping(@RequestParam String host) throws IOException {
        // ruleid: command-injection
        Runtime.getRuntime().exec("ping -c 1 " + host);
    }

    void shell(HttpServletRequest req) throws IOException {
        Runtime rt = Runtime.getRuntime();
        String[] command = {"/bin/sh", "-c", "nslookup " + req.getParameter("name")};
        // ruleid: command-injection
        rt.exec(command);
    }

    void commonsExec(HttpServletRequest req) {
        // ruleid: command-injection
        CommandLine line = CommandLine.parse("convert " + req.getParameter("file") + " out.png");
    }

    void library(HttpServletRequest req) {
        // ruleid: command-injection
        System.load(req.getParameter("plugin"));
    }

    void lookedUp(HttpServletRequest req) throws IOException {
        String host = switch (req.getParameter("host")) {
            case "db" -> "10.0.0.5";
            default -> "127.0.0.1";
        };
        // ok: command-injection
        Runtime.getRuntime().exec("ping -c 1 " + host);
    }

    void counted(HttpServletRequest req) throws IOException {
        int count = Integer.parseInt(req.getParameter("count"));
        // ok: command-injection
        Runtime.getRuntime().exec("ping -c " + count + " localhost");
    }

    void fixed() throws IOException {
        // ok: command-injection
        Runtime.getRuntime().exec(new String[] {"uptime", "-p"});
    }

    @PostMapping("/archive")
    void archive(@RequestParam String folder) throws IOException {
        // ruleid: command-injection-process-builder
        new ProcessBuilder("sh", "-c", "tar czf /backup/a.tgz " + folder).start();
    }

    @PostMapping("/convert")
    void convert(@RequestBody String name) throws IOException {
        List<String> args = new ArrayList<>();
        args.add("ffmpeg");
        args.add(name);
        // ruleid: command-injection-process-builder
        new ProcessBuilder(args).start();
    }

    void assigned(HttpServletRequest req) throws IOException {
        ProcessBuilder pb = new ProcessBuilder();
        // ruleid: command-injection-process-builder
        pb.command("git", "log", req.getParameter("branch"));
        pb.start();
    }

    @PostMapping("/archive/safe")
    void archiveKnown(@RequestParam String folder) throws IOException {
        if (!folder.matches("[a-z0-9]+")) {
            return;
        }
        // ok: command-injection-process-builder
        new ProcessBuilder("tar", "czf", "/backup/a.tgz", folder).start();
    }

    void status(HttpServletRequest req) throws IOException {
        boolean verbose = req.getParameter("verbose") != null;
        // ok: command-injection-process-builder
        new ProcessBuilder("git", "status", verbose ? "-v" : "-s").start();
    }
}
