package tokens;

import com.auth0.jwt.JWT;
import com.auth0.jwt.JWTVerifier;
import com.auth0.jwt.algorithms.Algorithm;
import com.auth0.jwt.interfaces.DecodedJWT;
import com.nimbusds.jwt.PlainJWT;
import io.jsonwebtoken.*;
import io.jsonwebtoken.security.Keys;
import javax.crypto.SecretKey;

class Tokens {
    String unsigned(String user) {
        // ruleid: jwt-none-algorithm
        return JWT.create().withSubject(user).sign(Algorithm.none());
    }

    Object plain(com.nimbusds.jwt.JWTClaimsSet claims) {
        // ruleid: jwt-none-algorithm
        return new PlainJWT(claims);
    }

    String signed(String user, byte[] key) {
        // ok: jwt-none-algorithm, jwt-hard-coded-secret
        return JWT.create().withSubject(user).sign(Algorithm.HMAC256(key));
    }

    String built(String user, SecretKey key) {
        // ok: jwt-none-algorithm
        return Jwts.builder().subject(user).signWith(key).compact();
    }

    Object parse(String token, SecretKey key, JwtParser parser) {
        // ruleid: jwt-not-verified
        Object a = Jwts.parser().setSigningKey(key).parse(token);
        // ruleid: jwt-not-verified
        Object b = parser.parseClaimsJwt(token);
        // ok: jwt-not-verified
        Object c = Jwts.parser().setSigningKey(key).parseClaimsJws(token);
        // ok: jwt-not-verified
        return parser.parseSignedClaims(token);
    }

    String subject(String token) {
        // ruleid: jwt-decoded-only
        return JWT.decode(token).getSubject();
    }

    String role(String token) {
        DecodedJWT jwt = JWT.decode(token);
        // ruleid: jwt-decoded-only
        return jwt.getClaim("role").asString();
    }

    String verified(String token, JWTVerifier verifier) {
        DecodedJWT jwt = verifier.verify(token);
        // ok: jwt-decoded-only
        return jwt.getClaim("role").asString();
    }

    String verifiedAfter(String token, JWTVerifier verifier) {
        DecodedJWT jwt = JWT.decode(token);
        verifier.verify(jwt);
        // ok: jwt-decoded-only
        return jwt.getSubject();
    }

    Object secret(String fromEnvironment) {
        // ruleid: jwt-hard-coded-secret
        Object a = Algorithm.HMAC256("mySigningSecret");
        // ruleid: jwt-hard-coded-secret
        Object b = Keys.hmacShaKeyFor("0123456789abcdef0123456789abcdef".getBytes());
        // ok: jwt-hard-coded-secret
        return Algorithm.HMAC256(fromEnvironment);
    }
}
