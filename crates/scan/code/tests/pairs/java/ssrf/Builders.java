package pairs.ssrf;

import jakarta.servlet.http.HttpServletRequest;
import java.net.*;
import java.net.http.HttpRequest;

class Builders {
    static class Address {
        private String scheme = "https";
        private String host = "api.example.org";
        private String path = "/";

        static Address create() {
            return new Address();
        }

        Address host(String host) {
            this.host = host;
            return this;
        }

        Address path(String path) {
            this.path = path;
            return this;
        }

        URI withHost() {
            return URI.create(scheme + "://" + host + "/");
        }
    }

    void unsafeHost(HttpServletRequest req) {
        URI uri = Address.create().path("/x").host(req.getParameter("host")).withHost();
        // deepruleid: ssrf
        HttpRequest.newBuilder(uri).build();
    }

    void safePath(HttpServletRequest req) {
        URI uri = Address.create().host("b.example.org").path(req.getParameter("path")).withHost();
        // ok: ssrf
        HttpRequest.newBuilder(uri).build();
    }

    void unsafeLast(HttpServletRequest req) {
        URI uri = Address.create().host("b.example.org").host(req.getParameter("host")).withHost();
        // deepruleid: ssrf
        HttpRequest.newBuilder(uri).build();
    }

    void safeLast(HttpServletRequest req) {
        URI uri = Address.create().host(req.getParameter("host")).host("b.example.org").withHost();
        // ok: ssrf
        HttpRequest.newBuilder(uri).build();
    }
}
