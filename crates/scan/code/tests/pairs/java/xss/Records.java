package pairs.xss;

import org.springframework.web.bind.annotation.*;
import org.springframework.web.util.HtmlUtils;

@RestController
class Records {
    record Greeting(String name, String language) {
        String shown() {
            return "<p>" + name + "</p>";
        }
    }

    record Escaped(String name) {
        Escaped {
            name = HtmlUtils.htmlEscape(name);
        }
    }

    @GetMapping("/unsafe/component")
    String unsafeComponent(@RequestParam String name) {
        Greeting greeting = new Greeting(name, "en");
        // deepruleid: xss-spring-body
        return "<p>" + greeting.name() + "</p>";
    }

    @GetMapping("/safe/component")
    String safeComponent(@RequestParam String name) {
        Greeting greeting = new Greeting(name, "en");
        // ok: xss-spring-body
        return "<p>" + greeting.language() + "</p>";
    }

    @GetMapping("/unsafe/method")
    String unsafeMethod(@RequestParam String name) {
        // deepruleid: xss-spring-body
        return new Greeting(name, "en").shown();
    }

    @GetMapping("/safe/constructor")
    String safeConstructor(@RequestParam String name) {
        // ok: xss-spring-body
        return new Escaped(name).name();
    }
}
