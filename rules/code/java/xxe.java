package xml;

import jakarta.servlet.http.HttpServletRequest;
import java.io.*;
import javax.xml.XMLConstants;
import javax.xml.parsers.*;
import javax.xml.stream.XMLInputFactory;
import javax.xml.transform.*;
import javax.xml.transform.stream.*;
import javax.xml.validation.*;
import org.dom4j.io.SAXReader;
import org.jdom2.input.SAXBuilder;
import org.xml.sax.XMLReader;
import org.xml.sax.helpers.DefaultHandler;
import org.xml.sax.helpers.XMLReaderFactory;

class Parsers {
    static final String NO_DOCTYPE = "http://apache.org/xml/features/disallow-doctype-decl";

    void dom(InputStream in) throws Exception {
        DocumentBuilderFactory dbf = DocumentBuilderFactory.newInstance();
        dbf.setNamespaceAware(true);
        // ruleid: xxe-document-builder
        DocumentBuilder builder = dbf.newDocumentBuilder();
        builder.parse(in);
    }

    void domShort(InputStream in) throws Exception {
        // ruleid: xxe-document-builder
        DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(in);
    }

    void domSafe(InputStream in) throws Exception {
        DocumentBuilderFactory dbf = DocumentBuilderFactory.newInstance();
        dbf.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        // ok: xxe-document-builder
        dbf.newDocumentBuilder().parse(in);
    }

    void domSafeConstant(InputStream in) throws Exception {
        DocumentBuilderFactory dbf = DocumentBuilderFactory.newInstance();
        dbf.setFeature(NO_DOCTYPE, true);
        // ok: xxe-document-builder
        dbf.newDocumentBuilder().parse(in);
    }

    void domEmpty() throws Exception {
        // ok: xxe-document-builder
        DocumentBuilderFactory.newInstance().newDocumentBuilder().newDocument();
    }

    void domResolver(InputStream in) throws Exception {
        DocumentBuilderFactory dbf = DocumentBuilderFactory.newInstance();
        // ok: xxe-document-builder
        DocumentBuilder builder = dbf.newDocumentBuilder();
        builder.setEntityResolver((id, system) -> new org.xml.sax.InputSource(new StringReader("")));
        builder.parse(in);
    }

    void sax(InputStream in) throws Exception {
        SAXParserFactory spf = SAXParserFactory.newInstance();
        // ruleid: xxe-sax-parser
        spf.newSAXParser().parse(in, new DefaultHandler());
    }

    void saxShort(InputStream in) throws Exception {
        // ruleid: xxe-sax-parser
        SAXParser parser = SAXParserFactory.newInstance().newSAXParser();
        parser.parse(in, new DefaultHandler());
    }

    void saxSafe(InputStream in) throws Exception {
        SAXParserFactory spf = SAXParserFactory.newInstance();
        spf.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        // ok: xxe-sax-parser
        spf.newSAXParser().parse(in, new DefaultHandler());
    }

    void saxNoEntities(InputStream in) throws Exception {
        SAXParserFactory spf = SAXParserFactory.newInstance();
        spf.setFeature("http://xml.org/sax/features/external-general-entities", false);
        // ok: xxe-sax-parser
        spf.newSAXParser().parse(in, new DefaultHandler());
    }

    void reader(org.xml.sax.InputSource in, boolean strict) throws Exception {
        XMLReader reader = XMLReaderFactory.createXMLReader();
        // ruleid: xxe-xml-reader
        reader.parse(in);
        XMLReader named = XMLReaderFactory.createXMLReader("org.apache.xerces.parsers.SAXParser");
        // ruleid: xxe-xml-reader
        named.parse(in);
    }

    void readerSafe(org.xml.sax.InputSource in) throws Exception {
        XMLReader reader = XMLReaderFactory.createXMLReader();
        reader.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        // ok: xxe-xml-reader
        reader.parse(in);
    }

    void readerNoEntities(org.xml.sax.InputSource in) throws Exception {
        XMLReader reader = XMLReaderFactory.createXMLReader();
        reader.setFeature("http://xml.org/sax/features/external-general-entities", false);
        // ok: xxe-xml-reader
        reader.parse(in);
    }

    void stax(InputStream in) throws Exception {
        XMLInputFactory factory = XMLInputFactory.newInstance();
        // ruleid: xxe-stax
        factory.createXMLStreamReader(in);
    }

    void staxEvents(InputStream in) throws Exception {
        // ruleid: xxe-stax
        XMLInputFactory.newFactory().createXMLEventReader(in);
    }

    void staxSafe(InputStream in) throws Exception {
        XMLInputFactory factory = XMLInputFactory.newInstance();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        // ok: xxe-stax
        factory.createXMLStreamReader(in);
        XMLInputFactory other = XMLInputFactory.newInstance();
        other.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, Boolean.FALSE);
        // ok: xxe-stax
        other.createXMLEventReader(in);
    }

    void transform(InputStream sheet) throws Exception {
        TransformerFactory factory = TransformerFactory.newInstance();
        // ruleid: xxe-transformer
        factory.newTransformer(new StreamSource(sheet));
        // ruleid: xxe-transformer
        factory.newTemplates(new StreamSource(sheet));
        // ok: xxe-transformer
        factory.newTransformer();
    }

    void transformSafe(InputStream sheet) throws Exception {
        TransformerFactory factory = TransformerFactory.newInstance();
        factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
        // ok: xxe-transformer
        factory.newTransformer(new StreamSource(sheet));
    }

    void schema(File xsd, InputStream in) throws Exception {
        SchemaFactory factory = SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI);
        // ruleid: xxe-schema
        factory.newSchema(xsd);
        // ruleid: xxe-schema
        factory.newSchema(new StreamSource(in));
        // ok: xxe-schema
        factory.newSchema(Parsers.class.getResource("/order.xsd"));
    }

    void schemaSafe(File xsd) throws Exception {
        SchemaFactory factory = SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI);
        factory.setProperty(XMLConstants.ACCESS_EXTERNAL_DTD, "");
        // ok: xxe-schema
        factory.newSchema(xsd);
    }

    void thirdParty(InputStream in) throws Exception {
        SAXReader dom4j = new SAXReader();
        // ruleid: xxe-third-party-reader
        dom4j.read(in);
        // ruleid: xxe-third-party-reader
        new SAXBuilder().build(in);
    }

    void thirdPartySafe(InputStream in) throws Exception {
        SAXReader dom4j = new SAXReader();
        dom4j.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        // ok: xxe-third-party-reader
        dom4j.read(in);
        SAXBuilder jdom = new SAXBuilder();
        jdom.setExpandEntities(false);
        // ok: xxe-third-party-reader
        jdom.build(in);
    }

    void sheet(HttpServletRequest req, TransformerFactory factory) throws Exception {
        // ruleid: xslt-injection
        factory.newTransformer(new StreamSource(new StringReader(req.getParameter("xslt"))));
        // ruleid: xslt-injection
        TransformerFactory.newInstance().newTemplates(new StreamSource(req.getInputStream()));
        // ok: xslt-injection
        factory.newTransformer(new StreamSource(new File("/opt/app/report.xsl")));
        Transformer plain = factory.newTransformer();
        // ok: xslt-injection
        plain.transform(new StreamSource(req.getInputStream()), new StreamResult(new StringWriter()));
    }
}
