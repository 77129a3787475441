package intent_test

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"careerbot/bot/chat"
	"careerbot/bot/chat/chattest"
	"careerbot/bot/intent"
	"careerbot/knowledge"
)

// pack is the embedded pack, loaded once: it is immutable.
var pack = sync.OnceValues(knowledge.Builtin)

func builtin(t testing.TB) *knowledge.Pack {
	t.Helper()
	p, err := pack()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestRead reads the files of testdata: a line "> question", below it what is understood. Several questions in a row
// are one conversation, of which the last is judged. "#" begins a note, and empty lines end a conversation.
// -update rewrites what is understood.
func TestRead(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no files in testdata: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			t.Parallel()
			src, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			chattest.Golden(t, file, reread(builtin(t), string(src)))
		})
	}
}

// reread puts what is understood now under every question of a file.
func reread(p *knowledge.Pack, src string) []byte {
	var out strings.Builder
	var asked []string
	answer := func() {
		if len(asked) == 0 {
			return
		}
		var past []intent.Intent
		for _, q := range asked {
			past = append(past, intent.Read(chat.Question{Text: q}, past, p.Lexicon, p.Role))
		}
		last := past[len(past)-1]
		out.WriteString(last.String() + "\n")
		asked = nil
	}
	for line := range strings.Lines(src) {
		line = strings.TrimSuffix(line, "\n")
		question, asks := strings.CutPrefix(line, "> ")
		switch {
		case asks:
			asked = append(asked, question)
			out.WriteString(line + "\n")
		case line == "" || line[0] == '#':
			answer()
			out.WriteString(line + "\n")
		default:
			answer() // in the place of what was understood before
		}
	}
	answer()
	return []byte(out.String())
}

// TestReadOdd reads what is no question.
func TestReadOdd(t *testing.T) {
	t.Parallel()
	p := builtin(t)
	tests := []struct {
		name, text string
		topic      chat.Topic
		empty      bool
	}{
		{"nothing", "", chat.TopicNone, true},
		{"spaces", " \n\t ", chat.TopicNone, true},
		{"marks", "?!…", chat.TopicNone, true},
		{"emoji", "🙂🚀", chat.TopicNone, true},
		{"invalid UTF-8", "\xff\xfe", chat.TopicNone, true},
		{"control characters", "\x00\x1b[31m\x07", chat.TopicFAQ, false}, // "31m" is a word
		{"gibberish", "asdf qwer zxcv", chat.TopicFAQ, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			in := intent.Read(chat.Question{Text: tt.text}, nil, p.Lexicon, p.Role)
			if in.Topic != tt.topic || in.Empty != tt.empty {
				t.Errorf("Read(%q) = %q, empty %v; want %q, %v", tt.text, in.Topic, in.Empty, tt.topic, tt.empty)
			}
		})
	}
}

// TestReadCommand checks that the topic of a subcommand counts, whatever the words hint at, also without words.
func TestReadCommand(t *testing.T) {
	t.Parallel()
	p := builtin(t)
	for _, c := range chat.Commands() {
		for _, text := range []string{"", c.Example, "senior india", "how do I become one"} {
			in := intent.Read(chat.Question{Topic: c.Topic, Text: text}, nil, p.Lexicon, p.Role)
			if c.Topic != "" && in.Topic != c.Topic {
				t.Errorf("/%s %s is read as %q", c.Name, text, in.Topic)
			}
		}
	}
	in := intent.Read(chat.Question{Topic: chat.TopicSalary, Text: "senior india"}, nil, p.Lexicon, p.Role)
	if got, want := in.String(), "salary · level senior · region india"; got != want {
		t.Errorf("/salary senior india is read as %q, want %q", got, want)
	}
}

// TestReadLong checks that the question is found in a message longer than the bot reads, at its head and at its end.
func TestReadLong(t *testing.T) {
	t.Parallel()
	p := builtin(t)
	story := strings.Repeat("I walked by the river and looked at the birds for a while. ", 120)
	if len(story) < chat.MaxText {
		t.Fatal("the story is too short")
	}
	const question = "How much does a junior back-end developer earn in India? "
	for name, text := range map[string]string{"head": question + story, "end": story + question, "middle of the end": story + question + story[:400]} {
		in := intent.Read(chat.Question{Text: text}, nil, p.Lexicon, p.Role)
		if got, want := in.String(), "salary · role backend · level entry · region india"; got != want {
			t.Errorf("at the %s: read as %q, want %q", name, got, want)
		}
	}
}

// TestReadNumbers reads years of experience and how many were asked for.
func TestReadNumbers(t *testing.T) {
	t.Parallel()
	p := builtin(t)
	tests := []struct {
		text      string
		low, high float64
		count     int
	}{
		{"backend salary with 3 years of experience", 3, 3, 0},
		{"5+ yoe backend ctc", 5, 5, 0},
		{"i am 25 years old, what is the pay", 0, 0, 0},
		{"how long is a 4 year degree course", 0, 0, 0},
		{"top 3 skills", 0, 0, 3},
		{"give 5 tools", 0, 0, 5},
		{"top 500 skills", 0, 0, 0},
		{"is 10 lakh good", 0, 0, 0},
	}
	for _, tt := range tests {
		in := intent.Read(chat.Question{Text: tt.text}, nil, p.Lexicon, p.Role)
		if in.YearsLow != tt.low || in.YearsHigh != tt.high || in.Count != tt.count {
			t.Errorf("%q: years %g–%g, count %d; want %g–%g, %d", tt.text, in.YearsLow, in.YearsHigh, in.Count, tt.low, tt.high, tt.count)
		}
	}
}

// TestReadKeepsPast checks that reading changes nothing of the turns before, which several readers may share.
func TestReadKeepsPast(t *testing.T) {
	t.Parallel()
	p := builtin(t)
	first := intent.Read(chat.Question{Text: "which python frameworks are there for backend in india"}, nil, p.Lexicon, p.Role)
	before := first.String()
	var wg sync.WaitGroup
	for _, q := range []string{"and java?", "what about the US", "senior pay?", "more", "what next?"} {
		wg.Go(func() { intent.Read(chat.Question{Text: q}, []intent.Intent{first}, p.Lexicon, p.Role) })
	}
	wg.Wait()
	if got := first.String(); got != before {
		t.Errorf("the first turn became %q, was %q", got, before)
	}
}

// FuzzRead reads any text under any topic, alone and as a follow-up of itself.
func FuzzRead(f *testing.F) {
	for _, s := range []string{
		"how much does a junior dev earn in india", "i know python, what next?", "2-6 yrs exp ctc top 3",
		"rest vs graphql", "aur salary kitni hai", "\x00\xff\u202e", "and in the US?", strings.Repeat("why? ", 900),
	} {
		f.Add(s, string(chat.TopicSalary))
		f.Add(s, "")
	}
	p := builtin(f)
	f.Fuzz(func(t *testing.T, text, topic string) {
		first := intent.Read(chat.Question{Text: text, Topic: chat.Topic(topic)}, nil, p.Lexicon, p.Role)
		next := intent.Read(chat.Question{Text: text}, []intent.Intent{first, first}, p.Lexicon, p.Role)
		for _, in := range []intent.Intent{first, next} {
			if limit := 4 * chat.MaxText; len(in.Terms) > limit {
				t.Fatalf("%d terms of %d bytes", len(in.Terms), len(text))
			}
			for _, term := range in.Terms {
				if term.Word == "" || term.Weight < 0 || term.Weight > 1 {
					t.Fatalf("term %+v", term)
				}
			}
			if in.Topic == "" || in.Gap < 0 || in.Gap > 1 || in.Unknown > in.Content || !utf8.ValidString(in.String()) && utf8.ValidString(topic) {
				t.Fatalf("%q under %q is read as %s, gap %g, %d of %d words unknown", text, topic, in.String(), in.Gap, in.Unknown, in.Content)
			}
		}
	})
}

// A command says what it is about: what its words leave out is not taken from the question before, as it is with what
// people write. Words that point back still do.
func TestCommandStandsAlone(t *testing.T) {
	t.Parallel()
	p := builtin(t)
	before := []intent.Intent{intent.Read(chat.Question{Text: "devops engineer salary"}, nil, p.Lexicon, p.Role)}
	for _, c := range []struct {
		q       chat.Question
		follows bool
	}{
		{chat.Question{Text: "senior india"}, true},
		{chat.Question{Topic: chat.TopicSalary, Text: "senior india"}, false},
		{chat.Question{Topic: chat.TopicSalary, Text: "and in the US?"}, true},
		{chat.Question{Topic: chat.TopicSkills}, false},
	} {
		if in := intent.Read(c.q, before, p.Lexicon, p.Role); in.Follow != c.follows || c.follows != (len(in.Roles) > 0) {
			t.Errorf("%q with topic %q is read as %s", c.q.Text, c.q.Topic, in.String())
		}
	}
}

// A choice of two alike is a comparison, also where a name takes the "or" with it, and where it is said what for.
func TestChoice(t *testing.T) {
	t.Parallel()
	p := builtin(t)
	for q, want := range map[string]chat.Topic{
		"java or go?": chat.TopicCompare, "go or java?": chat.TopicCompare, "python or java for backend?": chat.TopicCompare,
		"do I need docker or kubernetes for backend?": chat.TopicTools, "is java or go salary higher": chat.TopicSalary,
	} {
		if in := intent.Read(chat.Question{Text: q}, nil, p.Lexicon, p.Role); in.Topic != want {
			t.Errorf("%q is read as %s", q, in.String())
		}
	}
}
