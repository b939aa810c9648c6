package main

import (
	"net"
	"net/http"
	_ "net/http/pprof"

	"github.com/gin-gonic/gin"
	"github.com/labstack/echo/v4"
)

func serve(mux *http.ServeMux) {
	// ruleid: pprof-exposed
	http.ListenAndServe(":8080", nil)
	// ruleid: pprof-exposed, bind-all-interfaces
	http.ListenAndServe("0.0.0.0:6060", nil)
	// ok: pprof-exposed
	http.ListenAndServe("localhost:6060", nil)
	// ok: pprof-exposed
	http.ListenAndServe(":8080", mux)
}

func modes() {
	// ruleid: debug-mode-on
	gin.SetMode(gin.DebugMode)
	// ok: debug-mode-on
	gin.SetMode(gin.ReleaseMode)
	e := echo.New()
	// ruleid: debug-mode-on
	e.Debug = true
	// ok: debug-mode-on
	e.Debug = false
}

func listen() {
	// ruleid: bind-all-interfaces
	net.Listen("tcp", "0.0.0.0:9000")
	// ok: bind-all-interfaces
	net.Listen("tcp", "127.0.0.1:9000")
	// ok: bind-all-interfaces
	net.Listen("unix", "/run/app.sock")
}

func statics() {
	// ruleid: directory-listing-of-root
	http.Handle("/files/", http.FileServer(http.Dir("/")))
	// ruleid: directory-listing-of-root
	http.Handle("/etc/", http.FileServer(http.Dir("/etc")))
	// ok: directory-listing-of-root
	http.Handle("/", http.FileServer(http.Dir("./static")))
	// ok: directory-listing-of-root
	http.Handle("/docs/", http.FileServer(http.Dir("/srv/docs")))
}
