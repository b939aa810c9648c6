package web

import (
	"encoding/json"
	"fmt"
	"html"
	"html/template"
	"io"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"
	"github.com/microcosm-cc/bluemonday"
)

var page = template.Must(template.New("page").Parse("<p>{{.}}</p>"))

func hello(w http.ResponseWriter, r *http.Request) {
	name := r.FormValue("name")
	// ruleid: xss-response-write
	fmt.Fprintf(w, "<h1>Hello %s</h1>", name)
	// ok: xss-response-write
	fmt.Fprintf(w, "<h1>Hello %s</h1>", html.EscapeString(name))
	// ok: xss-response-write
	fmt.Fprintln(w, "<h1>Hello stranger</h1>")
	// ok: xss-response-write
	page.Execute(w, name)
}

func raw(w http.ResponseWriter, r *http.Request) {
	// ruleid: xss-response-write
	w.Write([]byte("<div>" + r.URL.Query().Get("q") + "</div>"))
}

func echoed(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	// ruleid: xss-response-write
	io.WriteString(w, r.Header.Get("X-Title"))
}

func plain(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	// ok: xss-response-write
	fmt.Fprintln(w, r.FormValue("name"))
}

func asJSON(w http.ResponseWriter, r *http.Request) {
	// ok: xss-response-write
	json.NewEncoder(w).Encode(map[string]string{"name": r.FormValue("name")})
}

func counted(w http.ResponseWriter, r *http.Request) {
	n, err := strconv.Atoi(r.FormValue("n"))
	if err != nil {
		return
	}
	// ok: xss-response-write
	fmt.Fprintf(w, "<p>%d</p>", n)
}

var handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
	// ruleid: xss-response-write
	fmt.Fprint(w, "<title>", r.URL.Path, "</title>")
})

func echoHello(c echo.Context) error {
	// ruleid: xss-response-write
	return c.HTML(http.StatusOK, "<b>"+c.QueryParam("name")+"</b>")
}

func echoSafe(c echo.Context) error {
	// ok: xss-response-write
	return c.String(http.StatusOK, c.QueryParam("name"))
}

func greet(w io.Writer, name string) {
	// todoruleid: xss-response-write
	fmt.Fprintf(w, "<h1>%s</h1>", name)
}

func greeting(w http.ResponseWriter, r *http.Request) {
	greet(w, r.FormValue("name"))
}

func marked(w http.ResponseWriter, r *http.Request) {
	bio := r.PostFormValue("bio")
	// ruleid: xss-template-typed-content
	page.Execute(w, template.HTML(bio))
	clean := bluemonday.UGCPolicy().Sanitize(bio)
	// ok: xss-template-typed-content
	page.Execute(w, template.HTML(clean))
	// ok: xss-template-typed-content
	page.Execute(w, template.HTML("<hr>"))
}

func scripted(w http.ResponseWriter, r *http.Request) {
	data := map[string]any{
		// ruleid: xss-template-typed-content
		"Callback": template.JS(r.URL.Query().Get("callback")),
		// ok: xss-template-typed-content
		"Title": r.URL.Query().Get("title"),
	}
	page.Execute(w, data)
}
