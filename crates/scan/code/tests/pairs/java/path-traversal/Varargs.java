package pairs.pathtraversal;

import jakarta.servlet.http.HttpServletRequest;
import java.io.*;

class Varargs {
    private static String last(String... parts) {
        return parts[parts.length - 1];
    }

    private static String joined(String... parts) {
        return String.join("/", parts);
    }

    private static int counted(String... parts) {
        return parts.length;
    }

    void unsafeJoined(HttpServletRequest req) throws IOException {
        // deepruleid: path-traversal
        new FileReader(joined("/srv", req.getParameter("a"), "index")).close();
    }

    void safeCounted(HttpServletRequest req) throws IOException {
        // ok: path-traversal
        new FileReader("/srv/" + counted("a", req.getParameter("a"))).close();
    }

    void unsafeLast(HttpServletRequest req) throws IOException {
        // deepruleid: path-traversal
        new FileReader("/srv/" + last("a", req.getParameter("a"))).close();
    }

    void safeLast(HttpServletRequest req) throws IOException {
        String given = req.getParameter("a");
        // ok: path-traversal
        new FileReader("/srv/" + last("a", "b")).close();
    }
}
