package discordtest

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

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

// Spec is Discord's OpenAPI document: https://github.com/discord/discord-api-spec. It judges the bodies of requests,
// those of forms too, and of answers. What the document does not say it cannot judge: sums over a message, duplicate
// ids, which fields go together, and keys that Discord does not know, unless it is [Spec.Closed].
//
// A Spec may be used by any number of goroutines.
type Spec struct {
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

// LoadSpec reads the document from a file.
func LoadSpec(file string) (*Spec, error) {
	raw, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("load Discord's document: %w", err)
	}
	s, err := newSpec(raw)
	if err != nil {
		return nil, fmt.Errorf("load Discord's document %s: %w", file, err)
	}
	return s, nil
}

func newSpec(raw []byte) (*Spec, error) {
	var document struct {
		Paths map[string]map[string]json.RawMessage `json:"paths"`
	}
	if err := json.Unmarshal(raw, &document); err != nil {
		return nil, err
	}
	if len(document.Paths) == 0 {
		return nil, errors.New("it has no paths")
	}
	s := &Spec{}
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
		s.routes = append(s.routes, t)
	}
	slices.SortFunc(s.routes, func(a, b template) int { // "@me" before "{user_id}"
		if a.loose != b.loose {
			return a.loose - b.loose
		}
		return strings.Compare(a.path, b.path)
	})
	parsed, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		return nil, err
	}
	s.document = parsed
	return s, s.prepare()
}

const documentURL = "discord:///openapi.json"

// prepare sets up the compiler.
func (s *Spec) prepare() error {
	s.compiler, s.schemas = jsonschema.NewCompiler(), map[string]*jsonschema.Schema{}
	s.compiler.AssertFormat()
	s.compiler.RegisterFormat(&jsonschema.Format{Name: "snowflake", Validate: checkSnowflake})
	s.compiler.RegisterFormat(&jsonschema.Format{Name: "int32", Validate: func(v any) error { return checkInteger(v, 32) }})
	s.compiler.RegisterFormat(&jsonschema.Format{Name: "int64", Validate: func(v any) error { return checkInteger(v, 64) }})
	return s.compiler.AddResource(documentURL, s.document)
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
func (s *Spec) Closed() (*Spec, error) {
	closed := &Spec{routes: s.routes, document: shut(s.document)}
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
func (s *Spec) find(method, path string) (template, operation, error) {
	path, _, _ = strings.Cut(path, "?")
	if m := versioned.FindStringSubmatch(path); m != nil {
		path = m[2]
	}
	parts := strings.Split(path, "/")
	for _, t := range s.routes {
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
func (s *Spec) Check(method, path, contentType string, body []byte) error {
	t, o, err := s.find(method, path)
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
	if err := s.validate(body, "paths", t.path, strings.ToLower(method), "requestBody", "content", media, "schema"); err != nil {
		return fmt.Errorf("%s %s: %w", method, t.path, err)
	}
	return nil
}

var filePart = regexp.MustCompile(`^files\[[0-9]\]$`)

// checkForm checks what the document says of forms in words only, and gives the JSON in them.
func checkForm(body []byte, boundary string) ([]byte, error) {
	payload, files, err := readParts(body, boundary)
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
func (s *Spec) CheckAnswer(method, path string, status int, body []byte) error {
	t, o, err := s.find(method, path)
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
	err = s.validate(body, "paths", t.path, strings.ToLower(method), "responses", code, "content", "application/json", "schema")
	if err != nil {
		return fmt.Errorf("answer to %s %s: %w", method, t.path, err)
	}
	return nil
}

// CheckSchema says what is wrong with JSON that is to be one of the document's schemas, such as "MessageResponse".
func (s *Spec) CheckSchema(name string, body []byte) error {
	if err := s.validate(body, "components", "schemas", name); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// validate checks JSON against the schema at a place of the document.
func (s *Spec) validate(body []byte, place ...string) error {
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("it is no JSON: %w", err)
	}
	schema, err := s.schema(place)
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
func (s *Spec) schema(place []string) (*jsonschema.Schema, error) {
	var pointer strings.Builder
	for _, part := range place {
		pointer.WriteString("/" + pointerEscapes.Replace(part))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if schema, ok := s.schemas[pointer.String()]; ok {
		return schema, nil
	}
	schema, err := s.compiler.Compile(documentURL + "#" + pointer.String())
	if err != nil {
		return nil, fmt.Errorf("read schema %s: %w", pointer.String(), err)
	}
	s.schemas[pointer.String()] = schema
	return schema, nil
}

// explain gives the innermost causes, deepest in the body first and five at most.
func explain(e *jsonschema.ValidationError) error {
	var leaves []*jsonschema.ValidationError
	var walk func(*jsonschema.ValidationError)
	walk = func(e *jsonschema.ValidationError) {
		if len(e.Causes) == 0 {
			leaves = append(leaves, e)
		}
		for _, cause := range meant(e) {
			walk(cause)
		}
	}
	walk(e)
	slices.SortStableFunc(leaves, func(a, b *jsonschema.ValidationError) int {
		return len(b.InstanceLocation) - len(a.InstanceLocation)
	})
	printer := message.NewPrinter(language.English)
	var says []string
	for _, leaf := range leaves {
		line := "/" + strings.Join(leaf.InstanceLocation, "/") + " " + leaf.ErrorKind.LocalizedString(printer)
		if !slices.Contains(says, line) && len(says) < 5 {
			says = append(says, line)
		}
	}
	return errors.New(strings.Join(says, "; "))
}

// meant gives the causes that are worth telling: of alternatives those of the type that the body has, if there are any,
// and of those the nearest miss.
func meant(e *jsonschema.ValidationError) []*jsonschema.ValidationError {
	switch e.ErrorKind.(type) {
	case *kind.OneOf, *kind.AnyOf:
	default:
		return e.Causes
	}
	others := slices.DeleteFunc(slices.Clone(e.Causes), func(cause *jsonschema.ValidationError) bool {
		return otherType(cause, e.InstanceLocation)
	})
	if len(others) == 0 {
		others = e.Causes
	}
	if len(others) == 0 {
		return nil // several alternatives fit where one may
	}
	nearest := slices.MinFunc(others, func(a, b *jsonschema.ValidationError) int { return size(a) - size(b) })
	return []*jsonschema.ValidationError{nearest}
}

// size counts what is wrong.
func size(e *jsonschema.ValidationError) int {
	n := 0
	for _, cause := range e.Causes {
		n += size(cause)
	}
	return max(n, 1)
}

// otherType says whether an alternative failed since it is of another type than the body at that place.
func otherType(e *jsonschema.ValidationError, at []string) bool {
	here, inside := slices.Equal(e.InstanceLocation, at), slices.Equal(e.InstanceLocation, append(slices.Clone(at), "type"))
	switch e.ErrorKind.(type) {
	case *kind.Type:
		return here
	case *kind.Enum, *kind.Const:
		return inside
	case *kind.OneOf, *kind.AnyOf:
		return len(e.Causes) > 0 && !slices.ContainsFunc(e.Causes, func(c *jsonschema.ValidationError) bool { return !otherType(c, at) })
	}
	return slices.ContainsFunc(e.Causes, func(c *jsonschema.ValidationError) bool { return otherType(c, at) })
}
