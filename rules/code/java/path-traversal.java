package files;

import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.*;
import java.nio.file.*;
import java.util.UUID;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.apache.commons.io.FilenameUtils;
import org.springframework.core.io.ClassPathResource;
import org.springframework.web.bind.annotation.*;
import org.springframework.web.multipart.MultipartFile;

class FileController {
    private static final Path BASE = Paths.get("/srv/files");

    @GetMapping("/file")
    byte[] read(@RequestParam String name) throws IOException {
        // ruleid: path-traversal
        return Files.readAllBytes(BASE.resolve(name));
    }

    void stream(HttpServletRequest req) throws IOException {
        File file = new File("/srv/files", req.getParameter("name"));
        // ruleid: path-traversal
        try (InputStream in = new FileInputStream(file)) {
            in.read();
        }
    }

    void remove(HttpServletRequest req) {
        File file = new File("/srv/files/" + req.getParameter("name"));
        // ruleid: path-traversal
        file.delete();
    }

    @PostMapping("/upload")
    void upload(@RequestPart MultipartFile file) throws IOException {
        // ruleid: path-traversal
        file.transferTo(new File("/srv/upload/" + file.getOriginalFilename()));
    }

    void checkedTooEarly(HttpServletRequest req) throws IOException {
        String path = "/srv/files/" + req.getParameter("name");
        if (!path.startsWith("/srv/files/")) {
            return;
        }
        // ruleid: path-traversal
        new FileReader(path).close();
    }

    @GetMapping("/file/safe")
    byte[] checked(@RequestParam String name) throws IOException {
        Path path = BASE.resolve(name).normalize();
        if (!path.startsWith(BASE)) {
            throw new FileNotFoundException();
        }
        // ok: path-traversal
        return Files.readAllBytes(path);
    }

    void canonical(HttpServletRequest req) throws IOException {
        File file = new File("/srv/files", req.getParameter("name"));
        if (!file.getCanonicalPath().startsWith("/srv/files/")) {
            return;
        }
        // ok: path-traversal
        new FileInputStream(file).close();
    }

    void lastName(HttpServletRequest req) throws IOException {
        // ok: path-traversal
        new FileOutputStream("/srv/files/" + FilenameUtils.getName(req.getParameter("name"))).close();
        // ok: path-traversal
        Files.delete(BASE.resolve(UUID.fromString(req.getParameter("id")).toString()));
    }

    void include(HttpServletRequest req, HttpServletResponse resp, ServletContext sc) throws Exception {
        // ruleid: resource-path-traversal
        req.getRequestDispatcher("/pages/" + req.getParameter("page")).forward(req, resp);
        // ruleid: resource-path-traversal
        sc.getResourceAsStream(req.getParameter("res"));
        // ok: resource-path-traversal
        req.getRequestDispatcher("/pages/home.jsp").forward(req, resp);
        // ok: resource-path-traversal
        new ClassPathResource("help/" + Integer.parseInt(req.getParameter("n")) + ".txt");
    }

    void unzip(ZipInputStream in, File target) throws IOException {
        ZipEntry entry;
        while ((entry = in.getNextEntry()) != null) {
            File out = new File(target, entry.getName());
            // ruleid: zip-slip
            in.transferTo(new FileOutputStream(out));
        }
    }

    void unzipPath(ZipInputStream in, Path target) throws IOException {
        ZipEntry entry = in.getNextEntry();
        Path out = target.resolve(entry.getName());
        // ruleid: zip-slip
        Files.copy(in, out);
    }

    void unzipChecked(ZipInputStream in, Path target) throws IOException {
        ZipEntry entry = in.getNextEntry();
        Path out = target.resolve(entry.getName()).normalize();
        if (!out.startsWith(target)) {
            throw new IOException("entry leaves the target");
        }
        // ok: zip-slip
        Files.copy(in, out);
    }

    void unzipFlat(ZipInputStream in, File target) throws IOException {
        ZipEntry entry = in.getNextEntry();
        String name = new File(entry.getName()).getName();
        // ok: zip-slip
        in.transferTo(new FileOutputStream(new File(target, name)));
    }
}
