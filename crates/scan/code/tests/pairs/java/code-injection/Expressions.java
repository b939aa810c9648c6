package pairs.codeinjection;

import java.util.*;
import org.springframework.expression.spel.standard.SpelExpressionParser;
import org.springframework.web.bind.annotation.*;

class Expressions {
    private static final Set<String> FIELDS = Set.of("name", "price");

    @GetMapping("/unsafe/spel")
    Object unsafeSpel(@RequestParam String field, Object root) {
        SpelExpressionParser parser = new SpelExpressionParser();
        // ruleid: expression-language-injection
        return parser.parseExpression(field).getValue(root);
    }

    @GetMapping("/safe/spel")
    Object safeSpel(@RequestParam String field, Object root) {
        SpelExpressionParser parser = new SpelExpressionParser();
        if (!FIELDS.contains(field)) {
            throw new IllegalArgumentException(field);
        }
        // ok: expression-language-injection
        return parser.parseExpression(field).getValue(root);
    }

    @GetMapping("/unsafe/blocked")
    Object unsafeBlockList(@RequestParam String field, Object root) {
        SpelExpressionParser parser = new SpelExpressionParser();
        if (field.contains("T(")) {
            throw new IllegalArgumentException(field);
        }
        // ruleid: expression-language-injection
        return parser.parseExpression(field).getValue(root);
    }

    @GetMapping("/safe/index")
    Object safeIndex(@RequestParam String field, Object root) {
        SpelExpressionParser parser = new SpelExpressionParser();
        // ok: expression-language-injection
        return parser.parseExpression("items[" + Integer.parseInt(field) + "]").getValue(root);
    }
}
