package pairs.deserialization.holder;

import java.io.*;

class StateHolder {
    private byte[] bytes = new byte[0];

    void fill(byte[] bytes) {
        this.bytes = bytes;
    }

    private InputStream stream() {
        return new ByteArrayInputStream(bytes);
    }

    Object restore() throws IOException, ClassNotFoundException {
        ObjectInputStream in = new ObjectInputStream(stream());
        // deepruleid: unsafe-deserialization
        return in.readObject();
    }

    Object restoreFiltered() throws IOException, ClassNotFoundException {
        ObjectInputStream in = new ObjectInputStream(stream());
        in.setObjectInputFilter(ObjectInputFilter.Config.createFilter("java.util.ArrayList;!*"));
        // ok: unsafe-deserialization
        return in.readObject();
    }
}
