using System.DirectoryServices;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Security.Application;

public class DirectoryController : Controller
{
    public IActionResult Find(string user)
    {
        var searcher = new DirectorySearcher();
        // ruleid: ldap-injection
        searcher.Filter = "(uid=" + user + ")";
        // ok: ldap-injection
        searcher.Filter = "(uid=" + Encoder.LdapFilterEncode(user) + ")";
        // ok: ldap-injection
        searcher.Filter = "(objectClass=person)";
        return Json(searcher.FindOne());
    }

    public IActionResult Mail(string name)
    {
        var root = new DirectoryEntry("LDAP://dc=example,dc=com");
        // ruleid: ldap-injection
        var searcher = new DirectorySearcher(root, $"(&(objectClass=user)(mail={name}))");
        // ok: ldap-injection
        var all = new DirectorySearcher(root, "(objectClass=user)");
        return Json(searcher.FindAll());
    }
}
