package pairs.pathtraversal;

import jakarta.servlet.http.HttpServletRequest;
import java.io.*;
import java.util.*;

class PropertiesAndMaps {
    void unsafeProperty(HttpServletRequest req) throws IOException {
        Properties props = new Properties();
        props.setProperty("dir", "/srv");
        props.setProperty("file", req.getParameter("file"));
        // ruleid: path-traversal
        new FileInputStream(props.getProperty("file")).close();
    }

    void safeProperty(HttpServletRequest req) throws IOException {
        Properties props = new Properties();
        props.setProperty("dir", "/srv");
        props.setProperty("file", req.getParameter("file"));
        // ok: path-traversal
        new FileInputStream(props.getProperty("dir") + "/index").close();
    }

    void unsafeEntry(HttpServletRequest req) throws IOException {
        Map<String, String> files = new HashMap<>(Map.of("a", "/srv/a"));
        files.put("b", req.getParameter("b"));
        for (Map.Entry<String, String> e : files.entrySet()) {
            // ruleid: path-traversal
            new FileInputStream(e.getValue()).close();
        }
    }

    void safeEntry(HttpServletRequest req) throws IOException {
        Map<String, String> files = new HashMap<>(Map.of("a", "/srv/a"));
        files.put("b", req.getParameter("b") == null ? "/srv/b" : "/srv/c");
        for (Map.Entry<String, String> e : files.entrySet()) {
            // ok: path-traversal
            new FileInputStream(e.getValue()).close();
        }
    }

    void unsafeLookup(HttpServletRequest req) throws IOException {
        Map<String, String> known = Map.of("a", "/srv/a", "b", "/srv/b");
        String key = req.getParameter("key");
        String path = known.containsKey(key) ? known.get(key) : "/srv/" + key;
        // ruleid: path-traversal
        new FileInputStream(path).close();
    }

    void safeLookup(HttpServletRequest req) throws IOException {
        Map<String, String> known = Map.of("a", "/srv/a", "b", "/srv/b");
        String key = req.getParameter("key");
        String path = known.containsKey(key) ? known.get(key) : "/srv/index";
        // ok: path-traversal
        new FileInputStream(path).close();
    }
}
