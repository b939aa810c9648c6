package auth

import (
	"crypto/aes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"os"

	"github.com/golang-jwt/jwt/v5"
	"github.com/gorilla/sessions"
)

const signingKey = "correct horse battery"

// ruleid: hard-coded-key
var cookies = sessions.NewCookieStore([]byte("keep-it-between-us"))

// ok: hard-coded-key
var goodCookies = sessions.NewCookieStore([]byte(os.Getenv("SESSION_KEY")))

func token(claims jwt.MapClaims) (string, error) {
	t := jwt.NewWithClaims(jwt.SigningMethodHS256, claims)
	// ruleid: hard-coded-key
	return t.SignedString([]byte("sign-with-this"))
}

func tokenSafe(claims jwt.MapClaims, key []byte) (string, error) {
	t := jwt.NewWithClaims(jwt.SigningMethodHS256, claims)
	// ok: hard-coded-key
	return t.SignedString(key)
}

func seal() {
	key := []byte("0123456789abcdef0123456789abcdef")
	// ruleid: hard-coded-key
	aes.NewCipher(key)
	fresh := make([]byte, 32)
	rand.Read(fresh)
	// ok: hard-coded-key
	aes.NewCipher(fresh)
}

func mac(body []byte) []byte {
	// ruleid: hard-coded-key
	m := hmac.New(sha256.New, []byte(signingKey))
	m.Write(body)
	return m.Sum(nil)
}

func fromFile() error {
	key, err := os.ReadFile("/run/secrets/key")
	if err != nil {
		return err
	}
	// ok: hard-coded-key
	_, err = aes.NewCipher(key)
	return err
}

func connect(password string) {
	// ruleid: hard-coded-database-password
	sql.Open("mysql", "shop:Winter2023@tcp(db:3306)/shop")
	// ruleid: hard-coded-database-password
	sql.Open("postgres", "host=db user=shop password=Winter2023 dbname=shop")
	// ok: hard-coded-database-password
	sql.Open("postgres", "host=db user=shop dbname=shop")
	// ok: hard-coded-database-password
	sql.Open("mysql", "shop:"+password+"@tcp(db:3306)/shop")
	// ok: hard-coded-database-password
	sql.Open("mysql", os.Getenv("DATABASE"))
}
