package session;

import jakarta.servlet.SessionCookieConfig;
import jakarta.servlet.http.*;
import org.springframework.http.ResponseCookie;
import org.springframework.web.bind.annotation.*;

class Cookies {
    void plain(HttpServletResponse resp, String id) {
        Cookie cookie = new Cookie("sid", id);
        // ruleid: cookie-not-secure, cookie-not-http-only
        resp.addCookie(cookie);
    }

    void readable(HttpServletResponse resp, String id) {
        Cookie cookie = new Cookie("sid", id);
        cookie.setSecure(true);
        // ruleid: cookie-not-http-only
        resp.addCookie(cookie);
    }

    void plainHttp(HttpServletResponse resp, String id) {
        Cookie cookie = new Cookie("sid", id);
        cookie.setHttpOnly(true);
        // ruleid: cookie-not-secure
        resp.addCookie(cookie);
    }

    void protectedCookie(HttpServletResponse resp, String id) {
        Cookie cookie = new Cookie("sid", id);
        cookie.setSecure(true);
        cookie.setHttpOnly(true);
        // ok: cookie-not-secure, cookie-not-http-only
        resp.addCookie(cookie);
    }

    void configured(HttpServletResponse resp, String id, boolean behindTls) {
        Cookie cookie = new Cookie("sid", id);
        cookie.setHttpOnly(true);
        if (behindTls) {
            cookie.setSecure(true);
        }
        // ok: cookie-not-secure, cookie-not-http-only
        resp.addCookie(cookie);
    }

    void removed(HttpServletResponse resp) {
        Cookie cookie = new Cookie("sid", "");
        cookie.setMaxAge(0);
        // ok: cookie-not-secure, cookie-not-http-only
        resp.addCookie(cookie);
    }

    void off(Cookie cookie, SessionCookieConfig config) {
        // ruleid: cookie-flags-off
        cookie.setSecure(false);
        // ruleid: cookie-flags-off
        config.setHttpOnly(false);
        // ruleid: cookie-flags-off
        ResponseCookie a = ResponseCookie.from("sid", "x").path("/").secure(false).build();
        // ok: cookie-flags-off
        ResponseCookie b = ResponseCookie.from("sid", "x").secure(true).httpOnly(true).build();
        // ok: cookie-flags-off
        config.setSecure(true);
    }

    void boundary(HttpServletRequest req) {
        HttpSession session = req.getSession();
        // ruleid: trust-boundary
        session.setAttribute("role", req.getParameter("role"));
        // ruleid: trust-boundary
        req.getSession(true).setAttribute(req.getParameter("key"), "x");
        // ok: trust-boundary
        session.setAttribute("page", Integer.parseInt(req.getParameter("page")));
        // ok: trust-boundary
        session.setAttribute("role", "guest");
    }
}
