package pairs.xpathinjection;

import jakarta.servlet.http.HttpServletRequest;
import java.io.Serializable;
import javax.xml.xpath.*;
import org.w3c.dom.Document;

class Beans {
    static class Form implements Serializable {
        private String user;
        private String note = "none";

        public void setUser(String user) {
            this.user = user;
        }

        public String getUser() {
            return this.user;
        }

        public void setNote(String note) {
            this.note = note;
        }

        public String getNote() {
            return this.note;
        }

        public Form copy() {
            Form form = new Form();
            form.user = this.user;
            form.note = this.note;
            return form;
        }
    }

    private Form read(HttpServletRequest req) {
        Form form = new Form();
        form.setUser(req.getParameter("user"));
        return form;
    }

    void unsafeBean(HttpServletRequest req, XPath xpath) throws XPathExpressionException {
        Form form = read(req);
        // deepruleid: xpath-injection
        xpath.compile("//u[@id='" + form.getUser() + "']");
    }

    void safeBean(HttpServletRequest req, XPath xpath) throws XPathExpressionException {
        Form form = read(req);
        // ok: xpath-injection
        xpath.compile("//u[@id='" + form.getNote() + "']");
    }

    void unsafeCopy(HttpServletRequest req, XPath xpath) throws XPathExpressionException {
        Form form = read(req).copy();
        // deepruleid: xpath-injection
        xpath.compile("//u[@id='" + form.getUser() + "']");
    }

    void safeCopyReset(HttpServletRequest req, XPath xpath) throws XPathExpressionException {
        Form form = read(req).copy();
        form.setUser("guest");
        // ok: xpath-injection
        xpath.compile("//u[@id='" + form.getUser() + "']");
    }

    void unsafeCopyBefore(HttpServletRequest req, XPath xpath) throws XPathExpressionException {
        Form form = read(req);
        Form copy = form.copy();
        form.setUser("guest");
        // deepruleid: xpath-injection
        xpath.compile("//u[@id='" + copy.getUser() + "']");
    }

    void safeCopyAfter(HttpServletRequest req, XPath xpath) throws XPathExpressionException {
        Form form = read(req);
        form.setUser("guest");
        Form copy = form.copy();
        // ok: xpath-injection
        xpath.compile("//u[@id='" + copy.getUser() + "']");
    }
}
