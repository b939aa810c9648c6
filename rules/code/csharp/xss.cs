using System.Net;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;

public class PageController : Controller
{
    public IActionResult Hello(string name)
    {
        // ruleid: xss-response-write
        return Content("<h1>Hello " + name + "</h1>", "text/html");
    }

    public IActionResult HelloSafe(string name)
    {
        // ok: xss-response-write
        return Content("<h1>Hello " + WebUtility.HtmlEncode(name) + "</h1>", "text/html");
    }

    public IActionResult Plain(string name)
    {
        // ok: xss-response-write
        return Content(name, "text/plain");
    }

    public async Task Streamed()
    {
        Response.ContentType = "text/html; charset=utf-8";
        // ruleid: xss-response-write
        await Response.WriteAsync($"<p>{Request.Query["q"]}</p>");
        // ok: xss-response-write
        await Response.WriteAsync("<p>done</p>");
    }

    public IActionResult Bio(string bio)
    {
        // ruleid: xss-raw-html
        ViewBag.Bio = new HtmlString(bio);
        // ok: xss-raw-html
        ViewBag.Rule = new HtmlString("<hr>");
        // ok: xss-raw-html
        ViewBag.Safe = new HtmlString("<b>" + WebUtility.HtmlEncode(bio) + "</b>");
        return View();
    }

    public IActionResult Badge()
    {
        var tag = new TagBuilder("span");
        // ruleid: xss-raw-html
        tag.InnerHtml.AppendHtml(Request.Query["label"]);
        // ok: xss-raw-html
        tag.InnerHtml.Append(Request.Query["label"]);
        return Json(tag.ToString());
    }
}
