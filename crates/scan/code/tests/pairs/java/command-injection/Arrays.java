package pairs.commandinjection;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;

class Arrays {
    void unsafeIndex(HttpServletRequest req) throws IOException {
        String[] parts = {"cleanup", req.getParameter("dir"), "/tmp"};
        // ruleid: command-injection
        Runtime.getRuntime().exec("rm -r " + parts[1]);
    }

    void safeIndex(HttpServletRequest req) throws IOException {
        String[] parts = {"cleanup", req.getParameter("dir"), "/tmp"};
        // ok: command-injection
        Runtime.getRuntime().exec("rm -r " + parts[2]);
    }

    void unsafeOverwritten(HttpServletRequest req) throws IOException {
        String[] command = new String[3];
        command[0] = "/bin/sh";
        command[1] = "-c";
        command[2] = "ls";
        command[2] = req.getParameter("command");
        // ruleid: command-injection
        Runtime.getRuntime().exec(command);
    }

    void safeOverwritten(HttpServletRequest req) throws IOException {
        String[] command = new String[3];
        command[0] = "/bin/sh";
        command[1] = "-c";
        command[2] = req.getParameter("command");
        command[2] = "ls";
        // ok: command-injection
        Runtime.getRuntime().exec(command);
    }

    void unsafeEnvironment(HttpServletRequest req) throws IOException {
        String[] env = {"LD_PRELOAD=" + req.getParameter("lib")};
        // ruleid: command-injection
        Runtime.getRuntime().exec("uptime", env);
    }

    void safeEnvironment(HttpServletRequest req) throws IOException {
        String[] env = {"LANG=C", "COLUMNS=" + Integer.parseInt(req.getParameter("columns"))};
        // ok: command-injection
        Runtime.getRuntime().exec("uptime", env);
    }
}
