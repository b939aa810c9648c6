package tokens

import (
	crand "crypto/rand"
	"fmt"
	"math/rand"
	"time"
)

const letters = "abcdefghijklmnopqrstuvwxyz"

func newSession() string {
	// ruleid: weak-random
	sessionToken := fmt.Sprintf("%x", rand.Int63())
	return sessionToken
}

func resetPassword() string {
	password := make([]byte, 12)
	for i := range password {
		// ruleid: weak-random
		password[i] = letters[rand.Intn(len(letters))]
	}
	return string(password)
}

func jitter() time.Duration {
	// ok: weak-random
	wait := time.Duration(rand.Intn(100)) * time.Millisecond
	return wait
}

func shuffle(list []string) {
	// ok: weak-random
	rand.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
}

func newToken() []byte {
	token := make([]byte, 32)
	// ok: weak-random
	crand.Read(token)
	return token
}
