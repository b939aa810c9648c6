package web.response;

import jakarta.mail.internet.MimeMessage;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.mail.SimpleMailMessage;
import org.springframework.web.bind.annotation.*;

class DownloadController {
    private static final Logger log = LoggerFactory.getLogger(DownloadController.class);

    void download(HttpServletRequest req, HttpServletResponse resp) {
        // ruleid: header-injection
        resp.setHeader("Content-Disposition", "attachment; filename=" + req.getParameter("name"));
    }

    @GetMapping("/lang")
    void language(@RequestParam String lang, HttpHeaders headers) {
        // ruleid: header-injection
        headers.add("Content-Language", lang);
    }

    void encoded(HttpServletRequest req, HttpServletResponse resp) {
        String name = URLEncoder.encode(req.getParameter("name"), StandardCharsets.UTF_8);
        // ok: header-injection
        resp.setHeader("Content-Disposition", "attachment; filename*=UTF-8''" + name);
        // ok: header-injection
        resp.setHeader("X-Name", req.getParameter("name").replaceAll("[\r\n]", ""));
    }

    void login(HttpServletRequest req) {
        String user = req.getParameter("user");
        // ruleid: log-injection
        log.info("login of {}", user);
        // ruleid: log-injection
        log.warn("failed login: " + user);
        // ok: log-injection
        log.info("login of {}", user.replace('\n', '_').replace('\r', '_'));
        // ok: log-injection
        log.info("login of {}", user.replaceAll("[^A-Za-z0-9]", "_"));
        // ok: log-injection
        log.info("length {}", Integer.parseInt(req.getParameter("n")));
    }

    void mail(HttpServletRequest req, MimeMessage mail, SimpleMailMessage simple) throws Exception {
        // ruleid: mail-header-injection
        mail.setSubject("Question: " + req.getParameter("subject"));
        // ruleid: mail-header-injection
        simple.setReplyTo(req.getParameter("from"));
        // ok: mail-header-injection
        mail.setSubject("Question");
        // ok: mail-header-injection
        mail.setSubject(req.getParameter("subject").replaceAll("\\R", " "));
    }

    @GetMapping("/format")
    String format(@RequestParam String pattern, @RequestParam double value) {
        // ruleid: format-string
        String shown = String.format(pattern, value);
        // ruleid: format-string
        System.out.printf("value " + pattern, value);
        // ok: format-string
        shown += String.format("%s", pattern);
        // ok: format-string
        return shown + String.format("%.2f", value);
    }

    @GetMapping("/filter")
    boolean filter(@RequestParam String expression, @RequestParam String text) {
        // ruleid: regex-injection
        Pattern p = Pattern.compile("^" + expression + "$");
        // ruleid: regex-injection
        boolean whole = Pattern.matches(expression, "abc");
        // ok: regex-injection
        Pattern quoted = Pattern.compile(Pattern.quote(expression));
        // ok: regex-injection
        return Pattern.matches("[a-z]+", text) || whole || p.equals(quoted);
    }
}
