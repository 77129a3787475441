package ledger_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"careerbot/adapters/discord/discordtest/ledger"
)

// asked is when every question of these tests is asked.
var asked = time.Unix(1_800_000_000, 0)

const wait = time.Second

// verdicts are what becomes of one question by what happens to it.
var verdicts = map[string]struct {
	message     bool
	does        func(l *ledger.Ledger)
	owed, open  int
	undelivered bool
	lost        bool
	silent      bool
	doubled     bool
}{
	"nobody has it": {does: func(*ledger.Ledger) {}, open: 1, undelivered: true},
	"on its way":    {does: func(l *ledger.Ledger) { l.Hold(l.Find("q"), 1) }, owed: 1, open: 1, lost: true, silent: true},
	"its session died": {does: func(l *ledger.Ledger) {
		l.Hold(l.Find("q"), 1)
		l.Hold(l.Find("q"), -1)
	}, open: 1, undelivered: true},
	"received": {does: func(l *ledger.Ledger) {
		l.Hold(l.Find("q"), 1)
		l.Receive(l.Find("q"))
	}, owed: 1, open: 1, lost: true, silent: true},
	"a message is not silent": {message: true, does: func(l *ledger.Ledger) { l.HandOver(l.Find("q"), 0, true) }, owed: 1, open: 1, lost: true},
	"deferred":                {does: func(l *ledger.Ledger) { l.Respond("q") }, owed: 1, open: 1, lost: true},
	"too late": {does: func(l *ledger.Ledger) {
		l.Hold(l.Find("q"), 1)
		l.Overdue(l.Find("q"), asked.Add(2*wait), wait)
	}, open: 1, undelivered: true},
	"late messages count": {message: true, does: func(l *ledger.Ledger) {
		l.Hold(l.Find("q"), 1)
		l.Overdue(l.Find("q"), asked.Add(2*wait), wait)
	}, owed: 1, open: 1, lost: true},
	"the bot died": {does: func(l *ledger.Ledger) {
		l.HandOver(l.Find("q"), 0, true)
		l.Kill()
	}, open: 1, undelivered: true},
	"the bot died with a promise": {does: func(l *ledger.Ledger) {
		l.Respond("q")
		l.Kill()
	}, owed: 1, open: 1, lost: true},
	"answered":  {does: func(l *ledger.Ledger) { l.Answer("q", asked.Add(wait)) }},
	"withdrawn": {does: func(l *ledger.Ledger) { l.Withdraw("q") }},
	"withdrawn and answered": {does: func(l *ledger.Ledger) {
		l.Withdraw("q")
		l.Answer("q", asked.Add(wait))
	}},
	"answered twice": {does: func(l *ledger.Ledger) {
		l.Answer("q", asked.Add(wait))
		l.Answer("q", asked.Add(wait))
	}, doubled: true},
	"an answer to nothing": {does: func(l *ledger.Ledger) {
		l.Answer("q", asked.Add(wait))
		l.Answer("other", asked.Add(wait))
	}, doubled: true},
}

func TestVerdict(t *testing.T) {
	t.Parallel()
	for name, test := range verdicts {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := ledger.New(0)
			l.Ask("q", test.message, asked)
			l.Ask("q", test.message, asked) // a duplicate
			test.does(l)
			v := l.Verdict()
			got := []any{v.Asked, l.Owed(), l.Open(), len(v.Undelivered) > 0, len(v.Lost) > 0, len(v.Silent) > 0, len(v.Doubled) > 0}
			want := []any{1, test.owed, test.open, test.undelivered, test.lost, test.silent, test.doubled}
			if !slices.Equal(got, want) || v.OK() == (test.lost || test.doubled) {
				t.Errorf("asked, owed, open, undelivered, lost, silent, doubled are %v, want %v", got, want)
			}
		})
	}
}

// TestForgetting: what is settled is forgotten, its counts stay, and what is open is never forgotten.
func TestForgetting(t *testing.T) {
	t.Parallel()
	l := ledger.New(10)
	l.Ask("open", false, asked)
	l.HandOver(l.Find("open"), 0, true)
	for n := range 1000 {
		id := fmt.Sprint(n)
		l.Ask(id, true, asked)
		l.Answer(id, asked.Add(time.Duration(n+1)*time.Millisecond))
	}
	if l.Find("0") != nil || l.Find("999") == nil || l.Find("open") == nil {
		t.Error("the oldest is kept, or the newest or an open one is forgotten")
	}
	v := l.Verdict()
	if v.Asked != 1001 || v.Answered != 1000 || !slices.Equal(v.Lost, []string{"open"}) || v.Slowest != time.Second {
		t.Errorf("the verdict is %s", v)
	}
	if v.Half < 500*time.Millisecond || v.Half > 560*time.Millisecond || v.Most < 990*time.Millisecond || v.Most > 1100*time.Millisecond {
		t.Errorf("half of the waits are below %s and 99%% below %s, want 500 ms and 990 ms, to 9%%", v.Half, v.Most)
	}
}
