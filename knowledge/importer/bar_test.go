package importer_test

import (
	"os"
	"path/filepath"
	"testing"

	"careerbot/bot"
	"careerbot/bot/eval"
	"careerbot/knowledge/importer"
)

// shared is where the raw captures and the judged questions lie beside the repository.
const shared = "../../../shared/"

// bars are what answers from raw pages must reach: nearly what the pack made by hand does, and it declines alike.
const bars = "acc1=0.80,acc3=0.90,src1=0.90,decline=0.95,false_decline=0.02"

// TestBar imports the five raw captures as they are and puts the judged questions to a bot that knows nothing else.
func TestBar(t *testing.T) {
	t.Parallel()
	questions, err := os.Open(shared + "questions/dev.jsonl")
	if err != nil {
		t.Skipf("the judged questions do not lie beside the repository: %v", err)
	}
	defer questions.Close()
	qs, err := eval.Load(questions)
	if err != nil {
		t.Fatal(err)
	}
	to := filepath.Join(t.TempDir(), "pack")
	var sources []string
	for id, file := range map[string]string{"upgrad": "000", "randstad": "001", "scholarhat": "002", "glossary": "003", "gfg": "004"} {
		names, _ := filepath.Glob(shared + "seeds/" + file + "_*.txt")
		if len(names) != 1 {
			t.Skip("the captures do not lie beside the repository")
		}
		sources = append(sources, id+"="+names[0])
	}
	r, err := importer.Import(t.Context(), importer.Options{Sources: sources, To: to})
	if err != nil || len(r.Skipped) > 0 {
		t.Fatal(err, r.Skipped)
	}
	lib, err := bot.OpenLibrary(t.Context(), bot.LibraryConfig{Dirs: []string{to}})
	if err != nil {
		t.Fatal(err)
	}
	defer lib.Close()
	report, err := eval.Run(t.Context(), bot.New(lib), qs)
	if err != nil {
		t.Fatal(err)
	}
	if err := report.Figures.Require(bars); err != nil {
		t.Error(err)
	}
	checkSpans(t, lib.Pack())
}
