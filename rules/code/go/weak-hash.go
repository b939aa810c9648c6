package hashing

import (
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"io"

	"golang.org/x/crypto/bcrypt"
)

func sign(body []byte) string {
	// ruleid: weak-hash
	sum := md5.Sum(body)
	return hex.EncodeToString(sum[:])
}

func digest(body []byte) []byte {
	// ruleid: weak-hash
	h := sha1.New()
	h.Write(body)
	return h.Sum(nil)
}

func better(key, body []byte) []byte {
	// ok: weak-hash
	sum := sha256.Sum256(body)
	// ok: weak-hash
	mac := hmac.New(sha256.New, key)
	mac.Write(sum[:])
	return mac.Sum(nil)
}

type account struct{ password string }

func (a account) stored() string {
	// ruleid: weak-hash-password
	sum := sha256.Sum256([]byte(a.password))
	return hex.EncodeToString(sum[:])
}

func salted(password, salt string) []byte {
	h := sha256.New()
	// ruleid: weak-hash-password
	io.WriteString(h, salt+password)
	return h.Sum(nil)
}

func slow(password string) ([]byte, error) {
	// ok: weak-hash-password
	return bcrypt.GenerateFromPassword([]byte(password), 12)
}

func etag(content string) [32]byte {
	// ok: weak-hash-password
	return sha256.Sum256([]byte(content))
}
