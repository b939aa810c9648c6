package pairs.xss;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

class ContentType {
    void unsafeHtml(HttpServletRequest req, HttpServletResponse resp) throws IOException {
        resp.setContentType("text/html;charset=UTF-8");
        // ruleid: xss-servlet
        resp.getWriter().write("{\"name\": \"" + req.getParameter("name") + "\"}");
    }

    void safeJson(HttpServletRequest req, HttpServletResponse resp) throws IOException {
        resp.setContentType("application/json;charset=UTF-8");
        // ok: xss-servlet
        resp.getWriter().write("{\"name\": \"" + req.getParameter("name") + "\"}");
    }

    void unsafeDefault(HttpServletRequest req, HttpServletResponse resp) throws IOException {
        // ruleid: xss-servlet
        resp.getOutputStream().print("hello " + req.getParameter("name"));
    }

    void safePlain(HttpServletRequest req, HttpServletResponse resp) throws IOException {
        resp.setContentType("text/plain");
        // ok: xss-servlet
        resp.getOutputStream().print("hello " + req.getParameter("name"));
    }
}
