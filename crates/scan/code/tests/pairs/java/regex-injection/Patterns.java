package pairs.regexinjection;

import java.util.regex.Pattern;
import org.springframework.web.bind.annotation.*;

class Patterns {
    @GetMapping("/unsafe/compiled")
    Object unsafeCompiled(@RequestParam String text) {
        // ruleid: regex-injection
        return Pattern.compile(".*" + text + ".*");
    }

    @GetMapping("/safe/quoted")
    Object safeQuoted(@RequestParam String text) {
        // ok: regex-injection
        return Pattern.compile(".*" + Pattern.quote(text) + ".*");
    }

    @GetMapping("/unsafe/matches")
    boolean unsafeExpression(@RequestParam String text) {
        String sample = "sample";
        // ruleid: regex-injection
        return sample.matches(text);
    }

    @GetMapping("/safe/matches")
    boolean safeText(@RequestParam String text) {
        String expression = "[a-z]+";
        // ok: regex-injection
        return text.matches(expression);
    }
}
