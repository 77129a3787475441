package main

import (
	"encoding/json"
	"strings"
	"testing"
)

// kept is an export as its reader sees it.
type kept struct {
	User    string
	Journal []struct{ Text string }
	Votes   []struct{ Answer, Reason string }
	Turns   []struct{ Turn any }
}

func export(t *testing.T, vars func(string) string, user string) (kept, said) {
	t.Helper()
	got := runWith(t, vars, "data", "export", "--user", user)
	var k kept
	if err := json.Unmarshal([]byte(got.out), &k); err != nil || got.code != exitOK {
		t.Fatalf("export of %s: %+v, %v", user, got, err)
	}
	return k, got
}

// TestData follows one person's request: what is kept, a warning, the erasure, and that nobody else lost anything.
func TestData(t *testing.T) {
	t.Parallel()
	vars := state(t, week)
	ann, got := export(t, vars, "slack:ann")
	if len(ann.Journal) != 4 || len(ann.Votes) != 1 || ann.Votes[0].Reason != "figures of 2024" || len(ann.Turns) != 1 || got.errors != "" {
		t.Errorf("kept of ann is %+v, errors %q", ann, got.errors)
	}
	if strings.Contains(got.out, "ann") {
		t.Errorf("the export holds the name: %s", got.out)
	}
	got = runWith(t, vars, "data", "erase", "--user", "slack:ann")
	if got.code != exitUsage || got.out != "" || !strings.Contains(got.errors, "6 rows of slack:ann") || !strings.Contains(got.errors, "--yes") {
		t.Errorf("without --yes: %+v", got)
	}
	if again, _ := export(t, vars, "slack:ann"); len(again.Journal) != 4 {
		t.Errorf("without --yes, %d entries are left", len(again.Journal))
	}
	if got = runWith(t, vars, "data", "erase", "--user", "slack:ann", "--yes"); got.code != exitOK || got.out != "6 rows of slack:ann erased\n" {
		t.Errorf("with --yes: %+v", got)
	}
	if bob, _ := export(t, vars, "discord:bob"); len(bob.Journal) != 2 || len(bob.Votes) != 1 {
		t.Errorf("kept of bob is %+v", bob)
	}
	ann, got = export(t, vars, "slack:ann")
	if len(ann.Journal)+len(ann.Votes)+len(ann.Turns) != 0 || !strings.Contains(got.errors, "nothing is kept of slack:ann") {
		t.Errorf("kept of ann after all is %+v, errors %q", ann, got.errors)
	}
	if got = runWith(t, vars, "data", "erase", "--user", "slack:ann", "--yes"); got.code != exitOK || !strings.Contains(got.out, "nothing is kept") {
		t.Errorf("erased twice: %+v", got)
	}
	if got = runWith(t, vars, "data", "erase", "--user", "slack:ann"); got.code != exitUsage || !strings.Contains(got.errors, "nothing is kept") {
		t.Errorf("erased twice without --yes: %+v", got)
	}
}

func TestDataMisused(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{
		{"export"}, {"export", "--user", "ann"}, {"export", "--user", ":ann"}, {"erase", "--yes", "--user", "slack:"}, {"erase", "slack:ann"}, {"eras"},
	} {
		got := runWith(t, env(nil), append([]string{"data"}, args...)...)
		if got.code != exitUsage || got.out != "" {
			t.Errorf("%v: %+v", args, got)
		}
	}
	if got := runWith(t, env(nil), "data"); got.code != exitOK || !strings.Contains(got.out, "export") {
		t.Errorf("data alone: %+v", got)
	}
}
