package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"careerbot/adapters"
	"careerbot/bot/store"

	"github.com/spf13/cobra"
)

// Bounds of an examination.
const (
	stateWait   = 10 * time.Second // for a database to be opened and written
	adapterWait = 20 * time.Second // for one adapter's checks, its platform's answers included
	mostFaults  = 10               // of one pack are shown; "knowledge check" shows all
	clockSlack  = time.Minute      // that clocks may differ by: Slack refuses requests that are five minutes old
)

// doctor examines what serve would run with.
type doctor struct {
	p       *program
	config  config
	online  bool
	wanted  map[string]bool              // adapters that are to be examined, and set up; empty: those that are set up
	out     func(adapters.Finding) error // gets each finding as it is made; an error ends the examination
	failed  error                        // of out
	faults  int
	running []readiness // what a server that has the address says of its parts; nil where there is none
	store   *store.Store
}

func (p *program) doctorCommand() *cobra.Command {
	online, asJSON, onDiscord, onSlack := false, false, false, false
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Examine settings, state, knowledge and adapters, and say what to do about whatever is wrong",
		Long: `doctor examines what "careerbot serve" with the same settings would run with: each setting,
the state (that it opens and can be written, its schema, the clock), every pack of knowledge,
the search index, the HTTP address, and what the adapters say of how they are set up. With
--online they also ask their platforms whether they would be let in.

Each finding is one line, "ok …" or "PROBLEM … → what to do", and the exit status is 1 where
there is a problem. A state or an address that a running careerbot has is no problem; what that
server says of itself is then a finding. A state that is there is opened as serve opens it,
which brings an older schema up to date; one that is not there is not made.`,
		Example: `  careerbot doctor
  careerbot doctor --online
  careerbot doctor --slack --online
  DATABASE_URL=postgres://bot@db/careerbot careerbot doctor --json`,
		Args: cobra.NoArgs,
	}
	cmd.Flags().BoolVar(&online, "online", false, "have the adapters ask their platforms too")
	cmd.Flags().BoolVar(&onDiscord, "discord", false, "of the adapters examine Discord's alone, which must be set up")
	cmd.Flags().BoolVar(&onSlack, "slack", false, "of the adapters examine Slack's alone, which must be set up")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	flags, path := p.addSettings(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		c, err := p.load(cmd, flags, *path)
		d := &doctor{p: p, config: c, online: online, wanted: map[string]bool{}}
		if onDiscord {
			d.wanted["discord"] = true
		}
		if onSlack {
			d.wanted["slack"] = true
		}
		return p.examine(cmd.Context(), d, err, asJSON)
	}
	return cmd
}

// examine runs the doctor and prints what it found; wrong is what loading the settings came to.
func (p *program) examine(ctx context.Context, d *doctor, wrong error, asJSON bool) error {
	var all []adapters.Finding
	d.out = func(f adapters.Finding) error {
		_, err := fmt.Fprintln(p.out, line(f))
		return err
	}
	if asJSON {
		d.out = func(f adapters.Finding) error {
			all = append(all, f)
			return nil
		}
	}
	d.run(ctx, wrong)
	if err := ctx.Err(); err != nil {
		return err // what was found of a broken-off examination proves nothing
	}
	if asJSON {
		d.failed = p.printFindings(all, d.faults == 0)
	}
	switch {
	case d.failed != nil:
		return fmt.Errorf("print the findings: %w", d.failed)
	case d.faults > 0:
		return errFaults
	}
	return nil
}

// run makes all examinations, one after the other. What cannot be examined because a setting is wrong is left out: the
// setting is a finding already.
func (d *doctor) run(ctx context.Context, wrong error) {
	d.settings(wrong)
	for _, examine := range []func(context.Context){
		d.address, // before the state, which a running server may have
		d.state, d.knowledge, d.index, d.adapters,
	} {
		if d.failed == nil && ctx.Err() == nil {
			examine(ctx)
		}
	}
	if d.store != nil {
		if err := d.store.Close(); err != nil {
			d.problem("state", err.Error(), "see that the database can be reached and written")
		}
	}
}

func (d *doctor) ok(format string, args ...any) {
	d.add(adapters.Finding{What: fmt.Sprintf(format, args...), OK: true})
}

func (d *doctor) problem(what, problem, remedy string) {
	d.add(adapters.Finding{What: what, Problem: problem, Remedy: remedy})
}

func (d *doctor) add(f adapters.Finding) {
	if !f.OK {
		d.faults++
	}
	if d.failed == nil {
		d.failed = d.out(f)
	}
}

// fails makes a problem of an error that ends with its remedy, as those of this program do.
func (d *doctor) fails(what string, err error, otherwise string) {
	problem, remedy := splitRemedy(err.Error())
	if remedy == "" {
		remedy = otherwise
	}
	d.problem(what, problem, remedy)
}

// good says whether every one of these settings has a usable value.
func (d *doctor) good(names ...string) bool {
	return !slices.ContainsFunc(settings(d.p.env), func(s setting) bool {
		return slices.Contains(names, s.name) && d.config.check(s) != nil
	})
}

// line is a finding as a person reads it, on one line whatever an error says.
func line(f adapters.Finding) string {
	s := "ok " + f.What
	if !f.OK {
		s = "PROBLEM " + f.What + ": " + f.Problem + " → " + f.Remedy
	}
	return strings.Join(strings.Fields(s), " ")
}

// printFindings writes the findings as one JSON object.
func (p *program) printFindings(all []adapters.Finding, ok bool) error {
	type finding struct {
		What    string `json:"what"`
		OK      bool   `json:"ok"`
		Problem string `json:"problem,omitempty"`
		Remedy  string `json:"remedy,omitempty"`
	}
	list := make([]finding, 0, len(all))
	for _, f := range all {
		list = append(list, finding{f.What, f.OK, f.Problem, f.Remedy})
	}
	e := json.NewEncoder(p.out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(struct {
		OK       bool      `json:"ok"`
		Findings []finding `json:"findings"`
	}{ok, list})
}

// splitRemedy parts an error's words from what they say to do: behind the last semicolon, or behind a colon where an
// order follows. What a library said of the cause stands behind the order and belongs to the problem.
func splitRemedy(s string) (problem, remedy string) {
	at := -1
	for _, seam := range []string{"; ", ": write ", ": make ", ": name "} {
		at = max(at, strings.LastIndex(s, seam))
	}
	if at < 0 {
		return s, ""
	}
	problem, remedy = s[:at], s[at+2:]
	remedy, cause, ok := strings.Cut(remedy, ": ")
	if ok {
		problem += " (" + cause + ")"
	}
	return problem, remedy
}
