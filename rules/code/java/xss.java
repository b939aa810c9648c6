package web.pages;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.jsp.JspWriter;
import jakarta.servlet.jsp.PageContext;
import java.io.IOException;
import java.io.PrintWriter;
import org.apache.commons.text.StringEscapeUtils;
import org.owasp.encoder.Encode;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.*;
import org.springframework.web.util.HtmlUtils;

class SearchServlet extends HttpServlet {
    @Override
    protected void doGet(HttpServletRequest req, HttpServletResponse resp) throws IOException {
        resp.setContentType("text/html");
        PrintWriter out = resp.getWriter();
        // ruleid: xss-servlet
        out.println("<h1>Results for " + req.getParameter("q") + "</h1>");
    }

    @Override
    protected void doPost(HttpServletRequest req, HttpServletResponse resp) throws IOException {
        // ruleid: xss-servlet
        resp.getWriter().printf("<p>%s</p>", req.getHeader("Referer"));
    }

    void tag(HttpServletRequest req, JspWriter out) throws IOException {
        // ruleid: xss-servlet
        out.print("<b>" + req.getParameter("name") + "</b>");
    }

    void error(HttpServletRequest req, HttpServletResponse resp) throws IOException {
        // containers escape the message of their error page
        // ok: xss-servlet
        resp.sendError(404, "no such page: " + req.getPathInfo());
    }

    void wrongEncoder(HttpServletRequest req, HttpServletResponse resp) throws IOException {
        String name = StringEscapeUtils.escapeJava(req.getParameter("name"));
        // ruleid: xss-servlet
        resp.getWriter().write("<p>" + name + "</p>");
    }

    void encoded(HttpServletRequest req, HttpServletResponse resp) throws IOException {
        PrintWriter out = resp.getWriter();
        // ok: xss-servlet
        out.println("<h1>" + Encode.forHtml(req.getParameter("q")) + "</h1>");
        // ok: xss-servlet
        out.println("<p>" + StringEscapeUtils.escapeHtml4(req.getParameter("q")) + "</p>");
    }

    void json(HttpServletRequest req, HttpServletResponse resp) throws IOException {
        resp.setContentType("application/json");
        // ok: xss-servlet
        resp.getWriter().write(toJson(req.getParameter("q")));
    }

    void plain(HttpServletRequest req, HttpServletResponse resp) throws IOException {
        resp.setContentType("text/plain; charset=" + CHARSET);
        PrintWriter out = resp.getWriter();
        // ok: xss-servlet
        out.println("unknown command " + req.getParameter("command"));
    }

    void page(HttpServletRequest req, PageContext ctx) throws IOException {
        int page = Integer.parseInt(req.getParameter("page"));
        // ok: xss-servlet
        ctx.getOut().print("page " + page);
    }
}

@RestController
class HelloController {
    @GetMapping("/hello")
    String hello(@RequestParam String name) {
        // ruleid: xss-spring-body
        return "<p>Hello " + name + "</p>";
    }

    @GetMapping("/entity")
    ResponseEntity<String> entity(@RequestParam String name) {
        // ruleid: xss-spring-body
        return ResponseEntity.ok("<p>" + name + "</p>");
    }

    @GetMapping("/hello/safe")
    String encoded(@RequestParam String name) {
        // ok: xss-spring-body
        return "<p>Hello " + HtmlUtils.htmlEscape(name) + "</p>";
    }

    @GetMapping(value = "/plain", produces = "text/plain")
    String plain(@RequestParam String name) {
        // ok: xss-spring-body
        return "Hello " + name;
    }

    @GetMapping("/count")
    String count(@RequestParam int n) {
        // ok: xss-spring-body
        return "<p>" + n + "</p>";
    }
}
