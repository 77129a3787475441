package importer_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"careerbot/bot"
	"careerbot/bot/chat"
	"careerbot/knowledge/importer"
)

// roofer and thatcher are two pages as people save them: figures of states beside the country's, an hour's pay beside a
// year's, other people's pay between them; and one with hours alone.
const (
	roofer = `# Roofer salary in the US

Roofers put up roofs and mend them. A roofer works at heights and in every weather.

## What roofers earn

Roofers in the US earn $50,500 a year on average, or $24.28 an hour. Roof inspectors earn $80,000. The best-paid roofers
in the US earn $91,000.

## Roofer pay by state

| State | Average roofer salary | Hourly wage |
|---|---|---|
| Ohio | $52,000 | $25.00 |
| Texas | $49,000 | $23.56 |
`
	thatcher = `# Thatcher salary guide

A thatcher covers roofs with straw. Thatchers learn from another thatcher for years.

## Thatcher salary

Thatchers are paid £31 an hour in their first job.
`
)

// TestAsked imports a page and asks what its readers would: each place's own figure, nobody else's, and in words what no
// table can hold.
func TestAsked(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ page, question, want, not string }{
		{roofer, "what does a roofer earn?", "$50,500", "$52,000"},
		{roofer, "roofer salary in Ohio", "$52,000", "$50,500"},
		{roofer, "roofer salary in Texas", "$49,000", "$52,000"},
		{roofer, "roofer salary in the US", "$50,500", "$80,000"},
		{roofer, "which is the best paid role?", "$50,500", "India"},
		{roofer, "roofer salary in rupees", "$50,500", "India"},
		{thatcher, "thatcher salary", "£31 an hour", "No figure in the articles"},
	} {
		t.Run(test.question, func(t *testing.T) {
			t.Parallel()
			page := filepath.Join(t.TempDir(), "page.md")
			if err := os.WriteFile(page, []byte(test.page), 0o600); err != nil {
				t.Fatal(err)
			}
			to := filepath.Join(t.TempDir(), "pack")
			if _, err := importer.Import(t.Context(), importer.Options{Sources: []string{page}, To: to}); err != nil {
				t.Fatal(err)
			}
			lib, err := bot.OpenLibrary(t.Context(), bot.LibraryConfig{Dirs: []string{to}})
			if err != nil {
				t.Fatal(err)
			}
			defer lib.Close()
			a, err := bot.New(lib).Ask(t.Context(), chat.Question{ID: "1", Text: test.question})
			if err != nil {
				t.Fatal(err)
			}
			if text := chat.Plain(a); !a.Answered || !strings.Contains(text, test.want) || strings.Contains(text, test.not) {
				t.Errorf("answered %t, want %q and not %q:\n%s", a.Answered, test.want, test.not, text)
			}
		})
	}
}
