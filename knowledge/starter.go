package knowledge

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"text/template"
	"time"
	"unicode"

	"careerbot/knowledge/lexicon"
)

//go:embed starter
var starter embed.FS

// Starter is what a new pack is made from.
type Starter struct {
	Name string    // of the pack and its command: small letters, digits and dashes, at most 32
	Role string    // the role it is about, in words; "" is Name
	Now  time.Time // the day its files are dated
}

// ErrExists is returned by Write for a directory that is not empty.
var ErrExists = errors.New("there are files already")

// Write makes a commented pack in dir, which must be empty or not there: it loads, answers one example question, and
// says in each file what to put in its place. It holds no figure.
func (s Starter) Write(dir string) error {
	if entries, err := os.ReadDir(dir); err == nil && len(entries) > 0 {
		return fmt.Errorf("make a pack in %s: %w; name another directory with --to", dir, ErrExists)
	}
	values, err := s.values(dir)
	if err != nil {
		return fmt.Errorf("make a pack: %w", err)
	}
	return fs.WalkDir(starter, "starter", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		t, err := template.ParseFS(starter, name)
		if err != nil {
			return err
		}
		var out bytes.Buffer
		if err := t.Execute(&out, values); err != nil {
			return err
		}
		file := filepath.Join(dir, filepath.FromSlash(strings.TrimSuffix(strings.TrimPrefix(name, "starter/"), ".tmpl")))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil { //nolint:gosec // others may read what a bot tells everybody
			return fmt.Errorf("make a pack: %w", err)
		}
		if err := os.WriteFile(file, out.Bytes(), 0o644); err != nil { //nolint:gosec // as above
			return fmt.Errorf("make a pack: %w", err)
		}
		return nil
	})
}

// values are what the templates fill in.
func (s Starter) values(dir string) (map[string]any, error) {
	r := &reader{file: manifest}
	r.checkCommand(0, s.Name)
	if len(r.problems) > 0 || s.Name == "" {
		return nil, fmt.Errorf("%q cannot be the name: take small letters, digits and dashes, at most 32, such as frontend", s.Name)
	}
	role := strings.Join(strings.FieldsFunc(s.Role, func(r rune) bool {
		return unicode.IsSpace(r) || !unicode.IsPrint(r) || strings.ContainsRune(`"'{}[]#:`, r)
	}), " ")
	if role == "" {
		role = strings.ReplaceAll(s.Name, "-", " ")
	}
	id, known, err := roleID(role)
	if err != nil {
		return nil, err
	}
	if known != "" {
		role = known
	}
	article := "a"
	if strings.ContainsAny(role[:1], "aeiouAEIOU") {
		article = "an"
	}
	return map[string]any{
		"Name": s.Name, "Dir": dir, "Role": role, "RoleID": id, "Known": known != "", "Title": strings.ToUpper(role[:1]) + role[1:],
		"Subject": role + " careers", "Words": strings.ToLower(role), "Article": article, "Today": s.Now.Format(time.DateOnly),
	}, nil
}

// roleID is the id of a role: that of the built-in lexicon, whose name is then known, or one made of its words.
func roleID(role string) (id, known string, err error) {
	words, err := fs.Sub(BuiltinFS(), "lexicon")
	if err != nil {
		return "", "", fmt.Errorf("read the built-in words: %w", err)
	}
	lex, _, err := lexicon.Load(words)
	if err != nil {
		return "", "", fmt.Errorf("read the built-in words: %w", err)
	}
	for _, id := range lex.Entities(role) {
		if e := lex.Entity(id); e.Kind == lexicon.KindRole && !e.Absent {
			return id, e.Name, nil
		}
	}
	slug := strings.Map(func(r rune) rune {
		if r == ' ' {
			return '-'
		}
		if r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, role)
	if strings.Trim(slug, "-") == "" {
		return "", "", fmt.Errorf("%q cannot be a role: give its name in Latin letters; the pack itself may be in any", role)
	}
	return strings.Trim(slug, "-"), "", nil
}
