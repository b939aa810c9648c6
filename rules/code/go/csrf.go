package web

import (
	"net/http"
	"slices"

	"github.com/gorilla/csrf"
	"github.com/gorilla/websocket"
	"github.com/justinas/nosurf"
	"github.com/rs/cors"
)

func skip(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// ruleid: csrf-protection-off
		next.ServeHTTP(w, csrf.UnsafeSkipCheck(r))
	})
}

func exempt(h http.Handler) http.Handler {
	guard := nosurf.New(h)
	// ruleid: csrf-protection-off
	guard.ExemptFunc(func(r *http.Request) bool { return true })
	// ok: csrf-protection-off
	guard.ExemptPath("/hooks/payment")
	return guard
}

func protect(key []byte, h http.Handler) http.Handler {
	// ok: csrf-protection-off
	return csrf.Protect(key)(h)
}

func origins() {
	// ruleid: cors-any-origin-with-credentials
	cors.New(cors.Options{AllowedOrigins: []string{"*"}, AllowCredentials: true})
	// ok: cors-any-origin-with-credentials
	cors.New(cors.Options{AllowedOrigins: []string{"https://shop.example.com"}, AllowCredentials: true})
	// ok: cors-any-origin-with-credentials
	cors.New(cors.Options{AllowedOrigins: []string{"*"}})
}

func reflected(w http.ResponseWriter, r *http.Request) {
	// ruleid: cors-any-origin-with-credentials
	w.Header().Set("Access-Control-Allow-Origin", r.Header.Get("Origin"))
	w.Header().Set("Access-Control-Allow-Credentials", "true")
}

func listed(w http.ResponseWriter, r *http.Request) {
	if slices.Contains([]string{"https://shop.example.com"}, r.Header.Get("Origin")) {
		// ok: cors-any-origin-with-credentials
		w.Header().Set("Access-Control-Allow-Origin", r.Header.Get("Origin"))
		w.Header().Set("Access-Control-Allow-Credentials", "true")
	}
}

// ruleid: websocket-origin-unchecked
var open = websocket.Upgrader{
	ReadBufferSize: 1024,
	CheckOrigin:    func(r *http.Request) bool { return true },
}

// ok: websocket-origin-unchecked
var closed = websocket.Upgrader{ReadBufferSize: 1024}

func upgrade(u *websocket.Upgrader) {
	// ruleid: websocket-origin-unchecked
	u.CheckOrigin = func(r *http.Request) bool { return true }
	// ok: websocket-origin-unchecked
	u.CheckOrigin = func(r *http.Request) bool { return r.Header.Get("Origin") == "https://shop.example.com" }
}
