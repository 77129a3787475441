package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"careerbot/bot/chat"
)

// liveWait is how soon an edit has to be live.
const liveWait = 2 * time.Second

// editions is a pack of one fact that names its edition. Its files are written as an editor does, in place.
type editions struct{ dir string }

func newEditions(t *testing.T) editions {
	t.Helper()
	e := editions{t.TempDir()}
	e.write(t, "pack.yaml", "name: good\ncommand: good\nsubject: work\nscope: What one article says.\nrole: backend\n")
	e.write(t, "articles/one.md", "---\nid: one\npublisher: Somebody\ntitle: About work\nauthor: A. Writer\ndate: 2025-05-12\n"+
		"date_kind: updated\nurl: https://example.org/work\n---\n## What it is\n\nWork is work.\n")
	e.write(t, "lexicon/words.yaml", "entities:\n  - {id: backend, kind: role, name: back-end developer, words: [backend]}\n"+
		"  - {id: python, kind: language, name: Python, words: [python]}\n")
	e.edit(t, 0)
	return e
}

func (e editions) write(t *testing.T, name, text string) {
	t.Helper()
	path := filepath.Join(e.dir, filepath.FromSlash(name))
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o750), os.WriteFile(path, []byte(text), 0o600)); err != nil {
		t.Fatal(err)
	}
}

// edit makes the fact's edition n.
func (e editions) edit(t *testing.T, n int) {
	t.Helper()
	e.write(t, "facts/one.yaml", fmt.Sprintf("article: one\nsections:\n  - section: what-it-is\n    facts:\n"+
		"      - {id: f1, kind: skill, subject: Python, text: \"Python is asked for, edition %d.\",\n"+
		"         asks: [%q], about: [python]}\n", n, aboutEdition))
}

const aboutEdition = "Is Python asked for?"

// edition reads which one an answer is from; -1 where it names none.
func edition(text string) int {
	found := regexp.MustCompile(`edition (\d+)`).FindStringSubmatch(text)
	if found == nil {
		return -1
	}
	n, err := strconv.Atoi(found[1])
	if err != nil {
		return -1
	}
	return n
}

// TestServeReloads edits a pack that is being served: an edit is soon live, a bad one keeps the old and is seen in
// /readyz, and its repair is live again.
func TestServeReloads(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		dir  func(t *testing.T, real string) string
	}{
		{"directory", func(_ *testing.T, real string) string { return real }},
		{"link", func(t *testing.T, real string) string {
			link := filepath.Join(t.TempDir(), "link")
			if err := os.Symlink(real, link); err != nil {
				t.Skipf("no links here: %v", err)
			}
			return link
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			pack := newEditions(t)
			url, _ := sqliteFile(t)
			s := serve(t, map[string]string{"DATABASE_URL": url, "HTTP_KEY": "k", "USER_RATE": "0", "KNOWLEDGE_DIRS": test.dir(t, pack.dir)}, "--no-builtin")
			now := func() int { return edition(s.ask(t, aboutEdition, "", "").Text) }
			if got := now(); got != 0 {
				t.Fatalf("edition %d, want 0", got)
			}
			soonest := time.Hour
			for n := 1; n <= 10 && soonest > liveWait; n++ { // further tries are for machines that are busy with something else
				pack.edit(t, n)
				soonest = min(soonest, within(t, startWait, "the edit is live", func() bool { return now() == n }))
			}
			if soonest > liveWait {
				t.Errorf("the edit was live after %v, want %v", soonest, liveWait)
			}
			badEdit(t, s, pack, now)
		})
	}
}

// badEdit breaks the pack and repairs it.
func badEdit(t *testing.T, s *served, pack editions, now func() int) {
	t.Helper()
	before := now()
	pack.write(t, "facts/one.yaml", "article: nowhere\n")
	within(t, startWait, "the bad edit is seen, and its file named", func() bool {
		_, body := s.get(t, "/readyz")
		part := readyPart(t, body, "knowledge")
		return !part.Ready && strings.Contains(part.Say, "facts/one.yaml")
	})
	if got := now(); got != before {
		t.Errorf("edition %d while the pack is broken, want %d", got, before)
	}
	pack.write(t, "facts/new/two.yaml", "")
	pack.edit(t, 1000)
	if err := os.RemoveAll(filepath.Join(pack.dir, "facts", "new")); err != nil {
		t.Fatal(err)
	}
	within(t, startWait, "the repair is live", func() bool { return now() == 1000 })
	s.shows(t, http.StatusOK, "") // a moment after it is live
}

// open opens the server's parts on the pack alone, with its index in indexDir or, without one, in memory. It does not serve.
func (e editions) open(t *testing.T, indexDir string) *server {
	t.Helper()
	p := &program{env: env(nil), err: io.Discard, out: io.Discard, noBuiltin: true, knowledge: []string{e.dir}, indexDir: indexDir}
	s, err := p.open(t.Context(), benchConfig(t.TempDir(), "k", false))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		s.listener.Close()
		s.closeAll()
	})
	return s
}

// TestReloadsUnderQuestions reloads 1,000 times while questions are asked: each is answered, from an edition that was
// live in its time.
func TestReloadsUnderQuestions(t *testing.T) {
	t.Parallel()
	const askers = 2
	reloads := 1000
	if testing.Short() {
		reloads = 20
	}
	pack := newEditions(t)
	s := pack.open(t, "")
	var written, live, asked atomic.Int64
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var running sync.WaitGroup
	for range askers {
		running.Go(func() {
			for ctx.Err() == nil {
				low := live.Load()
				a, err := s.ask.Ask(t.Context(), chat.Question{Platform: "web", Text: aboutEdition})
				if got := int64(edition(chat.Plain(a))); err != nil || got < low || got > written.Load() {
					t.Errorf("edition %d while %d to %d were live: %v", got, low, written.Load(), err)
					return
				}
				asked.Add(1)
			}
		})
	}
	for n := 1; n <= reloads; n++ {
		before := asked.Load()
		pack.edit(t, n)
		written.Store(int64(n))
		s.reload(t.Context(), "test")
		if s.reading != nil {
			t.Fatal(s.reading)
		}
		live.Store(int64(n))
		within(t, startWait, "a question is answered between reloads", func() bool { return asked.Load() > before || t.Failed() })
	}
	stop()
	running.Wait()
	t.Logf("%d answers over %d reloads", asked.Load(), reloads)
}

// TestReloadIndexDir wants the index on disk to be replaced while it is being read.
func TestReloadIndexDir(t *testing.T) {
	t.Parallel()
	pack := newEditions(t)
	s := pack.open(t, filepath.Join(t.TempDir(), "index"))
	for n := 1; n <= 5; n++ {
		pack.edit(t, n)
		s.reload(t.Context(), "test")
		a, err := s.ask.Ask(t.Context(), chat.Question{Platform: "web", Text: aboutEdition})
		if got := edition(chat.Plain(a)); err != nil || s.reading != nil || got != n {
			t.Errorf("edition %d, want %d: %v, %v", got, n, err, s.reading)
		}
	}
}

// readyPart reads what /readyz says of a part.
func readyPart(t *testing.T, body, name string) readiness {
	t.Helper()
	var parts []readiness
	if err := json.Unmarshal([]byte(body), &parts); err != nil {
		t.Fatal(err)
	}
	for _, p := range parts {
		if p.Part == name {
			return p
		}
	}
	t.Fatalf("no part %q in %s", name, body)
	return readiness{}
}
