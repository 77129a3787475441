package main

import (
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// packaged reads a file by its path in the repository.
func packaged(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "..", filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

const (
	unitFile    = "deploy/systemd/careerbot.service"
	releaseFile = ".goreleaser.yaml"
)

// composition is what these tests read of compose.yaml.
type composition struct {
	Services map[string]struct {
		Environment map[string]string
		Deploy      struct{ Replicas int }
		ReadOnly    bool `yaml:"read_only"`
	}
}

func readComposition(t *testing.T) composition {
	t.Helper()
	var c composition
	if err := yaml.Unmarshal([]byte(packaged(t, "compose.yaml")), &c); err != nil {
		t.Fatal(err)
	}
	return c
}

// instructions are those of a Dockerfile, each on one line.
func instructions(t *testing.T) []string {
	t.Helper()
	var out []string
	text := regexp.MustCompile(`\\\n\s*`).ReplaceAllString(packaged(t, "Dockerfile"), "")
	for l := range strings.Lines(text) {
		if l = strings.TrimSpace(l); l != "" && !strings.HasPrefix(l, "#") {
			out = append(out, l)
		}
	}
	return out
}

// TestPackagedSettings wants every variable that the packages set to be one that can be set, and every value fixed there to
// be one that can be used.
func TestPackagedSettings(t *testing.T) {
	t.Parallel()
	set := map[string]map[string]string{"Dockerfile": {}, unitFile: {}, "compose.yaml": readComposition(t).Services["careerbot"].Environment}
	for _, l := range instructions(t) {
		if vars, ok := strings.CutPrefix(l, "ENV "); ok {
			for _, v := range strings.Fields(vars) {
				name, value, _ := strings.Cut(v, "=")
				set["Dockerfile"][name] = value
			}
		}
	}
	for _, m := range regexp.MustCompile(`(?m)^Environment=(\w+)=(.*)$`).FindAllStringSubmatch(packaged(t, unitFile), -1) {
		set[unitFile][m[1]] = m[2]
	}
	others := []string{"SQLITE_TMPDIR", "TMPDIR"} // of libraries
	for where, vars := range set {
		if len(vars) == 0 {
			t.Errorf("%s sets nothing", where)
		}
		for name, value := range vars {
			if slices.Contains(others, name) {
				continue
			}
			if fault := unusable(name, value); fault != "" {
				t.Errorf("%s: %s: %s", where, name, fault)
			}
		}
	}
}

// unusable says why a setting cannot have this value; values that are put in elsewhere are not looked at.
func unusable(name, value string) string {
	for _, s := range settings(env(nil)) {
		switch {
		case s.name+"_FILE" == name && s.secret:
			return ""
		case s.name != name:
			continue
		case s.check == nil || strings.Contains(value, "${"):
			return ""
		}
		if err := s.check(value); err != nil {
			return err.Error()
		}
		return ""
	}
	return "there is no such setting"
}

func TestPackagedSettingsNotices(t *testing.T) {
	t.Parallel()
	for setting, want := range map[[2]string]bool{
		{"LOG_LEVEL", "info"}: true, {"LOG_LEVEL", "loud"}: false, {"LOG_LEVELS", "info"}: false, {"LOG_LEVEL", "${LEVEL:-x}"}: true,
		{"STATE_KEY_FILE", "/run/secrets/key"}: true, {"LOG_LEVEL_FILE", "/run/secrets/key"}: false,
	} {
		if fault := unusable(setting[0], setting[1]); (fault == "") != want {
			t.Errorf("%v: %q", setting, fault)
		}
	}
}

// TestPackagedCommands wants the commands that packages run to be commands of this program.
func TestPackagedCommands(t *testing.T) {
	t.Parallel()
	var lines []string
	for _, l := range instructions(t) {
		for _, start := range []string{"CMD ", "HEALTHCHECK "} {
			if strings.HasPrefix(l, start) {
				_, list, _ := strings.Cut(l, "[")
				lines = append(lines, strings.NewReplacer(`"`, "", ",", "", "]", "", "/careerbot", "").Replace(list))
			}
		}
	}
	for _, m := range regexp.MustCompile(`(?m)^ExecStart=\S+ (.*)$`).FindAllStringSubmatch(packaged(t, unitFile), -1) {
		lines = append(lines, m[1])
	}
	if len(lines) != 3 {
		t.Errorf("the packages run %q", lines)
	}
	for _, l := range lines {
		root := (&program{env: env(nil)}).root()
		cmd, rest, err := root.Find(strings.Fields(l))
		if err != nil || cmd == root || cmd.ParseFlags(rest) != nil || cmd.Flags().NArg() > 0 {
			t.Errorf("%q is no command: %v", l, err)
		}
	}
}

// TestImage wants the image to be built of all of the program and nothing else, and to run as nobody in particular.
func TestImage(t *testing.T) {
	t.Parallel()
	var copied []string
	last := map[string]string{}
	for _, l := range instructions(t) {
		word, rest, _ := strings.Cut(l, " ")
		if word == "COPY" && !strings.Contains(rest, "--from") {
			copied = append(copied, strings.Fields(rest)[0])
		}
		last[word] = rest
	}
	if last["FROM"] != "scratch" || last["USER"] != "65532:65532" || last["VOLUME"] != "/state" {
		t.Errorf("the image is from %q, of user %q, with the volume %q", last["FROM"], last["USER"], last["VOLUME"])
	}
	want := append([]string{"go.mod"}, programDirs(t)...)
	if slices.Sort(copied); !slices.Equal(copied, slices.Sorted(slices.Values(want))) {
		t.Errorf("the Dockerfile copies %q, the program is %q", copied, want)
	}
	bot := readComposition(t).Services["careerbot"]
	if bot.Deploy.Replicas != 2 || !bot.ReadOnly {
		t.Errorf("compose.yaml has %d replicas, read-only %v", bot.Deploy.Replicas, bot.ReadOnly)
	}
}

// programDirs are the directories at the top of the repository that hold Go files.
func programDirs(t *testing.T) []string {
	t.Helper()
	tree, found := os.DirFS(filepath.Join("..", "..")), map[string]bool{}
	err := fs.WalkDir(tree, ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && (strings.HasPrefix(d.Name(), ".") && name != "." || d.Name() == "dist") {
			return fs.SkipDir
		}
		if top, _, below := strings.Cut(name, "/"); below && strings.HasSuffix(name, ".go") {
			found[top] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return slices.Collect(maps.Keys(found))
}

// stamp is how a release's version gets into the program.
const stamp = "-s -w -X main.version="

func TestReleaseFile(t *testing.T) {
	t.Parallel()
	var file struct {
		Version int
		Before  struct{ Hooks []string }
		Builds  []struct {
			Main, Binary                      string
			Env, Flags, Ldflags, Goos, Goarch []string
		}
		Archives []struct{ Files []any }
	}
	if err := yaml.Unmarshal([]byte(packaged(t, releaseFile)), &file); err != nil {
		t.Fatal(err)
	}
	if file.Version != 2 || len(file.Builds) != 1 || len(file.Archives) != 1 {
		t.Fatalf("%+v", file)
	}
	b := file.Builds[0]
	for what, pair := range map[string][2][]string{
		"systems":       {b.Goos, {"linux", "darwin", "windows"}},
		"architectures": {b.Goarch, {"amd64", "arm64"}},
		"flags":         {b.Flags, {"-trimpath"}},
		"linker flags":  {b.Ldflags, {stamp + "{{.Version}}"}},
		"environment":   {b.Env, {"CGO_ENABLED=0"}},
	} {
		if !slices.Equal(pair[0], pair[1]) {
			t.Errorf("%s are %q, want %q", what, pair[0], pair[1])
		}
	}
	if !strings.Contains(packaged(t, "Dockerfile"), `-ldflags "`+stamp+`$VERSION"`) {
		t.Error("the Dockerfile stamps the version in another way")
	}
	var sources []string
	for _, f := range file.Archives[0].Files {
		switch f := f.(type) {
		case string:
			sources = append(sources, f)
		case map[string]any:
			sources = append(sources, f["src"].(string))
		}
	}
	want := []string{"README.md", "LICENSE", "deploy/generated/man/*.1", "deploy/generated/completions/*", unitFile}
	if !slices.Equal(sources, want) || !strings.HasSuffix(file.Before.Hooks[len(file.Before.Hooks)-1], "sh deploy/generate.sh deploy/generated") {
		t.Errorf("archives hold %q, made by %q", sources, file.Before.Hooks)
	}
}

// TestRelease builds the program with a version, and with it what else a release holds.
func TestRelease(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("it builds the program")
	}
	if _, err := exec.LookPath("go"); err != nil || runtime.GOOS == "windows" {
		t.Skip("it needs go and a shell")
	}
	dir := t.TempDir()
	bin := filepath.Join(dir, "careerbot")
	must := func(name string, args ...string) string {
		t.Helper()
		cmd := exec.Command(name, args...)
		cmd.Dir = filepath.Join("..", "..")
		cmd.Env = append(os.Environ(), "SOURCE_DATE_EPOCH=1000000000")
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%s %q: %v\n%s", name, args, err, out)
		}
		return string(out)
	}
	must("go", "build", "-buildvcs=false", "-ldflags", stamp+"1.2.3", "-o", bin, "./cmd/careerbot")
	if out := must(bin, "version"); !strings.HasPrefix(out, "careerbot 1.2.3 (") {
		t.Errorf("the version is %q", out)
	}
	must("sh", "deploy/generate.sh", dir, bin)
	for _, name := range []string{"completions/careerbot.bash", "completions/_careerbot", "completions/careerbot.fish", "completions/careerbot.ps1"} {
		if b, err := os.ReadFile(filepath.Join(dir, name)); err != nil || !strings.Contains(string(b), "careerbot") {
			t.Errorf("%s: %d bytes, %v", name, len(b), err)
		}
	}
	page, err := os.ReadFile(filepath.Join(dir, "man", "careerbot.1"))
	if err != nil || !strings.Contains(string(page), `"Sep 2001" "careerbot 1.2.3"`) {
		t.Errorf("%v, page\n%.200s", err, page)
	}
}

// TestUnit has systemd read the unit, and judge what a break-in could do: 0 is nothing, 100 everything.
func TestUnit(t *testing.T) {
	t.Parallel()
	analyze, err := exec.LookPath("systemd-analyze")
	if err != nil {
		t.Skip("there is no systemd-analyze")
	}
	self, err := os.Executable() // stands for the program, which is not installed where the unit has it
	if err != nil {
		t.Fatal(err)
	}
	const installed = "/usr/local/bin/careerbot"
	text := packaged(t, unitFile)
	if !strings.Contains(text, "ExecStart="+installed+" ") {
		t.Fatalf("the unit does not start %s", installed)
	}
	file := filepath.Join(t.TempDir(), "careerbot.service")
	if err := os.WriteFile(file, []byte(strings.ReplaceAll(text, "="+installed, "="+self)), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"verify", "--man=no", file}, {"security", "--offline=true", "--no-pager", "--threshold=20", file}} {
		out, err := exec.Command(analyze, args...).CombinedOutput()
		if strings.Contains(string(out), "unrecognized option") {
			t.Logf("this systemd-analyze is too old for %q", args)
			continue
		}
		if err != nil || args[0] == "verify" && len(out) > 0 {
			t.Errorf("%q: %v\n%s", args, err, out)
		}
	}
}
