package catalogue;

import jakarta.servlet.http.HttpServletRequest;
import javax.xml.namespace.QName;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathExpression;
import javax.xml.xpath.XPathFactory;
import javax.xml.xquery.XQConnection;
import org.owasp.esapi.ESAPI;
import org.springframework.web.bind.annotation.*;
import org.w3c.dom.Document;

class CatalogueController {
    private Document doc;

    @GetMapping("/title")
    String title(@RequestParam String isbn) throws Exception {
        XPath xpath = XPathFactory.newInstance().newXPath();
        // ruleid: xpath-injection
        return xpath.evaluate("//book[isbn='" + isbn + "']/title", doc);
    }

    void compiled(HttpServletRequest req) throws Exception {
        XPath xpath = XPathFactory.newInstance().newXPath();
        String expr = "/users/user[name='".concat(req.getParameter("name")).concat("']");
        // ruleid: xpath-injection
        XPathExpression e = xpath.compile(expr);
        e.evaluate(doc);
    }

    void encoded(HttpServletRequest req, XPath xpath) throws Exception {
        String name = ESAPI.encoder().encodeForXPath(req.getParameter("name"));
        // ok: xpath-injection
        xpath.evaluate("/users/user[name='" + name + "']", doc);
    }

    void variable(HttpServletRequest req, XPath xpath) throws Exception {
        String name = req.getParameter("name");
        xpath.setXPathVariableResolver((QName q) -> name);
        // ok: xpath-injection
        xpath.evaluate("/users/user[name=$name]", doc);
    }

    void query(HttpServletRequest req, XQConnection con) throws Exception {
        // ruleid: xquery-injection
        con.prepareExpression("for $b in doc('b.xml')//book where $b/id = '" + req.getParameter("id") + "' return $b");
    }

    @GetMapping("/xq")
    void query2(@RequestParam String path, XQConnection con) throws Exception {
        // ruleid: xquery-injection
        con.prepareExpression(path);
    }

    void bound(HttpServletRequest req, XQConnection con) throws Exception {
        // ok: xquery-injection
        con.prepareExpression("declare variable $id external; doc('b.xml')//book[id = $id]")
            .bindString(new QName("id"), req.getParameter("id"), null);
    }

    void numeric(HttpServletRequest req, XQConnection con) throws Exception {
        // ok: xquery-injection
        con.prepareExpression("doc('b.xml')//book[" + Integer.parseInt(req.getParameter("n")) + "]");
    }
}
