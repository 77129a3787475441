package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"careerbot/adapters"
	"careerbot/bot"
	"careerbot/bot/chat"
	"careerbot/bot/store"
	"careerbot/knowledge"
)

// settings makes a finding of every setting that is wrong.
func (d *doctor) settings(wrong error) {
	list := leaves(wrong)
	for _, err := range list {
		d.fails("settings", err, `mend it where it is set; "careerbot config print" lists every setting and where it comes from`)
	}
	if len(list) > 0 {
		return
	}
	set := 0
	for _, from := range d.config.from {
		if from != "default" {
			set++
		}
	}
	d.ok("settings: all %d can be used, %d of them set", len(d.config.values), set)
}

// leaves are the errors that were joined to one.
func leaves(err error) []error {
	if err == nil {
		return nil
	}
	joined, ok := err.(interface{ Unwrap() []error }) //nolint:errorlint // only the join itself, not what it wraps
	if !ok {
		return []error{err}
	}
	var out []error
	for _, e := range joined.Unwrap() {
		out = append(out, leaves(e)...)
	}
	return out
}

// address looks whether the HTTP address is free, or whose it is. A server is asked before the address is tried, as some
// systems let two programs listen in the same place.
func (d *doctor) address(ctx context.Context) {
	if !d.good("LISTEN_ADDR") {
		return
	}
	addr := d.config.get("LISTEN_ADDR")
	parts, err := askReady(ctx, addr)
	if err == nil {
		d.running = parts
		d.ok("address %s: a careerbot serves there", addr)
		d.server()
		return
	}
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		d.problem("address "+addr, err.Error(), "end the program that has it, or set LISTEN_ADDR to another one of this machine")
		return
	}
	if err := listener.Close(); err != nil {
		d.problem("address "+addr, err.Error(), "try again")
		return
	}
	d.ok("address %s: free", addr)
}

// server passes on what a running server says of its parts.
func (d *doctor) server() {
	for _, part := range d.running {
		if part.Ready {
			d.ok("running server, %s: ready", part.Part)
			continue
		}
		d.fails("running server, "+part.Part, errors.New(part.Say), "see its log")
	}
}

// state looks whether the state can be used: where there is one, by using it.
func (d *doctor) state(ctx context.Context) {
	if !d.good("DATABASE_URL", "STATE_KEY", "RETENTION") {
		return
	}
	url := d.config.get("DATABASE_URL")
	what := "state " + shownURL(url)
	d.clock(what, url)
	if path, ok := strings.CutPrefix(url, "sqlite:"); ok && !strings.HasPrefix(path, ":") {
		path = strings.TrimPrefix(path, "//")
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			d.room(what, filepath.Dir(path))
			return
		}
	}
	ctx, cancel := context.WithTimeout(ctx, stateWait)
	defer cancel()
	key, _ := stateKey(d.config.get("STATE_KEY")) // good, as was seen above
	st, err := store.Open(ctx, url, store.Options{Key: key, Retention: d.config.duration("RETENTION")})
	switch {
	case errors.Is(err, store.ErrInUse):
		d.ok("%s: another careerbot has it and only that one can examine it (%s)", what, holder(err))
		return
	case err != nil:
		d.fails(what, unprefixed(err), "see that DATABASE_URL names a database this user may use")
		return
	}
	d.store = st
	d.usable(ctx, what)
}

// unprefixed leaves out of the store's error which state it is of: the finding says that already.
func unprefixed(err error) error {
	if rest, ok := strings.CutPrefix(err.Error(), "open the state "); ok {
		if _, said, ok := strings.Cut(rest, ": "); ok {
			return errors.New(said)
		}
	}
	return err
}

// holder is what the store says of the process that has the file.
func holder(err error) string {
	s := err.Error()
	if i := strings.LastIndex(s, "(process "); i >= 0 {
		return strings.Trim(s[i:], "()")
	}
	return "its process is not known"
}

// usable writes to the open state and reads from it.
func (d *doctor) usable(ctx context.Context, what string) {
	if err := d.store.Ping(ctx); err != nil {
		d.fails(what, err, "see that the database can be written")
		return
	}
	stats, err := d.store.Stats(ctx)
	if err != nil {
		d.fails(what, err, "see that the database can be read")
		return
	}
	d.ok("%s: opens, can be written, its schema is current; %d answers promised and not delivered", what, stats.Outbox)
	if off := stats.Clock.Abs(); off > clockSlack {
		d.problem("clock", fmt.Sprintf("it is %s off the database's", off.Round(time.Second)), "have both machines keep time by NTP")
	}
}

// clock compares this machine's clock with the latest time it must be past: of the program's making, and of the last write
// to the state, before anything else is written there.
func (d *doctor) clock(what, url string) {
	now, known := time.Now(), []struct {
		of string
		at time.Time
	}{{of: "this program's source"}, {of: "the last write to the " + what}}
	known[0].at, _ = time.Parse(time.RFC3339, readBuild().Date)
	if path, ok := strings.CutPrefix(url, "sqlite:"); ok {
		if st, err := os.Stat(strings.TrimPrefix(path, "//")); err == nil {
			known[1].at = st.ModTime()
		}
	}
	for _, k := range known {
		if k.at.Sub(now) > clockSlack {
			d.problem("clock", fmt.Sprintf("it says %s, which is before %s of %s", now.UTC().Format(time.RFC3339), k.of, k.at.UTC().Format(time.RFC3339)),
				"set it, and have it kept by NTP")
			return
		}
	}
	d.ok("clock: %s", now.UTC().Format(time.RFC3339))
}

// room looks whether a file could be made in dir, without making dir: made by another user than the server's, it would
// keep the server out.
func (d *doctor) room(what, dir string) {
	near := dir
	for {
		if _, err := os.Stat(near); err == nil || filepath.Dir(near) == near {
			break
		}
		near = filepath.Dir(near)
	}
	f, err := os.CreateTemp(near, ".careerbot-doctor-*")
	if err != nil {
		d.problem(what, "there is none, and it could not be made: "+err.Error(), "give the user that runs careerbot the right to write there, or name another place with DATABASE_URL=sqlite:PATH")
		return
	}
	f.Close()
	if err := os.Remove(f.Name()); err != nil {
		d.problem(what, "files made there cannot be removed: "+err.Error(), "see to the rights of the directory")
		return
	}
	d.ok("%s: there is none yet; the first start can make it", what)
}

// knowledge checks every pack.
func (d *doctor) knowledge(context.Context) {
	if !d.p.noBuiltin {
		d.pack("knowledge, built in", "careerbot knowledge check", knowledge.BuiltinFS())
	}
	for _, dir := range d.dirs() {
		what := "knowledge " + dir
		if st, err := os.Stat(dir); err != nil || !st.IsDir() {
			d.problem(what, "it is no directory", "name the folder that holds pack.yaml")
			continue
		}
		d.pack(what, "careerbot knowledge check "+dir, os.DirFS(dir))
	}
}

// dirs are the packs that serve would read beside the built-in one.
func (d *doctor) dirs() []string {
	var out []string
	if d.good("KNOWLEDGE_DIRS") {
		out = listed(d.config.get("KNOWLEDGE_DIRS"))
	}
	return append(out, d.p.knowledge...)
}

func (d *doctor) pack(what, command string, files fs.FS) {
	pack, problems := knowledge.Check(files)
	for i, p := range problems {
		if i == mostFaults {
			d.problem(what, fmt.Sprintf("%d more faults", len(problems)-i), command+" lists them all")
			return
		}
		where := p.File
		if p.Line > 0 {
			where = fmt.Sprintf("%s:%d", p.File, p.Line)
		}
		d.problem(what, where+": "+p.Say, p.Remedy)
	}
	if len(problems) == 0 {
		d.ok("%s: %d articles, %d facts", what, len(pack.Articles), len(pack.Facts))
	}
}

// tries is how many known questions are put before the index counts as useless.
const tries = 5

// index builds the index as serve would, in memory so that nothing on disk changes, and asks what it must know.
func (d *doctor) index(ctx context.Context) {
	began := time.Now()
	lib, err := bot.OpenLibrary(ctx, bot.LibraryConfig{Builtin: !d.p.noBuiltin, Dirs: d.dirs()})
	if err != nil {
		d.problem("index", "it cannot be built: "+err.Error(), "mend the knowledge first")
		return
	}
	defer func() { _ = lib.Close() }() // it is in memory
	d.ok("index: %d documents, %d words, built in %s", lib.Index().Documents, lib.Index().Terms, time.Since(began).Round(time.Millisecond))
	asked := 0
	for _, f := range lib.Pack().Facts {
		if len(f.Asks) == 0 {
			continue
		}
		if asked++; asked > tries {
			break
		}
		began = time.Now()
		a, err := bot.New(lib).Ask(ctx, chat.Question{Platform: platform, Text: f.Asks[0]})
		if err == nil && a.Answered {
			d.ok("answers: %q in %s", f.Asks[0], time.Since(began).Round(10*time.Microsecond))
			return
		}
	}
	d.problem("answers", "none of the questions that the first facts say they answer is answered", "run \"careerbot ask --why\" with a question from \"asks:\" of a facts file")
}

// adapters passes on what the adapters that are set up say of themselves.
func (d *doctor) adapters(ctx context.Context) {
	s := &server{config: d.config, log: slog.New(slog.DiscardHandler), store: d.store}
	if s.store == nil {
		st, err := store.Open(ctx, "sqlite::memory:", store.Options{})
		if err != nil {
			d.fails("adapters", err, "this is a fault of the program; please report it")
			return
		}
		defer func() { _ = st.Close() }() // it is in memory
		s.store = st
	}
	list := s.makeAdapters()
	if len(list) == 0 {
		d.ok("adapters: none is set up, so the server answers nobody; DISCORD_TOKEN, SLACK_BOT_TOKEN and HTTP_KEY turn one on")
	}
	for name, wanted := range d.wanted {
		if wanted && !slices.ContainsFunc(list, func(a adapters.Adapter) bool { return a.Name() == name }) {
			d.problem("adapter "+name, "it is not set up", "set its tokens; the README says where to find them")
		}
	}
	for _, a := range list {
		if len(d.wanted) == 0 || d.wanted[a.Name()] {
			d.adapter(ctx, a)
		}
	}
}

func (d *doctor) adapter(ctx context.Context, a adapters.Adapter) {
	ctx, cancel := context.WithTimeout(ctx, adapterWait)
	defer cancel()
	var found []adapters.Finding
	if c, ok := a.(adapters.Checker); ok {
		found = c.Check(ctx)
	}
	if p, ok := a.(adapters.Prober); ok && d.online {
		found = append(found, p.Probe(ctx)...)
	}
	if len(found) == 0 {
		d.ok("adapter %s: set up", a.Name())
	}
	for _, f := range found {
		f.What = "adapter " + a.Name() + ", " + f.What
		d.add(f)
	}
}

// shownURL is a database's address as it may be printed: without the password, and without the rest of the query, where
// one may stand too.
func shownURL(s string) string {
	if strings.HasPrefix(s, "sqlite:") {
		return s
	}
	s, _, _ = strings.Cut(hidePassword(s), "?")
	return s
}
