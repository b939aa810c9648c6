package config;

import com.google.common.io.Files;
import jakarta.servlet.http.*;
import java.io.*;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.springframework.boot.actuate.autoconfigure.security.servlet.EndpointRequest;
import org.springframework.http.ResponseEntity;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.builders.WebSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.config.annotation.web.configurers.*;
import org.springframework.web.bind.annotation.*;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.servlet.config.annotation.*;

class Config {
    private static final Set<String> ORIGINS = Set.of("https://shop.example.org");

    void csrf(HttpSecurity http) throws Exception {
        // ruleid: csrf-disabled
        http.csrf().disable();
        // ruleid: csrf-disabled
        http.csrf(AbstractHttpConfigurer::disable);
        // ruleid: csrf-disabled
        http.csrf(c -> c.disable());
        // ok: csrf-disabled
        http.csrf(c -> c.ignoringRequestMatchers("/hooks/**"));
        // ok: csrf-disabled
        http.csrf(org.springframework.security.config.Customizer.withDefaults());
    }

    void headers(HttpSecurity http) throws Exception {
        // ruleid: security-headers-disabled
        http.headers(h -> h.disable());
        // ruleid: security-headers-disabled
        http.headers().frameOptions().disable();
        // ok: security-headers-disabled
        http.headers(h -> h.frameOptions(f -> f.sameOrigin()));
        // ok: security-headers-disabled
        http.headers().cacheControl();
    }

    void fixation(SessionManagementConfigurer<HttpSecurity> s) {
        // ruleid: session-fixation
        s.sessionFixation().none();
        // ruleid: session-fixation
        s.sessionFixation(f -> f.none());
        // ok: session-fixation
        s.sessionFixation().changeSessionId();
        // ok: session-fixation
        s.sessionFixation(f -> f.newSession());
    }

    // ruleid: permissive-cors
    @CrossOrigin(origins = "*")
    @GetMapping("/open")
    String open() {
        return "{}";
    }

    // ok: permissive-cors
    @CrossOrigin(origins = "https://shop.example.org")
    @GetMapping("/closed")
    String closed() {
        return "{}";
    }

    void cors(CorsRegistry registry, CorsConfiguration c) {
        // ruleid: permissive-cors
        registry.addMapping("/api/**").allowedOrigins("*");
        // ruleid: permissive-cors
        c.setAllowedOrigins(List.of("*"));
        // ok: permissive-cors
        c.setAllowedOrigins(List.of("https://shop.example.org"));
    }

    void reflect(HttpServletRequest req, HttpServletResponse resp) {
        String origin = req.getHeader("Origin");
        // ruleid: cors-reflects-origin, header-injection
        resp.setHeader("Access-Control-Allow-Origin", origin);
        if (ORIGINS.contains(origin)) {
            // ok: cors-reflects-origin
            resp.setHeader("Access-Control-Allow-Origin", origin);
        }
        // ok: cors-reflects-origin
        resp.setHeader("Access-Control-Allow-Origin", "https://shop.example.org");
    }

    void reflectConfiguration(HttpServletRequest req, CorsConfiguration c) {
        // ruleid: cors-reflects-origin
        c.addAllowedOrigin(req.getHeader("Origin"));
    }

    void trace(HttpServletResponse resp, Exception e) throws IOException {
        // ruleid: stack-trace-exposure
        e.printStackTrace(resp.getWriter());
        // ruleid: stack-trace-exposure
        resp.sendError(500, ExceptionUtils.getStackTrace(e));
        StringWriter buffer = new StringWriter();
        // ok: stack-trace-exposure
        e.printStackTrace(new PrintWriter(buffer));
        // ok: stack-trace-exposure
        resp.sendError(500, "internal error");
    }

    // ruleid: debug-enabled
    @EnableWebSecurity(debug = true)
    static class Loud {}

    // ok: debug-enabled
    @EnableWebSecurity
    static class Quiet {}

    void debug(WebSecurity web) {
        // ruleid: debug-enabled
        web.debug(true);
        // ok: debug-enabled
        web.debug(false);
    }

    void actuator(AuthorizeHttpRequestsConfigurer.AuthorizationManagerRequestMatcherRegistry auth) {
        // ruleid: actuator-permit-all
        auth.requestMatchers(EndpointRequest.toAnyEndpoint()).permitAll();
        // ruleid: actuator-permit-all
        auth.requestMatchers("/actuator/**").permitAll();
        // ok: actuator-permit-all
        auth.requestMatchers("/actuator/health").permitAll();
        // ok: actuator-permit-all
        auth.requestMatchers(EndpointRequest.toAnyEndpoint()).hasRole("OPS");
    }

    void files(File file) throws IOException {
        // ruleid: world-accessible-file
        file.setWritable(true, false);
        // ruleid: world-accessible-file
        PosixFilePermissions.fromString("rwxrwxrwx");
        // ok: world-accessible-file
        PosixFilePermissions.fromString("rw-r-----");
        // ok: world-accessible-file
        file.setWritable(true, true);
        // ruleid: insecure-temporary-directory
        File old = Files.createTempDir();
        // ok: insecure-temporary-directory
        java.nio.file.Files.createTempDirectory("work");
    }

    void twoSteps() throws IOException {
        File dir = File.createTempFile("work", "");
        dir.delete();
        // ruleid: insecure-temporary-directory
        dir.mkdir();
        File sub = new File(dir, "sub");
        // ok: insecure-temporary-directory
        sub.mkdir();
    }
}
