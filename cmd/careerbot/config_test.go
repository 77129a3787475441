package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// configRun runs "careerbot config …" with a settings file, unless its text is "".
func configRun(t *testing.T, vars map[string]string, file string, args ...string) (code int, out, complaint string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "settings.yaml")
	if file != "" {
		if err := os.WriteFile(path, []byte(file), 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, "--config", path)
	}
	var o, e strings.Builder
	code = run(t.Context(), append([]string{"config"}, args...), strings.NewReader(""), &o, &e, env(vars))
	return code, o.String(), e.String()
}

// setTo gives a setting's value and where it comes from, as printed.
func setTo(printed, name string) (value, from string) {
	for line := range strings.Lines(printed) {
		if f := strings.Fields(line); len(f) > 2 && f[0] == name {
			return f[1], filepath.Base(f[2])
		}
	}
	return "", ""
}

// TestConfigLayers wants flags before environment before file before defaults, each setting by itself.
func TestConfigLayers(t *testing.T) {
	t.Parallel()
	const file = "log_level: warn\nuser_rate: 7\n"
	variable := map[string]string{"LOG_LEVEL": "error"}
	flag := []string{"--log-level", "debug"}
	for _, test := range []struct {
		name        string
		vars        map[string]string
		file        string
		flags       []string
		value, from string
		rate        string
	}{
		{"default", nil, "", nil, "info", "default", "20"},
		{"file", nil, file, nil, "warn", "settings.yaml", "7"},
		{"environment", variable, "", nil, "error", "environment", "20"},
		{"environment before file", variable, file, nil, "error", "environment", "7"},
		{"flag before file", nil, file, flag, "debug", "flag", "7"},
		{"flag before all", variable, file, flag, "debug", "flag", "7"},
		{"empty variable", map[string]string{"LOG_LEVEL": ""}, file, nil, "warn", "settings.yaml", "7"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			code, out, complaint := configRun(t, test.vars, test.file, append([]string{"print"}, test.flags...)...)
			if code != exitOK || complaint != "" {
				t.Fatalf("status %d: %s", code, complaint)
			}
			if value, from := setTo(out, "LOG_LEVEL"); value != test.value || from != test.from {
				t.Errorf("LOG_LEVEL is %q from %q", value, from)
			}
			if rate, _ := setTo(out, "USER_RATE"); rate != test.rate {
				t.Errorf("USER_RATE is %q", rate)
			}
		})
	}
}

// TestConfigSecretFiles wants secrets from the files that orchestrators mount.
func TestConfigSecretFiles(t *testing.T) {
	t.Parallel()
	mounted := filepath.Join(t.TempDir(), "state-key")
	good := strings.Repeat("5e", 32)
	if err := os.WriteFile(mounted, []byte(good+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name string
		vars map[string]string
		want string // in what is said; "" for a good one
	}{
		{"mounted", map[string]string{"STATE_KEY_FILE": mounted}, ""},
		{"missing", map[string]string{"STATE_KEY_FILE": mounted + "-not"}, "STATE_KEY_FILE"},
		{"variable first", map[string]string{"STATE_KEY": "bad", "STATE_KEY_FILE": mounted}, "STATE_KEY (from environment)"},
		{"no secret", map[string]string{"LOG_LEVEL_FILE": mounted}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			code, out, complaint := configRun(t, test.vars, "", "print")
			if (code == exitOK) != (test.want == "") || !strings.Contains(complaint, test.want) {
				t.Errorf("status %d: %s", code, complaint)
			}
			if strings.Contains(out+complaint, good) {
				t.Errorf("the secret is printed: %s%s", out, complaint)
			}
			if value, from := setTo(out, "STATE_KEY"); test.name == "mounted" && (value != "***" || from != "environment") {
				t.Errorf("STATE_KEY is %q from %q", value, from)
			}
		})
	}
}

// TestConfigFile wants what is wrong with the file to be told by its name.
func TestConfigFile(t *testing.T) {
	t.Parallel()
	dirs := t.TempDir()
	for _, test := range []struct {
		name, file string
		want       []string // none: it is good
	}{
		{"unknown keys", "log_levle: info\nport: 80\nlog_level: warn\n", []string{`"log_levle"`, `"port"`, "settings.yaml", "config print"}},
		{"key in capitals", "LOG_LEVEL: info\n", []string{`"LOG_LEVEL"`}},
		{"nested", "listen:\n  addr: :80\n", []string{`"listen.addr"`}},
		{"no YAML", "log_level: [\n", []string{"settings.yaml"}},
		{"empty value", "listen_addr:\n", []string{"LISTEN_ADDR", "empty"}},
		{"list", "knowledge_dirs: [" + dirs + ", " + dirs + "]\n", nil},
		{"commas", "knowledge_dirs: " + dirs + ", " + dirs + "\n", nil},
		{"only a comment", "# nothing\n", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			code, _, complaint := configRun(t, nil, test.file, "check")
			if (code == exitOK) != (test.want == nil) {
				t.Errorf("status %d: %s", code, complaint)
			}
			for _, want := range test.want {
				if !strings.Contains(complaint, want) {
					t.Errorf("%q is not in %s", want, complaint)
				}
			}
		})
	}
	if code, _, complaint := configRun(t, nil, "", "check", "--config", filepath.Join(dirs, "nothing.yaml")); code != exitFailure || !strings.Contains(complaint, "nothing.yaml") {
		t.Errorf("a file that is not there: status %d: %s", code, complaint)
	}
}

// badValues has a bad value for every setting that is checked.
func badValues() map[string][]string {
	rates := []string{"many", "-1", "NaN", "+Inf", "1e-300", "2e6"}
	return map[string][]string{
		"LISTEN_ADDR":    {"nowhere", "127.0.0.1:", "8080"},
		"DATABASE_URL":   {"mysql://u:hidden@h/d", "sqlite:", "careerbot.db", "postgres:///d", "postgres://u:hidden@h:port/d"},
		"KNOWLEDGE_DIRS": {"no/such/directory"},
		"LOG_LEVEL":      {"loud"},
		"LOG_FORMAT":     {"xml"},
		"STATE_KEY":      {"hidden", strings.Repeat("hidden", 8)},
		"RETENTION":      {"1h", "90", "soon"},
		"USER_RATE":      rates,
		"CHANNEL_RATE":   rates,
		"SERVER_RATE":    rates,

		"DISCORD_APPLICATION_ID": {"me", "123"},
		"DISCORD_PUBLIC_KEY":     {"abc", strings.Repeat("g", 64)},
		"DISCORD_API_URL":        {"discord.com", "ftp://discord.com/api"},
		"SLACK_API_URL":          {"slack.com", "https://"},
	}
}

// TestConfigBadValues wants every bad value to be named with where it comes from, all at once, and none of the secrets.
func TestConfigBadValues(t *testing.T) {
	t.Parallel()
	all := badValues()
	together := map[string]string{}
	for _, s := range settings(env(nil)) {
		if s.check != nil && all[s.name] == nil {
			t.Errorf("there is no bad value for %s", s.name)
		}
		for _, v := range all[s.name] {
			together[s.name] = v
			code, _, complaint := configRun(t, map[string]string{s.name: v}, "", "check")
			if code != exitFailure || !strings.Contains(complaint, s.name+" (from environment)") || strings.Contains(complaint, "hidden") {
				t.Errorf("%s=%s: status %d: %s", s.name, v, code, complaint)
			}
		}
		if s.def == "" || s.secret {
			continue
		}
		if code, _, complaint := configRun(t, nil, "", "check", "--"+s.flag(), ""); code != exitFailure || !strings.Contains(complaint, s.name+" (from flag)") {
			t.Errorf("empty %s: status %d: %s", s.name, code, complaint)
		}
	}
	code, _, complaint := configRun(t, together, "", "check")
	for name := range together {
		if code != exitFailure || !strings.Contains(complaint, name+" (from environment)") {
			t.Errorf("status %d, %s is not named: %s", code, name, complaint)
		}
	}
	var said strings.Builder
	if code := run(t.Context(), []string{"serve"}, strings.NewReader(""), &said, &said, env(together)); code != exitFailure || !strings.Contains(said.String(), "LISTEN_ADDR (from environment)") {
		t.Errorf("serve: status %d: %s", code, said.String())
	}
}

// TestConfigPrintHides wants no secret in what is printed, wherever it was set.
func TestConfigPrintHides(t *testing.T) {
	t.Parallel()
	const secret = "5ec12e75ec12e75ec12e75ec12e75ec12e75ec12e75ec12e75ec12e75ec12e75"
	vars := map[string]string{}
	file := ""
	for i, s := range settings(env(nil)) {
		if s.secret && i%2 == 0 {
			vars[s.name] = secret
		} else if s.secret {
			file += s.key() + ": " + secret + "\n"
		}
	}
	for _, url := range []string{
		"postgres://bot:" + secret + "@db/careerbot?sslmode=disable",
		"postgres://db/careerbot?user=bot&password=" + secret,
		"postgres://db/careerbot?user=bot&sslPassword=" + secret,
		"postgres://db/careerbot?pass%77ord=" + secret,
	} {
		vars["DATABASE_URL"] = url
		code, out, complaint := configRun(t, vars, file, "print")
		if code != exitOK || strings.Contains(out+complaint, secret) {
			t.Errorf("status %d: %s%s", code, out, complaint)
		}
		for _, s := range settings(env(nil)) {
			if value, _ := setTo(out, s.name); s.secret && value != "***" {
				t.Errorf("%s is printed as %q", s.name, value)
			}
		}
		if value, _ := setTo(out, "DATABASE_URL"); !strings.HasPrefix(value, "postgres://") || !strings.Contains(value, "db/careerbot") {
			t.Errorf("DATABASE_URL is printed as %q", value)
		}
	}
}
