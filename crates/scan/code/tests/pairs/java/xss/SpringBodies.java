package pairs.xss;

import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.*;

@RestController
class SpringBodies {
    @GetMapping("/unsafe/path/{id}")
    String unsafePath(@PathVariable String id) {
        // ruleid: xss-spring-body
        return "no item " + id;
    }

    @GetMapping("/safe/path/{id}")
    String safePath(@PathVariable long id) {
        // ok: xss-spring-body
        return "no item " + id;
    }

    @GetMapping("/unsafe/produces")
    String unsafeProduces(@RequestParam String q) {
        // ruleid: xss-spring-body
        return "{\"q\": \"" + q + "\"}";
    }

    @GetMapping(value = "/safe/produces", produces = MediaType.APPLICATION_JSON_VALUE)
    String safeProduces(@RequestParam String q) {
        // ok: xss-spring-body
        return "{\"q\": \"" + q + "\"}";
    }

    @GetMapping("/unsafe/entity")
    ResponseEntity<String> unsafeEntity(@RequestParam String q) {
        // ruleid: xss-spring-body
        return ResponseEntity.badRequest().body("bad value " + q);
    }

    @GetMapping("/safe/entity")
    ResponseEntity<String> safeEntity(@RequestParam String q) {
        // ok: xss-spring-body
        return ResponseEntity.badRequest().body("bad value of length " + q.length());
    }
}
