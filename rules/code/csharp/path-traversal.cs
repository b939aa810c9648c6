using System;
using System.IO;
using System.IO.Compression;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

public class FilesController : Controller
{
    private const string Root = "/srv/docs";

    public IActionResult Download(string file)
    {
        // ruleid: path-traversal
        var bytes = System.IO.File.ReadAllBytes(Path.Combine(Root, file));
        // ok: path-traversal
        var safe = System.IO.File.ReadAllBytes(Path.Combine(Root, Path.GetFileName(file)));
        // ok: path-traversal
        var index = System.IO.File.ReadAllBytes("/srv/docs/index.html");
        return File(bytes, "application/octet-stream");
    }

    public IActionResult Checked(string file)
    {
        var full = Path.GetFullPath(Path.Combine(Root, file));
        if (!full.StartsWith(Root + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            return NotFound();
        }
        // ok: path-traversal
        return PhysicalFile(full, "application/pdf");
    }

    public IActionResult Serve()
    {
        // ruleid: path-traversal
        return PhysicalFile(Root + "/" + Request.Query["doc"], "application/pdf");
    }

    public async Task<IActionResult> Upload(IFormFile upload)
    {
        // ruleid: path-traversal
        using (var target = new FileStream(Path.Combine("uploads", upload.FileName), FileMode.Create))
        {
            await upload.CopyToAsync(target);
        }
        // ok: path-traversal
        using (var named = new FileStream(Path.Combine("uploads", Path.GetRandomFileName()), FileMode.Create))
        {
            await upload.CopyToAsync(named);
        }
        return Ok();
    }

    public IActionResult Remove(string name)
    {
        Delete(name);
        return Ok();
    }

    private static void Delete(string name)
    {
        // deepruleid: path-traversal
        System.IO.File.Delete(Path.Combine(Root, name));
    }
}

public static class Archives
{
    public static void Extract(ZipArchive archive, string target)
    {
        foreach (var entry in archive.Entries)
        {
            // ruleid: zip-slip
            entry.ExtractToFile(Path.Combine(target, entry.FullName));
        }
    }

    public static void ExtractStream(ZipArchive archive, string target)
    {
        foreach (ZipArchiveEntry entry in archive.Entries)
        {
            var path = target + "/" + entry.FullName;
            // ruleid: zip-slip
            using var output = File.Create(path);
            entry.Open().CopyTo(output);
        }
    }

    public static void ExtractChecked(ZipArchive archive, string target)
    {
        foreach (var entry in archive.Entries)
        {
            var path = Path.GetFullPath(Path.Combine(target, entry.FullName));
            if (!path.StartsWith(target, StringComparison.Ordinal))
            {
                throw new IOException("entry outside of target");
            }
            // ok: zip-slip
            entry.ExtractToFile(path);
        }
    }

    public static void ExtractFlat(ZipArchive archive, string target)
    {
        foreach (var entry in archive.Entries)
        {
            // ok: zip-slip
            entry.ExtractToFile(Path.Combine(target, Path.GetFileName(entry.FullName)));
        }
    }
}
