package pairs.loginjection;

import jakarta.servlet.http.HttpServletRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class Characters {
    private static final Logger log = LoggerFactory.getLogger(Characters.class);

    void unsafeCopied(HttpServletRequest req) {
        String q = req.getParameter("q");
        char[] copy = new char[q.length()];
        q.getChars(0, q.length(), copy, 0);
        // ruleid: log-injection
        log.info(new String(copy));
    }

    void safeCopied(HttpServletRequest req) {
        String q = req.getParameter("q");
        char[] copy = new char[q.length()];
        "fixed".getChars(0, 5, copy, 0);
        // ok: log-injection
        log.info(new String(copy));
    }

    void unsafeSystemCopy(HttpServletRequest req) {
        byte[] from = req.getParameter("q").getBytes();
        byte[] to = new byte[from.length];
        System.arraycopy(from, 0, to, 0, from.length);
        // ruleid: log-injection
        log.info(new String(to));
    }

    void safeSystemCopy(HttpServletRequest req) {
        byte[] from = req.getParameter("q").getBytes();
        byte[] to = {'o', 'k'};
        System.arraycopy(to, 0, from, 0, 2);
        // ok: log-injection
        log.info(new String(to));
    }

    void unsafeEachChar(HttpServletRequest req) {
        StringBuilder line = new StringBuilder();
        for (char c : req.getParameter("q").toCharArray()) {
            line.append(c);
        }
        // ruleid: log-injection
        log.info(line.toString());
    }

    void safeEachChar(HttpServletRequest req) {
        StringBuilder line = new StringBuilder();
        for (char c : req.getParameter("q").toCharArray()) {
            line.append('x');
        }
        // ok: log-injection
        log.info(line.toString());
    }
}
