package knowledge_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
)

// run is how many words in a row may not be those of a source article.
const run = 8

// words splits a text at everything that is no letter or digit.
func words(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// runs yields every run of words, in lower case.
func runs(text string) func(yield func(key string, as []string) bool) {
	return func(yield func(string, []string) bool) {
		for w := words(text); len(w) >= run; w = w[1:] {
			if !yield(strings.ToLower(strings.Join(w[:run], " ")), w[:run]) {
				return
			}
		}
	}
}

// names says whether words are only names and figures, which a list of them can hardly put otherwise.
func names(words []string) bool {
	for _, w := range words {
		r := []rune(w)[0]
		if !unicode.IsUpper(r) && !unicode.IsDigit(r) && w != "and" && w != "or" {
			return false
		}
	}
	return true
}

// TestOwnWords: the pack says what the source articles say in words of its own. The articles are not part of this
// repository; the test looks for them beside it. Headings are cited as they are and not compared.
func TestOwnWords(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../../shared/seeds/*.txt")
	if err != nil || len(files) == 0 {
		t.Skip("the source articles are not here: nothing in ../shared/seeds")
	}
	theirs := map[string]string{}
	for _, name := range files {
		src, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for key := range runs(string(src)) {
			theirs[key] = filepath.Base(name)
		}
	}
	p := builtin(t)
	copied := func(file string, line int, what, text string) {
		for key, as := range runs(text) {
			if from := theirs[key]; from != "" && !names(as) {
				t.Errorf("%s:%d: %s has %q as %s has it; say it in other words", file, line, what, key, from)
			}
		}
	}
	for _, f := range p.Facts {
		copied(f.File, f.Line, f.ID, f.Text)
		for _, ask := range f.Asks {
			copied(f.File, f.Line, f.ID+" asks", ask)
		}
		if f.Salary != nil {
			copied(f.File, f.Line, f.ID+" note", f.Salary.Note)
		}
	}
	for _, a := range p.Articles {
		for _, s := range a.Sections {
			copied(a.File, s.Line, s.ID, s.Text)
		}
	}
}
