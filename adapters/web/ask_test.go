package web_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"careerbot/adapters/web"
	"careerbot/bot/chat"
	"careerbot/bot/chat/chattest"
)

// reply is the JSON of an answer as a program reads it.
type reply struct {
	ID          string   `json:"id"`
	Answered    bool     `json:"answered"`
	Intent      string   `json:"intent"`
	Title       string   `json:"title"`
	Lead        string   `json:"lead"`
	Text        string   `json:"text"`
	Confidence  float64  `json:"confidence"`
	Answers     []ranked `json:"answers"`
	Suggestions []struct{ Label, Token string }
	Sources     []chat.Source `json:"sources"`
	TookUS      int64         `json:"took_us"`
}

type ranked struct {
	Rank    int
	Score   float64
	Title   string
	Text    string
	Sources []chat.Source
}

func read(t testing.TB, res response) reply {
	t.Helper()
	var r reply
	if err := json.Unmarshal(res.body, &r); err != nil || res.status != http.StatusOK {
		t.Fatalf("%d %s: %v", res.status, res.body, err)
	}
	return r
}

func TestAskGallery(t *testing.T) {
	t.Parallel()
	p := serve(t, nil, nil)
	for _, e := range chattest.Gallery() {
		t.Run(e.Name, func(t *testing.T) {
			t.Parallel()
			compare(t, read(t, p.ask("question", e.Name)), e.Answer)
		})
	}
}

// compare finds what a reply has lost of its answer. JSON cannot hold what is no UTF-8.
func compare(t *testing.T, got reply, a chat.Answer) {
	t.Helper()
	valid := func(s string) string { return strings.ToValidUTF8(s, "\uFFFD") }
	want := reply{
		ID: a.ID, Answered: a.Answered, Intent: string(a.Topic), Title: valid(a.Title), Lead: valid(a.Lead),
		Text: chat.Plain(a), Confidence: a.Confidence, TookUS: got.TookUS, Answers: []ranked{}, Sources: []chat.Source{},
	}
	if want.Intent == "" {
		want.Intent = "none"
	}
	want.Suggestions = got.Suggestions[:0]
	for _, act := range a.Actions {
		want.Suggestions = append(want.Suggestions, struct{ Label, Token string }{act.Label, act.Token})
	}
	want.Sources = append(want.Sources, a.Sources...)
	if a.Answered {
		want.Answers = append(want.Answers, ranked{1, a.Confidence, want.Title, want.Text, want.Sources})
		for i, o := range a.Others {
			if i < 4 {
				want.Answers = append(want.Answers, ranked{i + 2, o.Score, o.Title, o.Text, []chat.Source{o.Source}})
			}
		}
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got\n%+v, want\n%+v", got, want)
	}
}

func TestAskOthersAndFigures(t *testing.T) {
	t.Parallel()
	a := chat.Answer{ID: "1", Answered: true, Confidence: math.NaN(), Lead: "\xff <&> \"\\\n\t\u2028\u2029\x7f \u0085😀"}
	for i := range 7 {
		a.Others = append(a.Others, chat.Extract{Title: fmt.Sprint(i), Text: "text", Score: 0.123449 * float64(i), Source: chat.Source{ID: "gfg"}})
	}
	a.Others[2].Score = math.Inf(1)
	p := serve(t, asker(func(context.Context, chat.Question) (chat.Answer, error) { return a, nil }), nil)
	res := p.ask("question", "x")
	got := read(t, res)
	if want := "\uFFFD <&> \"\\\n\t\u2028\u2029\x7f \u0085😀"; got.Lead != want {
		t.Errorf("lead is %q, want %q", got.Lead, want)
	}
	if strings.ContainsAny(string(res.body), "\u2028\u2029\u0085\x7f") {
		t.Errorf("a character that acts is not escaped: %q", res.body)
	}
	var scores []float64
	for _, r := range got.Answers {
		scores = append(scores, r.Score)
	}
	if want := []float64{0, 0, 0.1234, 0, 0.3703}; !reflect.DeepEqual(scores, want) {
		t.Errorf("scores are %v, want %v", scores, want)
	}
}

func TestAskQuestion(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("₹", chat.MaxText)
	tests := []struct {
		name, body string
		want       chat.Question // Platform and ID aside
	}{
		{"text", `{"question":"salary"}`, chat.Question{Text: "salary"}},
		{
			"all", ` { "question" : "a\u20b9", "topic":"salary","action":"more", "thread":"t","user":"u"} ` + "\n",
			chat.Question{Text: "a₹", Topic: chat.TopicSalary, Action: "more", Thread: "t", User: "u"},
		},
		{"topic alone", `{"topic":"skills"}`, chat.Question{Topic: chat.TopicSkills}},
		{"action alone", `{"action":"more","question":null}`, chat.Question{Action: "more"}},
		{"left out by null and nothing", `{"question":"x","topic":null,"thread":"","user":null,"id":null}`, chat.Question{Text: "x"}},
		{"longest", `{"question":"` + long + `"}`, chat.Question{Text: long}},
		{"longest, escaped", `{"question":"` + strings.Repeat(`\ud83d\ude00`, chat.MaxText) + `"}`, chat.Question{Text: strings.Repeat("😀", chat.MaxText)}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var asked chat.Question
			p := serve(t, asker(func(_ context.Context, q chat.Question) (chat.Answer, error) {
				asked = q
				return chat.Answer{ID: q.ID}, nil
			}), nil)
			if err := p.contract.judge([]byte(tt.body), "components", "schemas", "Question"); err != nil {
				t.Errorf("the document does not allow it: %v", err)
			}
			got := read(t, p.post("/v1/ask", tt.body))
			if got.ID == "" || got.ID != asked.ID || asked.Platform != "web" {
				t.Errorf("answer %q to question %q of platform %q", got.ID, asked.ID, asked.Platform)
			}
			asked.ID, asked.Platform = "", ""
			if !reflect.DeepEqual(asked, tt.want) {
				t.Errorf("asked %+v, want %+v", asked, tt.want)
			}
		})
	}
}

func TestAskID(t *testing.T) {
	t.Parallel()
	p := serve(t, asker(func(_ context.Context, q chat.Question) (chat.Answer, error) { return chat.Answer{ID: q.ID}, nil }), nil)
	first, second := read(t, p.ask("question", "x")), read(t, p.ask("question", "x"))
	if first.ID == second.ID {
		t.Errorf("two questions have the id %q", first.ID)
	}
	if given := read(t, p.ask("question", "x", "id", "mine 1")); given.ID != "mine 1" {
		t.Errorf("the id is %q", given.ID)
	}
}

func TestAskTook(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	p := serve(t, asker(func(context.Context, chat.Question) (chat.Answer, error) {
		now = now.Add(1234 * time.Microsecond)
		return chat.Answer{}, nil
	}), nil, func(c *web.Config) { c.Now = func() time.Time { return now } })
	if got := read(t, p.ask("question", "x")); got.TookUS != 1234 {
		t.Errorf("took_us is %d, want 1234", got.TookUS)
	}
}

// busy is an error that says when to come back.
type busy time.Duration

func (b busy) Error() string             { return "over the limit" }
func (b busy) RetryAfter() time.Duration { return time.Duration(b) }

func TestAskErrors(t *testing.T) {
	t.Parallel()
	cause := errors.New("the disk is full")
	tests := []struct {
		name          string
		err           error
		status        int
		code, message string
		after, logged string
	}{
		{"fault", &chat.Fault{Say: "I couldn't search just now.", Err: cause}, 503, "unavailable", "I couldn't search just now.", "", "the disk is full"},
		{"fault inside", fmt.Errorf("ask: %w", &chat.Fault{Say: "Not \"now\"."}), 503, "unavailable", "Not \"now\".", "", ""},
		{"limit", &chat.Fault{Say: "Slowly, please.", Err: busy(1500 * time.Millisecond)}, 429, "rate_limited", "Slowly, please.", "2", "over the limit"},
		{"limit without words", busy(0), 429, "rate_limited", "Too many questions at once.", "", ""},
		{"fault without words", &chat.Fault{Err: cause}, 503, "unavailable", "Something went wrong inside careerbot.", "", "the disk is full"},
		{"deadline", fmt.Errorf("find: %w", context.DeadlineExceeded), 503, "deadline", "The answer took too long.", "", "deadline exceeded"},
		{"mistake", cause, 500, "internal", "Something went wrong inside careerbot.", "", "the disk is full"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var log journal
			p := serve(t, asker(func(context.Context, chat.Question) (chat.Answer, error) { return chat.Answer{}, tt.err }), nil, into(&log))
			res := p.send(http.MethodPost, "/v1/ask", `{"question":"a private question"}`, "X-Request-Id", "req-7")
			f := res.fault(t).Error
			if res.status != tt.status || f.Code != tt.code || f.Message != tt.message || res.header.Get("Retry-After") != tt.after {
				t.Errorf("got %d %+v, Retry-After %q", res.status, f, res.header.Get("Retry-After"))
			}
			if strings.Contains(string(res.body), cause.Error()) {
				t.Errorf("the cause is told: %s", res.body)
			}
			if l := log.String(); !strings.Contains(l, tt.logged) || !strings.Contains(l, "req-7") || strings.Contains(l, "private") || strings.Contains(l, key) {
				t.Errorf("logged %s, want %q and the request's id, and neither question nor key", l, tt.logged)
			}
		})
	}
}

func TestAskDeadline(t *testing.T) {
	t.Parallel()
	p := serve(t, asker(func(ctx context.Context, _ chat.Question) (chat.Answer, error) {
		<-ctx.Done()
		return chat.Answer{}, ctx.Err()
	}), nil, func(c *web.Config) { c.Deadline = time.Millisecond })
	if res := p.ask("question", "x"); res.status != http.StatusServiceUnavailable || res.fault(t).Error.Code != "deadline" {
		t.Errorf("got %d %s", res.status, res.body)
	}
}

func TestAskPanic(t *testing.T) {
	t.Parallel()
	var log journal
	p := serve(t, asker(func(_ context.Context, q chat.Question) (chat.Answer, error) {
		if q.Text == "bad" {
			var none []string
			return chat.Answer{Title: none[len(q.Text)]}, nil
		}
		return chat.Answer{}, nil
	}), nil, into(&log))
	if res := p.ask("question", "bad"); res.status != http.StatusInternalServerError {
		t.Errorf("got %d %s", res.status, res.body)
	}
	if res := p.ask("question", "good"); res.status != http.StatusOK {
		t.Errorf("afterwards %d %s", res.status, res.body)
	}
	if l := log.String(); !strings.Contains(l, "index out of range") || !strings.Contains(l, "ask_test.go") {
		t.Errorf("logged %s, want the panic and its stack", l)
	}
}
