package web

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/gofiber/fiber/v2"
	"github.com/labstack/echo/v4"
)

func login(w http.ResponseWriter, r *http.Request) {
	next := r.FormValue("next")
	// ruleid: open-redirect
	http.Redirect(w, r, next, http.StatusFound)
}

func loginSafe(w http.ResponseWriter, r *http.Request) {
	target, err := url.Parse(r.FormValue("next"))
	if err != nil || target.Host != "" {
		target = &url.URL{Path: "/"}
	}
	// ok: open-redirect
	http.Redirect(w, r, target.String(), http.StatusFound)
	// ok: open-redirect
	http.Redirect(w, r, "/profile/"+r.FormValue("id"), http.StatusFound)
	// ok: open-redirect
	http.Redirect(w, r, "https://"+r.Host+r.URL.Path, http.StatusMovedPermanently)
}

func back(w http.ResponseWriter, r *http.Request) {
	// ruleid: open-redirect
	w.Header().Set("Location", r.URL.Query().Get("back"))
	w.WriteHeader(http.StatusSeeOther)
}

func ginOut(c *gin.Context) {
	// ruleid: open-redirect
	c.Redirect(http.StatusFound, c.Query("to"))
	// ok: open-redirect
	c.Redirect(http.StatusFound, "/home")
}

func echoOut(c echo.Context) error {
	// ruleid: open-redirect
	return c.Redirect(302, "https://"+c.QueryParam("host"))
}

func fiberOut(c *fiber.Ctx) error {
	// ruleid: open-redirect
	return c.Redirect(c.Query("to"))
}

func halfChecked(w http.ResponseWriter, r *http.Request) {
	next := r.FormValue("next")
	if !strings.HasPrefix(next, "/") {
		next = "/"
	}
	// ruleid: open-redirect
	http.Redirect(w, r, next, http.StatusFound)
}

func pathOnly(w http.ResponseWriter, r *http.Request) {
	next := r.FormValue("next")
	if !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") {
		next = "/"
	}
	// ok: open-redirect
	http.Redirect(w, r, next, http.StatusFound)
}
