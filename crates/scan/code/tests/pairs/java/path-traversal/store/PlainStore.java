package pairs.pathtraversal.store;

import java.io.*;

class PlainStore extends Store {
    PlainStore(String root) {
        super(root);
    }

    @Override
    InputStream open(String name) throws IOException {
        // deepruleid: path-traversal
        return new FileInputStream(new File(root, name));
    }
}
