package fetch;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.*;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import org.apache.http.client.methods.HttpGet;
import org.springframework.web.bind.annotation.*;
import org.springframework.web.client.RestTemplate;
import org.springframework.web.reactive.function.client.WebClient;

class PreviewController {
    private static final Set<String> HOSTS = Set.of("img.example.org", "cdn.example.org");
    private RestTemplate rest;
    private WebClient web;

    void preview(HttpServletRequest req) throws IOException {
        URL url = new URL(req.getParameter("url"));
        // ruleid: ssrf
        url.openStream();
    }

    @GetMapping("/fetch")
    String fetch(@RequestParam String address) throws Exception {
        // ruleid: ssrf
        HttpRequest request = HttpRequest.newBuilder(URI.create(address)).GET().build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    Object apache(HttpServletRequest req) {
        // ruleid: ssrf
        return new HttpGet("http://" + req.getParameter("host") + "/status");
    }

    Object ok(HttpServletRequest req) {
        // ruleid: ssrf
        return new Request.Builder().url(req.getParameter("hook")).build();
    }

    Object fixedHost(HttpServletRequest req) {
        // ok: ssrf
        return new HttpGet("https://api.example.org/items/" + req.getParameter("id"));
    }

    void encoded(HttpServletRequest req) throws IOException {
        String q = URLEncoder.encode(req.getParameter("q"), StandardCharsets.UTF_8);
        // ok: ssrf
        new URL("https://search.example.org/?q=" + q).openConnection();
    }

    void allowedHost(HttpServletRequest req) throws IOException {
        URL url = new URL(req.getParameter("url"));
        if (!HOSTS.contains(url.getHost())) {
            throw new IOException("host");
        }
        // ok: ssrf
        url.openStream();
    }

    @GetMapping("/rest")
    String rest(@RequestParam String url, @RequestParam String id) {
        // ruleid: ssrf-spring-client
        rest.getForObject(url, String.class);
        // ruleid: ssrf-spring-client
        web.get().uri("http://" + id + ".internal/");
        // ok: ssrf-spring-client
        web.get().uri("/items/{id}", id);
        // ok: ssrf-spring-client
        return rest.getForObject("https://api.example.org/items/{id}", String.class, id);
    }
}
