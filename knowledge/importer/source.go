package importer

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"careerbot/knowledge/importer/extract"
	"careerbot/knowledge/markup"
)

// sourceFile is one file to read.
type sourceFile struct {
	name string // as it was given or found; "-" for standard input
	id   string // the article's, where the operator chose one
}

// MaxFiles is how many files of directories are read at most in one import.
const MaxFiles = 100_000

// sources finds the files: those named, and in directories every file that ends as text does. Links are not followed
// below a directory, so that none leads out of it or round in a circle.
func sources(args []string, to string, r *Report) []sourceFile {
	var out []sourceFile
	for _, arg := range args {
		f := sourceFile{name: arg}
		if id, name, ok := strings.Cut(arg, "="); ok && extract.ID(id) == id && id != "" {
			if _, err := os.Lstat(arg); err != nil { // a file of that very name goes before
				f = sourceFile{name, id}
			}
		}
		info, err := os.Stat(f.name)
		switch {
		case f.name == "-":
			out = append(out, f)
		case err != nil:
			r.skip(f.name, plainError(err))
		case info.IsDir():
			out = append(out, walk(f.name, to, r)...)
		case !info.Mode().IsRegular():
			r.skip(f.name, errors.New("it is neither a file nor a directory; name a file"))
		default:
			out = append(out, f)
		}
	}
	return slices.CompactFunc(out, func(a, b sourceFile) bool { return a.name == b.name })
}

// walk finds the files below a directory, in the order of their names; those of the pack that is written are none.
func walk(dir, to string, r *Report) []sourceFile {
	var out []sourceFile
	_ = filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			r.skip(name, plainError(err))
			if d != nil && d.IsDir() {
				return fs.SkipDir
			}
		case name != dir && strings.HasPrefix(d.Name(), "."):
			if d.IsDir() {
				return fs.SkipDir
			}
		case d.IsDir() && name != dir && samePath(name, to):
			return fs.SkipDir
		case d.Type()&fs.ModeSymlink != 0:
			r.skip(name, errors.New("a symbolic link, which is not followed; name its target to import it"))
		case d.Type().IsRegular() && !isText(name):
			r.skip(name, fmt.Errorf("files that end in %q are not read from directories; name the file to try it", filepath.Ext(name)))
		case d.Type().IsRegular():
			out = append(out, sourceFile{name: name})
		}
		if len(out) >= MaxFiles {
			r.skip(dir, fmt.Errorf("more than %d files; import it in parts", MaxFiles))
			return fs.SkipAll
		}
		return nil
	})
	return out
}

func samePath(a, b string) bool {
	x, errX := filepath.Abs(a)
	y, errY := filepath.Abs(b)
	return errX == nil && errY == nil && x == y
}

// key is the name by which a source is known again in a later import: its address, else its file with the directory it
// lies in, or what standard input held.
func (a *article) key() string {
	switch {
	case a.page.URL != "":
		return a.page.URL
	case a.source == "-":
		return "-/" + extract.ID(a.page.Title)
	}
	full, err := filepath.Abs(a.source)
	if err != nil {
		full = a.source
	}
	return filepath.ToSlash(filepath.Join(filepath.Base(filepath.Dir(full)), filepath.Base(full)))
}

// sum tells articles of different text apart.
func (a *article) sum() string {
	var b bytes.Buffer
	for i := range a.page.Blocks {
		b.WriteString(a.page.Blocks[i].Plain() + "\n")
	}
	return hash(b.Bytes())
}

// plainError is an error of the file system with what to do.
func plainError(err error) error {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		err = pe.Err
	}
	switch {
	case errors.Is(err, fs.ErrPermission):
		return errors.New("it may not be read; give yourself the permission to")
	case errors.Is(err, fs.ErrNotExist):
		return errors.New("it is not there; check the name")
	}
	return fmt.Errorf("it cannot be read: %w", err)
}

// read reads one file into an article.
func (f sourceFile) read(stdin io.Reader) (*article, error) {
	in := stdin
	if f.name != "-" {
		file, err := os.Open(f.name)
		if err != nil {
			return nil, plainError(err)
		}
		defer file.Close()
		in = file
	}
	if in == nil {
		return nil, errors.New("there is no standard input")
	}
	src, err := io.ReadAll(io.LimitReader(in, markup.MaxBytes+1))
	if err != nil {
		return nil, plainError(err)
	}
	page, err := readPage(f.name, src)
	if err != nil {
		return nil, err
	}
	if len(page.Blocks) == 0 {
		return nil, errors.New("no text of an article was found in it; is it the page you meant?")
	}
	if first := &page.Blocks[0]; page.Title == "" && first.Kind == markup.Heading && len(page.Blocks) > 1 && !strings.ContainsAny(first.Text, "0123456789") {
		page.Title = strings.TrimRight(first.Text, ": ")
	}
	return &article{page: page, source: f.name, given: f.id}, nil
}

// readPage reads a page by what its content and its name say it is.
func readPage(name string, src []byte) (markup.Page, error) {
	switch {
	case len(src) > markup.MaxBytes:
		return markup.Page{}, fmt.Errorf("it has more than %d MiB, the most that is read; cut it into articles", markup.MaxBytes>>20)
	case len(bytes.TrimSpace(src)) == 0:
		return markup.Page{}, errors.New("it is empty; save the page again")
	}
	if what := packed(src); what != "" {
		return markup.Page{}, fmt.Errorf("it is %s, which is not opened; save the page as text or HTML", what)
	}
	text, err := markup.Decode(src)
	if err != nil {
		return markup.Page{}, err
	}
	switch ext := strings.ToLower(filepath.Ext(name)); {
	case strings.HasPrefix(ext, ".mht") || bytes.HasPrefix(text, []byte("From: <Saved by")):
		return markup.Page{}, errors.New("it is a page saved as MHTML; save it as \"HTML only\"")
	case looksHTML.Match(text[:min(len(text), 4096)]) || ext == ".html" || ext == ".htm" || ext == ".xhtml":
		return markup.HTML(text)
	case ext == ".md" || ext == ".markdown":
		return markup.MarkdownPage(text)
	}
	return markup.Plain(text)
}

// looksHTML matches the beginning of a web page.
var looksHTML = markup.Compile(`(?i)^\s*(<!--[^>]*-->\s*|<\?xml[^>]*>\s*)*<(!doctype html|html|head|body|article|main|div|section|meta)\b`)

// packed names what a file is that holds no plain text, by its first bytes; "" for others.
func packed(src []byte) string {
	for _, m := range []struct{ magic, what string }{
		{"PK\x03\x04", "a zip archive or an office document"},
		{"PK\x05\x06", "a zip archive"},
		{"\x1f\x8b", "packed by gzip"},
		{"BZh", "packed by bzip2"},
		{"\xfd7zXZ", "packed by xz"},
		{"7z\xbc\xaf", "a 7z archive"},
		{"Rar!", "a rar archive"},
		{"\x28\xb5\x2f\xfd", "packed by zstd"},
		{"%PDF-", "a PDF"},
		{"\x89PNG", "a picture"},
		{"\xff\xd8\xff", "a picture"},
		{"GIF8", "a picture"},
		{"\x7fELF", "a program"},
		{"MZ\x90", "a program"},
		{"SQLite format 3", "a database"},
	} {
		if bytes.HasPrefix(src, []byte(m.magic)) {
			return m.what
		}
	}
	if text, err := markup.Decode(src); err != nil || bytes.Count(text[:min(len(text), 4096)], []byte{0}) > 0 {
		return "no text but binary"
	}
	return ""
}
