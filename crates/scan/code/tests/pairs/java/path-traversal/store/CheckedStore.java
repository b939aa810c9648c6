package pairs.pathtraversal.store;

import java.io.*;

class CheckedStore extends Store {
    CheckedStore(String root) {
        super(root);
    }

    @Override
    InputStream open(String name) throws IOException {
        File file = new File(root, name);
        if (!file.getCanonicalPath().startsWith(root.getCanonicalPath() + File.separator)) {
            throw new FileNotFoundException(name);
        }
        // ok: path-traversal
        return new FileInputStream(file);
    }
}
