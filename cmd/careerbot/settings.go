package main

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// setting is one thing an operator can set: as a variable of the environment by its name, in the file by the same name
// in small letters, or as a flag by that name with dashes.
type setting struct {
	name   string // DATABASE_URL
	help   string
	def    string
	secret bool // never printed; may be read from the file NAME_FILE names
	check  func(string) error
}

// key is the setting's name in the file.
func (s setting) key() string { return strings.ToLower(s.name) }

// flag is the setting's name on the command line.
func (s setting) flag() string { return strings.ReplaceAll(s.key(), "_", "-") }

// settings lists everything that can be set, in the order it is printed. The names are the conventional ones.
func settings(env func(string) string) []setting {
	return []setting{
		{name: "LISTEN_ADDR", def: "127.0.0.1:8080", check: isAddr, help: "where the HTTP server listens"},
		{
			name: "DATABASE_URL", def: "sqlite:" + filepath.Join(stateDir(env), "careerbot.db"), check: isDatabase,
			help: "sqlite:PATH, or postgres://… to share state between replicas",
		},
		{name: "KNOWLEDGE_DIRS", check: isDirs, help: "directories with further packs, separated by commas"},
		{name: "LOG_LEVEL", def: "info", check: isLevel, help: "debug, info, warn or error"},
		{name: "LOG_FORMAT", def: "text", check: oneOf("text", "json"), help: "text or json"},
		{name: "STATE_KEY", secret: true, check: isKey, help: "32 bytes in hexadecimal or base64: encrypts secrets at rest"},
		{name: "HTTP_KEY", secret: true, help: "turns POST /v1/ask on; its callers send it as a bearer token"},
		{name: "DISCORD_TOKEN", secret: true, help: "of the bot: turns Discord on"},
		{name: "DISCORD_APPLICATION_ID", check: isSnowflake, help: "of the Discord app; asked of Discord where it is not set"},
		{name: "DISCORD_PUBLIC_KEY", check: isPublicKey, help: "of the Discord app, in hexadecimal: turns /discord/interactions on"},
		{name: "DISCORD_API_URL", check: isURL, help: "instead of https://discord.com/api, for a proxy or a test"},
		{name: "SLACK_BOT_TOKEN", secret: true, help: "xoxb-…: turns Slack on for one workspace"},
		{name: "SLACK_APP_TOKEN", secret: true, help: "xapp-…: Socket Mode, which needs no public address"},
		{name: "SLACK_SIGNING_SECRET", secret: true, help: "turns /slack/commands, /slack/events and /slack/interactions on"},
		{name: "SLACK_CLIENT_ID", help: "of the Slack app: with the secret and STATE_KEY, turns installing into many workspaces on"},
		{name: "SLACK_CLIENT_SECRET", secret: true, help: "of the Slack app"},
		{name: "SLACK_SCOPES", help: "further scopes that installs ask for, separated by commas: channels:history, assistant:write"},
		{name: "SLACK_API_URL", check: isURL, help: "instead of https://slack.com/api/, for a proxy or a test"},
		{name: "RETENTION", def: "2160h", check: isRetention, help: "how long questions, votes and threads are kept"},
		{name: "ANSWER_CACHE", def: "1000", check: isCache, help: "answers to common questions kept in memory, about 10 KB each; 0: none"},
		{name: "USER_RATE", def: "20", check: isRate, help: "questions a minute from one person; 0: no limit"},
		{name: "CHANNEL_RATE", def: "120", check: isRate, help: "questions a minute from one channel; 0: no limit"},
		{name: "SERVER_RATE", def: "600", check: isRate, help: "questions a minute from one server or workspace; 0: no limit"},
	}
}

// isSnowflake checks the shape of a Discord id: 17 to 20 digits.
func isSnowflake(s string) error {
	if n, err := strconv.ParseUint(s, 10, 64); err != nil || n < 1<<22 {
		return fmt.Errorf("%q is no Discord id: copy the Application ID of the app's General Information page", s)
	}
	return nil
}

func isPublicKey(s string) error {
	if b, err := hex.DecodeString(s); err != nil || len(b) != 32 {
		return fmt.Errorf("it is no key of 64 hexadecimal digits: copy the Public Key of the app's General Information page")
	}
	return nil
}

func isURL(s string) error {
	if u, err := url.Parse(s); err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		return fmt.Errorf("%q is no address: write https://host/path", s)
	}
	return nil
}

// stateDir is where the program keeps its files: the XDG state directory, or what stands for it.
func stateDir(env func(string) string) string {
	if d := env("XDG_STATE_HOME"); filepath.IsAbs(d) {
		return filepath.Join(d, "careerbot")
	}
	if d := env("HOME"); d != "" {
		return filepath.Join(d, ".local", "state", "careerbot")
	}
	return filepath.Join(os.TempDir(), "careerbot")
}

func isAddr(s string) error {
	if _, port, err := net.SplitHostPort(s); err != nil || port == "" {
		return fmt.Errorf("%q is no address: write host:port, such as 127.0.0.1:8080 or :8080", s)
	}
	return nil
}

func isDatabase(s string) error {
	if path, ok := strings.CutPrefix(s, "sqlite:"); ok {
		if path == "" {
			return fmt.Errorf("sqlite: names no file: write sqlite:/path/to/careerbot.db")
		}
		return nil
	}
	if u, err := url.Parse(s); err == nil && (u.Scheme == "postgres" || u.Scheme == "postgresql") && u.Host != "" {
		return nil
	}
	return fmt.Errorf("it is no database: write sqlite:PATH or postgres://user:password@host/name")
}

func isDirs(s string) error {
	for _, dir := range listed(s) {
		if st, err := os.Stat(dir); err != nil || !st.IsDir() {
			return fmt.Errorf("%s is no directory: name folders that hold a pack, separated by commas", dir)
		}
	}
	return nil
}

// listed splits what is separated by commas.
func listed(s string) []string {
	var out []string
	for d := range strings.SplitSeq(s, ",") {
		if d = strings.TrimSpace(d); d != "" {
			out = append(out, d)
		}
	}
	return out
}

func isLevel(s string) error {
	var l slog.Level
	if err := l.UnmarshalText([]byte(s)); err != nil {
		return fmt.Errorf("%q is no level: write debug, info, warn or error", s)
	}
	return nil
}

func oneOf(allowed ...string) func(string) error {
	return func(s string) error {
		for _, a := range allowed {
			if s == a {
				return nil
			}
		}
		return fmt.Errorf("%q is not known: write %s", s, strings.Join(allowed, " or "))
	}
}

func isKey(s string) error {
	_, err := stateKey(s)
	return err
}

// stateKey reads the key that encrypts secrets; none is allowed.
func stateKey(s string) ([]byte, error) {
	if s == "" {
		return nil, nil
	}
	if b, err := hex.DecodeString(s); err == nil && len(b) == 32 {
		return b, nil
	}
	if b, err := base64.StdEncoding.DecodeString(s); err == nil && len(b) == 32 {
		return b, nil
	}
	return nil, fmt.Errorf("it is no key of 32 bytes: make one with \"openssl rand -hex 32\"")
}

// shortestRetention is what once-only answers need: platforms repeat events for minutes, claims live an hour.
const shortestRetention = 24 * time.Hour

func isRetention(s string) error {
	d, err := time.ParseDuration(s)
	if err != nil || d < shortestRetention {
		return fmt.Errorf("%q is no time of at least a day: write hours, such as 2160h for 90 days", s)
	}
	return nil
}

func isCache(s string) error {
	if n, err := strconv.Atoi(s); err != nil || n < 0 || n > 100_000 {
		return fmt.Errorf("%q is no number of answers: write 0 to 100000", s)
	}
	return nil
}

func isRate(s string) error {
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || v != 0 && !(v >= 0.01 && v <= 1e6) { // NaN is a number to strconv
		return fmt.Errorf("%q is no rate: write how many questions a minute, 0.01 to 1000000, or 0 for no limit", s)
	}
	return nil
}
