package pairs.regexinjection;

import jakarta.servlet.http.HttpServletRequest;
import java.util.regex.Pattern;

class Interruptions {
    void unsafeCaught(HttpServletRequest req) {
        String text = req.getParameter("text");
        try {
            Integer.parseInt(text);
        } catch (NumberFormatException e) {
            // ruleid: regex-injection
            Pattern.compile(text);
        }
    }

    void safeParsed(HttpServletRequest req) {
        String text = req.getParameter("text");
        try {
            int number = Integer.parseInt(text);
            // ok: regex-injection
            Pattern.compile("x{" + number + "}");
        } catch (NumberFormatException e) {
            System.err.println("no number");
        }
    }

    void unsafeLabelled(HttpServletRequest req) {
        String text = "a";
        outer:
        for (int i = 0; i < 2; i++) {
            for (int j = 0; j < 2; j++) {
                if (i * j == 1) {
                    text = req.getParameter("text");
                    break outer;
                }
            }
        }
        // ruleid: regex-injection
        Pattern.compile(text);
    }

    void safeThrown(HttpServletRequest req) {
        String text = "a";
        if (req.getParameter("text") != null) {
            text = req.getParameter("text");
            throw new IllegalStateException("refused");
        }
        // ok: regex-injection
        Pattern.compile(text);
    }
}
