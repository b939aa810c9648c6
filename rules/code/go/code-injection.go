package scripting

import (
	"io"
	"net/http"

	"github.com/dop251/goja"
	"github.com/robertkrimen/otto"
	lua "github.com/yuin/gopher-lua"
)

func calculate(w http.ResponseWriter, r *http.Request) {
	vm := goja.New()
	// ruleid: code-injection
	vm.RunString("result = " + r.FormValue("formula"))
	vm.Set("formula", r.FormValue("formula"))
	// ok: code-injection
	vm.RunString("result = price(formula)")
}

func legacy(w http.ResponseWriter, r *http.Request) {
	vm := otto.New()
	src, _ := io.ReadAll(r.Body)
	// ruleid: code-injection
	vm.Run(string(src))
	// ok: code-injection
	vm.Run("1 + 1")
}

func luaRule(w http.ResponseWriter, r *http.Request) {
	state := lua.NewState()
	defer state.Close()
	// ruleid: code-injection
	state.DoString(r.Header.Get("X-Rule"))
	// ok: code-injection
	state.DoString(`print("started")`)
}
