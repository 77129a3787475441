package intent_test

import (
	"strings"
	"testing"

	"careerbot/bot/chat"
	"careerbot/bot/intent"
)

// TestCourtesies says that what people say around a question changes nothing of how it is understood.
func TestCourtesies(t *testing.T) {
	t.Parallel()
	questions := []string{
		"what does a junior backend dev earn in india?",
		"which databases should I learn",
		"rest vs graphql",
		"how long does it take to learn backend",
		"do i need a degree",
		"what does a devops engineer do",
		"backend me kaun kaun se tools use hote hain",
		"what are the challenges in backend",
	}
	around := []string{
		"hi guys, %", "hello everyone, %", "hey bot, %", "good morning all. %", "thanks! %", "ok thanks, %", "great. %", "hmm %",
		"quick question: %", "sorry for the dumb question but %", "new here. %", "according to your articles, %", "in short, %",
		"i just want to know, %", "i was wondering %", "can anyone tell me %", "sir %", "im a student. %",
		"% thanks in advance!", "% thank you so much", "% plz", "% urgent", "% any idea?", "% please guide me", "% kindly suggest",
		"% i am so confused", "% in simple words",
	}
	p := builtin(t)
	for _, q := range questions {
		plain := intent.Read(chat.Question{Text: q}, nil, p.Lexicon, p.Role)
		for _, a := range around {
			text := strings.Replace(a, "%", q, 1)
			got := intent.Read(chat.Question{Text: text}, nil, p.Lexicon, p.Role)
			if got.String() != plain.String() || got.Chat != plain.Chat {
				t.Errorf("%q: %s (chat %q), want %s as without", text, got.String(), got.Chat, plain.String())
			}
		}
	}
}

// TestCourtesyAlone says that courtesies by themselves stay what they are.
func TestCourtesyAlone(t *testing.T) {
	t.Parallel()
	p := builtin(t)
	for _, text := range []string{
		"hi", "hello everyone", "thanks!", "thank you so much for the help", "ok thanks bro", "good morning all", "hey, how are you",
		"thanks that was helpful", "hi guys",
	} {
		if got := intent.Read(chat.Question{Text: text}, nil, p.Lexicon, p.Role); got.Topic != chat.TopicChat {
			t.Errorf("%q: %s, want chat", text, got.String())
		}
	}
	first := intent.Read(chat.Question{Text: "senior backend salary in india"}, nil, p.Lexicon, p.Role)
	next := intent.Read(chat.Question{Text: "thanks! and in the us?"}, []intent.Intent{first}, p.Lexicon, p.Role)
	if want := "salary · role backend · level senior · region us · follows the turn before"; next.String() != want {
		t.Errorf("after thanks: %s, want %s", next.String(), want)
	}
}

// TestShouting says that a message in capitals throughout is read as one in small letters: "IN" and "GO" are words there.
func TestShouting(t *testing.T) {
	t.Parallel()
	p := builtin(t)
	for _, q := range []string{
		"where in america would i make the most as a backend engineer",
		"im new, how do i get going with backend",
		"i want to switch to backend in half a year, doable?",
		"what will be essential for backend devs in the next years",
	} {
		plain := intent.Read(chat.Question{Text: q}, nil, p.Lexicon, p.Role)
		loud := intent.Read(chat.Question{Text: strings.ToUpper(q)}, nil, p.Lexicon, p.Role)
		if loud.String() != plain.String() {
			t.Errorf("%q in capitals: %s, want %s", q, loud.String(), plain.String())
		}
	}
}
