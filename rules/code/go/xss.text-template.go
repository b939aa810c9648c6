package web

import (
	"net/http"
	"os"
	"text/template"
)

var card = template.Must(template.New("card").Parse("<b>{{.Name}}</b>"))

type person struct{ Name string }

func show(w http.ResponseWriter, r *http.Request) {
	p := person{Name: r.FormValue("name")}
	// ruleid: xss-text-template
	card.Execute(w, p)
}

func showNamed(w http.ResponseWriter, r *http.Request) {
	// ruleid: xss-text-template
	card.ExecuteTemplate(w, "card", map[string]string{"Name": r.URL.Query().Get("name")})
}

func fixed(w http.ResponseWriter, r *http.Request) {
	// ok: xss-text-template
	card.Execute(w, person{Name: "guest"})
}

func export(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/csv")
	// ok: xss-text-template
	card.Execute(w, person{Name: r.FormValue("name")})
}

func toFile(r *http.Request) error {
	// ok: xss-text-template
	return card.Execute(os.Stdout, person{Name: r.FormValue("name")})
}
