package judge

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

// schemaPath is where Slack's manifest schema lies, seen from the repository: beside it, as it is not part of it. It is
// schemas/manifest.schema.2.0.0.json of slackapi/manifest-schema.
const schemaPath = "../shared/platforms/slack/manifest.schema.2.0.0.json"

// Schema has Slack's JSON schema judge a manifest and gives what is wrong with it, each as "/pointer: what". It skips the
// test where there is no schema. The schema knows keys and lengths; it knows no names of scopes and events: see Types.
func Schema(t testing.TB, manifest []byte) []string {
	t.Helper()
	compiler := jsonschema.NewCompiler()
	compiler.UseRegexpEngine(pattern)
	schema, err := compiler.Compile(findSchema(t))
	if err != nil {
		t.Fatalf("read the manifest schema: %v", err)
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(manifest))
	if err != nil {
		return []string{fmt.Sprintf("/: no JSON: %v", err)}
	}
	err = schema.Validate(v)
	wrong, ok := errors.AsType[*jsonschema.ValidationError](err)
	if !ok {
		return nil
	}
	var list []string
	leaves(wrong, message.NewPrinter(language.English), &list)
	slices.Sort(list)
	return slices.Compact(list)
}

// pattern compiles a pattern of the schema. The two with a look-ahead, for the domains of links and functions, are more
// than Go's regular expressions can do; they let everything pass.
func pattern(text string) (jsonschema.Regexp, error) {
	if strings.Contains(text, "(?!") {
		text = ""
	}
	return regexp.Compile(text)
}

// leaves collects the innermost errors, which name the place.
func leaves(e *jsonschema.ValidationError, p *message.Printer, list *[]string) {
	if len(e.Causes) == 0 {
		*list = append(*list, "/"+strings.Join(e.InstanceLocation, "/")+": "+e.ErrorKind.LocalizedString(p))
	}
	for _, cause := range e.Causes {
		leaves(cause, p, list)
	}
}

// findSchema looks from the module's root, which is above every package.
func findSchema(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		above := filepath.Dir(dir)
		if above == dir {
			t.Skip("skipped: this is not run in the repository")
		}
		dir = above
	}
	path := filepath.Join(dir, filepath.FromSlash(schemaPath))
	if _, err := os.Stat(path); err != nil {
		t.Skipf("skipped: Slack's manifest schema is not at %s", schemaPath)
	}
	return path
}
