package pairs.xss;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.apache.commons.text.StringEscapeUtils;
import org.owasp.encoder.Encode;
import org.springframework.web.util.HtmlUtils;

class Encoders {
    void unsafeJavaString(HttpServletRequest req, HttpServletResponse resp) throws IOException {
        // ruleid: xss-servlet
        resp.getWriter().println("<p>" + Encode.forJava(req.getParameter("q")) + "</p>");
    }

    void safeHtml(HttpServletRequest req, HttpServletResponse resp) throws IOException {
        // ok: xss-servlet
        resp.getWriter().println("<p>" + Encode.forHtml(req.getParameter("q")) + "</p>");
    }

    void unsafeCsv(HttpServletRequest req, HttpServletResponse resp) throws IOException {
        String cell = StringEscapeUtils.escapeCsv(req.getParameter("cell"));
        // ruleid: xss-servlet
        resp.getWriter().write("<td>" + cell + "</td>");
    }

    void safeHtml4(HttpServletRequest req, HttpServletResponse resp) throws IOException {
        String cell = StringEscapeUtils.escapeHtml4(req.getParameter("cell"));
        // ok: xss-servlet
        resp.getWriter().write("<td>" + cell + "</td>");
    }

    void unsafeUnescaped(HttpServletRequest req, HttpServletResponse resp) throws IOException {
        String text = HtmlUtils.htmlUnescape(req.getParameter("text"));
        // ruleid: xss-servlet
        resp.getWriter().append(text);
    }

    void safeEscaped(HttpServletRequest req, HttpServletResponse resp) throws IOException {
        String text = HtmlUtils.htmlEscape(req.getParameter("text"));
        // ok: xss-servlet
        resp.getWriter().append(text);
    }

    void unsafeOneEncoded(HttpServletRequest req, HttpServletResponse resp) throws IOException {
        String link = URLEncoder.encode(req.getParameter("to"), StandardCharsets.UTF_8);
        // ruleid: xss-servlet
        resp.getWriter().printf("<a href='/go?to=%s'>%s</a>", link, req.getParameter("to"));
    }

    void safeBothEncoded(HttpServletRequest req, HttpServletResponse resp) throws IOException {
        String link = URLEncoder.encode(req.getParameter("to"), StandardCharsets.UTF_8);
        // ok: xss-servlet
        resp.getWriter().printf("<a href='/go?to=%s'>%s</a>", link, Encode.forHtml(req.getParameter("to")));
    }
}
