package auth

import (
	"net/http"

	"github.com/golang-jwt/jwt/v5"
)

func claims(r *http.Request, key []byte) {
	parser := jwt.NewParser()
	out := jwt.MapClaims{}
	raw := r.Header.Get("X-Token")
	// ruleid: jwt-signature-unverified
	parser.ParseUnverified(raw, out)
	// ruleid: jwt-signature-unverified
	lax := jwt.NewParser(jwt.WithoutClaimsValidation())
	_ = lax
	// ok: jwt-signature-unverified
	jwt.ParseWithClaims(raw, out, func(t *jwt.Token) (any, error) { return key, nil }, jwt.WithValidMethods([]string{"HS256"}))
	// ok: jwt-signature-unverified
	jwt.NewParser(jwt.WithIssuer("https://id.example.com"))
}

func unsigned(c jwt.MapClaims) (string, error) {
	// ruleid: jwt-none-algorithm
	t := jwt.NewWithClaims(jwt.SigningMethodNone, c)
	// ruleid: jwt-none-algorithm
	return t.SignedString(jwt.UnsafeAllowNoneSignatureType)
}

func signed(c jwt.MapClaims, key []byte) (string, error) {
	// ok: jwt-none-algorithm
	t := jwt.NewWithClaims(jwt.SigningMethodHS256, c)
	// ok: jwt-none-algorithm
	return t.SignedString(key)
}
