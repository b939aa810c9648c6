package pairs.nosqlinjection;

import jakarta.servlet.http.HttpServletRequest;
import org.bson.Document;

class Documents {
    Document unsafeParsed(HttpServletRequest req) {
        // ruleid: nosql-injection
        return Document.parse("{ owner: '" + req.getParameter("owner") + "' }");
    }

    Document safeBuilt(HttpServletRequest req) {
        // ok: nosql-injection
        return new Document("owner", req.getParameter("owner"));
    }

    Document unsafeWhere(HttpServletRequest req) {
        // ruleid: nosql-injection
        return new Document("$where", "this.age > " + req.getParameter("age"));
    }

    Document safeWhere(HttpServletRequest req) {
        // ok: nosql-injection
        return new Document("$where", "this.age > " + Integer.parseInt(req.getParameter("age")));
    }
}
