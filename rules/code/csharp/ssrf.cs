using System;
using System.Collections.Generic;
using System.Net;
using System.Net.Http;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Mvc;

public class ProxyController : Controller
{
    private static readonly HashSet<string> Partners = new() { "api.example.com" };
    private readonly HttpClient _httpClient;

    public async Task<IActionResult> Fetch(string url)
    {
        // ruleid: ssrf
        var text = await _httpClient.GetStringAsync(url);
        // ruleid: ssrf
        var request = WebRequest.Create(url);
        // ok: ssrf
        var status = await _httpClient.GetStringAsync("https://status.example.com/health");
        return Content(text);
    }

    public async Task<IActionResult> User(string id)
    {
        // ok: ssrf
        var user = await _httpClient.GetStringAsync("https://api.example.com/users/" + Uri.EscapeDataString(id));
        // ok: ssrf
        var same = await _httpClient.GetStringAsync($"https://api.example.com/users/{id}");
        return Content(user + same);
    }

    public async Task<IActionResult> Hook()
    {
        // ruleid: ssrf
        var message = new HttpRequestMessage(HttpMethod.Post, $"http://{Request.Form["host"]}/notify");
        await _httpClient.SendAsync(message);
        return Ok();
    }

    public async Task<IActionResult> Checked(string url)
    {
        var target = new Uri(url);
        if (!Partners.Contains(target.Host))
        {
            return BadRequest();
        }
        // ok: ssrf
        return Content(await _httpClient.GetStringAsync(target));
    }
}
