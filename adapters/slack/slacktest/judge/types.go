package judge

import (
	"bytes"
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

//go:embed testdata/types
var typesFiles embed.FS

// checkTime bounds one run of tsc; it takes about a second.
const checkTime = 2 * time.Minute

// Kind is what a piece of JSON is to be.
type Kind string

// Kinds, by the name of Slack's type.
const (
	Blocks    Kind = "KnownBlock[]"
	Post      Kind = "ChatPostMessageArguments"
	Ephemeral Kind = "ChatPostEphemeralArguments"
	Update    Kind = "ChatUpdateArguments"
	Respond   Kind = "RespondArguments"   // to a response_url, or with the acknowledgement of a command
	View      Kind = "View"               // a modal or a Home tab
	Submitted Kind = "ViewResponseAction" // with the acknowledgement of view_submission
	Manifest  Kind = "AppsManifestCreateArguments['manifest']"
	chart     Kind = "Chart"
)

// Item is one piece of JSON to judge.
type Item struct {
	Name string
	Kind Kind
	JSON []byte
}

// Types has TypeScript judge items against Slack's types and gives what it says, by the names of the items that it
// finds something wrong with.
//
// Two false alarms are kept out, no wider than they are: a data_visualization, which the types do not know, is taken out
// of its list and judged by testdata/types/chart.ts, and the offset of a rich_text_list, which slack-go always writes,
// is not shown where it is a number. In manifests the scope assistant:write is not shown. Types know neither lengths nor
// that a message needs text beside its blocks.
func Types(t testing.TB, items []Item) map[string][]string {
	t.Helper()
	from, err := fs.Sub(typesFiles, "testdata/types")
	if err != nil {
		t.Fatal(err)
	}
	dir := workDir(t, Install(t, from))
	var names []string
	for _, item := range items {
		judged, err := split(item)
		if err != nil {
			t.Fatalf("judge %s: %v", item.Name, err)
		}
		for _, j := range judged {
			file := filepath.Join(dir, "items", fmt.Sprintf("%04d.ts", len(names)))
			if err := os.WriteFile(file, source(j), 0o644); err != nil {
				t.Fatal(err)
			}
			names = append(names, item.Name)
		}
	}
	return tsc(t, dir, names)
}

// workDir is a directory of this run beside what is installed, so that several tests may share that.
func workDir(t testing.TB, installed string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.Symlink(filepath.Join(installed, "node_modules"), filepath.Join(dir, "node_modules")); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"package.json", "tsconfig.json", "chart.ts"} {
		data, err := os.ReadFile(filepath.Join(installed, name))
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, name), data, 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "items"), 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

// complaint is a line of tsc: items/0003.ts(4,5): error TS2322: …
var complaint = regexp.MustCompile(`^items/(\d+)\.ts\((\d+),\d+\): error (TS\d+: .*)$`)

func tsc(t testing.TB, dir string, names []string) map[string][]string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), checkTime)
	defer cancel()
	command := exec.CommandContext(ctx, filepath.Join(dir, "node_modules", ".bin", "tsc"), "--pretty", "false", "-p", ".")
	command.Dir = dir
	out, err := command.CombinedOutput()
	wrong := map[string][]string{}
	for line := range strings.Lines(string(out)) {
		if m := complaint.FindStringSubmatch(strings.TrimSpace(line)); m != nil {
			i, _ := strconv.Atoi(m[1]) // the pattern has digits only
			wrong[names[i]] = append(wrong[names[i]], "line "+m[2]+": "+m[3])
		} else if strings.Contains(line, "error TS") {
			t.Fatalf("tsc could not judge: %s", out)
		}
	}
	if err != nil && len(wrong) == 0 {
		t.Fatalf("tsc: %v\n%s", err, out)
	}
	return wrong
}

// source is a TypeScript file that compiles where the item has its type.
func source(item Item) []byte {
	from := map[Kind]string{
		Respond: "@slack/bolt", Submitted: "@slack/bolt", Blocks: "@slack/types", View: "@slack/types", chart: "../chart.js",
	}[item.Kind]
	if from == "" {
		from = "@slack/web-api"
	}
	name := strings.TrimSuffix(strings.TrimSuffix(string(item.Kind), "[]"), "['manifest']")
	var b bytes.Buffer
	fmt.Fprintf(&b, "import type { %s } from '%s';\nexport const item = %s satisfies %s;\n", name, from, item.JSON, item.Kind)
	return b.Bytes()
}

// split takes the charts out of an item, so that each is judged by itself, and what else gives a false alarm.
func split(item Item) ([]Item, error) {
	var v any
	if err := json.Unmarshal(item.JSON, &v); err != nil {
		return nil, err
	}
	var charts []any
	switch o, _ := v.(map[string]any); {
	case item.Kind == Manifest:
		dropScope(o)
	case item.Kind == Blocks:
		v = withoutCharts(v, &charts)
	case o != nil && o["blocks"] != nil:
		o["blocks"] = withoutCharts(o["blocks"], &charts)
	}
	dropOffsets(v)
	items := []Item{{item.Name, item.Kind, indent(v)}}
	for _, c := range charts {
		items = append(items, Item{item.Name, chart, indent(c)})
	}
	return items, nil
}

func indent(v any) []byte {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	_ = encoder.Encode(v) // v was JSON a moment ago
	return bytes.TrimSpace(b.Bytes())
}

func withoutCharts(v any, charts *[]any) any {
	blocks, ok := v.([]any)
	if !ok {
		return v
	}
	kept := []any{}
	for _, b := range blocks {
		if o, ok := b.(map[string]any); ok && o["type"] == "data_visualization" {
			*charts = append(*charts, o)
			continue
		}
		kept = append(kept, b)
	}
	return kept
}

// dropOffsets deletes the offset of every rich_text_list where it is a number.
func dropOffsets(v any) {
	switch v := v.(type) {
	case map[string]any:
		if _, number := v["offset"].(float64); number && v["type"] == "rich_text_list" {
			delete(v, "offset")
		}
		for _, inner := range v {
			dropOffsets(inner)
		}
	case []any:
		for _, inner := range v {
			dropOffsets(inner)
		}
	}
}

// dropScope deletes assistant:write from the bot's scopes.
func dropScope(manifest map[string]any) {
	oauth, _ := manifest["oauth_config"].(map[string]any)
	scopes, _ := oauth["scopes"].(map[string]any)
	bot, ok := scopes["bot"].([]any)
	if !ok {
		return
	}
	kept := []any{}
	for _, s := range bot {
		if s != "assistant:write" {
			kept = append(kept, s)
		}
	}
	scopes["bot"] = kept
}
