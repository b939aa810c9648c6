using System.Net;
using System.Net.Http;
using System.Net.Security;
using System.Security.Authentication;

public class Clients
{
    public HttpClient Anyone()
    {
        var handler = new HttpClientHandler();
        // ruleid: tls-verification-off
        handler.ServerCertificateCustomValidationCallback = (message, cert, chain, errors) => true;
        return new HttpClient(handler);
    }

    public HttpClient Inline()
    {
        // ruleid: tls-verification-off
        return new HttpClient(new HttpClientHandler { ServerCertificateCustomValidationCallback = (m, c, ch, e) => true });
    }

    public void Everywhere()
    {
        // ruleid: tls-verification-off
        ServicePointManager.ServerCertificateValidationCallback += (sender, cert, chain, errors) => true;
        // ruleid: tls-verification-off
        ServicePointManager.ServerCertificateValidationCallback = delegate { return true; };
    }

    public HttpClient Named()
    {
        var handler = new HttpClientHandler();
        // ruleid: tls-verification-off
        handler.ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator;
        return new HttpClient(handler);
    }

    public HttpClient Checked()
    {
        var handler = new HttpClientHandler();
        // ok: tls-verification-off
        handler.ServerCertificateCustomValidationCallback = (message, cert, chain, errors) => errors == SslPolicyErrors.None;
        return new HttpClient(handler);
    }

    public string Database()
    {
        // ruleid: tls-verification-off
        var lax = "Server=db;Database=shop;Integrated Security=true;TrustServerCertificate=True";
        // ok: tls-verification-off
        return "Server=db;Database=shop;Integrated Security=true;TrustServerCertificate=False";
    }

    public void Versions(HttpClientHandler handler)
    {
        // ruleid: tls-old-version
        ServicePointManager.SecurityProtocol = SecurityProtocolType.Ssl3;
        // ruleid: tls-old-version
        handler.SslProtocols = SslProtocols.Tls11;
        // ok: tls-old-version
        ServicePointManager.SecurityProtocol = SecurityProtocolType.Tls12;
        // ok: tls-old-version
        handler.SslProtocols = SslProtocols.None;
    }
}
