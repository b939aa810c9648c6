package pairs.deserialization;

import java.io.*;
import org.springframework.web.bind.annotation.*;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

class Yamls {
    @PostMapping("/unsafe/yaml")
    Object unsafeYaml(@RequestBody String text) {
        Yaml yaml = new Yaml();
        // ruleid: unsafe-yaml-load
        return yaml.load(text);
    }

    @PostMapping("/safe/yaml")
    Object safeYaml(@RequestBody String text) {
        Yaml yaml = new Yaml(new SafeConstructor(new LoaderOptions()));
        // ok: unsafe-yaml-load
        return yaml.load(text);
    }

    @PostMapping("/unsafe/reader")
    Object unsafeReader(@RequestBody String text) {
        // ruleid: unsafe-yaml-load
        return new Yaml().load(new StringReader(text));
    }

    @PostMapping("/safe/reader")
    Object safeReader(@RequestBody String text) {
        // ok: unsafe-yaml-load
        return new Yaml().load(new StringReader("size: " + text.length()));
    }
}
