package files

import (
	"archive/tar"
	"archive/zip"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/gofiber/fiber/v2"
)

const root = "/srv/docs"

func download(w http.ResponseWriter, r *http.Request) {
	name := r.URL.Query().Get("file")
	// ruleid: path-traversal
	data, err := os.ReadFile("/srv/docs/" + name)
	if err != nil {
		return
	}
	w.Write(data)
	// ok: path-traversal
	os.ReadFile(filepath.Join(root, filepath.Base(name)))
}

func serve(w http.ResponseWriter, r *http.Request) {
	full := filepath.Join(root, r.FormValue("doc"))
	// ruleid: path-traversal
	http.ServeFile(w, r, full)
	// ok: path-traversal
	http.ServeFile(w, r, "/srv/docs/index.html")
}

func local(w http.ResponseWriter, r *http.Request) {
	name := r.FormValue("doc")
	if !filepath.IsLocal(name) {
		http.NotFound(w, r)
		return
	}
	// ok: path-traversal
	f, err := os.Open(filepath.Join(root, name))
	if err == nil {
		f.Close()
	}
}

func prefixed(w http.ResponseWriter, r *http.Request) {
	full := filepath.Join(root, r.FormValue("doc"))
	if !strings.HasPrefix(full, root+"/") {
		return
	}
	// ok: path-traversal
	os.Remove(full)
}

func ginFile(c *gin.Context) {
	// ruleid: path-traversal
	c.File("./reports/" + c.Param("name"))
	// ok: path-traversal
	c.File("./reports/latest.pdf")
}

func ginUpload(c *gin.Context) {
	file, _ := c.FormFile("file")
	// ruleid: path-traversal
	c.SaveUploadedFile(file, "./uploads/"+c.PostForm("target"))
	// ok: path-traversal
	c.SaveUploadedFile(file, "./uploads/"+filepath.Base(file.Filename))
}

func fiberFile(c *fiber.Ctx) error {
	// ruleid: path-traversal
	return c.SendFile(filepath.Join("./public", c.Params("*")))
}

func readUnder(name string) ([]byte, error) {
	// deepruleid: path-traversal
	return os.ReadFile(filepath.Join(root, name))
}

func page(w http.ResponseWriter, r *http.Request) {
	data, _ := readUnder(r.PathValue("page"))
	w.Write(data)
}

func unzip(archive, dest string) error {
	z, err := zip.OpenReader(archive)
	if err != nil {
		return err
	}
	defer z.Close()
	for _, entry := range z.File {
		target := filepath.Join(dest, entry.Name)
		// ruleid: zip-slip
		out, err := os.Create(target)
		if err != nil {
			return err
		}
		out.Close()
	}
	return nil
}

func unzipChecked(archive, dest string) error {
	z, err := zip.OpenReader(archive)
	if err != nil {
		return err
	}
	for _, entry := range z.File {
		target := filepath.Join(dest, entry.Name)
		if !strings.HasPrefix(target, filepath.Clean(dest)+string(os.PathSeparator)) {
			continue
		}
		// ok: zip-slip
		os.MkdirAll(target, 0o755)
	}
	return nil
}

func untar(in io.Reader, dest string) error {
	archive := tar.NewReader(in)
	for {
		header, err := archive.Next()
		if err != nil {
			return err
		}
		// ruleid: zip-slip
		f, err := os.OpenFile(dest+"/"+header.Name, os.O_CREATE|os.O_WRONLY, 0o644)
		if err != nil {
			return err
		}
		io.Copy(f, archive)
	}
}

func untarLocal(in io.Reader, dest string) error {
	archive := tar.NewReader(in)
	for {
		header, err := archive.Next()
		if err != nil {
			return err
		}
		if !filepath.IsLocal(header.Name) {
			continue
		}
		// ok: zip-slip
		os.Create(filepath.Join(dest, header.Name))
	}
}
