package pairs.loginjection;

import jakarta.servlet.http.HttpServletRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class Entries {
    private static final Logger log = LoggerFactory.getLogger(Entries.class);

    void unsafeArgument(HttpServletRequest req) {
        // ruleid: log-injection
        log.info("search for {}", req.getParameter("q"));
    }

    void safeArgument(HttpServletRequest req) {
        // ok: log-injection
        log.info("search for {}", req.getParameter("q").replace('\n', ' ').replace('\r', ' '));
    }

    void unsafeOnlyNewline(HttpServletRequest req) {
        String q = req.getParameter("q").replace('\t', ' ');
        // ruleid: log-injection
        log.warn("odd search " + q);
    }

    void safeBothEnds(HttpServletRequest req) {
        String q = req.getParameter("q").replaceAll("\\R", " ");
        // ok: log-injection
        log.warn("odd search " + q);
    }

    void unsafeJoined(HttpServletRequest req) {
        String line = String.join(";", "ip", req.getHeader("X-Forwarded-For"));
        // ruleid: log-injection
        log.error(line);
    }

    void safeCount(HttpServletRequest req) {
        int size = req.getHeader("X-Forwarded-For").length();
        // ok: log-injection
        log.error("header of " + size);
    }
}
