using System.Collections.Generic;
using System.Diagnostics;
using Microsoft.AspNetCore.Mvc;

public class ToolsController : Controller
{
    private static readonly Dictionary<string, string> Tools = new() { ["git"] = "/usr/bin/git" };

    public IActionResult Ping(string host)
    {
        // ruleid: command-injection
        Process.Start("cmd.exe", "/c ping " + host);
        // ruleid: argument-injection
        Process.Start("ping", "-c 1 " + host);
        var info = new ProcessStartInfo("ping");
        info.ArgumentList.Add("--");
        info.ArgumentList.Add(host);
        // ok: command-injection, argument-injection
        Process.Start(info);
        return View();
    }

    public IActionResult Run(string tool)
    {
        // ruleid: command-injection
        var info = new ProcessStartInfo { FileName = tool, UseShellExecute = false };
        // ruleid: command-injection
        Process.Start(tool);
        // ok: command-injection
        Process.Start("/usr/bin/uptime");
        return View();
    }

    public IActionResult Known(string tool)
    {
        if (!Tools.TryGetValue(tool, out var path))
        {
            return NotFound();
        }
        // ok: command-injection
        Process.Start(path, "--version");
        return View();
    }

    public IActionResult Script()
    {
        var name = Request.Form["name"].ToString();
        // ruleid: command-injection
        var shell = new ProcessStartInfo { FileName = "/bin/bash", Arguments = $"-c \"./deploy {name}\"" };
        // ruleid: argument-injection
        var convert = new ProcessStartInfo("convert", $"{name} out.png");
        // ok: argument-injection, command-injection
        var fixedArgs = new ProcessStartInfo("convert", "in.png out.png");
        return View();
    }

    public IActionResult Renice(int pid)
    {
        // ok: command-injection, argument-injection
        Process.Start("cmd.exe", "/c taskkill /pid " + pid);
        return View();
    }
}
