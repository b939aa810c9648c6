package pairs.ssrf;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.*;
import java.nio.charset.StandardCharsets;
import java.util.*;

class Hosts {
    private static final Set<String> HOSTS = Set.of("img.example.org");

    void unsafeWhole(HttpServletRequest req) throws IOException {
        URL url = new URL(req.getParameter("url"));
        // ruleid: ssrf
        url.openStream();
    }

    void safeHostChecked(HttpServletRequest req) throws IOException {
        URL url = new URL(req.getParameter("url"));
        if (!HOSTS.contains(url.getHost())) {
            throw new IOException("host");
        }
        // ok: ssrf
        url.openStream();
    }

    void unsafeHostPart(HttpServletRequest req) throws IOException {
        URL url = new URL("https://" + req.getParameter("host") + "/status");
        // ruleid: ssrf
        url.openConnection();
    }

    void safePathPart(HttpServletRequest req) throws IOException {
        URL url = new URL("https://api.example.org/" + req.getParameter("host") + "/status");
        // ok: ssrf
        url.openConnection();
    }

    void unsafePrefixOpen(HttpServletRequest req) throws IOException {
        URL url = new URL("https://api.example.org" + req.getParameter("rest"));
        // ruleid: ssrf
        url.openConnection();
    }

    void safeEncodedQuery(HttpServletRequest req) throws IOException {
        URL url = new URL("https://api.example.org?q=" + URLEncoder.encode(req.getParameter("rest"), StandardCharsets.UTF_8));
        // ok: ssrf
        url.openConnection();
    }

    void unsafeContains(HttpServletRequest req) throws IOException {
        String address = req.getParameter("url");
        if (!address.contains("example.org")) {
            return;
        }
        // ruleid: ssrf
        new URL(address).openStream();
    }

    void safeKnown(HttpServletRequest req) throws IOException {
        String address = req.getParameter("url");
        if (!Set.of("https://a.example.org/", "https://b.example.org/").contains(address)) {
            return;
        }
        // ok: ssrf
        new URL(address).openStream();
    }
}
