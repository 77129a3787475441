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
	names, err := fs.ReadFile(from, "package.json")
	if err != nil {
		t.Fatalf("install from npm: %v", err)
	}
	dir := t.TempDir()
	if cache := os.Getenv(CacheEnv); cache != "" {
		sum := sha256.Sum256(names)
		dir = filepath.Join(cache, hex.EncodeToString(sum[:8]))
	}
	if err := copyFiles(dir, from); err != nil {
		t.Fatalf("install from npm: %v", err)
	}
	done := filepath.Join(dir, "installed")
	if _, err := os.Stat(done); err == nil {
		return dir
	}
	ctx, cancel := context.WithTimeout(t.Context(), installTime)
	defer cancel()
	npm := exec.CommandContext(ctx, "npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--no-package-lock",
		"--fetch-retries=0", "--loglevel=error")
	npm.Dir = dir
	if out, err := npm.CombinedOutput(); err != nil {
		t.Skipf("skipped: npm cannot install here: %v\n%s", err, out)
	}
	if err := os.WriteFile(done, nil, 0o644); err != nil {
		t.Fatalf("install from npm: %v", err)
	}
	return dir
}

// copyFiles is os.CopyFS over files that may be there already.
func copyFiles(dir string, from fs.FS) error {
	return fs.WalkDir(from, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		to := filepath.Join(dir, filepath.FromSlash(name))
		if d.IsDir() {
			return os.MkdirAll(to, 0o755)
		}
		data, err := fs.ReadFile(from, name)
		if err != nil {
			return err
		}
		return os.WriteFile(to, data, 0o644)
	})
}
