package pages;

import freemarker.template.Configuration;
import freemarker.template.Template;
import jakarta.servlet.http.HttpServletRequest;
import java.io.StringReader;
import java.io.StringWriter;
import org.apache.velocity.VelocityContext;
import org.apache.velocity.app.Velocity;
import org.springframework.web.bind.annotation.*;
import org.springframework.web.servlet.ModelAndView;
import org.thymeleaf.TemplateEngine;
import org.thymeleaf.context.Context;

class GreetingController {
    private TemplateEngine thymeleaf;
    private Configuration freemarker;

    @PostMapping("/preview")
    String preview(@RequestParam String text) {
        StringWriter out = new StringWriter();
        // ruleid: template-injection
        Velocity.evaluate(new VelocityContext(), out, "preview", "Dear " + text);
        return out.toString();
    }

    String render(HttpServletRequest req) {
        // ruleid: template-injection
        return thymeleaf.process("<p>" + req.getParameter("body") + "</p>", new Context());
    }

    Template ftl(HttpServletRequest req) throws Exception {
        String body = req.getParameter("body");
        // ruleid: template-injection
        return new Template("mail", new StringReader(body), freemarker);
    }

    String data(HttpServletRequest req) {
        Context model = new Context();
        model.setVariable("name", req.getParameter("name"));
        // ok: template-injection
        return thymeleaf.process("greeting", model);
    }

    String constantVelocity(HttpServletRequest req) {
        VelocityContext ctx = new VelocityContext();
        ctx.put("name", req.getParameter("name"));
        StringWriter out = new StringWriter();
        // ok: template-injection
        Velocity.evaluate(ctx, out, "hello", "Hello $name");
        return out.toString();
    }

    @GetMapping("/page")
    ModelAndView page(@RequestParam String lang) {
        // ruleid: view-name-injection
        return new ModelAndView("help/" + lang);
    }

    ModelAndView set(HttpServletRequest req) {
        ModelAndView mav = new ModelAndView("home");
        // ruleid: view-name-injection
        mav.setViewName(req.getParameter("view"));
        return mav;
    }

    @GetMapping("/page/safe")
    ModelAndView pageKnown(@RequestParam String lang) {
        // ok: view-name-injection
        ModelAndView mav = new ModelAndView("de".equals(lang) ? "help/de" : "help/en");
        mav.addObject("lang", lang);
        return mav;
    }

    ModelAndView numbered(HttpServletRequest req) {
        int page = Integer.parseInt(req.getParameter("page"));
        // ok: view-name-injection
        return new ModelAndView("help/page" + page);
    }
}
