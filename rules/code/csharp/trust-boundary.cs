using System.Net.Mail;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

public class BasketController : Controller
{
    public IActionResult Keep(string key, string value)
    {
        // ruleid: session-key-from-request
        HttpContext.Session.SetString(key, "1");
        // ruleid: session-key-from-request
        HttpContext.Session.SetString(Request.Form["name"], value);
        // ok: session-key-from-request
        HttpContext.Session.SetString("basket", "1");
        // ok: session-key-from-request
        HttpContext.Session.SetString("coupon", value);
        return Ok();
    }

    public IActionResult Invite(string to, string subject)
    {
        var message = new MailMessage();
        // ruleid: mail-header-injection
        message.To.Add(to);
        // ruleid: mail-header-injection
        message.Headers.Add("X-Ref", Request.Query["ref"]);
        // ok: mail-header-injection
        message.To.Add(new MailAddress(to));
        // ok: mail-header-injection
        message.Bcc.Add("archive@example.com");
        return Ok();
    }
}
