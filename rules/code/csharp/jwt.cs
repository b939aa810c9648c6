using System.IdentityModel.Tokens.Jwt;
using JWT.Algorithms;
using JWT.Builder;
using Microsoft.IdentityModel.Tokens;

public class TokenSetup
{
    public TokenValidationParameters Lax(SecurityKey key)
    {
        // ruleid: jwt-validation-off
        return new TokenValidationParameters { IssuerSigningKey = key, ValidateLifetime = false };
    }

    public void Later(TokenValidationParameters parameters)
    {
        // ruleid: jwt-validation-off
        parameters.RequireSignedTokens = false;
        // ok: jwt-validation-off
        parameters.ValidateLifetime = true;
    }

    public TokenValidationParameters Strict(SecurityKey key)
    {
        // ok: jwt-validation-off
        return new TokenValidationParameters { IssuerSigningKey = key, ValidateIssuerSigningKey = true };
    }

    public TokenValidationParameters Unsigned()
    {
        // ruleid: jwt-signature-unverified
        return new TokenValidationParameters { SignatureValidator = (token, p) => new JwtSecurityToken(token) };
    }

    public string Read(string token, string key)
    {
        // ruleid: jwt-signature-unverified
        var lax = JwtBuilder.Create().WithVerifySignature(false).Decode(token);
        // ok: jwt-signature-unverified
        var strict = JwtBuilder.Create().WithSecret(key).MustVerifySignature().Decode(token);
        // ok: jwt-signature-unverified
        var algorithm = new HMACSHA256Algorithm();
        return strict;
    }
}
