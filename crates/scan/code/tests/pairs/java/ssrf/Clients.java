package pairs.ssrf;

import java.net.*;
import java.net.http.HttpRequest;
import org.springframework.web.bind.annotation.*;
import org.springframework.web.client.RestTemplate;

class Clients {
    private RestTemplate rest;

    @GetMapping("/unsafe/rest")
    String unsafeRest(@RequestParam String host) {
        // ruleid: ssrf-spring-client
        return rest.getForObject("http://" + host + "/health", String.class);
    }

    @GetMapping("/safe/rest")
    Object safeRest(@RequestParam String host) {
        // ok: ssrf-spring-client
        return rest.getForObject("http://monitor.internal/health?host={host}", Integer.class, host);
    }

    @GetMapping("/unsafe/jdk")
    HttpRequest unsafeJdk(@RequestParam String target) {
        URI uri = URI.create(target);
        // ruleid: ssrf
        return HttpRequest.newBuilder().uri(uri).build();
    }

    @GetMapping("/safe/jdk")
    HttpRequest safeJdk(@RequestParam int target) {
        URI uri = URI.create("https://node" + target + ".example.org/");
        // ok: ssrf
        return HttpRequest.newBuilder().uri(uri).build();
    }

    @GetMapping("/unsafe/socket")
    void unsafeSocket(@RequestParam String host, @RequestParam int port) throws Exception {
        // ruleid: ssrf
        new Socket(host, port).close();
    }

    @GetMapping("/safe/socket")
    void safeSocket(@RequestParam String host, @RequestParam int port) throws Exception {
        // ok: ssrf
        new Socket("127.0.0.1", port).close();
    }
}
