package pairs.nosqlinjection;

import java.util.*;
import java.util.stream.*;
import org.bson.Document;
import org.springframework.web.bind.annotation.*;

class Streams {
    @GetMapping("/unsafe/joined")
    Document unsafeJoined(@RequestParam List<String> tags) {
        String list = tags.stream().filter(t -> !t.isEmpty()).map(t -> "'" + t + "'").collect(Collectors.joining(", "));
        // ruleid: nosql-injection
        return Document.parse("{ tags: { $in: [" + list + "] } }");
    }

    @GetMapping("/safe/joined")
    Document safeJoined(@RequestParam List<String> tags) {
        String list = tags.stream().map(String::length).map(String::valueOf).collect(Collectors.joining(", "));
        // ok: nosql-injection
        return Document.parse("{ lengths: { $in: [" + list + "] } }");
    }

    @GetMapping("/unsafe/reduced")
    Document unsafeReduced(@RequestParam List<String> tags) {
        String all = Stream.concat(Stream.of("base"), tags.stream()).reduce("", String::concat);
        // ruleid: nosql-injection
        return Document.parse("{ key: '" + all + "' }");
    }

    @GetMapping("/safe/reduced")
    Document safeReduced(@RequestParam List<String> tags) {
        long all = Stream.concat(Stream.of("base"), tags.stream()).count();
        // ok: nosql-injection
        return Document.parse("{ key: '" + all + "' }");
    }

    @GetMapping("/unsafe/first")
    Document unsafeFirst(@RequestParam List<String> tags) {
        // ruleid: nosql-injection
        return Document.parse(tags.stream().findFirst().orElseThrow());
    }

    @GetMapping("/safe/any")
    Document safeAny(@RequestParam List<String> tags) {
        // ok: nosql-injection
        return Document.parse(tags.stream().anyMatch("all"::equals) ? "{}" : "{ open: true }");
    }
}
