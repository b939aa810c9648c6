using System.Web.Mvc;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Mvc;

public class TransferController : Controller
{
    // ruleid: csrf-protection-off
    [IgnoreAntiforgeryToken]
    [HttpPost]
    public IActionResult Send(int amount)
    {
        return Ok(amount);
    }

    // ok: csrf-protection-off
    [ValidateAntiForgeryToken]
    [HttpPost]
    public IActionResult SendChecked(int amount)
    {
        return Ok(amount);
    }

    // ruleid: request-validation-off
    [ValidateInput(false)]
    public ActionResult Save(string text)
    {
        return View();
    }

    // ok: request-validation-off
    [ValidateInput(true)]
    public ActionResult SaveChecked(string text)
    {
        return View();
    }
}

// ruleid: request-validation-off
[ValidateInput(false)]
public class OpenController : Controller
{
    public ActionResult Save(string text)
    {
        return View();
    }
}

public static class Setup
{
    public static void Map(WebApplication app)
    {
        // ruleid: csrf-protection-off
        app.MapPost("/pay", (PayForm form) => form.Amount).DisableAntiforgery();
        // ok: csrf-protection-off
        app.MapPost("/order", (OrderForm form) => form.Amount);
    }

    public static void Cors(CorsPolicyBuilder policy)
    {
        // ruleid: cors-any-origin-with-credentials
        policy.SetIsOriginAllowed(origin => true).AllowAnyHeader().AllowCredentials();
        // ruleid: cors-any-origin-with-credentials
        policy.AllowAnyOrigin().AllowAnyMethod().AllowCredentials();
        // ok: cors-any-origin-with-credentials
        policy.WithOrigins("https://shop.example.com").AllowCredentials();
        // ok: cors-any-origin-with-credentials
        policy.AllowAnyOrigin().AllowAnyHeader();
    }
}
