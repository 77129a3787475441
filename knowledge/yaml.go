package knowledge

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"math"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// yaml parses one document and gives its top; nil where that cannot be read, with the problem noted. Values are
// taken from nodes, not decoded: nodes know their lines.
func (r *reader) yaml(src []byte) (top *yaml.Node) {
	// The parser promises no panic and has broken that promise on hostile input; a pack may come from anybody.
	defer func() {
		if v := recover(); v != nil {
			r.problem(0, fmt.Sprintf("YAML: the parser gave up: %v", v), "mend the syntax")
			top = nil
		}
	}()
	dec := yaml.NewDecoder(bytes.NewReader(src))
	var doc, more yaml.Node
	err := dec.Decode(&doc)
	if err == nil {
		if err = dec.Decode(&more); err == nil {
			r.problem(more.Line, "a second YAML document in the file", `remove the line "---" between them`)
		}
	}
	switch {
	case doc.Kind == 0 && errors.Is(err, io.EOF) || err == nil && len(doc.Content) == 0:
		r.problem(0, "the file is empty", "fill or delete it")
		return nil
	case err != nil && !errors.Is(err, io.EOF):
		line, say := syntax(err)
		r.problem(line, "YAML: "+say, "mend the syntax; quote texts that hold a colon or begin with a mark")
		return nil
	}
	if n := refused(doc.Content[0]); n != nil {
		r.problem(n.Line, "an anchor, alias or tag", "write the value out; they are not read")
		return nil
	}
	return doc.Content[0]
}

// syntax takes the line out of a parser's error.
func syntax(err error) (line int, say string) {
	say = strings.TrimPrefix(err.Error(), "yaml: ")
	if rest, ok := strings.CutPrefix(say, "line "); ok {
		if n, text, ok := strings.Cut(rest, ": "); ok {
			if v, err := strconv.Atoi(n); err == nil {
				return v + countedFromZero(text), text
			}
		}
	}
	return 0, say
}

// countedFromZero gives 1 for the errors whose lines the YAML library counts from 0: those of its parser, but not those of
// its scanner. See parser.fail in its decode.go.
func countedFromZero(say string) int {
	if rest, ok := strings.CutPrefix(say, "did not find expected "); ok {
		switch rest {
		case "key", "node content", "'-' indicator", "',' or ']'", "',' or '}'", "<document start>":
			return 1
		}
	}
	return 0
}

// refused finds an anchor or alias, with which a small file can stand for a huge one, or a tag.
func refused(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode || n.Anchor != "" || n.Style&yaml.TaggedStyle != 0 {
		return n
	}
	for _, c := range n.Content {
		if a := refused(c); a != nil {
			return a
		}
	}
	return nil
}

// pairs yields the keys and values of a mapping; keys that stand twice are reported and left out.
func (r *reader) pairs(n *yaml.Node, what string) iter.Seq2[*yaml.Node, *yaml.Node] {
	return func(yield func(key, value *yaml.Node) bool) {
		if n.Kind != yaml.MappingNode {
			r.problem(n.Line, what+" should be keys and values", "compare it with the built-in pack")
			return
		}
		for i := 0; i+1 < len(n.Content); i += 2 {
			key := n.Content[i]
			if before(n.Content[:i], key.Value) {
				r.problem(key.Line, fmt.Sprintf("%s has the key %q twice", what, key.Value), "keep one of them")
				continue
			}
			if !yield(key, n.Content[i+1]) {
				return
			}
		}
	}
}

// before says whether a key stands among the keys and values of pairs.
func before(pairs []*yaml.Node, key string) bool {
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i].Value == key {
			return true
		}
	}
	return false
}

// unknown reports a key nobody reads.
func (r *reader) unknown(key *yaml.Node, what string, known ...string) {
	remedy := "use one of " + strings.Join(known, ", ")
	if near := nearest(key.Value, slices.Values(known)); distance(near, key.Value) <= 2 {
		remedy = fmt.Sprintf("did you mean %q?", near)
	}
	r.problem(key.Line, fmt.Sprintf("%s has no key %q", what, key.Value), remedy)
}

// text is a single value without blanks around it; an empty one and null are "".
func (r *reader) text(n *yaml.Node) string {
	switch {
	case n.Kind != yaml.ScalarNode:
		r.problem(n.Line, "a single value was expected here", "write one text or number")
		return ""
	case n.Tag == "!!null":
		return ""
	}
	return strings.TrimSpace(n.Value)
}

// each gives the entries of a list.
func (r *reader) each(n *yaml.Node) []*yaml.Node {
	if n.Kind != yaml.SequenceNode {
		r.problem(n.Line, "a list was expected here", "write it as [one, two] or as lines with a dash")
		return nil
	}
	return n.Content
}

// texts is a list of single values; empty ones are reported and left out.
func (r *reader) texts(n *yaml.Node) []string {
	entries := r.each(n)
	out := make([]string, 0, len(entries))
	for _, e := range entries {
		if s := r.text(e); s != "" {
			out = append(out, s)
		} else if e.Kind == yaml.ScalarNode {
			r.problem(e.Line, "an empty entry", "fill or remove it")
		}
	}
	return out
}

// amount is a number of currency units.
func (r *reader) amount(n *yaml.Node) float64 {
	s := r.text(n)
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsNaN(v) || v <= 0 || v > 1e12 {
		r.problem(n.Line, fmt.Sprintf("%q is no amount", s), "write a plain number such as 300000, or leave the key out")
		return 0
	}
	return v
}

// flag is true or false.
func (r *reader) flag(n *yaml.Node) bool {
	switch s := r.text(n); s {
	case "true":
		return true
	case "false":
	default:
		r.problem(n.Line, fmt.Sprintf("%q is neither true nor false", s), "write true, or leave the key out")
	}
	return false
}
