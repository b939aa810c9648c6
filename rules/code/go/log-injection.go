package audit

import (
	"log"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"
)

func login(w http.ResponseWriter, r *http.Request) {
	user := r.FormValue("user")
	// ruleid: log-injection
	log.Println("failed login of " + user)
	// ruleid: log-injection
	log.Printf("failed login of %s", user)
	// ok: log-injection
	log.Printf("failed login of %q", user)
	// ok: log-injection
	log.Println("failed login of " + strings.ReplaceAll(user, "\n", " "))
}

func ginLogin(c *gin.Context) {
	// ruleid: log-injection
	log.Print("searched ", c.Query("q"))
	// ok: log-injection
	log.Print("searched")
}
