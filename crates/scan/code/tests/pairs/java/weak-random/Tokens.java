package pairs.weakrandom;

import java.security.*;
import java.util.Base64;
import java.util.Random;

class Tokens {
    void unsafeLong(Random random) {
        long number = random.nextLong();
        // ruleid: weak-random
        String sessionToken = Long.toHexString(number);
    }

    void safeLong(SecureRandom random) {
        long number = random.nextLong();
        // ok: weak-random
        String sessionToken = Long.toHexString(number);
    }

    void unsafeBytes() {
        byte[] bytes = new byte[16];
        Random random = new Random();
        random.nextBytes(bytes);
        // ruleid: weak-random
        String apiKey = Base64.getEncoder().encodeToString(bytes);
    }

    void safeBytes() {
        byte[] bytes = new byte[16];
        Random random = new SecureRandom();
        random.nextBytes(bytes);
        // ok: weak-random
        String apiKey = Base64.getEncoder().encodeToString(bytes);
    }
}
