using System;
using System.Reflection;
using System.Collections.Generic;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Mvc;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using RazorEngine;

public class FormulaController : Controller
{
    private static readonly Dictionary<string, Type> Reports = new() { ["day"] = typeof(DayReport) };

    public async Task<IActionResult> Calculate(string formula)
    {
        // ruleid: code-injection
        var result = await CSharpScript.EvaluateAsync<double>(formula);
        // ruleid: code-injection
        await CSharpScript.RunAsync("return " + formula + ";");
        // ok: code-injection
        await CSharpScript.EvaluateAsync("Price(Formula)", globals: new Globals { Formula = formula });
        // ok: code-injection
        await CSharpScript.EvaluateAsync<int>("1 + 1");
        return Json(result);
    }

    public IActionResult Greeting(string name)
    {
        // ruleid: template-injection
        var html = Engine.Razor.RunCompile("<p>Hello " + name + "</p>", "greeting", null, new { });
        // ruleid: template-injection
        var old = Razor.Parse($"<b>{name}</b>");
        // ok: template-injection
        var safe = Engine.Razor.RunCompile("<p>Hello @Model.Name</p>", "greeting", null, new { Name = name });
        // ok: template-injection
        var constant = Razor.Parse("<b>fixed</b>");
        return Content(safe);
    }

    public IActionResult Report(string kind)
    {
        // ruleid: type-from-request
        var type = Type.GetType("Shop.Reports." + kind);
        var assembly = Assembly.GetExecutingAssembly();
        // ruleid: type-from-request
        var report = assembly.CreateInstance(Request.Query["type"]);
        // ok: type-from-request
        var known = Activator.CreateInstance(Reports[kind]);
        // ok: type-from-request
        var fixedType = Type.GetType("Shop.Reports.DayReport");
        return View(report);
    }
}
