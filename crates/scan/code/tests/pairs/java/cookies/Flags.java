package pairs.cookies;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletResponse;

class Flags {
    void unsafeSecure(HttpServletResponse resp, String id) {
        Cookie cookie = new Cookie("sid", id);
        cookie.setHttpOnly(true);
        // ruleid: cookie-not-secure
        resp.addCookie(cookie);
    }

    void safeSecure(HttpServletResponse resp, String id) {
        Cookie cookie = new Cookie("sid", id);
        cookie.setHttpOnly(true);
        cookie.setSecure(true);
        // ok: cookie-not-secure
        resp.addCookie(cookie);
    }

    void unsafeOtherCookie(HttpServletResponse resp, String id) {
        Cookie cookie = new Cookie("sid", id);
        Cookie other = new Cookie("lang", "en");
        other.setHttpOnly(true);
        cookie.setSecure(true);
        // ruleid: cookie-not-http-only
        resp.addCookie(cookie);
    }

    void safeSameCookie(HttpServletResponse resp, String id) {
        Cookie cookie = new Cookie("sid", id);
        Cookie other = new Cookie("lang", "en");
        cookie.setHttpOnly(true);
        cookie.setSecure(true);
        // ok: cookie-not-http-only
        resp.addCookie(cookie);
    }
}
