package pairs.templateinjection;

import jakarta.servlet.http.HttpServletRequest;
import java.io.StringWriter;
import org.apache.velocity.VelocityContext;
import org.apache.velocity.app.Velocity;
import org.thymeleaf.TemplateEngine;
import org.thymeleaf.context.Context;

class Models {
    void unsafeTemplate(HttpServletRequest req) {
        VelocityContext model = new VelocityContext();
        // ruleid: template-injection
        Velocity.evaluate(model, new StringWriter(), "mail", "Dear " + req.getParameter("name"));
    }

    void safeModel(HttpServletRequest req) {
        VelocityContext model = new VelocityContext();
        model.put("name", req.getParameter("name"));
        // ok: template-injection
        Velocity.evaluate(model, new StringWriter(), "mail", "Dear $name");
    }

    String unsafeName(HttpServletRequest req, TemplateEngine engine) {
        // ruleid: template-injection
        return engine.process("mail/" + req.getParameter("kind"), new Context());
    }

    String safeName(HttpServletRequest req, TemplateEngine engine) {
        String kind = req.getParameter("kind");
        if (!kind.matches("[a-z]{1,10}")) {
            kind = "plain";
        }
        String name = switch (kind) {
            case "offer" -> "mail/offer";
            default -> "mail/plain";
        };
        // ok: template-injection
        return engine.process(name, new Context());
    }
}
