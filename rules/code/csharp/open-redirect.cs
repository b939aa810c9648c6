using System.Threading.Tasks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

public class AccountController : Controller
{
    public IActionResult Login(string returnUrl)
    {
        // ruleid: open-redirect
        return Redirect(returnUrl);
    }

    public IActionResult LoginLocal(string returnUrl)
    {
        // ok: open-redirect
        return LocalRedirect(returnUrl);
    }

    public IActionResult LoginChecked(string returnUrl)
    {
        if (Url.IsLocalUrl(returnUrl))
        {
            // ok: open-redirect
            return Redirect(returnUrl);
        }
        // ok: open-redirect
        return Redirect("/home");
    }

    public void Leave()
    {
        // ruleid: open-redirect
        Response.Redirect(Request.Query["to"]);
        // ok: open-redirect
        Response.Redirect("/goodbye?from=" + Request.Query["from"]);
    }

    public IActionResult Profile(string name)
    {
        // ok: open-redirect
        return Redirect($"/profile/{name}");
    }
}
