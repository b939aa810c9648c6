package pairs.commandinjection;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;

class InnerClasses {
    interface Action {
        String command();
    }

    class Shell {
        private String line = "true";

        void set(String line) {
            this.line = line;
        }

        void runLine() throws IOException {
            // deepruleid: command-injection
            Runtime.getRuntime().exec(line);
        }
    }

    class FixedShell {
        private String line = "true";

        void set(String line) {
            this.line = line.isEmpty() ? "false" : "true";
        }

        void runLine() throws IOException {
            // ok: command-injection
            Runtime.getRuntime().exec(line);
        }
    }

    void unsafeInner(HttpServletRequest req) throws IOException {
        Shell shell = new Shell();
        shell.set(req.getParameter("line"));
        shell.runLine();
    }

    void safeInner(HttpServletRequest req) throws IOException {
        FixedShell shell = new FixedShell();
        shell.set(req.getParameter("line"));
        shell.runLine();
    }

    void unsafeAnonymous(HttpServletRequest req) throws IOException {
        final String name = req.getParameter("name");
        Action action = new Action() {
            @Override
            public String command() {
                return "kill " + name;
            }
        };
        // deepruleid: command-injection
        Runtime.getRuntime().exec(action.command());
    }

    void safeAnonymous(HttpServletRequest req) throws IOException {
        final String name = req.getParameter("name");
        Action action = new Action() {
            @Override
            public String command() {
                return "kill " + name.hashCode();
            }
        };
        // ok: command-injection
        Runtime.getRuntime().exec(action.command());
    }

    void unsafeLocalClass(HttpServletRequest req) throws IOException {
        class Local {
            String text;
        }
        Local local = new Local();
        local.text = req.getParameter("text");
        // ruleid: command-injection
        Runtime.getRuntime().exec(local.text);
    }

    void safeLocalClass(HttpServletRequest req) throws IOException {
        class Local {
            String text;
        }
        Local local = new Local();
        local.text = req.getParameter("text");
        local = new Local();
        local.text = "uptime";
        // ok: command-injection
        Runtime.getRuntime().exec(local.text);
    }
}
