package random;

import jakarta.servlet.http.Cookie;
import java.security.SecureRandom;
import java.util.Random;
import org.apache.commons.lang3.RandomStringUtils;

class Randoms {
    Object secrets(Random dice, SecureRandom secure) {
        // ruleid: weak-random
        String token = Long.toHexString(new Random().nextLong());
        // ruleid: weak-random
        String resetCode = RandomStringUtils.randomAlphanumeric(20);
        // ruleid: weak-random
        Cookie remember = new Cookie("remember", "" + Math.random());
        int eyes = dice.nextInt(6) + 1;
        // ok: weak-random
        Cookie theme = new Cookie("theme", "dark");
        // ok: weak-random
        String sessionToken = Long.toHexString(secure.nextLong());
        return token + resetCode + remember + theme + sessionToken + eyes;
    }

    void seeds(SecureRandom given, byte[] noise) {
        // ruleid: fixed-random-seed
        SecureRandom a = new SecureRandom("seed".getBytes());
        // ruleid: fixed-random-seed
        SecureRandom b = new SecureRandom(new byte[] {1, 2, 3});
        // ok: fixed-random-seed
        SecureRandom c = new SecureRandom();
        // ok: fixed-random-seed
        SecureRandom d = new SecureRandom(noise);
        // ruleid: predictable-random-seed
        given.setSeed(42);
        // ruleid: predictable-random-seed
        given.setSeed(System.currentTimeMillis());
        // ok: predictable-random-seed
        given.setSeed(noise);
        // ok: predictable-random-seed
        given.setSeed(SecureRandom.getSeed(32));
    }
}
