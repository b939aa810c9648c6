package pairs.headerinjection;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.owasp.encoder.Encode;

class Lines {
    void unsafeRaw(HttpServletRequest req, HttpServletResponse resp) {
        // ruleid: header-injection
        resp.addHeader("X-Reply-To", req.getParameter("from"));
    }

    void safeStripped(HttpServletRequest req, HttpServletResponse resp) {
        // ok: header-injection
        resp.addHeader("X-Reply-To", req.getParameter("from").replaceAll("[\\r\\n]", ""));
    }

    void unsafeSpaces(HttpServletRequest req, HttpServletResponse resp) {
        String name = req.getParameter("name").replace(" ", "_");
        // ruleid: header-injection
        resp.setHeader("Content-Disposition", "attachment; filename=" + name);
    }

    void safeEncoded(HttpServletRequest req, HttpServletResponse resp) {
        String name = URLEncoder.encode(req.getParameter("name"), StandardCharsets.UTF_8);
        // ok: header-injection
        resp.setHeader("Content-Disposition", "attachment; filename=" + name);
    }

    void unsafeHtmlEncoded(HttpServletRequest req, HttpServletResponse resp) {
        // ruleid: header-injection
        resp.setHeader("X-Title", Encode.forHtml(req.getParameter("title")));
    }

    void safeUriEncoded(HttpServletRequest req, HttpServletResponse resp) {
        // ok: header-injection
        resp.setHeader("X-Title", Encode.forUriComponent(req.getParameter("title")));
    }

    void unsafeName(HttpServletRequest req, HttpServletResponse resp) {
        // ruleid: header-injection
        resp.setHeader("X-" + req.getParameter("key"), "1");
    }

    void safeName(HttpServletRequest req, HttpServletResponse resp) {
        String key = req.getParameter("key");
        // ok: header-injection
        resp.setHeader("X-" + (key.startsWith("a") ? "Alpha" : "Beta"), "1");
    }
}
