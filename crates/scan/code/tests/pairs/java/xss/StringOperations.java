package pairs.xss;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

class StringOperations {
    void unsafeSubstring(HttpServletRequest req, HttpServletResponse resp) throws IOException {
        String q = "query:" + req.getParameter("q");
        // ruleid: xss-servlet
        resp.getWriter().print(q.substring(6));
    }

    void safeSubstring(HttpServletRequest req, HttpServletResponse resp) throws IOException {
        String q = "query:" + req.getParameter("q");
        // ok: xss-servlet
        resp.getWriter().print(q.substring(0, 5).length());
    }

    void unsafeReplace(HttpServletRequest req, HttpServletResponse resp) throws IOException {
        String page = "<p>NAME</p>".replace("NAME", req.getParameter("name"));
        // ruleid: xss-servlet
        resp.getWriter().print(page);
    }

    void safeReplace(HttpServletRequest req, HttpServletResponse resp) throws IOException {
        String ignored = req.getParameter("name").replace("a", "b");
        String page = "<p>NAME</p>".replace("NAME", "guest");
        // ok: xss-servlet
        resp.getWriter().print(page);
    }

    void unsafeConcat(HttpServletRequest req, HttpServletResponse resp) throws IOException {
        String page = "<p>".concat(req.getHeader("User-Agent")).concat("</p>");
        // ruleid: xss-servlet
        resp.getWriter().print(page);
    }

    void safeConcat(HttpServletRequest req, HttpServletResponse resp) throws IOException {
        boolean mobile = req.getHeader("User-Agent").contains("Mobile");
        String page = "<p>".concat(mobile ? "small" : "large").concat("</p>");
        // ok: xss-servlet
        resp.getWriter().print(page);
    }

    void unsafeBlock(HttpServletRequest req, HttpServletResponse resp) throws IOException {
        String page = """
            <h1>%s</h1>
            """.formatted(req.getParameter("title"));
        // ruleid: xss-servlet
        resp.getWriter().print(page);
    }

    void safeBlock(HttpServletRequest req, HttpServletResponse resp) throws IOException {
        String page = """
            <h1>%d</h1>
            """.formatted(Integer.parseInt(req.getParameter("title")));
        // ok: xss-servlet
        resp.getWriter().print(page);
    }

    void unsafeAppendEquals(HttpServletRequest req, HttpServletResponse resp) throws IOException {
        String page = "<ul>";
        for (String item : req.getParameterValues("item")) {
            page += "<li>" + item + "</li>";
        }
        // ruleid: xss-servlet
        resp.getWriter().print(page + "</ul>");
    }

    void safeAppendEquals(HttpServletRequest req, HttpServletResponse resp) throws IOException {
        String page = "<ul>";
        for (String item : req.getParameterValues("item")) {
            page += "<li>" + item.hashCode() + "</li>";
        }
        // ok: xss-servlet
        resp.getWriter().print(page + "</ul>");
    }
}
