package history_test

import (
	"net/http"
	"slices"
	"strconv"
	"testing"

	"careerbot/adapters/slack/slacktest/history"
)

// said is a message of a person, or of the bot, in a thread of channel C1.
func said(ts, thread, bot string) history.Message {
	return history.Message{Team: "T1", Channel: "C1", TS: ts, ThreadTS: thread, BotID: bot}
}

func question(key, kind, thread string) history.Question {
	return history.Question{Key: key, Type: kind, Team: "T1", Channel: "C1", Thread: thread}
}

// stamps are the timestamps of messages.
func stamps(messages []*history.Message) []string {
	var list []string
	for _, m := range messages {
		list = append(list, m.TS)
	}
	return list
}

func TestMessagesFallOut(t *testing.T) {
	t.Parallel()
	h := history.New(2, nil)
	for i, thread := range []string{"", "1", "1", "", "4"} { // with the fifth, two fall out
		h.Add(said(strconv.Itoa(i+1), thread, ""))
	}
	if got := stamps(h.Channel("T1", "C1")); !slices.Equal(got, []string{"3", "4", "5"}) {
		t.Errorf("the channel holds %q", got)
	}
	if h.Find("T1", "C1", "1") != nil || h.Find("T1", "C1", "3") == nil || h.Find("T2", "C1", "3") != nil {
		t.Error("found what fell out or is elsewhere, or not what is there")
	}
	for root, want := range map[string][]string{"1": {"3"}, "4": {"4", "5"}, "9": nil} {
		if got := stamps(h.Thread("T1", "C1", root)); !slices.Equal(got, want) {
			t.Errorf("the thread of %s holds %q, want %q", root, got, want)
		}
	}
}

func TestLatestAndSome(t *testing.T) {
	t.Parallel()
	h := history.New(0, nil)
	for i := range 5 {
		h.Add(said(strconv.Itoa(i), "", "B1"))
	}
	h.Find("T1", "C1", "4").Deleted = true
	h.Add(said("5", "", ""))
	if got := h.Latest(2); len(got) != 2 || got[0].TS != "3" || got[1].TS != "2" {
		t.Errorf("the latest are %+v", got)
	}
	if got := h.Some(func(m *history.Message) bool { return m.Deleted || m.BotID == "" }); len(got) != 2 || got[0].TS != "4" {
		t.Errorf("some are %+v", got)
	}
}

func TestCalls(t *testing.T) {
	t.Parallel()
	h := history.New(1, nil)
	for _, c := range []history.Call{
		{Method: "a", OK: true},
		{Method: "b", Status: http.StatusTooManyRequests},
		{Method: "a", Error: "fatal_error"},
	} {
		h.Note(&c)
	}
	limited, failed := h.Failures()
	if h.Called("a") != 2 || limited != 1 || failed != 1 {
		t.Errorf("a was called %d times; %d limited, %d failed", h.Called("a"), limited, failed)
	}
	if all, some := h.Calls(""), h.Calls("a"); len(all) != 2 || len(some) != 1 || some[0].Error != "fatal_error" {
		t.Errorf("kept are %+v, of a %+v", all, some)
	}
}

// TestAnswersFindTheirQuestion: by the message's own word, by the owner's, or by the thread.
func TestAnswersFindTheirQuestion(t *testing.T) {
	t.Parallel()
	h := history.New(0, func(m history.Message) string { return m.Text })
	one := h.Ask(question("one", "events_api", "1"))
	for _, key := range []string{"two", "three"} {
		h.Ask(question(key, "events_api", "1"))
	}
	if h.Ask(question("one", "events_api", "1")) != one || h.Asked("one") != one || h.Asked("none") != nil {
		t.Error("a twin is a question of its own")
	}
	named := said("5", "1", "B1")
	named.Text = "two"
	own := said("6", "1", "B1")
	own.Answers = "three"
	for _, tt := range []struct {
		message history.Message
		want    string
	}{
		{named, "two"},
		{own, "three"},
		{said("7", "1", "B1"), "one"},   // the oldest without an answer
		{said("8", "1", "B1"), "three"}, // none is left: the last has two answers
		{said("9", "", "B1"), ""},
	} {
		if got := h.Add(tt.message).Answers; got != tt.want {
			t.Errorf("the message %s answers %q, want %q", tt.message.TS, got, tt.want)
		}
	}
	if v := h.Verdict(); v.Answered != 3 || v.Doubled != 1 || v.Stray != 1 {
		t.Errorf("verdict is %s", v)
	}
}

// TestChangedMessages answer who pressed a button on them, once.
func TestChangedMessages(t *testing.T) {
	t.Parallel()
	h := history.New(0, nil)
	m := h.Add(said("1", "", "B1")) // stray
	h.Ask(question("press", "interactive", "1"))
	h.Updated(m)
	h.Updated(m)
	h.Ask(question("again", "interactive", "1"))
	h.Replaced(m, "again")
	h.Replaced(m, "again")
	h.Replaced(m, "none")
	if v := h.Verdict(); v.Answered != 2 || v.Doubled != 0 || m.Answers != "again" {
		t.Errorf("verdict is %s; it answers %q", v, m.Answers)
	}
}

// TestVerdictRemembers: questions fall out once nothing more can come to them, and are counted all the same.
func TestVerdictRemembers(t *testing.T) {
	t.Parallel()
	h := history.New(1, nil)
	waits := h.Ask(question("waits", "events_api", "w"))
	for i := range 5 {
		q := h.Ask(question(strconv.Itoa(i), "slash_commands", strconv.Itoa(i)))
		h.Settled(q, i > 0, "operation_timeout") // the first is told that it failed
		if i > 0 {
			h.Answered(q)
		}
		h.Acknowledged(1)
	}
	h.Settled(waits, false, "timeout")
	want := history.Verdict{Asked: 6, Acked: 4, Answered: 4, Failed: 1, Unacked: 1, Lost: 1}
	if v := h.Verdict(); v != want {
		t.Errorf("verdict is %s, want %s", v, want)
	}
	if h.Asked("0") != nil || h.Asked("waits") == nil {
		t.Error("the first did not fall out, or the one that waits did")
	}
	if lost := h.Keys(func(v history.Verdict) bool { return v.Lost > 0 }); !slices.Equal(lost, []string{"waits"}) {
		t.Errorf("lost are %q", lost)
	}
	if h.AckTime(0.5) != 1 || h.AnswerTime(0.99) <= 0 || history.New(0, nil).AckTime(0.5) != 0 {
		t.Error("times are wrong")
	}
}
