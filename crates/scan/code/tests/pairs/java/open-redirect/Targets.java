package pairs.openredirect;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.*;

class Targets {
    private static final Map<String, String> PAGES = Map.of("home", "/home", "cart", "/cart");

    void unsafeWhole(HttpServletRequest req, HttpServletResponse resp) throws IOException {
        // ruleid: open-redirect
        resp.sendRedirect(req.getParameter("to"));
    }

    void safeMapped(HttpServletRequest req, HttpServletResponse resp) throws IOException {
        // ok: open-redirect
        resp.sendRedirect(PAGES.get(req.getParameter("to")));
    }

    void unsafeSlash(HttpServletRequest req, HttpServletResponse resp) throws IOException {
        // ruleid: open-redirect
        resp.sendRedirect("/" + req.getParameter("to"));
    }

    void safeSegment(HttpServletRequest req, HttpServletResponse resp) throws IOException {
        // ok: open-redirect
        resp.sendRedirect("/pages/" + req.getParameter("to"));
    }

    void unsafeStartsWith(HttpServletRequest req, HttpServletResponse resp) throws IOException {
        String to = req.getParameter("to");
        if (to.startsWith("/")) {
            // ruleid: open-redirect
            resp.sendRedirect(to);
        }
    }

    void safeContains(HttpServletRequest req, HttpServletResponse resp) throws IOException {
        String to = req.getParameter("to");
        if (PAGES.containsValue(to) && PAGES.values().contains(to)) {
            // ok: open-redirect
            resp.sendRedirect(to);
        }
    }

    void unsafeTernary(HttpServletRequest req, HttpServletResponse resp) throws IOException {
        String to = req.getParameter("to");
        // ruleid: open-redirect
        resp.sendRedirect(to != null ? to : "/home");
    }

    void safeTernary(HttpServletRequest req, HttpServletResponse resp) throws IOException {
        String to = req.getParameter("to");
        // ok: open-redirect
        resp.sendRedirect(to != null ? "/cart" : "/home");
    }
}
