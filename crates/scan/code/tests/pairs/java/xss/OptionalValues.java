package pairs.xss;

import java.util.*;
import org.springframework.web.bind.annotation.*;
import org.springframework.web.util.HtmlUtils;

@RestController
class OptionalValues {
    @GetMapping("/unsafe/optional")
    String unsafeOptional(@RequestParam Optional<String> name) {
        // ruleid: xss-spring-body
        return "<p>" + name.orElse("nobody") + "</p>";
    }

    @GetMapping("/safe/optional")
    String safeOptional(@RequestParam Optional<String> name) {
        // ok: xss-spring-body
        return "<p>" + name.map(n -> "somebody").orElse("nobody") + "</p>";
    }

    @GetMapping("/unsafe/of")
    String unsafeOfNullable(@RequestHeader("X-Name") String name) {
        String shown = Optional.ofNullable(name).filter(n -> n.length() > 3).orElseGet(() -> "-");
        // ruleid: xss-spring-body
        return "<p>" + shown + "</p>";
    }

    @GetMapping("/safe/of")
    String safeOfNullable(@RequestHeader("X-Name") String name) {
        String shown = Optional.ofNullable(name).map(HtmlUtils::htmlEscape).orElseGet(() -> "-");
        // ok: xss-spring-body
        return "<p>" + shown + "</p>";
    }

    @GetMapping("/unsafe/default")
    String unsafeFallback(@RequestParam String text) {
        Optional<String> none = Optional.empty();
        // ruleid: xss-spring-body
        return "<p>" + none.orElse(text) + "</p>";
    }

    @GetMapping("/safe/default")
    String safeFallback(@RequestParam String text) {
        Optional<String> some = Optional.of("fixed");
        // ok: xss-spring-body
        return "<p>" + some.get() + "</p>";
    }
}
