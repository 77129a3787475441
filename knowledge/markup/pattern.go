package markup

import (
	"regexp"
	"sync"
)

// Pattern is a regular expression that is compiled at its first use: the program starts anew for every question asked on
// the command line, and few starts import anything. It is safe for concurrent use.
type Pattern struct {
	text string
	once sync.Once
	re   *regexp.Regexp
}

// Compile makes a Pattern of an expression of the program's own. One that is wrong panics at its first use, which the
// tests make.
func Compile(text string) *Pattern { return &Pattern{text: text} }

func (p *Pattern) get() *regexp.Regexp {
	p.once.Do(func() { p.re = regexp.MustCompile(p.text) })
	return p.re
}

// MatchString and the other methods are those of [regexp.Regexp].
func (p *Pattern) MatchString(s string) bool { return p.get().MatchString(s) }

// FindString is that of [regexp.Regexp], as are those below.
func (p *Pattern) FindString(s string) string { return p.get().FindString(s) }

// FindStringIndex gives the place of the first match.
func (p *Pattern) FindStringIndex(s string) []int { return p.get().FindStringIndex(s) }

// FindStringSubmatch gives the first match and its parts.
func (p *Pattern) FindStringSubmatch(s string) []string { return p.get().FindStringSubmatch(s) }

// FindStringSubmatchIndex gives the places of the first match and its parts.
func (p *Pattern) FindStringSubmatchIndex(s string) []int { return p.get().FindStringSubmatchIndex(s) }

// FindAllString gives at most n matches.
func (p *Pattern) FindAllString(s string, n int) []string { return p.get().FindAllString(s, n) }

// FindAllStringSubmatch gives at most n matches and their parts.
func (p *Pattern) FindAllStringSubmatch(s string, n int) [][]string {
	return p.get().FindAllStringSubmatch(s, n)
}

// FindAllStringIndex gives the places of at most n matches.
func (p *Pattern) FindAllStringIndex(s string, n int) [][]int {
	return p.get().FindAllStringIndex(s, n)
}

// FindAllStringSubmatchIndex gives the places of at most n matches and their parts.
func (p *Pattern) FindAllStringSubmatchIndex(s string, n int) [][]int {
	return p.get().FindAllStringSubmatchIndex(s, n)
}

// ReplaceAllString replaces every match.
func (p *Pattern) ReplaceAllString(s, by string) string { return p.get().ReplaceAllString(s, by) }

// ReplaceAllStringFunc replaces every match by what by makes of it.
func (p *Pattern) ReplaceAllStringFunc(s string, by func(string) string) string {
	return p.get().ReplaceAllStringFunc(s, by)
}

// Split parts s at the matches.
func (p *Pattern) Split(s string, n int) []string { return p.get().Split(s, n) }

// Match says whether b holds a match.
func (p *Pattern) Match(b []byte) bool { return p.get().Match(b) }
