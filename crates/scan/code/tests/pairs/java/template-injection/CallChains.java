package pairs.templateinjection;

import io.pebbletemplates.pebble.PebbleEngine;
import org.springframework.web.bind.annotation.*;
import org.springframework.web.servlet.ModelAndView;

class CallChains {
    private final PebbleEngine engine = new PebbleEngine.Builder().build();

    private String outer(String text, int depth) {
        return depth == 0 ? inner(text) : outer(text, depth - 1);
    }

    private String inner(String text) {
        return "{{ " + text + " }}";
    }

    private String outerFixed(String text, int depth) {
        return depth == 0 ? innerFixed(text) : outerFixed(text, depth - 1);
    }

    private String innerFixed(String text) {
        return text.isEmpty() ? "{{ none }}" : "{{ some }}";
    }

    @GetMapping("/unsafe/recursive")
    Object unsafeRecursive(@RequestParam String text) {
        // deepruleid: template-injection
        return engine.getLiteralTemplate(outer(text, 3));
    }

    @GetMapping("/safe/recursive")
    Object safeRecursive(@RequestParam String text) {
        // ok: template-injection
        return engine.getLiteralTemplate(outerFixed(text, 3));
    }

    private void fill(String[] target, String text) {
        target[0] = text;
    }

    private void fillFixed(String[] target, String text) {
        target[0] = "fixed";
    }

    @GetMapping("/unsafe/filled")
    Object unsafeFilled(@RequestParam String view) {
        String[] name = new String[1];
        fill(name, view);
        // deepruleid: view-name-injection
        return new ModelAndView(name[0]);
    }

    @GetMapping("/safe/filled")
    Object safeFilled(@RequestParam String view) {
        String[] name = new String[1];
        fillFixed(name, view);
        // ok: view-name-injection
        return new ModelAndView(name[0]);
    }
}
