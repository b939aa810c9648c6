package pairs.xpathinjection;

import jakarta.servlet.http.HttpServletRequest;
import javax.xml.xpath.*;
import org.owasp.esapi.ESAPI;
import org.w3c.dom.Document;

class Expressions {
    private Document doc;

    void unsafeQuoted(HttpServletRequest req, XPath xpath) throws XPathExpressionException {
        String name = req.getParameter("name");
        // ruleid: xpath-injection
        xpath.evaluate("//user[@name='" + name + "']", doc);
    }

    void safeVariable(HttpServletRequest req, XPath xpath) throws XPathExpressionException {
        String name = req.getParameter("name");
        xpath.setXPathVariableResolver(v -> name);
        // ok: xpath-injection
        xpath.evaluate("//user[@name=$name]", doc);
    }

    void unsafeWrongEncoder(HttpServletRequest req, XPath xpath) throws XPathExpressionException {
        String name = ESAPI.encoder().encodeForURL(req.getParameter("name"));
        String twice = req.getParameter("name") + name;
        // ruleid: xpath-injection
        xpath.compile("//user[@name='" + twice + "']");
    }

    void safeEncoder(HttpServletRequest req, XPath xpath) throws XPathExpressionException {
        String name = ESAPI.encoder().encodeForXPath(req.getParameter("name"));
        String twice = name + name;
        // ok: xpath-injection
        xpath.compile("//user[@name='" + twice + "']");
    }

    void unsafePosition(HttpServletRequest req, XPath xpath) throws XPathExpressionException {
        String position = req.getParameter("position");
        // ruleid: xpath-injection
        xpath.compile("//user[" + position + "]");
    }

    void safePosition(HttpServletRequest req, XPath xpath) throws XPathExpressionException {
        int position = Integer.parseInt(req.getParameter("position"));
        // ok: xpath-injection
        xpath.compile("//user[" + position + "]");
    }
}
