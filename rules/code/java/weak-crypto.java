package crypto;

import com.google.common.hash.Hashing;
import java.io.FileInputStream;
import java.security.*;
import java.security.spec.*;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.Base64;
import javax.crypto.*;
import javax.crypto.spec.*;
import org.apache.commons.codec.digest.DigestUtils;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.security.crypto.password.*;

class Crypto {
    private static final byte[] FIXED_IV = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
    private static final String KEY = "0123456789abcdef";

    void hashes(byte[] data) throws Exception {
        // ruleid: weak-hash
        MessageDigest.getInstance("MD5").digest(data);
        // ruleid: weak-hash
        MessageDigest.getInstance("SHA-1", "SUN").digest(data);
        // ruleid: weak-hash
        Signature.getInstance("SHA1withRSA");
        // ok: weak-hash
        MessageDigest.getInstance("SHA-256").digest(data);
        // ok: weak-hash
        Signature.getInstance("SHA256withECDSA");
        // ruleid: weak-hash-library
        DigestUtils.md5Hex(data);
        // ruleid: weak-hash-library
        Hashing.sha1().hashBytes(data);
        // ok: weak-hash-library
        DigestUtils.sha256Hex(data);
        // ok: weak-hash-library
        Hashing.sha256().hashBytes(data);
        // ruleid: weak-mac
        Mac.getInstance("HmacMD5");
        // ruleid: weak-mac
        Mac.getInstance("HMACMD5", "BC");
        // ok: weak-mac
        Mac.getInstance("HmacSHA256");
        // ok: weak-mac
        Mac.getInstance("HmacSHA512");
    }

    Object passwords() {
        // ruleid: plaintext-password-encoder
        PasswordEncoder none = NoOpPasswordEncoder.getInstance();
        // ruleid: plaintext-password-encoder
        User.withDefaultPasswordEncoder().username("u").password("p").build();
        // ruleid: weak-bcrypt-cost
        PasswordEncoder fast = new BCryptPasswordEncoder(4);
        // ruleid: weak-bcrypt-cost
        BCrypt.gensalt(6);
        // ok: weak-bcrypt-cost
        PasswordEncoder slow = new BCryptPasswordEncoder(12);
        // ok: weak-bcrypt-cost
        BCrypt.gensalt(10);
        // ok: plaintext-password-encoder
        PasswordEncoder standard = new BCryptPasswordEncoder();
        // ok: plaintext-password-encoder
        return PasswordEncoderFactories.createDelegatingPasswordEncoder();
    }

    void ciphers() throws Exception {
        // ruleid: weak-cipher
        Cipher.getInstance("DES/CBC/PKCS5Padding");
        // ruleid: weak-cipher
        KeyGenerator.getInstance("DESede");
        // ruleid: weak-cipher
        Cipher.getInstance("RC4");
        // ruleid: null-cipher
        Cipher plain = new NullCipher();
        // ruleid: null-cipher
        use(new NullCipher());
        // ok: null-cipher
        Cipher gcm = Cipher.getInstance("AES/GCM/NoPadding");
        // ok: null-cipher
        Cipher chacha = Cipher.getInstance("ChaCha20-Poly1305");
        // ruleid: ecb-mode
        Cipher.getInstance("AES");
        // ruleid: ecb-mode
        Cipher.getInstance("AES/ECB/PKCS5Padding");
        // ok: ecb-mode, weak-cipher
        Cipher.getInstance("AES/GCM/NoPadding");
        // ok: ecb-mode, weak-cipher
        Cipher.getInstance("AES/CTR/NoPadding");
        // ruleid: unauthenticated-cbc
        Cipher.getInstance("AES/CBC/PKCS5Padding");
        // ruleid: unauthenticated-cbc
        Cipher.getInstance("AES_256/CBC/PKCS5Padding", "SunJCE");
        // ok: unauthenticated-cbc
        Cipher.getInstance("AES_256/GCM/NoPadding");
        // ok: unauthenticated-cbc
        Cipher.getInstance("AES/CBC/NoPadding");
        // ruleid: rsa-weak-padding
        Cipher.getInstance("RSA/ECB/PKCS1Padding");
        // ruleid: rsa-weak-padding
        Cipher.getInstance("RSA/ECB/NoPadding");
        // ok: rsa-weak-padding
        Cipher.getInstance("RSA/ECB/OAEPWithSHA-256AndMGF1Padding");
        // ok: rsa-weak-padding
        Cipher.getInstance("RSA/ECB/OAEPPadding");
    }

    Object vectors(byte[] received) {
        // ruleid: static-iv
        Object a = new IvParameterSpec("1234567890123456".getBytes());
        byte[] zero = new byte[16];
        // ruleid: static-iv
        Object b = new IvParameterSpec(zero);
        // ruleid: static-iv
        Object c = new GCMParameterSpec(128, FIXED_IV);
        byte[] fresh = new byte[12];
        new SecureRandom().nextBytes(fresh);
        // ok: static-iv
        Object d = new GCMParameterSpec(128, fresh);
        // ok: static-iv
        return new IvParameterSpec(received);
    }

    Object keys(byte[] loaded, char[] typed, byte[] salt) {
        // ruleid: hard-coded-key
        Object a = new SecretKeySpec(KEY.getBytes(), "AES");
        byte[] key = Base64.getDecoder().decode("MDEyMzQ1Njc4OWFiY2RlZg==");
        // ruleid: hard-coded-key
        Object b = new SecretKeySpec(key, 0, 16, "AES");
        // ruleid: hard-coded-key
        Object c = new PBEKeySpec("changeit".toCharArray(), salt, 210000, 256);
        // ok: hard-coded-key
        Object d = new SecretKeySpec(loaded, "AES");
        // ok: hard-coded-key
        Object e = new SecretKeySpec(Base64.getDecoder().decode(System.getenv("APP_KEY")), "AES");
        // ruleid: hard-coded-salt
        Object f = new PBEKeySpec(typed, "pepper".getBytes(), 210000, 256);
        // ruleid: hard-coded-salt
        Object g = new PBEKeySpec(typed, new byte[] {1, 2, 3, 4}, 210000, 256);
        byte[] random = SecureRandom.getSeed(16);
        // ok: hard-coded-salt
        Object h = new PBEKeySpec(typed, random, 210000, 256);
        // ok: hard-coded-salt
        Object i = new PBEKeySpec(typed, salt, 210000, 256);
        // ruleid: few-iterations
        Object j = new PBEKeySpec(typed, salt, 1000, 256);
        int rounds = 4096;
        // ruleid: few-iterations
        Object k = new PBEParameterSpec(salt, rounds);
        // ok: few-iterations
        Object l = new PBEKeySpec(typed, salt, 600_000, 256);
        // ok: few-iterations
        return new PBEParameterSpec(salt, 210000);
    }

    void sizes() throws Exception {
        KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
        // ruleid: weak-rsa-key-size
        rsa.initialize(1024);
        // ok: weak-rsa-key-size
        rsa.initialize(3072);
        KeyPairGenerator dsa = KeyPairGenerator.getInstance("DSA");
        // ruleid: weak-rsa-key-size
        dsa.initialize(512, new SecureRandom());
        KeyPairGenerator ec = KeyPairGenerator.getInstance("EC");
        // ruleid: weak-ec-key-size
        ec.initialize(192);
        // ruleid: weak-ec-key-size
        ec.initialize(160, new SecureRandom());
        // ok: weak-ec-key-size, weak-rsa-key-size
        ec.initialize(256);
        // ok: weak-ec-key-size
        ec.initialize(new ECGenParameterSpec("secp384r1"));
        KeyGenerator aes = KeyGenerator.getInstance("AES");
        // ruleid: weak-symmetric-key-size
        aes.init(64);
        // ok: weak-symmetric-key-size
        aes.init(256);
        // ok: weak-symmetric-key-size
        aes.init(128);
        KeyGenerator old = KeyGenerator.getInstance("Camellia");
        // ruleid: weak-symmetric-key-size
        old.init(56, new SecureRandom());
    }

    Connection connect(KeyStore store, String given) throws Exception {
        // ruleid: hard-coded-credentials
        store.load(new FileInputStream("/etc/app.p12"), "changeit".toCharArray());
        // ok: hard-coded-credentials
        store.load(new FileInputStream("/etc/app.p12"), given.toCharArray());
        // ok: hard-coded-credentials
        DriverManager.getConnection("jdbc:h2:mem:test", "sa", "");
        // ruleid: hard-coded-credentials
        return DriverManager.getConnection("jdbc:postgresql://db/shop", "shop", "s3cr3tShop");
    }
}
