package pairs.pathtraversal;

import jakarta.servlet.http.HttpServletRequest;
import java.io.*;
import java.nio.file.*;
import org.apache.commons.io.FilenameUtils;

class LastNames {
    void unsafeExtension(HttpServletRequest req) throws IOException {
        String name = FilenameUtils.removeExtension(req.getParameter("name"));
        // ruleid: path-traversal
        new FileOutputStream("/srv/up/" + name + ".txt").close();
    }

    void safeName(HttpServletRequest req) throws IOException {
        String name = FilenameUtils.getName(req.getParameter("name"));
        // ok: path-traversal
        new FileOutputStream("/srv/up/" + name + ".txt").close();
    }

    void unsafePath(HttpServletRequest req) throws IOException {
        File given = new File(req.getParameter("name"));
        // ruleid: path-traversal
        new FileWriter(new File("/srv/up", given.getPath())).close();
    }

    void safeFileName(HttpServletRequest req) throws IOException {
        File given = new File(req.getParameter("name"));
        // ok: path-traversal
        new FileWriter(new File("/srv/up", given.getName())).close();
    }

    void unsafeOnce(HttpServletRequest req) throws IOException {
        String name = req.getParameter("name").replace("../", "");
        // ruleid: path-traversal
        Files.readAllLines(Paths.get("/srv/up", name));
    }

    void safeClass(HttpServletRequest req) throws IOException {
        String name = req.getParameter("name").replaceAll("[^a-z0-9]", "");
        // ok: path-traversal
        Files.readAllLines(Paths.get("/srv/up", name));
    }
}
