// Package judge has what others wrote judge what the Slack adapter makes: Slack's TypeScript types judge messages, views
// and manifests, Slack's JSON schema judges manifests, and a public renderer draws messages for people to look at.
//
// It knows neither the adapter nor the Slack on loopback, and is for tests only. Its judges come from npm; where there
// is no Node.js, or npm cannot install them, a test that asks for one is skipped.
package judge

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// CacheEnv names a directory in which installed packages are kept between runs. Without it every test that needs
// some installs them into a directory of its own, which takes about ten seconds.
const CacheEnv = "SLACKTEST_NPM"

// installTime bounds one installation.
const installTime = 3 * time.Minute

// Install puts the files of a folder, a package.json among them, into a directory outside the repository, installs what
// that names and gives the directory. It skips the test where that is not possible, and with -short.
func Install(t testing.TB, from fs.FS) string {
	t.Helper()
	if testing.Short() {
		t.Skip("skipped with -short: needs packages from npm")
	}
	for _, program := range []string{"node", "npm"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("skipped: there is no %s here", program)
		}
	}
	cache := os.Getenv(CacheEnv)
	if cache == "" {
		dir := t.TempDir()
		npmInstall(t, dir, from)
		return dir
	}
	sum, err := hash(from)
	if err != nil {
		t.Fatalf("install from npm: %v", err)
	}
	dir := filepath.Join(cache, sum)
	if _, err := os.Stat(dir); err == nil {
		return dir
	}
	if err := os.MkdirAll(cache, 0o755); err != nil {
		t.Fatalf("install from npm: %v", err)
	}
	half, err := os.MkdirTemp(cache, "half-")
	if err != nil {
		t.Fatalf("install from npm: %v", err)
	}
	defer os.RemoveAll(half)
	npmInstall(t, half, from)
	// Packages are tested side by side: what another one installed meanwhile is as good.
	if err := os.Rename(half, dir); err != nil {
		if _, missing := os.Stat(dir); missing != nil {
			t.Fatalf("install from npm: %v", err)
		}
	}
	return dir
}

// npmInstall fills a directory, or skips the test.
func npmInstall(t testing.TB, dir string, from fs.FS) {
	t.Helper()
	if err := os.CopyFS(dir, from); err != nil {
		t.Fatalf("install from npm: %v", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), installTime)
	defer cancel()
	npm := exec.CommandContext(ctx, "npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--no-package-lock",
		"--fetch-retries=0", "--loglevel=error")
	npm.Dir = dir
	if out, err := npm.CombinedOutput(); err != nil {
		t.Skipf("skipped: npm cannot install here: %v\n%s", err, out)
	}
}

// hash names the content of a folder.
func hash(from fs.FS) (string, error) {
	sum := sha256.New()
	err := fs.WalkDir(from, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(from, name)
		_, _ = fmt.Fprintf(sum, "%s %d\n%s", name, len(data), data) // a hash takes everything
		return err
	})
	return hex.EncodeToString(sum.Sum(nil)[:8]), err
}
