using System.Security.Cryptography;
using System.Text;

public class Hashing
{
    public byte[] Old(byte[] data)
    {
        // ruleid: weak-hash
        using var md5 = MD5.Create();
        // ruleid: weak-hash
        var sha1 = SHA1.HashData(data);
        // ruleid: weak-hash
        var provider = new MD5CryptoServiceProvider();
        // ruleid: weak-hash
        var named = HashAlgorithm.Create("SHA1");
        return md5.ComputeHash(data);
    }

    public byte[] Sound(byte[] data, byte[] key)
    {
        // ok: weak-hash
        using var sha = SHA256.Create();
        // ok: weak-hash
        using var mac = new HMACSHA256(key);
        return sha.ComputeHash(mac.ComputeHash(data));
    }

    public byte[] Store(string password)
    {
        using var sha = SHA256.Create();
        // ruleid: weak-hash-password
        return sha.ComputeHash(Encoding.UTF8.GetBytes(password));
    }

    public byte[] StoreSalted(string userPassword, string salt)
    {
        // ruleid: weak-hash-password
        return SHA512.HashData(Encoding.UTF8.GetBytes(salt + userPassword));
    }

    public byte[] Derive(string password, byte[] salt)
    {
        // ok: weak-hash-password, weak-key-derivation
        return Rfc2898DeriveBytes.Pbkdf2(password, salt, 600000, HashAlgorithmName.SHA256, 32);
    }

    public byte[] Tag(string content)
    {
        // ok: weak-hash-password
        return SHA256.HashData(Encoding.UTF8.GetBytes(content));
    }

    public void Cheap(string password, byte[] salt)
    {
        // ruleid: weak-key-derivation
        var bytes = new Rfc2898DeriveBytes(password, salt, 1000);
        // ruleid: weak-key-derivation
        Rfc2898DeriveBytes.Pbkdf2(password, salt, 10000, HashAlgorithmName.SHA256, 32);
        // ok: weak-key-derivation
        var slow = new Rfc2898DeriveBytes(password, salt, 210000, HashAlgorithmName.SHA512);
    }
}
