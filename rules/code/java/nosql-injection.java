package documents;

import com.mongodb.BasicDBObject;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import org.apache.lucene.queryparser.classic.QueryParser;
import org.bson.Document;
import org.elasticsearch.index.query.QueryBuilders;
import org.neo4j.driver.Session;
import org.springframework.data.mongodb.core.query.BasicQuery;
import org.springframework.data.mongodb.core.query.Criteria;
import org.springframework.web.bind.annotation.*;

class NotesController {
    private MongoCollection<Document> notes;

    @GetMapping("/notes")
    Object list(@RequestParam String owner) {
        // ruleid: nosql-injection
        return notes.find(Document.parse("{ owner: '" + owner + "' }"));
    }

    Object spring(HttpServletRequest req) {
        // ruleid: nosql-injection
        return new BasicQuery("{ name: \"" + req.getParameter("name") + "\" }");
    }

    Object where(HttpServletRequest req) {
        // ruleid: nosql-injection
        return new BasicDBObject("$where", "this.owner == '" + req.getParameter("o") + "'");
    }

    @GetMapping("/notes/safe")
    Object bound(@RequestParam String owner) {
        // ok: nosql-injection
        Document all = Document.parse("{ public: true }");
        // ok: nosql-injection
        Document mine = new Document("owner", owner);
        Criteria.where("owner").is(owner);
        return notes.find(Filters.and(all, Filters.eq("owner", owner), mine));
    }

    Object search(HttpServletRequest req, QueryParser parser) throws Exception {
        // ruleid: search-query-injection
        QueryBuilders.wrapperQuery(req.getParameter("q"));
        // ruleid: search-query-injection
        return parser.parse("owner:me AND " + req.getParameter("q"));
    }

    Object searchSafe(HttpServletRequest req, QueryParser parser) throws Exception {
        // ok: search-query-injection
        QueryBuilders.queryStringQuery("state:open");
        QueryBuilders.matchQuery("text", req.getParameter("q"));
        // ok: search-query-injection
        return parser.parse("owner:me AND " + QueryParser.escape(req.getParameter("q")));
    }

    Object graph(HttpServletRequest req, Session session) {
        String name = req.getParameter("name");
        // ruleid: cypher-injection
        session.run("MATCH (p:Person {name: '" + name + "'}) RETURN p");
        // ok: cypher-injection
        return session.run("MATCH (p:Person {name: $name}) RETURN p", Map.of("name", name));
    }

    @GetMapping("/graph/{label}")
    Object label(@PathVariable String label, @RequestParam int depth, Session session) {
        // ruleid: cypher-injection
        session.run("MATCH (p:" + label + ") RETURN p");
        // ok: cypher-injection
        return session.run("MATCH (p)-[*1.." + depth + "]-(q) RETURN q");
    }
}
