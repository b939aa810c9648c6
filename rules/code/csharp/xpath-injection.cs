using System.Linq;
using System.Xml;
using System.Xml.Linq;
using System.Xml.XPath;
using Microsoft.AspNetCore.Mvc;

public class CatalogController : Controller
{
    private readonly XmlDocument _catalog;
    private readonly XDocument _tree;

    public IActionResult Author(string name)
    {
        // ruleid: xpath-injection
        var node = _catalog.SelectSingleNode("//author[name='" + name + "']");
        // ruleid: xpath-injection
        var element = _tree.XPathSelectElement($"//author[@name='{name}']");
        // ok: xpath-injection
        var all = _catalog.SelectNodes("//author");
        // ok: xpath-injection
        var safe = _tree.Descendants("author").FirstOrDefault(a => (string)a.Attribute("name") == name);
        return Json(node.InnerText);
    }

    public IActionResult Book()
    {
        var navigator = _catalog.CreateNavigator();
        // ruleid: xpath-injection
        var books = navigator.Select("//book[" + Request.Query["n"] + "]");
        var n = int.Parse(Request.Query["n"]);
        // ok: xpath-injection
        var book = navigator.Select("//book[" + n + "]");
        return Json(books.Count);
    }
}
