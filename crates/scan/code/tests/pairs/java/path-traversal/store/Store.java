package pairs.pathtraversal.store;

import java.io.*;

abstract class Store {
    protected final File root;

    Store(String root) {
        this.root = new File(root);
    }

    abstract InputStream open(String name) throws IOException;
}
