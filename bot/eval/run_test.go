package eval_test

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"

	"careerbot/bot/chat"
	"careerbot/bot/chat/chattest"
	"careerbot/bot/eval"
)

// reply is an answered reply: a lead, the article cited, further answers.
func reply(lead, source string, others ...string) chattest.Reply {
	a := chat.Answer{Answered: true, Title: "Title", Lead: lead, Sources: []chat.Source{{ID: source}}}
	for _, o := range others {
		a.Others = append(a.Others, chat.Extract{Title: "Other", Text: o, Source: chat.Source{ID: source}})
	}
	return chattest.Reply{Answer: a}
}

func declined(lead string) chattest.Reply { return chattest.Reply{Answer: chat.Answer{Lead: lead}} }

// script answers testdata/tiny.jsonl: two of six right at once, one each at rank 2 and 3, one wrong, one declined.
func script() map[string]chattest.Reply {
	return map[string]chattest.Reply{
		"right at once":         reply("**₹3,00,000–5,00,000**: 3–5 LPA", "UpGrad"),
		"right second":          reply("Redistribution", "upgrad", "Use Redis.", "Redis again"),
		"right in three parts":  reply("alpha", "gfg", "beta", "gamma", "too late"),
		"wrong":                 reply("alpha "+strings.Repeat("x", 2000)+" omega", "gfg", "a", "b", "alpha omega"),
		"declined":              declined("Sorry, x is not something the articles hold."),
		"first of all":          reply("first", "gfg"),
		"and then?":             reply("", "upgrad"),
		"the weather":           declined("I know careers, not the weather."),
		"a price not held":      reply("The articles give no figures for that.", "gfg"),
		"answered all the same": reply("Here you are.", "gfg"),
		"":                      declined("Ask me something."),
	}
}

func run(t *testing.T, ask chat.Asker, qs []eval.Judged) eval.Report {
	t.Helper()
	r, err := eval.Run(t.Context(), ask, qs)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestRun(t *testing.T) {
	t.Parallel()
	replies := script()
	replies["and then?"] = chattest.Reply{Answer: chat.Answer{Answered: true, Title: "And THEN", Sources: []chat.Source{{ID: "upgrad"}}}}
	r := run(t, chattest.NewScript(replies), load(t, "testdata/tiny.jsonl"))
	if r.Figures.Median <= 0 || r.Figures.P99 < r.Figures.Median {
		t.Errorf("latency: median %v, p99 %v", r.Figures.Median, r.Figures.P99)
	}
	r.Figures.Median, r.Figures.P99 = 0, 0
	third := 1 / float64(r.Results[2].Rank) // not a constant: constants are exact, and sums of figures are not
	want := eval.Figures{
		N: 6, Acc1: 2. / 6, Acc3: 4. / 6, MRR3: (1.5 + third + 1) / 6, NDCG: (1 + 1/math.Log2(3) + 1./2 + 1) / 6,
		Src1: 3. / 5, SrcRight: 1. / 2, FalseDecline: 1. / 6, NOOS: 4, Decline: 2. / 4, Soft: 3. / 4,
	}
	if r.Figures != want {
		t.Errorf("figures\n got %+v\nwant %+v", r.Figures, want)
	}
	for i, rank := range []int{1, 2, 3, 0, 0, 1, 0, 0, 0, 0} {
		if res := r.Results[i]; res.Rank != rank || res.Err != nil {
			t.Errorf("%s: rank %d, want %d (error %v)", res.Question.ID, res.Rank, rank, res.Err)
		}
	}
}

func TestRunConversations(t *testing.T) {
	t.Parallel()
	ask := chattest.NewScript(script())
	qs := load(t, "testdata/tiny.jsonl")
	run(t, ask, qs)
	run(t, ask, qs)
	ids, threads := make(map[string]bool), make(map[string][]string)
	for _, q := range ask.Asked() {
		if ids[q.ID] || q.ID == "" || q.User != "eval" || q.Thread == "" {
			t.Errorf("asked %+v", q)
		}
		ids[q.ID] = true
		threads[q.Thread] = append(threads[q.Thread], q.Text)
	}
	if len(threads) != 2*len(qs) {
		t.Errorf("%d threads for %d conversations", len(threads), 2*len(qs))
	}
	talks := 0
	for _, turns := range threads {
		if strings.Join(turns, "|") == "first of all|and then?" {
			talks++
		}
	}
	if talks != 2 {
		t.Errorf("the conversation was held %d times in a thread of its own, want 2", talks)
	}
}

func TestRunFaults(t *testing.T) {
	t.Parallel()
	qs := load(t, "testdata/tiny.jsonl")
	replies := script()
	broken := errors.New("index closed")
	for _, key := range []string{"right at once", "first of all", "the weather"} {
		replies[key] = chattest.Reply{Answer: replies["right second"].Answer, Err: broken}
	}
	r := run(t, chattest.NewScript(replies), qs)
	if f := r.Figures; f.Missing != 3 || f.Decline != 2./4 || f.FalseDecline != 3./6 {
		t.Errorf("figures %+v", f)
	}
	for _, i := range []int{0, 5, 6} {
		if res := r.Results[i]; !errors.Is(res.Err, broken) || !res.Declined || res.Right() || res.Text != "" {
			t.Errorf("%s: %+v", res.Question.ID, res)
		}
	}
	if err := r.Figures.Require("acc1=0"); err == nil || !strings.Contains(err.Error(), "3 questions got an error") {
		t.Errorf("errors pass for declines: %v", err)
	}

	ctx, cancel := context.WithCancel(t.Context())
	stops := stopper{ask: chattest.NewScript(script()), at: "wrong", stop: cancel}
	r, err := eval.Run(ctx, stops, qs)
	if !errors.Is(err, context.Canceled) || len(r.Results) != 3 || r.Figures.N != 3 {
		t.Errorf("a run cut short gave %d results and %v", len(r.Results), err)
	}
	if _, err := eval.Run(t.Context(), stops, []eval.Judged{{ID: "q", Turns: []string{""}, Must: []string{"("}}}); err == nil {
		t.Error("an expression that does not compile is no error")
	}
}

// stopper is an Asker that ends the run at one question.
type stopper struct {
	ask  chat.Asker
	at   string
	stop func()
}

func (s stopper) Ask(ctx context.Context, q chat.Question) (chat.Answer, error) {
	if q.Text == s.at {
		s.stop()
	}
	return s.ask.Ask(ctx, q)
}

func TestRequire(t *testing.T) {
	t.Parallel()
	f := eval.Figures{N: 175, Acc1: 0.94, Acc3: 0.98, FalseDecline: 0.03, Decline: math.NaN(), P99: 1500e3}
	tests := []struct{ spec, want string }{
		{"", ""},
		{"acc1=0.94,acc3=0.9, false_decline=0.03,p99_us=1500,", ""},
		{"acc1=0.95", "acc1 is 0.940, wanted at least 0.95"},
		{"acc1=0.95,acc3=0.98,false_decline=0.02", "acc1 is 0.940, wanted at least 0.95; false_decline is 0.030, wanted at most 0.02"},
		{"p99_us=300", "p99_us is 1500.000, wanted at most 300"},
		{"decline=0", "decline cannot be measured"},
		{"accuracy=1", "no such figure; there are n, acc1, acc3"},
		{"acc1", "write figures like"},
		{"acc1=NaN", "write figures like"},
		{"acc1=high", "write figures like"},
	}
	for _, tt := range tests {
		err := f.Require(tt.spec)
		if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
			t.Errorf("Require(%q) = %v, want %q", tt.spec, err, tt.want)
		}
	}
}
