using System;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

public class SessionController : Controller
{
    public IActionResult Login(string id)
    {
        // ruleid: cookie-without-secure
        Response.Cookies.Append("sid", "x1", new CookieOptions { HttpOnly = true, Secure = false });
        // ruleid: cookie-without-httponly
        Response.Cookies.Append("sid", "x1", new CookieOptions { HttpOnly = false, Secure = true });
        // ruleid: cookie-without-secure
        Response.Cookies.Append("sid", "x1", new CookieOptions { HttpOnly = true });
        // ruleid: cookie-without-httponly
        Response.Cookies.Append("sid", "x1", new CookieOptions { Secure = true });
        // ok: cookie-without-secure, cookie-without-httponly
        Response.Cookies.Append("sid", "x1", new CookieOptions { HttpOnly = true, Secure = true });
        return Ok();
    }

    public IActionResult Built()
    {
        var options = new CookieOptions();
        // ruleid: cookie-without-secure
        options.Secure = false;
        // ruleid: cookie-without-httponly
        options.HttpOnly = false;
        // ok: cookie-without-secure
        options.Secure = true;
        // ok: cookie-without-httponly
        options.HttpOnly = true;
        return Ok();
    }
}
