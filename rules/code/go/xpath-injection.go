package catalog

import (
	"net/http"
	"strconv"

	"github.com/antchfx/xmlquery"
	"github.com/antchfx/xpath"
)

func author(doc *xmlquery.Node, w http.ResponseWriter, r *http.Request) {
	name := r.FormValue("name")
	// ruleid: xpath-injection
	xmlquery.FindOne(doc, "//author[name='"+name+"']")
	// ok: xpath-injection
	for _, node := range xmlquery.Find(doc, "//author") {
		if node.SelectAttr("name") == name {
			w.Write([]byte("found"))
		}
	}
}

func numbered(doc *xmlquery.Node, w http.ResponseWriter, r *http.Request) {
	// ruleid: xpath-injection
	expr, _ := xpath.Compile("//book[" + r.URL.Query().Get("n") + "]")
	_ = expr
	n, err := strconv.Atoi(r.FormValue("n"))
	if err != nil {
		return
	}
	// ok: xpath-injection
	xpath.Compile("//book[" + strconv.Itoa(n) + "]")
}
