package pairs.xss;

import java.io.IOException;
import javax.servlet.http.Cookie;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.owasp.encoder.Encode;

class Cookies {
    void unsafeLoop(HttpServletRequest req, HttpServletResponse resp) throws IOException {
        String theme = "light";
        for (Cookie cookie : req.getCookies()) {
            if (cookie.getName().equals("theme")) {
                theme = cookie.getValue();
            }
        }
        // ruleid: xss-servlet
        resp.getWriter().print("<body class='" + theme + "'>");
    }

    void safeLoop(HttpServletRequest req, HttpServletResponse resp) throws IOException {
        String theme = "light";
        for (Cookie cookie : req.getCookies()) {
            if (cookie.getName().equals("dark")) {
                theme = "dark";
            }
        }
        // ok: xss-servlet
        resp.getWriter().print("<body class='" + theme + "'>");
    }

    void unsafeIndexed(HttpServletRequest req, HttpServletResponse resp) throws IOException {
        Cookie[] cookies = req.getCookies();
        for (int i = 0; i < cookies.length; i++) {
            // ruleid: xss-servlet
            resp.getWriter().println("<li>" + cookies[i].getValue() + "</li>");
        }
    }

    void safeIndexed(HttpServletRequest req, HttpServletResponse resp) throws IOException {
        Cookie[] cookies = req.getCookies();
        for (int i = 0; i < cookies.length; i++) {
            // ok: xss-servlet
            resp.getWriter().println("<li>" + Encode.forHtmlContent(cookies[i].getValue()) + "</li>");
        }
    }

    void unsafeFromRequest(HttpServletRequest req, HttpServletResponse resp) throws IOException {
        Cookie cookie = req.getCookies()[0];
        // ruleid: xss-servlet
        resp.getWriter().println(cookie.getValue());
    }

    void safeOwnCookie(HttpServletRequest req, HttpServletResponse resp) throws IOException {
        Cookie cookie = new Cookie("lang", "en");
        // ok: xss-servlet
        resp.getWriter().println(cookie.getValue());
    }
}
