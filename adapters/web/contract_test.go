package web_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"careerbot/bot/chat"
)

// contract is the OpenAPI document, with its schemas ready to judge by their JSON pointers.
type contract struct {
	doc     map[string]any
	schemas map[string]*jsonschema.Schema
}

// openapi reads the document beside the code; a test compares it with the one that is served.
var openapi = sync.OnceValues(func() (*contract, error) {
	raw, err := os.ReadFile("openapi.json")
	if err != nil {
		return nil, err
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		return nil, err
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("openapi.json", doc); err != nil {
		return nil, err
	}
	c := &contract{doc: doc.(map[string]any), schemas: map[string]*jsonschema.Schema{}}
	for _, pointer := range c.find("", c.doc) {
		if c.schemas[pointer], err = compiler.Compile("openapi.json#" + pointer); err != nil {
			return nil, err
		}
	}
	return c, nil
})

func theContract(t testing.TB) *contract {
	t.Helper()
	c, err := openapi()
	if err != nil {
		t.Fatalf("openapi.json: %v", err)
	}
	return c
}

// find gives the pointers of all that stands under "schema" or "schemas" below a node.
func (c *contract) find(at string, node any) []string {
	var found []string
	switch node := node.(type) {
	case []any:
		for i, v := range node {
			found = append(found, c.find(fmt.Sprintf("%s/%d", at, i), v)...)
		}
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(node)) {
			below := at + "/" + strings.ReplaceAll(strings.ReplaceAll(name, "~", "~0"), "/", "~1")
			if name == "schema" || strings.HasSuffix(at, "/schemas") {
				found = append(found, below)
				continue
			}
			found = append(found, c.find(below, node[name])...)
		}
	}
	return found
}

// get follows names from the document's root, and references on the way; it gives the pointer it came to.
func (c *contract) get(names ...string) (map[string]any, string, bool) {
	at, node := "", c.doc
	for _, name := range names {
		next, ok := node[name].(map[string]any)
		if !ok {
			return nil, "", false
		}
		node, at = next, at+"/"+strings.ReplaceAll(name, "/", "~1")
		if ref, ok := node["$ref"].(string); ok && name != "schema" {
			if node, at, ok = c.get(strings.Split(strings.TrimPrefix(ref, "#/"), "/")...); !ok {
				return nil, "", false
			}
		}
	}
	return node, at, true
}

// judge says what of body breaks the schema names lead to.
func (c *contract) judge(body []byte, names ...string) error {
	_, pointer, ok := c.get(names...)
	schema := c.schemas[pointer]
	if !ok || schema == nil {
		return fmt.Errorf("the document has no schema at %v", names)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		return err
	}
	return schema.Validate(value)
}

// checkResponse says where a response is not what the document promises.
func (c *contract) checkResponse(method, path string, status int, header http.Header, body []byte) error {
	operation := []string{"paths", path, strings.ToLower(method)}
	if _, _, ok := c.get(operation...); !ok {
		return c.judge(body, "components", "schemas", "Error") // a route the document does not have: refused
	}
	response := append(operation, "responses", fmt.Sprint(status))
	said, _, ok := c.get(response...)
	if !ok {
		return fmt.Errorf("the document has no %d for %s %s", status, method, path)
	}
	if err := c.checkHeaders(header, response); err != nil {
		return err
	}
	if _, ok := said["content"]; !ok {
		if len(body) > 0 {
			return fmt.Errorf("status %d has a body, the document none", status)
		}
		return nil
	}
	return c.judge(body, append(response, "content", header.Get("Content-Type"), "schema")...)
}

func (c *contract) checkHeaders(header http.Header, response []string) error {
	promised, _, _ := c.get(append(slices.Clone(response), "headers")...)
	for name := range promised {
		at := append(slices.Clone(response), "headers", name)
		h, _, ok := c.get(at...)
		value := header.Get(name)
		if !ok || value == "" && h["required"] == true {
			return fmt.Errorf("the header %s is missing", name)
		}
		if value == "" {
			continue
		}
		quoted, err := json.Marshal(value)
		if err != nil {
			return err
		}
		if err := c.judge(quoted, append(at, "schema")...); err != nil {
			return fmt.Errorf("header %s: %w", name, err)
		}
	}
	return nil
}

func TestDocument(t *testing.T) {
	t.Parallel()
	p := serve(t, nil, nil)
	for _, method := range []string{http.MethodGet, http.MethodHead} {
		res := p.send(method, "/openapi.json", "", "Authorization", "")
		if res.status != http.StatusOK || res.header.Get("Content-Type") != "application/json" {
			t.Errorf("%s: %d %v", method, res.status, res.header)
		}
	}
	want, err := os.ReadFile("openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	if got := p.send(http.MethodGet, "/openapi.json", ""); !bytes.Equal(got.body, want) {
		t.Error("what is served is not openapi.json")
	}
	if got := p.send(http.MethodDelete, "/openapi.json", ""); got.status != http.StatusMethodNotAllowed || got.header.Get("Allow") != "GET, HEAD" {
		t.Errorf("DELETE: %d %v", got.status, got.header)
	}
}

// TestDocumentWhole finds references to nothing, and schemas, responses and headers no route leads to.
func TestDocumentWhole(t *testing.T) {
	t.Parallel()
	c := theContract(t)
	if c.doc["openapi"] != "3.1.0" {
		t.Errorf("openapi is %v", c.doc["openapi"])
	}
	named := map[string]bool{}
	var walk func(node any)
	walk = func(node any) {
		switch node := node.(type) {
		case []any:
			for _, v := range node {
				walk(v)
			}
		case map[string]any:
			if ref, ok := node["$ref"].(string); ok && !named[ref] {
				named[ref] = true
				below, _, ok := c.get(strings.Split(strings.TrimPrefix(ref, "#/"), "/")...)
				if !ok {
					t.Errorf("%s leads to nothing", ref)
				}
				walk(below)
			}
			for _, v := range node {
				walk(v)
			}
		}
	}
	walk(c.doc["paths"])
	for _, kind := range []string{"schemas", "responses", "headers", "parameters"} {
		parts, _, _ := c.get("components", kind)
		for name := range parts {
			if !named["#/components/"+kind+"/"+name] {
				t.Errorf("nothing leads to %s %s", kind, name)
			}
		}
	}
}

func TestDocumentTopics(t *testing.T) {
	t.Parallel()
	topic, _, _ := theContract(t).get("components", "schemas", "Question", "properties", "topic")
	var want []any
	for _, c := range chat.Commands() {
		if c.Topic != "" {
			want = append(want, string(c.Topic))
		}
	}
	if got := topic["enum"]; !slices.Equal(got.([]any), append(want, "", nil)) {
		t.Errorf("the document's topics are %v, the commands' %v", got, want)
	}
}

// TestDocumentExamples sends every example of the document as it stands.
func TestDocumentExamples(t *testing.T) {
	t.Parallel()
	p := serve(t, nil, &ballotBox{})
	for _, path := range []string{"/v1/ask", "/v1/vote"} {
		examples, _, ok := p.contract.get("paths", path, "post", "requestBody", "content", "application/json", "examples")
		if !ok {
			t.Fatalf("%s has no examples", path)
		}
		for name, e := range examples {
			body, err := json.Marshal(e.(map[string]any)["value"])
			if err != nil {
				t.Fatal(err)
			}
			if res := p.post(path, string(body)); res.status >= 300 {
				t.Errorf("%s, example %s: %d %s", path, name, res.status, res.body)
			}
		}
	}
}
