package rpc

import (
	"bytes"
	"encoding/gob"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"reflect"

	"github.com/gin-gonic/gin"
)

type job struct{ Name string }

func (j *job) Start() {}

func submit(w http.ResponseWriter, r *http.Request) {
	var j job
	// ruleid: gob-from-request
	gob.NewDecoder(r.Body).Decode(&j)
	// ok: gob-from-request
	json.NewDecoder(r.Body).Decode(&j)
}

func submitBytes(c *gin.Context) {
	body, _ := io.ReadAll(c.Request.Body)
	raw, _ := c.GetRawData()
	_ = body
	var j job
	// ruleid: gob-from-request
	gob.NewDecoder(bytes.NewReader(raw)).Decode(&j)
}

func load() (j job) {
	f, err := os.Open("/var/lib/jobs/state")
	if err != nil {
		return
	}
	// ok: gob-from-request
	gob.NewDecoder(f).Decode(&j)
	return
}

func call(w http.ResponseWriter, r *http.Request) {
	// ruleid: object-from-request-type
	reflect.ValueOf(&job{}).MethodByName(r.FormValue("do")).Call(nil)
	// ok: object-from-request-type
	reflect.ValueOf(&job{}).MethodByName("Start").Call(nil)
}

func callPath(w http.ResponseWriter, r *http.Request) {
	name := "On" + r.PathValue("event")
	// ruleid: object-from-request-type
	m := reflect.ValueOf(&job{}).MethodByName(name)
	m.Call(nil)
	actions := map[string]string{"start": "Start"}
	// ok: object-from-request-type
	reflect.ValueOf(&job{}).MethodByName(actions[r.PathValue("event")]).Call(nil)
}
