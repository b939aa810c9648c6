using System;
using System.Data.SqlClient;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.IdentityModel.Tokens;

public class Keys
{
    private const string Signing = "correct horse battery staple";
    private readonly IConfiguration _configuration;

    public SecurityKey Token()
    {
        // ruleid: hard-coded-key
        return new SymmetricSecurityKey(Encoding.UTF8.GetBytes("sign-with-this-long-text"));
    }

    public SecurityKey TokenConstant()
    {
        // ruleid: hard-coded-key
        return new SymmetricSecurityKey(Encoding.UTF8.GetBytes(Signing));
    }

    public SecurityKey TokenConfigured()
    {
        // ok: hard-coded-key
        return new SymmetricSecurityKey(Encoding.UTF8.GetBytes(_configuration["Jwt:Key"]));
    }

    public SecurityKey TokenEnvironment()
    {
        var key = Environment.GetEnvironmentVariable("JWT_KEY");
        // ok: hard-coded-key
        return new SymmetricSecurityKey(Encoding.UTF8.GetBytes(key));
    }

    public byte[] Seal()
    {
        using var aes = Aes.Create();
        // ruleid: hard-coded-key
        aes.Key = new byte[] { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 };
        return aes.IV;
    }

    public byte[] SealFresh()
    {
        using var aes = Aes.Create();
        var key = RandomNumberGenerator.GetBytes(32);
        // ok: hard-coded-key
        aes.Key = key;
        return aes.IV;
    }

    public void Connect(string password)
    {
        // ruleid: hard-coded-connection-password
        var a = new SqlConnection("Server=db;Database=shop;User Id=shop;Password=Winter2023;");
        // ruleid: hard-coded-connection-password
        var b = "Host=db;Database=shop;Username=shop;Pwd=Winter2023";
        // ok: hard-coded-connection-password
        var c = new SqlConnection("Server=db;Database=shop;Integrated Security=true;");
        // ok: hard-coded-connection-password
        var d = "Server=db;Database=shop;User Id=shop;Password=" + password;
    }
}
