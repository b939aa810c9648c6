package fetch

import (
	"fmt"
	"net/http"
	"net/url"

	"github.com/gin-gonic/gin"
)

var partners = map[string]bool{"api.example.com": true}

func proxy(w http.ResponseWriter, r *http.Request) {
	target := r.URL.Query().Get("url")
	// ruleid: ssrf
	resp, err := http.Get(target)
	if err != nil {
		return
	}
	resp.Body.Close()
	// ok: ssrf
	http.Get("https://status.example.com/health")
}

func hook(w http.ResponseWriter, r *http.Request) {
	// ruleid: ssrf
	req, _ := http.NewRequestWithContext(r.Context(), http.MethodPost, "http://"+r.FormValue("host")+"/notify", nil)
	http.DefaultClient.Do(req)
}

func lookup(w http.ResponseWriter, r *http.Request) {
	// ok: ssrf
	http.Get("https://api.example.com/users/" + url.PathEscape(r.FormValue("user")))
	// ok: ssrf
	http.Get(fmt.Sprintf("https://api.example.com/search?q=%s", r.FormValue("q")))
}

func checked(w http.ResponseWriter, r *http.Request) {
	u, err := url.Parse(r.FormValue("url"))
	if err != nil || u.Scheme != "https" || !partners[u.Hostname()] {
		http.Error(w, "unknown host", http.StatusForbidden)
		return
	}
	// ok: ssrf
	http.Get(u.String())
}

func ginFetch(client *http.Client) gin.HandlerFunc {
	return func(c *gin.Context) {
		// ruleid: ssrf
		client.Get(fmt.Sprintf("http://%s:8080/", c.Query("node")))
	}
}

func fetch(address string) (*http.Response, error) {
	// deepruleid: ssrf
	return http.Get(address)
}

func preview(c *gin.Context) {
	resp, err := fetch(c.PostForm("link"))
	if err == nil {
		resp.Body.Close()
	}
}
