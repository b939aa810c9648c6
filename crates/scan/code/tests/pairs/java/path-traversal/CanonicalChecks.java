package pairs.pathtraversal;

import jakarta.servlet.http.HttpServletRequest;
import java.io.*;
import java.nio.file.*;

class CanonicalChecks {
    private static final Path BASE = Path.of("/srv/docs");

    void unsafeStringPrefix(HttpServletRequest req) throws IOException {
        String path = "/srv/docs/" + req.getParameter("doc");
        if (!path.startsWith("/srv/docs/")) {
            throw new IOException("outside");
        }
        // ruleid: path-traversal
        new FileInputStream(path).close();
    }

    void safeCanonicalPrefix(HttpServletRequest req) throws IOException {
        File file = new File("/srv/docs/" + req.getParameter("doc"));
        if (!file.getCanonicalPath().startsWith("/srv/docs/")) {
            throw new IOException("outside");
        }
        // ok: path-traversal
        new FileInputStream(file).close();
    }

    void unsafeNotNormalized(HttpServletRequest req) throws IOException {
        Path path = BASE.resolve(req.getParameter("doc"));
        if (!path.startsWith(BASE)) {
            return;
        }
        // ruleid: path-traversal
        Files.delete(path);
    }

    void safeNormalized(HttpServletRequest req) throws IOException {
        Path path = BASE.resolve(req.getParameter("doc")).normalize();
        if (!path.startsWith(BASE)) {
            return;
        }
        // ok: path-traversal
        Files.delete(path);
    }

    void unsafeBeforeCheck(HttpServletRequest req) throws IOException {
        Path path = BASE.resolve(req.getParameter("doc")).normalize();
        // ruleid: path-traversal
        String text = Files.readString(path);
        if (!path.startsWith(BASE)) {
            throw new IOException(text);
        }
    }

    void safeAfterCheck(HttpServletRequest req) throws IOException {
        Path path = BASE.resolve(req.getParameter("doc")).normalize();
        if (!path.startsWith(BASE)) {
            throw new IOException("outside");
        }
        // ok: path-traversal
        String text = Files.readString(path);
    }

    void unsafeElseBranch(HttpServletRequest req) throws IOException {
        Path path = BASE.resolve(req.getParameter("doc")).normalize();
        if (path.startsWith(BASE)) {
            System.out.println("inside");
        } else {
            // ruleid: path-traversal
            Files.delete(path);
        }
    }

    void safeThenBranch(HttpServletRequest req) throws IOException {
        Path path = BASE.resolve(req.getParameter("doc")).normalize();
        if (path.startsWith(BASE)) {
            // ok: path-traversal
            Files.delete(path);
        } else {
            System.out.println("outside");
        }
    }
}
