package install

import (
	"os"
	"path/filepath"
)

func write(data []byte) {
	// ruleid: file-permissions-for-everyone
	os.WriteFile("/etc/app.conf", data, 0666)
	// ruleid: file-permissions-for-everyone
	os.Chmod("/usr/local/bin/app", 0o777)
	// ruleid: file-permissions-for-everyone
	os.MkdirAll("/var/lib/app", os.ModePerm)
	// ok: file-permissions-for-everyone
	os.WriteFile("/etc/app.conf", data, 0600)
	// ok: file-permissions-for-everyone
	os.MkdirAll("/var/lib/app", 0o755)
}

func temporary(data []byte) {
	// ruleid: predictable-temp-file
	os.WriteFile("/tmp/app-state", data, 0o600)
	// ruleid: predictable-temp-file
	os.Create(filepath.Join(os.TempDir(), "app.lock"))
	// ok: predictable-temp-file
	os.CreateTemp("", "app-*")
	// ok: predictable-temp-file
	os.WriteFile("/var/lib/app/state", data, 0o600)
	// ok: predictable-temp-file
	os.OpenFile("/tmp/app.lock", os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
}
