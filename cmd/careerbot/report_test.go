package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"careerbot/bot/chat/chattest"
	"careerbot/bot/report"
	"careerbot/bot/store"
)

// began is the first day of the journal that tests make.
var began = time.Date(2026, 5, 1, 9, 0, 0, 0, time.UTC)

// state makes a SQLite state with what record puts into it, and gives the variables that name it.
func state(t *testing.T, record func(context.Context, *store.Store) error) func(string) string {
	t.Helper()
	url := "sqlite:" + filepath.Join(t.TempDir(), "state", "careerbot.db")
	s, err := store.Open(t.Context(), url, store.Options{Now: func() time.Time { return began }})
	if err != nil {
		t.Fatal(err)
	}
	if err := record(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return env(map[string]string{"DATABASE_URL": url})
}

// week records a few days of questions and votes.
func week(ctx context.Context, s *store.Store) error {
	entries := []store.Entry{
		{Answer: "1", Topic: "salary", Text: "backend salary in germany", User: "slack:ann"},
		{Answer: "2", Topic: "salary", Text: "germany mein backend ki salary kitni hai", User: "discord:bob", At: began.AddDate(0, 0, 1)},
		{Answer: "3", Topic: "faq", Text: "do i need a visa for munich", User: "discord:bob", At: began.AddDate(0, 0, 1)},
		{Answer: "4", Topic: "faq", Text: "is kotlin good for backend", User: "slack:ann", At: began.AddDate(0, 0, 2)},
		{Answer: "5", Topic: "chat", Text: "hello", User: "slack:ann", At: began.AddDate(0, 0, 2)},
		{Answer: "6", Topic: "salary", Text: "senior backend salary in india", Answered: true, User: "slack:ann", At: began.AddDate(0, 0, 2)},
		{Answer: "7", Topic: "skills", Text: "which skills do i need", Answered: true, User: "slack:cem", At: began.AddDate(0, 0, 4)},
		{Answer: "8", Topic: "salary", Text: "backend salary in peru", User: "slack:cem", At: began.AddDate(0, 1, 0)},
	}
	for i, e := range entries {
		e.Platform, e.Took = "slack", time.Duration(i+1)*150*time.Microsecond
		if err := s.Record(ctx, e); err != nil {
			return err
		}
	}
	for _, v := range []store.Vote{
		{Answer: "6", User: "slack:ann", Reason: "figures of 2024"},
		{Answer: "7", User: "slack:cem", Up: true},
		{Answer: "7", User: "discord:bob", Up: true},
	} {
		if err := s.Vote(ctx, v); err != nil {
			return err
		}
	}
	return s.SaveTurn(ctx, s.ThreadOf("slack:general", "slack:ann"), "", []byte(`{"q":"hello"}`))
}

func nothing(context.Context, *store.Store) error { return nil }

// said is what one run of the program did.
type said struct {
	code        int
	out, errors string
}

func runWith(t *testing.T, vars func(string) string, args ...string) said {
	t.Helper()
	var out, complaint strings.Builder
	code := run(t.Context(), args, strings.NewReader(""), &out, &complaint, vars)
	return said{code, out.String(), complaint.String()}
}

// may are the flags for the days that week fills.
var may = []string{"report", "--days", "5", "--until", "2026-05-05"}

func TestReport(t *testing.T) {
	t.Parallel()
	vars := state(t, week)
	for name, more := range map[string][]string{"report.txt": nil, "report-gaps.txt": {"--gaps", "--top", "1"}, "report.csv": {"--csv"}} {
		got := runWith(t, vars, append(may, more...)...)
		if got.code != exitOK || got.errors != "" {
			t.Fatalf("%s: status %d, errors %q", name, got.code, got.errors)
		}
		chattest.Golden(t, filepath.Join("testdata", "report", name), []byte(got.out))
	}
}

func TestReportJSON(t *testing.T) {
	t.Parallel()
	vars := state(t, week)
	var r report.Report
	got := runWith(t, vars, append(may, "--json")...)
	dec := json.NewDecoder(strings.NewReader(got.out))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&r); err != nil || got.code != exitOK {
		t.Fatalf("status %d, %v, errors %q", got.code, err, got.errors)
	}
	if c := r.Total; c.Questions != 7 || c.Answered != 2 || c.Declined != 4 || c.Talk != 1 || c.Up != 2 || c.Down != 1 || c.Accepted == nil {
		t.Errorf("total is %+v", c)
	}
	if len(r.Days) != 5 || r.People != 3 || len(r.Gaps) == 0 || r.Gaps[0].Entity != "germany" || r.Gaps[0].Asked != 3 {
		t.Errorf("%d days, %d people, gaps %+v", len(r.Days), r.People, r.Gaps)
	}
	got = runWith(t, vars, append(may, "--gaps", "--csv")...)
	if rows, err := csv.NewReader(strings.NewReader(got.out)).ReadAll(); err != nil || len(rows) != len(r.Gaps)+1 {
		t.Errorf("the table of gaps is %q, %v", rows, err)
	}
	got = runWith(t, vars, append(may, "--gaps", "--json")...)
	if !json.Valid([]byte(got.out)) || strings.Contains(got.out, `"total"`) {
		t.Errorf("the gaps alone are %s", got.out)
	}
}

func TestReportEmpty(t *testing.T) {
	t.Parallel()
	vars := state(t, nothing)
	if got := runWith(t, vars, "report"); got.code != exitOK || !strings.Contains(got.out, "No question was asked") {
		t.Errorf("status %d, output %q, errors %q", got.code, got.out, got.errors)
	}
	if got := runWith(t, vars, "report", "--json"); got.code != exitOK || !strings.Contains(got.out, `"gaps": []`) {
		t.Errorf("status %d, output %q", got.code, got.out)
	}
}

// TestStateRefused wants every way in which a state cannot be read told with its remedy, by each command that reads it.
func TestStateRefused(t *testing.T) {
	t.Parallel()
	taken := state(t, week)
	holder, err := store.Open(t.Context(), taken("DATABASE_URL"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := holder.Close(); err != nil {
			t.Error(err)
		}
	})
	missing := filepath.Join(t.TempDir(), "none.db")
	for _, args := range [][]string{{"report"}, {"data", "export", "--user", "slack:ann"}, {"data", "erase", "--user", "slack:ann", "--yes"}} {
		got := runWith(t, taken, args...)
		if got.code != exitFailure || got.out != "" || !strings.Contains(got.errors, "in use by another careerbot") ||
			!strings.Contains(got.errors, "stop the server") || !strings.Contains(got.errors, "PostgreSQL") {
			t.Errorf("%v, in use: %+v", args, got)
		}
		got = runWith(t, env(map[string]string{"DATABASE_URL": "sqlite:" + missing}), args...)
		if got.code != exitFailure || !strings.Contains(got.errors, "no state at "+missing) {
			t.Errorf("%v, not there: %+v", args, got)
		}
		got = runWith(t, env(map[string]string{"DATABASE_URL": "mysql://x"}), args...)
		if got.code != exitFailure || !strings.Contains(got.errors, "DATABASE_URL") {
			t.Errorf("%v, no database: %+v", args, got)
		}
	}
}

func TestReportMisused(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{
		{"--days", "0"}, {"--days", "100000"}, {"--days", "x"}, {"--until", "yesterday"}, {"--until", "2026-02-30"}, {"--top", "-1"}, {"--json", "--csv"}, {"may"},
	} {
		got := runWith(t, env(nil), append([]string{"report"}, args...)...)
		if got.code != exitUsage || got.out != "" || !strings.Contains(got.errors, "report --help") {
			t.Errorf("%v: %+v", args, got)
		}
	}
}

func TestReportUnwritable(t *testing.T) {
	t.Parallel()
	vars := state(t, week)
	for _, args := range [][]string{append(may, "--json"), {"data", "export", "--user", "slack:ann"}} {
		var complaint bytes.Buffer
		if code := run(t.Context(), args, strings.NewReader(""), full{}, &complaint, vars); code != exitFailure || !strings.Contains(complaint.String(), "disk full") {
			t.Errorf("%v: status %d, errors %q", args, code, complaint.String())
		}
	}
}
