package webhook

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
)

func verify(body, key []byte, signature string) bool {
	mac := hmac.New(sha256.New, key)
	mac.Write(body)
	// ruleid: timing-comparison
	return hex.EncodeToString(mac.Sum(nil)) == signature
}

func verifyBytes(body, key, signature []byte) bool {
	mac := hmac.New(sha256.New, key)
	mac.Write(body)
	expected := mac.Sum(nil)
	// ruleid: timing-comparison
	return bytes.Equal(expected, signature)
}

func verifyConstant(body, key, signature []byte) bool {
	mac := hmac.New(sha256.New, key)
	mac.Write(body)
	// ok: timing-comparison
	return hmac.Equal(mac.Sum(nil), signature)
}

func same(a, b []byte) bool {
	// ok: timing-comparison
	return bytes.Equal(a, b)
}
