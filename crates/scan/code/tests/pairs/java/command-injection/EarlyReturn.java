package pairs.commandinjection;

import java.io.IOException;
import java.util.*;
import org.springframework.web.bind.annotation.*;

class EarlyReturn {
    enum Tool { UPTIME, FREE }

    @PostMapping("/unsafe/enum")
    String unsafeEnumIgnored(@RequestBody String tool) throws IOException {
        Tool parsed = Tool.UPTIME;
        // ruleid: command-injection
        Runtime.getRuntime().exec(tool);
        return parsed.name();
    }

    @PostMapping("/safe/enum")
    String safeEnum(@RequestBody String tool) throws IOException {
        Tool parsed = Tool.valueOf(tool);
        // ok: command-injection
        Runtime.getRuntime().exec(parsed.name().toLowerCase());
        return "done";
    }

    @PostMapping("/unsafe/equals")
    String unsafeNotEqual(@RequestBody String tool) throws IOException {
        if (tool.equals("uptime")) {
            return "known";
        }
        // ruleid: command-injection
        Runtime.getRuntime().exec(tool);
        return "done";
    }

    @PostMapping("/safe/switch")
    String safeSwitch(@RequestBody String tool) throws IOException {
        String command;
        switch (tool) {
            case "uptime":
                command = "uptime";
                break;
            case "memory":
                command = "free -m";
                break;
            default:
                return "unknown";
        }
        // ok: command-injection
        Runtime.getRuntime().exec(command);
        return "done";
    }

    @PostMapping("/unsafe/map")
    String unsafeMapMiss(@RequestBody String tool) throws IOException {
        Map<String, String> commands = Map.of("uptime", "uptime");
        String command = commands.get(tool);
        if (command == null) {
            command = tool;
        }
        // ruleid: command-injection
        Runtime.getRuntime().exec(command);
        return "done";
    }

    @PostMapping("/safe/map")
    String safeMapMiss(@RequestBody String tool) throws IOException {
        Map<String, String> commands = Map.of("uptime", "uptime");
        String command = commands.get(tool);
        if (command == null) {
            command = "true";
        }
        // ok: command-injection
        Runtime.getRuntime().exec(command);
        return "done";
    }
}
