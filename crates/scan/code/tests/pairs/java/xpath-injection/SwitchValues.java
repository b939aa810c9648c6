package pairs.xpathinjection;

import jakarta.servlet.http.HttpServletRequest;
import javax.xml.xpath.*;
import org.w3c.dom.Document;

class SwitchValues {
    private Document doc;

    void unsafeDefault(HttpServletRequest req, XPath xpath) throws XPathExpressionException {
        String sort = req.getParameter("sort");
        String node;
        switch (sort) {
            case "n":
                node = "name";
                break;
            default:
                node = sort;
        }
        // ruleid: xpath-injection
        xpath.evaluate("//user/" + node, doc);
    }

    void safeDefault(HttpServletRequest req, XPath xpath) throws XPathExpressionException {
        String sort = req.getParameter("sort");
        String node;
        switch (sort) {
            case "n":
                node = "name";
                break;
            default:
                node = "id";
        }
        // ok: xpath-injection
        xpath.evaluate("//user/" + node, doc);
    }

    void unsafeArrow(HttpServletRequest req, XPath xpath) throws XPathExpressionException {
        String kind = req.getParameter("kind");
        String node = switch (kind.length()) {
            case 1 -> "a";
            case 2 -> "b";
            default -> {
                String shortened = kind.substring(0, 3);
                yield shortened;
            }
        };
        // ruleid: xpath-injection
        xpath.evaluate("//" + node, doc);
    }

    void safeArrow(HttpServletRequest req, XPath xpath) throws XPathExpressionException {
        String kind = req.getParameter("kind");
        String node = switch (kind.length()) {
            case 1 -> "a";
            case 2 -> "b";
            default -> {
                String shortened = kind.substring(0, 3);
                yield "c";
            }
        };
        // ok: xpath-injection
        xpath.evaluate("//" + node, doc);
    }
}
