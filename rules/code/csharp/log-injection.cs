using System;
using System.Linq;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Logging;

public class AuditController : Controller
{
    private static readonly string[] Languages = { "en", "de" };
    private readonly ILogger<AuditController> _logger;

    public IActionResult Login(string user)
    {
        // ruleid: log-injection
        _logger.LogWarning("failed login of " + user);
        // ruleid: log-injection
        _logger.LogInformation($"login of {user}");
        // ok: log-injection
        _logger.LogInformation("login of {User}", user);
        // ok: log-injection
        _logger.LogWarning("failed login of " + user.Replace("\n", " "));
        return Ok();
    }
}

public class LegacyPage : System.Web.UI.Page
{
    private static readonly string[] Languages = { "en", "de" };

    protected void Page_Load(object sender, EventArgs e)
    {
        // ruleid: header-injection
        Response.AppendHeader("X-Theme", Request.QueryString["theme"]);
        // ruleid: header-injection
        Response.AddHeader("Content-Disposition", "attachment; filename=" + Request["name"]);
        // ok: header-injection
        Response.AddHeader("Content-Disposition", "attachment; filename=" + Uri.EscapeDataString(Request["name"]));
        var language = Request.QueryString["lang"];
        if (!Languages.Contains(language))
        {
            return;
        }
        // ok: header-injection
        Response.AppendHeader("Content-Language", language);
    }
}
