package tools

import (
	"context"
	"fmt"
	"net/http"
	"os/exec"
	"strconv"

	"github.com/gin-gonic/gin"
	"github.com/labstack/echo/v4"
)

func ping(w http.ResponseWriter, r *http.Request) {
	host := r.URL.Query().Get("host")
	// ruleid: command-injection
	out, _ := exec.Command("sh", "-c", "ping -c 1 "+host).CombinedOutput()
	w.Write(out)
	// ok: command-injection
	exec.Command("ping", "-c", "1", "--", host).Run()
}

func archive(c *gin.Context) {
	line := fmt.Sprintf("tar czf /var/backup/%s.tgz /srv/data", c.PostForm("label"))
	// ruleid: command-injection
	cmd := exec.CommandContext(c.Request.Context(), "/bin/bash", "-c", line)
	cmd.Run()
	// ok: command-injection
	exec.CommandContext(c.Request.Context(), "/bin/bash", "-c", "tar czf /var/backup/all.tgz /srv/data").Run()
}

func runTool(c echo.Context) error {
	// ruleid: command-injection
	return exec.Command(c.QueryParam("tool"), "--version").Run()
}

func runKnown(c echo.Context) error {
	tools := map[string]string{"git": "/usr/bin/git", "hg": "/usr/bin/hg"}
	tool, ok := tools[c.QueryParam("tool")]
	if !ok {
		return echo.ErrNotFound
	}
	// ok: command-injection
	return exec.Command(tool, "--version").Run()
}

func renice(w http.ResponseWriter, r *http.Request) {
	pid, err := strconv.Atoi(r.FormValue("pid"))
	if err != nil {
		return
	}
	// ok: command-injection
	exec.Command("sh", "-c", fmt.Sprintf("renice 10 %d", pid)).Run()
}

func shell(ctx context.Context, line string) error {
	// deepruleid: command-injection
	return exec.CommandContext(ctx, "sh", "-c", line).Run()
}

func deploy(w http.ResponseWriter, r *http.Request) {
	shell(r.Context(), "deploy "+r.FormValue("branch"))
}

func evalPython(w http.ResponseWriter, r *http.Request) {
	// ruleid: argument-injection-interpreter
	exec.Command("python3", "-c", r.FormValue("code")).Run()
	// ok: argument-injection-interpreter
	exec.Command("python3", "/opt/jobs/report.py", r.FormValue("month")).Run()
}

func evalNode(c *gin.Context) {
	body, _ := c.GetRawData()
	// ruleid: argument-injection-interpreter
	exec.Command("node", "--no-warnings", "-e", string(body)).Run()
	// ok: argument-injection-interpreter
	exec.Command("node", "-e", "console.log(process.version)").Run()
}
