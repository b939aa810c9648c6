package pairs.deserialization;

import jakarta.servlet.http.HttpServletRequest;
import java.io.*;
import java.util.Base64;

class Streams {
    Object unsafeBody(HttpServletRequest req) throws Exception {
        ObjectInputStream in = new ObjectInputStream(req.getInputStream());
        // ruleid: unsafe-deserialization
        return in.readObject();
    }

    Object safeFilter(HttpServletRequest req) throws Exception {
        ObjectInputStream in = new ObjectInputStream(req.getInputStream());
        in.setObjectInputFilter(ObjectInputFilter.Config.createFilter("java.lang.Integer;!*"));
        // ok: unsafe-deserialization
        return in.readObject();
    }

    Object unsafeFilterAfter(HttpServletRequest req) throws Exception {
        ObjectInputStream in = new ObjectInputStream(req.getInputStream());
        // ruleid: unsafe-deserialization
        Object made = in.readObject();
        in.setObjectInputFilter(ObjectInputFilter.Config.createFilter("java.lang.Integer;!*"));
        return made;
    }

    Object safeData(HttpServletRequest req) throws Exception {
        DataInputStream in = new DataInputStream(req.getInputStream());
        int length = in.readInt();
        ObjectInputStream own = new ObjectInputStream(new FileInputStream("/srv/state.bin"));
        // ok: unsafe-deserialization
        return own.readObject();
    }

    Object unsafeHeader(HttpServletRequest req) throws Exception {
        byte[] bytes = Base64.getDecoder().decode(req.getHeader("X-State"));
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
            // ruleid: unsafe-deserialization
            return in.readObject();
        }
    }

    Object safeOwnBytes(HttpServletRequest req) throws Exception {
        byte[] bytes = Base64.getDecoder().decode(req.getHeader("X-State"));
        bytes = new byte[] {1, 2};
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
            // ok: unsafe-deserialization
            return in.readObject();
        }
    }
}
