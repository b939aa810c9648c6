package pairs.xxe;

import java.io.*;
import javax.xml.parsers.*;
import javax.xml.stream.*;

class Parsers {
    void unsafeDom(InputStream in) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", false);
        // ruleid: xxe-document-builder
        factory.newDocumentBuilder().parse(in);
    }

    void safeDom(InputStream in) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        // ok: xxe-document-builder
        factory.newDocumentBuilder().parse(in);
    }

    void unsafeStax(InputStream in) throws Exception {
        XMLInputFactory factory = XMLInputFactory.newFactory();
        factory.setProperty(XMLInputFactory.IS_COALESCING, true);
        // ruleid: xxe-stax
        factory.createXMLStreamReader(in);
    }

    void safeStax(InputStream in) throws Exception {
        XMLInputFactory factory = XMLInputFactory.newFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, Boolean.FALSE);
        // ok: xxe-stax
        factory.createXMLStreamReader(in);
    }

    void unsafeSax(InputStream in) throws Exception {
        SAXParserFactory factory = SAXParserFactory.newInstance();
        factory.setValidating(true);
        // ruleid: xxe-sax-parser
        factory.newSAXParser().parse(in, new org.xml.sax.helpers.DefaultHandler());
    }

    void safeSax(InputStream in) throws Exception {
        SAXParserFactory factory = SAXParserFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        // ok: xxe-sax-parser
        factory.newSAXParser().parse(in, new org.xml.sax.helpers.DefaultHandler());
    }
}
