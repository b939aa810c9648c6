package web

import (
	"net/http"

	"github.com/gin-gonic/gin"
	"github.com/gorilla/sessions"
)

func login(w http.ResponseWriter, id string) {
	// ruleid: cookie-without-secure
	http.SetCookie(w, &http.Cookie{Name: "sid", Value: id, HttpOnly: true})
	// ruleid: cookie-without-httponly
	http.SetCookie(w, &http.Cookie{Name: "sid", Value: id, Secure: true})
	// ruleid: cookie-without-secure
	http.SetCookie(w, &http.Cookie{Name: "sid", Value: id, HttpOnly: true, Secure: false})
	// ruleid: cookie-without-httponly
	http.SetCookie(w, &http.Cookie{Name: "sid", Value: id, HttpOnly: false, Secure: true})
	// ok: cookie-without-secure, cookie-without-httponly
	http.SetCookie(w, &http.Cookie{Name: "sid", Value: id, HttpOnly: true, Secure: true})
}

func logout(w http.ResponseWriter) {
	// ok: cookie-without-secure, cookie-without-httponly
	http.SetCookie(w, &http.Cookie{Name: "sid", Value: "", MaxAge: -1})
}

func later(w http.ResponseWriter, id string, https bool) {
	// ok: cookie-without-secure, cookie-without-httponly
	c := &http.Cookie{Name: "sid", Value: id}
	c.HttpOnly = true
	c.Secure = https
	http.SetCookie(w, c)
}

func ginLogin(c *gin.Context) {
	// ruleid: cookie-without-secure
	c.SetCookie("sid", "x1", 3600, "/", "example.com", false, true)
	// ruleid: cookie-without-httponly
	c.SetCookie("sid", "x1", 3600, "/", "example.com", true, false)
	// ok: cookie-without-secure, cookie-without-httponly
	c.SetCookie("sid", "x1", 3600, "/", "example.com", true, true)
}

func options(s *sessions.Session) {
	// ruleid: cookie-without-secure
	s.Options = &sessions.Options{Path: "/", HttpOnly: true, Secure: false}
}
