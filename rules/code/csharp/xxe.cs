using System.IO;
using System.Xml;
using System.Xml.Xsl;

public static class Feeds
{
    public static XmlReader Open(Stream input)
    {
        // ruleid: xxe
        var settings = new XmlReaderSettings { DtdProcessing = DtdProcessing.Parse };
        return XmlReader.Create(input, settings);
    }

    public static XmlDocument Load(string text)
    {
        var document = new XmlDocument();
        // ruleid: xxe
        document.XmlResolver = new XmlUrlResolver();
        document.LoadXml(text);
        return document;
    }

    public static XmlReader Later(Stream input)
    {
        var settings = new XmlReaderSettings();
        // ruleid: xxe
        settings.DtdProcessing = DtdProcessing.Parse;
        return XmlReader.Create(input, settings);
    }

    public static XmlReader Closed(Stream input)
    {
        // ok: xxe
        var settings = new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null };
        return XmlReader.Create(input, settings);
    }

    public static XmlReader Unresolved(Stream input)
    {
        // ok: xxe
        var settings = new XmlReaderSettings { DtdProcessing = DtdProcessing.Parse, XmlResolver = null };
        return XmlReader.Create(input, settings);
    }

    public static void Transform(string sheet)
    {
        var xslt = new XslCompiledTransform();
        // ruleid: xslt-script-enabled
        xslt.Load(sheet, XsltSettings.TrustedXslt, new XmlUrlResolver());
        // ruleid: xslt-script-enabled
        var open = new XsltSettings(true, true);
        // ok: xslt-script-enabled
        xslt.Load(sheet, XsltSettings.Default, null);
        // ok: xslt-script-enabled
        var closed = new XsltSettings(false, false);
    }
}
