package pairs.commandinjection;

import java.io.IOException;
import java.util.*;
import org.springframework.web.bind.annotation.*;

class ProcessArguments {
    @PostMapping("/unsafe/list")
    void unsafeList(@RequestParam String name) throws IOException {
        List<String> args = new ArrayList<>(List.of("git", "clone"));
        args.add(name);
        // ruleid: command-injection-process-builder
        new ProcessBuilder(args).start();
    }

    @PostMapping("/safe/list")
    void safeList(@RequestParam String name) throws IOException {
        List<String> args = new ArrayList<>(List.of("git", "clone"));
        args.add(name.isEmpty() ? "main" : "develop");
        // ok: command-injection-process-builder
        new ProcessBuilder(args).start();
    }

    @PostMapping("/unsafe/varargs")
    void unsafeVarargs(@RequestHeader("X-Branch") String branch) throws IOException {
        ProcessBuilder pb = new ProcessBuilder();
        // ruleid: command-injection-process-builder
        pb.command("git", "checkout", branch);
        pb.start();
    }

    @PostMapping("/safe/varargs")
    void safeVarargs(@RequestHeader("X-Branch") String branch) throws IOException {
        ProcessBuilder pb = new ProcessBuilder();
        if (!branch.matches("[a-z]+")) {
            throw new IOException("branch");
        }
        // ok: command-injection-process-builder
        pb.command("git", "checkout", branch);
        pb.start();
    }

    @PostMapping("/unsafe/number")
    void unsafeText(@RequestParam("n") String lines) throws IOException {
        // ruleid: command-injection-process-builder
        new ProcessBuilder("tail", "-n", lines, "/var/log/app.log").start();
    }

    @PostMapping("/safe/number")
    void safeNumber(@RequestParam("n") int lines) throws IOException {
        // ok: command-injection-process-builder
        new ProcessBuilder("tail", "-n", "" + lines, "/var/log/app.log").start();
    }
}
