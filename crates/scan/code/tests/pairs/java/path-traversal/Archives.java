package pairs.pathtraversal;

import java.io.*;
import java.nio.file.*;
import java.util.zip.*;

class Archives {
    void unsafeJoined(ZipInputStream in, File target) throws IOException {
        ZipEntry entry = in.getNextEntry();
        // ruleid: zip-slip
        try (OutputStream out = new FileOutputStream(new File(target, entry.getName()))) {
            in.transferTo(out);
        }
    }

    void safeJoined(ZipInputStream in, File target) throws IOException {
        ZipEntry entry = in.getNextEntry();
        File file = new File(target, entry.getName());
        if (!file.getCanonicalPath().startsWith(target.getCanonicalPath() + File.separator)) {
            throw new IOException("entry leaves the target");
        }
        // ok: zip-slip
        try (OutputStream out = new FileOutputStream(file)) {
            in.transferTo(out);
        }
    }

    void unsafeResolved(ZipInputStream in, Path target) throws IOException {
        ZipEntry entry;
        while ((entry = in.getNextEntry()) != null) {
            Path path = target.resolve(entry.getName());
            // ruleid: zip-slip
            Files.copy(in, path, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    void safeResolved(ZipInputStream in, Path target) throws IOException {
        ZipEntry entry;
        while ((entry = in.getNextEntry()) != null) {
            Path path = target.resolve(entry.getName()).normalize();
            if (!path.startsWith(target)) {
                continue;
            }
            // ok: zip-slip
            Files.copy(in, path, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    void unsafeNamed(ZipInputStream in, Path target, int n) throws IOException {
        ZipEntry entry = in.getNextEntry();
        String name = n + "-" + entry.getName();
        // ruleid: zip-slip
        Files.write(target.resolve(name), in.readAllBytes());
    }

    void safeNumbered(ZipInputStream in, Path target, int n) throws IOException {
        ZipEntry entry = in.getNextEntry();
        String name = n + "-" + entry.getSize();
        // ok: zip-slip
        Files.write(target.resolve(name), in.readAllBytes());
    }
}
