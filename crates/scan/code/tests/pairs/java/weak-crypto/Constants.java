package pairs.weakcrypto;

import java.security.*;
import javax.crypto.Cipher;
import javax.crypto.spec.*;

class Constants {
    private static final String WEAK = "DES/CBC/PKCS5Padding";
    private static final String STRONG = "AES/GCM/NoPadding";

    void unsafeCipher() throws GeneralSecurityException {
        // ruleid: weak-cipher
        Cipher.getInstance(WEAK);
    }

    void safeCipher() throws GeneralSecurityException {
        // ok: weak-cipher
        Cipher.getInstance(STRONG);
    }

    void unsafeDigest() throws GeneralSecurityException {
        String family = "MD";
        String algorithm = family + 5;
        // ruleid: weak-hash
        MessageDigest.getInstance(algorithm);
    }

    void safeDigest() throws GeneralSecurityException {
        String family = "SHA-";
        String algorithm = family + 256;
        // ok: weak-hash
        MessageDigest.getInstance(algorithm);
    }

    void unsafeVector() {
        byte[] iv = new byte[12];
        // ruleid: static-iv
        new GCMParameterSpec(128, iv);
    }

    void safeVector() {
        byte[] iv = new byte[12];
        new SecureRandom().nextBytes(iv);
        // ok: static-iv
        new GCMParameterSpec(128, iv);
    }

    void unsafeKey() {
        byte[] key = "0123456789abcdef".getBytes();
        // ruleid: hard-coded-key
        new SecretKeySpec(key, "AES");
    }

    void safeKey() {
        byte[] key = System.getenv("APP_KEY").getBytes();
        // ok: hard-coded-key
        new SecretKeySpec(key, "AES");
    }

    void unsafeSize() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        int bits = 512 * 2;
        // ruleid: weak-rsa-key-size
        generator.initialize(bits);
    }

    void safeSize() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        int bits = 1024 * 3;
        // ok: weak-rsa-key-size
        generator.initialize(bits);
    }
}
