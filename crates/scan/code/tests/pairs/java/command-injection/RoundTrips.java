package pairs.commandinjection;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.*;
import java.nio.charset.StandardCharsets;
import java.util.*;

class RoundTrips {
    void unsafeBase64(HttpServletRequest req) throws IOException {
        String encoded = Base64.getEncoder().encodeToString(req.getParameter("c").getBytes(StandardCharsets.UTF_8));
        String decoded = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
        // ruleid: command-injection
        Runtime.getRuntime().exec(decoded);
    }

    void safeBase64(HttpServletRequest req) throws IOException {
        String other = req.getParameter("c");
        String encoded = Base64.getEncoder().encodeToString("uptime".getBytes(StandardCharsets.UTF_8));
        String decoded = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
        // ok: command-injection
        Runtime.getRuntime().exec(decoded);
    }

    void unsafeChars(HttpServletRequest req) throws IOException {
        char[] chars = req.getParameter("c").toCharArray();
        String command = String.valueOf(chars);
        // ruleid: command-injection
        Runtime.getRuntime().exec(command);
    }

    void safeChars(HttpServletRequest req) throws IOException {
        char[] chars = req.getParameter("c").toCharArray();
        String command = "tail -n " + String.valueOf(chars.length);
        // ok: command-injection
        Runtime.getRuntime().exec(command);
    }

    void unsafeDecoded(HttpServletRequest req) throws IOException {
        String c = URLDecoder.decode(req.getHeader("X-Command"), StandardCharsets.UTF_8);
        // ruleid: command-injection
        Runtime.getRuntime().exec("sh " + c.substring(1));
    }

    void safeDecoded(HttpServletRequest req) throws IOException {
        String c = URLDecoder.decode(req.getHeader("X-Command"), StandardCharsets.UTF_8);
        // ok: command-injection
        Runtime.getRuntime().exec("sleep " + c.indexOf('x'));
    }
}
