package pairs.ssrf;

import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.client.WebClient;

class Routes {
    void unsafeParam(RoutingContext ctx, WebClient client) {
        // ruleid: ssrf
        client.getAbs(ctx.pathParam("target")).send();
    }

    void safeParam(RoutingContext ctx, WebClient client) {
        // ok: ssrf
        client.getAbs("https://api.example.org/items/" + ctx.pathParam("target")).send();
    }

    void unsafeHeader(RoutingContext ctx, WebClient client) {
        String host = ctx.request().getHeader("X-Upstream");
        // ruleid: ssrf
        client.postAbs("https://" + host).send();
    }

    void safeHeader(RoutingContext ctx, WebClient client) {
        String host = ctx.request().getHeader("X-Upstream") == null ? "a.example.org" : "b.example.org";
        // ok: ssrf
        client.postAbs("https://" + host).send();
    }
}
