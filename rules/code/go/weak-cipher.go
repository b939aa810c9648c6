package sealing

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/des"
	"crypto/rand"
	"crypto/rc4"
	"crypto/rsa"
	"crypto/sha256"
	"io"

	"golang.org/x/crypto/bcrypt"
	"golang.org/x/crypto/pbkdf2"
)

func old(key []byte) (cipher.Block, error) {
	// ruleid: weak-cipher
	return des.NewCipher(key)
}

func stream(key []byte) (*rc4.Cipher, error) {
	// ruleid: weak-cipher
	return rc4.NewCipher(key)
}

func modern(key []byte) (cipher.AEAD, error) {
	// ok: weak-cipher
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	// ok: weak-cipher
	return cipher.NewGCM(block)
}

func fixed(block cipher.Block, text []byte) {
	iv := []byte("0123456789abcdef")
	// ruleid: cipher-constant-iv
	cipher.NewCBCEncrypter(block, iv).CryptBlocks(text, text)
}

func fixedGCM(gcm cipher.AEAD, text []byte) []byte {
	// ruleid: cipher-constant-iv
	return gcm.Seal(nil, []byte{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, text, nil)
}

func fresh(gcm cipher.AEAD, text []byte) ([]byte, error) {
	nonce := make([]byte, gcm.NonceSize())
	if _, err := io.ReadFull(rand.Reader, nonce); err != nil {
		return nil, err
	}
	// ok: cipher-constant-iv
	return gcm.Seal(nonce, nonce, text, []byte("header")), nil
}

func refilled(block cipher.Block) cipher.Stream {
	iv := []byte("0000000000000000")
	rand.Read(iv)
	// ok: cipher-constant-iv
	return cipher.NewCTR(block, iv)
}

func keys() {
	// ruleid: short-rsa-key
	rsa.GenerateKey(rand.Reader, 1024)
	// ruleid: short-rsa-key
	rsa.GenerateKey(rand.Reader, 512)
	// ok: short-rsa-key
	rsa.GenerateKey(rand.Reader, 2048)
	// ok: short-rsa-key
	rsa.GenerateKey(rand.Reader, 4096)
}

func passwords(pw, salt []byte) {
	// ruleid: weak-password-cost
	bcrypt.GenerateFromPassword(pw, 4)
	// ruleid: weak-password-cost
	bcrypt.GenerateFromPassword(pw, bcrypt.MinCost)
	// ruleid: weak-password-cost
	pbkdf2.Key(pw, salt, 1000, 32, sha256.New)
	// ok: weak-password-cost
	bcrypt.GenerateFromPassword(pw, bcrypt.DefaultCost)
	// ok: weak-password-cost
	pbkdf2.Key(pw, salt, 600000, 32, sha256.New)
}
