package web

import (
	"html/template"
	"net/http"
)

func greeting(w http.ResponseWriter, r *http.Request) {
	// ruleid: template-injection
	t, err := template.New("greeting").Parse("<p>Hello " + r.FormValue("name") + "</p>")
	if err != nil {
		return
	}
	t.Execute(w, nil)
	// ok: template-injection
	safe := template.Must(template.New("greeting").Parse("<p>Hello {{.}}</p>"))
	safe.Execute(w, r.FormValue("name"))
}

func custom(w http.ResponseWriter, r *http.Request) {
	t := template.New("custom")
	// ruleid: template-injection
	t, _ = t.Parse(r.PostFormValue("layout"))
	t.Execute(w, nil)
	// ok: template-injection
	t.Parse("{{define \"foot\"}}end{{end}}")
}
