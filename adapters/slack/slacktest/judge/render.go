package judge

import (
	"context"
	"embed"
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

//go:embed testdata/render
var renderFiles embed.FS

// drawTime bounds one run of Chromium.
const drawTime = 3 * time.Minute

// Drawing is a message or view to draw.
type Drawing struct {
	Name   string          `json:"name"`
	Text   string          `json:"text,omitempty"` // shown in grey below the blocks
	Blocks json.RawMessage `json:"blocks"`
}

// Render draws messages side by side into one PNG at path, for people to look at: testdata/render/render.mjs. It skips
// the test where Chromium is missing, which the environment variable CHROMIUM may name.
func Render(t testing.TB, path string, drawings []Drawing) {
	t.Helper()
	browser := os.Getenv("CHROMIUM")
	if browser == "" {
		browser = "/usr/bin/chromium"
	}
	if _, err := exec.LookPath(browser); err != nil {
		t.Skipf("skipped: there is no Chromium at %s", browser)
	}
	from, err := fs.Sub(renderFiles, "testdata/render")
	if err != nil {
		t.Fatal(err)
	}
	dir := Install(t, from)
	list, err := json.Marshal(drawings)
	if err != nil {
		t.Fatal(err)
	}
	messages := filepath.Join(t.TempDir(), "messages.json")
	if err := os.WriteFile(messages, list, 0o644); err != nil {
		t.Fatal(err)
	}
	path, err = filepath.Abs(path)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), drawTime)
	defer cancel()
	command := exec.CommandContext(ctx, "node", "render.mjs", messages, path)
	command.Dir = dir
	if out, err := command.CombinedOutput(); err != nil {
		t.Fatalf("draw %d messages: %v\n%s", len(drawings), err, out)
	}
}
