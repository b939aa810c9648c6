using System.Security.Cryptography;
using System.Text;

public class Sealing
{
    public void Old()
    {
        // ruleid: weak-cipher
        using var des = DES.Create();
        // ruleid: weak-cipher
        var triple = new TripleDESCryptoServiceProvider();
        // ok: weak-cipher
        using var aes = Aes.Create();
        // ok: weak-cipher
        var managed = new AesManaged();
    }

    public void Modes(Aes aes, byte[] data)
    {
        // ruleid: cipher-mode-ecb
        aes.Mode = CipherMode.ECB;
        // ruleid: cipher-mode-ecb
        var managed = new AesManaged { Mode = CipherMode.ECB };
        // ok: cipher-mode-ecb
        aes.Mode = CipherMode.CBC;
        // ok: cipher-mode-ecb
        var cbc = new AesManaged { Mode = CipherMode.CBC };
    }

    public void Vectors(Aes aes, byte[] key)
    {
        // ruleid: cipher-constant-iv
        aes.IV = Encoding.UTF8.GetBytes("0123456789abcdef");
        byte[] zero = new byte[] { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 };
        // ruleid: cipher-constant-iv
        var encryptor = aes.CreateEncryptor(key, zero);
        // ok: cipher-constant-iv
        aes.GenerateIV();
        var fresh = new byte[16];
        RandomNumberGenerator.Fill(fresh);
        // ok: cipher-constant-iv
        aes.IV = fresh;
    }

    public void Keys()
    {
        // ruleid: short-rsa-key
        var rsa = RSA.Create(1024);
        // ruleid: short-rsa-key
        var provider = new RSACryptoServiceProvider(512);
        // ok: short-rsa-key
        var good = RSA.Create(3072);
        // ok: short-rsa-key
        var least = new RSACryptoServiceProvider(2048);
    }
}
