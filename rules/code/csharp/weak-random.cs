using System;
using System.Security.Cryptography;

public class Tokens
{
    private readonly Random _random = new Random();

    public string Session()
    {
        var random = new Random();
        // ruleid: weak-random
        var sessionToken = random.Next().ToString("x");
        return sessionToken;
    }

    public string Reset()
    {
        // ruleid: weak-random
        string resetCode = Random.Shared.Next(100000, 999999).ToString();
        return resetCode;
    }

    public void Key(Aes aes)
    {
        var bytes = new byte[32];
        new Random().NextBytes(bytes);
        // ruleid: weak-random
        aes.Key = bytes;
    }

    public string Sound()
    {
        // ok: weak-random
        var token = Convert.ToHexString(RandomNumberGenerator.GetBytes(32));
        return token;
    }

    public int Dice()
    {
        // ok: weak-random
        var dice = Random.Shared.Next(1, 7);
        return dice;
    }
}
