package bot_test

import (
	"reflect"
	"testing"

	"careerbot/bot"
	"careerbot/bot/chat"
)

// TestCache answers every judged question four times, alone, in a conversation of its own and in one of all: from memory the answers are those of
// a bot without one, to the last follow-up.
func TestCache(t *testing.T) {
	t.Parallel()
	lib := open(t)
	plain := bot.New(lib, bot.WithClock(noon))
	kept := bot.New(lib, bot.WithClock(noon), bot.WithCache(50))
	all := questions(t)
	for _, text := range append(all[:min(len(all), 120)], all[0], all[1]) {
		for _, thread := range []string{"", "t" + text, "all", "t" + text} {
			q := chat.Question{ID: "id", Platform: "test", Thread: thread, User: "ann", Text: text}
			want, got := ask(t, plain, q), ask(t, kept, q)
			want.Trace.Steps, got.Trace.Steps = nil, nil
			if !reflect.DeepEqual(got, want) {
				t.Fatalf("%q in thread %q: got %+v, want %+v", text, thread, got, want)
			}
		}
		q := chat.Question{Platform: "test", Thread: "t" + text, User: "ann", Text: "more"}
		if want, got := ask(t, plain, q), ask(t, kept, q); got.Lead != want.Lead {
			t.Errorf("more after %q: %q, want %q", text, got.Lead, want.Lead)
		}
	}
}
