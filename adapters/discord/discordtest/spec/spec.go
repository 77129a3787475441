// Package spec judges what a bot sends to Discord: requests by Discord's own OpenAPI document, and texts by what Discord
// would do with them besides showing them.
//
// It knows neither the bot nor the Discord on loopback, which it can stand in front of as its gate, and does not come with
// the document: that is read from a file. It is for tests only.
package spec

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"careerbot/adapters/discord/discordtest/rest"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// Document is Discord's OpenAPI document: https://github.com/discord/discord-api-spec. It judges the bodies of requests,
// those of forms too, and of answers. What the document does not say it cannot judge: sums over a message, duplicate
// ids, which fields go together, and keys that Discord does not know, unless it is [Document.Closed].
//
// A Document may be used by any number of goroutines.
type Document struct {
	document any
	routes   []template

	mu       sync.Mutex
	compiler *jsonschema.Compiler
	schemas  map[string]*jsonschema.Schema // by pointer
}

// template is a path of the document.
type template struct {
	path   string
	parts  []string
	loose  int // parts that stand for anything
	method map[string]operation
}

type operation struct {
	Body struct {
		Content  map[string]json.RawMessage `json:"content"`
		Required bool                       `json:"required"`
	} `json:"requestBody"`
	Responses map[string]struct {
		Content map[string]json.RawMessage `json:"content"`
	} `json:"responses"`
}

// Load reads the document from a file.
func Load(file string) (*Document, error) {
	raw, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("load Discord's document: %w", err)
	}
	d, err := parse(raw)
	if err != nil {
		return nil, fmt.Errorf("load Discord's document %s: %w", file, err)
	}
	return d, nil
}

func parse(raw []byte) (*Document, error) {
	var document struct {
		Paths map[string]map[string]json.RawMessage `json:"paths"`
	}
	if err := json.Unmarshal(raw, &document); err != nil {
		return nil, err
	}
	if len(document.Paths) == 0 {
		return nil, errors.New("it has no paths")
	}
	d := &Document{}
	for path, methods := range document.Paths {
		t := template{path: path, parts: strings.Split(path, "/"), method: map[string]operation{}}
		for method, raw := range methods {
			var o operation
			if method == "parameters" {
				continue
			}
			if err := json.Unmarshal(raw, &o); err != nil {
				return nil, fmt.Errorf("%s %s: %w", method, path, err)
			}
			t.method[strings.ToUpper(method)] = o
		}
		for _, part := range t.parts {
			if strings.HasPrefix(part, "{") {
				t.loose++
			}
		}
		d.routes = append(d.routes, t)
	}
	slices.SortFunc(d.routes, func(a, b template) int { // "@me" before "{user_id}"
		if a.loose != b.loose {
			return a.loose - b.loose
		}
		return strings.Compare(a.path, b.path)
	})
	parsed, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		return nil, err
	}
	d.document = parsed
	return d, d.prepare()
}

const documentURL = "discord:///openapi.json"

// prepare sets up the compiler.
func (d *Document) prepare() error {
	d.compiler, d.schemas = jsonschema.NewCompiler(), map[string]*jsonschema.Schema{}
	d.compiler.AssertFormat()
	d.compiler.RegisterFormat(&jsonschema.Format{Name: "snowflake", Validate: checkSnowflake})
	d.compiler.RegisterFormat(&jsonschema.Format{Name: "int32", Validate: func(v any) error { return checkInteger(v, 32) }})
	d.compiler.RegisterFormat(&jsonschema.Format{Name: "int64", Validate: func(v any) error { return checkInteger(v, 64) }})
	return d.compiler.AddResource(documentURL, d.document)
}

func checkSnowflake(v any) error {
	text, ok := v.(string)
	if !ok {
		return nil
	}
	_, err := strconv.ParseUint(text, 10, 64)
	return err
}

func checkInteger(v any, bits int) error {
	number, ok := v.(json.Number)
	if !ok {
		return nil
	}
	if _, err := strconv.ParseInt(number.String(), 10, bits); errors.Is(err, strconv.ErrRange) {
		return err
	}
	return nil
}

// Closed is the document with every object closed: keys that it does not name are refused too. discordgo sends some
// such keys that Discord takes no notice of: content and embeds with autocomplete, deferred and modal answers.
func (d *Document) Closed() (*Document, error) {
	closed := &Document{routes: d.routes, document: shut(d.document)}
	return closed, closed.prepare()
}

// shut copies a part of the document and closes its objects.
func shut(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v)+1)
		for name, inner := range v {
			out[name] = shut(inner)
		}
		_, lists := v["properties"].(map[string]any)
		_, says := v["additionalProperties"]
		if lists && !says && v["type"] == "object" {
			out["additionalProperties"] = false
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, inner := range v {
			out[i] = shut(inner)
		}
		return out
	}
	return v
}

// find gives the path of the document that a path is.
func (d *Document) find(method, path string) (template, operation, error) {
	path, _, _ = strings.Cut(path, "?")
	if _, inner, ok := rest.Versioned(path); ok {
		path = inner
	}
	parts := strings.Split(path, "/")
	for _, t := range d.routes {
		if o, ok := t.method[method]; ok && t.matches(parts) {
			return t, o, nil
		}
	}
	return template{}, operation{}, fmt.Errorf("%s %s is not in Discord's document", method, path)
}

func (t template) matches(parts []string) bool {
	return slices.EqualFunc(t.parts, parts, func(want, part string) bool {
		return want == part || strings.HasPrefix(want, "{") && part != ""
	})
}

// Check says what is wrong with a request, nil where nothing is. The path may have "/api/v10" before it. Bodies are
// JSON, or forms with a part payload_json.
func (d *Document) Check(method, path, contentType string, body []byte) error {
	t, o, err := d.find(method, path)
	if err != nil {
		return err
	}
	if len(body) == 0 {
		if o.Body.Required {
			return fmt.Errorf("%s %s: there is no body", method, t.path)
		}
		return nil
	}
	media, parameters, err := mime.ParseMediaType(contentType)
	if err != nil {
		return fmt.Errorf("%s %s: content type %q: %w", method, t.path, contentType, err)
	}
	if _, ok := o.Body.Content[media]; !ok || media == "application/x-www-form-urlencoded" {
		return fmt.Errorf("%s %s: content type %q is not for it", method, t.path, media)
	}
	if media == "multipart/form-data" {
		if body, err = checkForm(body, parameters["boundary"]); err != nil {
			return fmt.Errorf("%s %s: %w", method, t.path, err)
		}
		media = "application/json" // the same, but for the files
	}
	if err := d.validate(body, "paths", t.path, strings.ToLower(method), "requestBody", "content", media, "schema"); err != nil {
		return fmt.Errorf("%s %s: %w", method, t.path, err)
	}
	return nil
}

var filePart = regexp.MustCompile(`^files\[[0-9]\]$`)

// checkForm checks what the document says of forms in words only, and gives the JSON in them.
func checkForm(body []byte, boundary string) ([]byte, error) {
	payload, files, err := rest.Parts(body, boundary)
	if err != nil {
		return nil, err
	}
	if payload == nil {
		return nil, errors.New("the form has no part payload_json")
	}
	for name, f := range files {
		if !filePart.MatchString(name) || f.Name == "" {
			return nil, fmt.Errorf("part %q with file name %q is not one of files[0] to files[9]", name, f.Name)
		}
	}
	type attached struct {
		ID json.RawMessage `json:"id"`
	}
	var listed struct {
		Attachments []attached `json:"attachments"`
		Data        struct {
			Attachments []attached `json:"attachments"`
		} `json:"data"`
	}
	if err := json.Unmarshal(payload, &listed); err != nil {
		return payload, nil // the schema says so better
	}
	for _, a := range slices.Concat(listed.Attachments, listed.Data.Attachments) {
		id := strings.Trim(string(a.ID), `"`)
		if _, ok := files["files["+id+"]"]; !ok && len(id) < 3 {
			return nil, fmt.Errorf("attachment %s has no part files[%s]", id, id)
		}
	}
	return payload, nil
}

// CheckAnswer says what is wrong with the answer to a request, nil where nothing is.
func (d *Document) CheckAnswer(method, path string, status int, body []byte) error {
	t, o, err := d.find(method, path)
	if err != nil {
		return err
	}
	code := strconv.Itoa(status)
	if _, ok := o.Responses[code]; !ok {
		return fmt.Errorf("%s %s: it cannot be answered %d", method, t.path, status)
	}
	if len(o.Responses[code].Content) == 0 {
		if len(body) > 0 {
			return fmt.Errorf("%s %s: %d has no body", method, t.path, status)
		}
		return nil
	}
	err = d.validate(body, "paths", t.path, strings.ToLower(method), "responses", code, "content", "application/json", "schema")
	if err != nil {
		return fmt.Errorf("answer to %s %s: %w", method, t.path, err)
	}
	return nil
}

// CheckSchema says what is wrong with JSON that is to be one of the document's schemas, such as "MessageResponse".
func (d *Document) CheckSchema(name string, body []byte) error {
	if err := d.validate(body, "components", "schemas", name); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// validate checks JSON against the schema at a place of the document.
func (d *Document) validate(body []byte, place ...string) error {
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("it is no JSON: %w", err)
	}
	schema, err := d.schema(place)
	if err != nil {
		return err
	}
	err = schema.Validate(value)
	if wrong, ok := errors.AsType[*jsonschema.ValidationError](err); ok {
		return explain(wrong)
	}
	return err
}

var pointerEscapes = strings.NewReplacer("~", "~0", "/", "~1", "%", "%25", "{", "%7B", "}", "%7D", "@", "%40")

// schema compiles a place of the document once.
func (d *Document) schema(place []string) (*jsonschema.Schema, error) {
	var pointer strings.Builder
	for _, part := range place {
		pointer.WriteString("/" + pointerEscapes.Replace(part))
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if schema, ok := d.schemas[pointer.String()]; ok {
		return schema, nil
	}
	schema, err := d.compiler.Compile(documentURL + "#" + pointer.String())
	if err != nil {
		return nil, fmt.Errorf("read schema %s: %w", pointer.String(), err)
	}
	d.schemas[pointer.String()] = schema
	return schema, nil
}
