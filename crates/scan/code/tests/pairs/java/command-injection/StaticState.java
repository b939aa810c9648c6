package pairs.commandinjection;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;

class StaticState {
    private static String lastCommand = "uptime";
    private static String label = "none";

    static void remember(String command) {
        lastCommand = command;
    }

    static void rememberLabel(String text) {
        label = text;
    }

    void unsafeStatic(HttpServletRequest req) throws IOException {
        remember(req.getParameter("command"));
        // deepruleid: command-injection
        Runtime.getRuntime().exec(lastCommand);
    }

    void safeStatic(HttpServletRequest req) throws IOException {
        rememberLabel(req.getParameter("label"));
        String command = label.isEmpty() ? "uptime" : "free";
        // ok: command-injection
        Runtime.getRuntime().exec(command);
    }

    void unsafeWrapped(HttpServletRequest req) throws IOException {
        Holder.VALUE.text = req.getParameter("text");
        // ruleid: command-injection
        Runtime.getRuntime().exec(Holder.VALUE.text);
    }

    void safeWrapped(HttpServletRequest req) throws IOException {
        Holder.OTHER.text = req.getParameter("text");
        Holder.OTHER.text = "uptime";
        // ok: command-injection
        Runtime.getRuntime().exec(Holder.OTHER.text);
    }

    static class Holder {
        static final Holder VALUE = new Holder();
        static final Holder OTHER = new Holder();
        String text;
    }
}
