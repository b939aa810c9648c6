using System.Linq;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Mvc;

public class SearchController : Controller
{
    private readonly string[] _names;

    public IActionResult Find(string pattern)
    {
        // ruleid: regex-injection
        var regex = new Regex(pattern);
        // ruleid: regex-injection
        var hits = _names.Where(n => Regex.IsMatch(n, "^" + Request.Query["prefix"]));
        // ok: regex-injection
        var escaped = new Regex("^" + Regex.Escape(pattern));
        // ok: regex-injection
        var constant = Regex.IsMatch(pattern, "^[a-z]+$");
        return Json(hits);
    }
}
