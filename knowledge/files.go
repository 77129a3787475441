package knowledge

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"unicode/utf8"
)

// MaxFile is the largest file of a pack that is read, in bytes.
const MaxFile = 8 << 20

// manifest is the file that says what a pack is.
const manifest = "pack.yaml"

// endings lists those of the files that a folder of a pack may hold; none for a folder that is no part of one.
func endings(folder string) []string {
	switch folder {
	case "articles", folderCurated:
		return []string{".md"}
	case "facts":
		return []string{".yaml"}
	case "lexicon":
		return []string{".yaml", ".txt"}
	}
	return nil
}

// list finds the files of a pack. It looks nowhere but into a pack's own folders, so that a wrong directory, however
// large, is reported at once. Names with a dot before them belong to editors and version control.
func (l *loader) list(dir fs.FS) {
	entries, err := fs.ReadDir(dir, ".")
	if err != nil {
		l.problem(".", 0, err.Error(), "check that the folder is there and can be read")
		return
	}
	found, words := false, true
	for _, e := range entries {
		switch name := e.Name(); {
		case strings.HasPrefix(name, "."):
		case !l.plain(name, e):
		case e.IsDir():
			words = l.listFolder(dir, name) && words
		case name == manifest:
			found = true
			l.open(dir, name, e)
		case path.Ext(name) == ".md" || path.Ext(name) == ".txt" || path.Ext(name) == "": // README, LICENSE
		default:
			l.misplaced(name)
		}
	}
	if !found && !onlyCurated(entries) {
		l.problem(manifest, 0, "the pack has no pack.yaml", "add one with name, command, subject, role and scope")
	}
	// The lexicon reads its folder itself: it gets one only where every file may be read.
	if sub, err := fs.Sub(dir, "lexicon"); err == nil && words {
		l.words = append(l.words, sub)
	}
}

// onlyCurated says whether a folder holds curated answers and nothing else of a pack. It needs no pack.yaml: who
// writes answers over the packs there are has nothing to say in one.
func onlyCurated(entries []fs.DirEntry) bool {
	has := func(name string) bool {
		return slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return e.Name() == name && e.IsDir() })
	}
	return has(folderCurated) && !has("articles") && !has("facts") && !has("lexicon")
}

// listFolder opens the files of one folder and says whether all could be read.
func (l *loader) listFolder(dir fs.FS, folder string) bool {
	ends := endings(folder)
	if ends == nil {
		l.misplaced(folder + "/")
		return true
	}
	entries, err := fs.ReadDir(dir, folder)
	if err != nil {
		l.problem(folder, 0, err.Error(), "check that the folder can be read")
		return false
	}
	all := true
	for _, e := range entries {
		switch name := path.Join(folder, e.Name()); {
		case strings.HasPrefix(e.Name(), "."):
		case !l.plain(name, e):
			all = false
		case e.IsDir():
			l.misplaced(name + "/")
		case !slices.Contains(ends, path.Ext(name)):
			l.misplaced(name)
		case folder == "articles" && l.large:
			all = l.shelve(dir, name, e) && all
		default:
			all = l.open(dir, name, e) && all
		}
	}
	return all
}

// plain says whether an entry is a file or folder of its own. Links could lead out of the pack, and a pipe would
// never end.
func (l *loader) plain(name string, e fs.DirEntry) bool {
	switch {
	case e.Type()&fs.ModeSymlink != 0:
		l.problem(name, 0, "a symbolic link, which is not followed", "put the file itself there")
	case !e.IsDir() && !e.Type().IsRegular():
		l.problem(name, 0, "neither a file nor a folder", "remove it from the pack")
	default:
		return true
	}
	return false
}

func (l *loader) misplaced(name string) {
	l.problem(name, 0, "this belongs to no part of a pack",
		"a pack is pack.yaml, articles/*.md, facts/*.yaml, curated/*.md and lexicon/*.yaml or *.txt; move, rename or delete it")
}

// open takes a file's content in and says whether it can be used.
func (l *loader) open(dir fs.FS, name string, e fs.DirEntry) bool {
	src, err := readFile(dir, name, e)
	if err != nil {
		remedy := "check that the file can be read"
		if errors.Is(err, errTooLarge) {
			remedy = "split it"
		}
		l.problem(name, 0, err.Error(), remedy)
		return false
	}
	l.files = append(l.files, &reader{file: name, src: src, part: l.part})
	if utf8.Valid(src) {
		return true
	}
	r := l.files[len(l.files)-1]
	r.broken = true
	r.problem(badLine(src), "the file is not UTF-8", "save it as UTF-8")
	return false
}

var errTooLarge = fmt.Errorf("the file has more than %d bytes, the most that are read", MaxFile)

// readFile reads at most MaxFile bytes, whatever the directory said of the file's size.
func readFile(dir fs.FS, name string, e fs.DirEntry) ([]byte, error) {
	if info, err := e.Info(); err == nil && info.Size() > MaxFile {
		return nil, errTooLarge
	}
	f, err := dir.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	src, err := io.ReadAll(io.LimitReader(f, MaxFile+1))
	if err == nil && len(src) > MaxFile {
		err = errTooLarge
	}
	return src, err
}

// badLine is the line of the first byte that is no UTF-8.
func badLine(src []byte) int {
	line := 1
	for i := 0; i < len(src); {
		r, n := utf8.DecodeRune(src[i:])
		if r == utf8.RuneError && n == 1 {
			break
		}
		if r == '\n' {
			line++
		}
		i += n
	}
	return line
}
