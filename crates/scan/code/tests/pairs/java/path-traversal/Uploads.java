package pairs.pathtraversal;

import java.io.*;
import java.util.UUID;
import org.springframework.web.bind.annotation.*;
import org.springframework.web.multipart.MultipartFile;

class Uploads {
    @PostMapping("/unsafe/upload")
    void unsafeOriginalName(@RequestParam("file") MultipartFile file) throws IOException {
        // ruleid: path-traversal
        file.transferTo(new File("/srv/up", file.getOriginalFilename()));
    }

    @PostMapping("/safe/upload")
    void safeOwnName(@RequestParam("file") MultipartFile file) throws IOException {
        // ok: path-traversal
        file.transferTo(new File("/srv/up", UUID.randomUUID() + ".bin"));
    }

    @PostMapping("/unsafe/{id}")
    void unsafeText(@PathVariable("id") String id) throws IOException {
        // ruleid: path-traversal
        new FileReader("/srv/up/" + id).close();
    }

    @PostMapping("/safe/{id}")
    void safeUuid(@PathVariable("id") String id) throws IOException {
        // ok: path-traversal
        new FileReader("/srv/up/" + UUID.fromString(id)).close();
    }
}
