package pairs.commandinjection;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.regex.Pattern;

class RegexGuards {
    private static final Pattern HOST = Pattern.compile("[a-z0-9.-]{1,64}");

    void unsafeAnything(HttpServletRequest req) throws IOException {
        String host = req.getParameter("host");
        if (!host.matches(".+\\.example\\.org")) {
            return;
        }
        // ruleid: command-injection
        Runtime.getRuntime().exec("dig " + host);
    }

    void safeClosed(HttpServletRequest req) throws IOException {
        String host = req.getParameter("host");
        if (!host.matches("[a-z]+\\.example\\.org")) {
            return;
        }
        // ok: command-injection
        Runtime.getRuntime().exec("dig " + host);
    }

    void unsafeFind(HttpServletRequest req) throws IOException {
        String host = req.getParameter("host");
        if (!HOST.matcher(host).find()) {
            throw new IOException("host");
        }
        // ruleid: command-injection
        Runtime.getRuntime().exec("dig " + host);
    }

    void safeMatches(HttpServletRequest req) throws IOException {
        String host = req.getParameter("host");
        if (!HOST.matcher(host).matches()) {
            throw new IOException("host");
        }
        // ok: command-injection
        Runtime.getRuntime().exec("dig " + host);
    }

    void unsafeInverted(HttpServletRequest req) throws IOException {
        String host = req.getParameter("host");
        if (Pattern.matches("[a-z]+", host)) {
            return;
        }
        // ruleid: command-injection
        Runtime.getRuntime().exec("dig " + host);
    }

    void safeInside(HttpServletRequest req) throws IOException {
        String host = req.getParameter("host");
        if (Pattern.matches("[a-z]+", host)) {
            // ok: command-injection
            Runtime.getRuntime().exec("dig " + host);
        }
    }
}
