package discord_test

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"careerbot/adapters"
	"careerbot/adapters/discord"
	"careerbot/adapters/discord/discordtest"
	"careerbot/adapters/discord/discordtest/object"
	"careerbot/adapters/discord/discordtest/spec"
	"careerbot/bot/chat"
)

// notebook notes what the bot is asked.
type notebook struct {
	mu    sync.Mutex
	asked []chat.Question
}

func (n *notebook) ask(ctx context.Context, q chat.Question) (chat.Answer, error) {
	n.mu.Lock()
	n.asked = append(n.asked, q)
	n.mu.Unlock()
	a, err := echo(ctx, q)
	a.About = chat.About{More: "more:1", Up: "up:1", Down: "down:1"}
	return a, err
}

func (n *notebook) has(action string) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.ContainsFunc(n.asked, func(q chat.Question) bool { return q.Action == action })
}

// reports is a report.
type reports struct{}

func (reports) Report(_ context.Context, _, server string, days int) (chat.Answer, error) {
	return chat.Answer{Title: "Report", Lead: "Nothing was asked on " + server, Private: true}, nil
}

var _ adapters.Reporter = reports{}

// customID finds the id of a button by what it begins with.
func customID(t *testing.T, m object.Message, begins string) string {
	t.Helper()
	for _, part := range strings.Split(string(encoded(t, m.Components)), `"custom_id":"`)[1:] {
		if id, _, _ := strings.Cut(part, `"`); strings.HasPrefix(id, begins) {
			return id
		}
	}
	t.Fatalf("there is no button %q in %s", begins, encoded(t, m.Components))
	return ""
}

func encoded(t *testing.T, v any) []byte {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// response waits for the first answer to an interaction.
func response(t *testing.T, d *discordtest.Server, i object.Interaction) discordtest.Exchange {
	t.Helper()
	var e discordtest.Exchange
	until(t, d, "a response", func() bool {
		e, _ = d.Exchange(i.ID)
		return e.Response != nil
	})
	return e
}

// TestFlows: what people do beside asking, over the gateway and over HTTP.
func TestFlows(t *testing.T) {
	t.Parallel()
	for name, over := range map[string]func(testing.TB, *discordtest.Server, askerFunc, func(*discord.Config)) *running{
		"gateway": online, "HTTP": signed,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := discordtest.Start(t, gated(t, quick(discordtest.Options{})))
			n := &notebook{}
			over(t, d, n.ask, func(c *discord.Config) { c.Completer, c.Reporter, c.Settings = completer{}, reports{}, newState(t) })
			who := member(d)
			who.Manager = true
			flows(t, d, n, who)
		})
	}
}

func flows(t *testing.T, d *discordtest.Server, n *notebook, who discordtest.Caller) {
	t.Helper()
	send := func(i object.Interaction) discordtest.Exchange {
		d.Send(i)
		return response(t, d, i)
	}
	if e := send(d.Autocomplete(who, "backend", object.Sub("skills", object.Typed("role", "back")))); e.Response.Type != object.Choices ||
		!strings.Contains(string(e.Response.Data), "back developer") {
		t.Errorf("autocomplete is answered with %d %s", e.Response.Type, e.Response.Data)
	}
	e := send(skills(d, who))
	answer := e.Original.Message
	up := send(d.Button(who, answer, customID(t, answer, "v1:")))
	if up.Original == nil || !up.Original.Ephemeral() || !n.has("up:1") {
		t.Errorf("👍 is answered with %+v", up.Response)
	}
	down := customID(t, answer, "r1:")
	if form := send(d.Button(who, answer, down)); form.Response.Type != object.Modal {
		t.Errorf("👎 is answered with type %d", form.Response.Type)
	}
	until(t, d, "the vote without a reason", func() bool { return n.has("down:1") })
	if said := send(d.Modal(who, &answer, down, map[string]string{"why": "it is old"})); said.Original == nil || !said.Original.Ephemeral() {
		t.Errorf("the reason is answered with %+v", said.Response)
	}
	asked := d.Message(who, "is python slow?")
	if e := send(d.MessageCommand(who, "Answer this question", asked)); !strings.Contains(string(encoded(t, e.Original.Message)), "is python slow") {
		t.Errorf("the message command is answered with %s", e.Response.Data)
	}
	if e := send(d.Command(who, "backend-admin", object.Sub("private", object.Bool("on", true)))); e.Original == nil || !e.Original.Ephemeral() {
		t.Errorf("the setting is answered with %+v", e.Response)
	}
	if e := send(skills(d, who)); !e.Original.Ephemeral() {
		t.Error("after the setting, an answer is not private")
	}
	if e := send(d.Command(who, "backend-admin", object.Sub("report"))); e.Original == nil || !strings.Contains(string(e.Response.Data), "Nothing was asked") {
		t.Errorf("the report is answered with %+v", e.Response)
	}
	answeredOnce(t, d)
	if v := d.Stats(); v.Rejected > 0 {
		t.Errorf("%d requests break Discord's own document", v.Rejected)
	}
}

// gated puts Discord's own document in front of the Discord, where it is to be had.
func gated(t testing.TB, o discordtest.Options) discordtest.Options {
	t.Helper()
	if document, err := spec.Load("../../../shared/platforms/discord/openapi.json"); err == nil {
		o.Gate = document
	} else {
		t.Logf("without Discord's own document: %v", err)
	}
	return o
}

// TestCheck: what the doctor says of how the adapter is set up.
func TestCheck(t *testing.T) {
	t.Parallel()
	d := discordtest.Start(t, quick(discordtest.Options{}))
	good := discord.Config{Token: discordtest.Token, APIURL: d.URL(), PublicKey: d.PublicKey(), ApplicationID: d.ApplicationID()}
	tests := map[string]struct {
		change func(*discord.Config)
		spoil  func(*discordtest.Server)
		says   string // in a problem; "" is none
	}{
		"good":                  {says: "commands"}, // not registered yet
		"no token's shape":      {change: func(c *discord.Config) { c.Token = "12345" }, says: "shape"},
		"wrong application":     {change: func(c *discord.Config) { c.ApplicationID = "1198622483471925248" }, says: "the token is of"},
		"wrong public key":      {change: func(c *discord.Config) { c.PublicKey = strings.Repeat("ab", 32) }, says: "not the app's"},
		"no public key":         {change: func(c *discord.Config) { c.PublicKey = "xyz" }, says: "64 hexadecimal"},
		"clock":                 {change: func(c *discord.Config) { c.Now = func() time.Time { return time.Now().Add(time.Hour) } }, says: "off by"},
		"not to be reached":     {change: func(c *discord.Config) { c.APIURL = "http://127.0.0.1:1/api" }, says: "refused"},
		"permissions (all has)": {says: "commands"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cfg := good
			if test.change != nil {
				test.change(&cfg)
			}
			a := discord.New(cfg)
			var problems []string
			for _, f := range append(a.Check(t.Context()), a.Probe(t.Context())...) {
				if f.OK != (f.Problem == "") || f.OK != (f.Remedy == "") || strings.Contains(f.What+f.Problem+f.Remedy, discordtest.Token) {
					t.Errorf("the finding is %+v", f)
				}
				if !f.OK {
					problems = append(problems, f.What+": "+f.Problem)
				}
			}
			if !strings.Contains(strings.Join(problems, "\n"), test.says) {
				t.Errorf("the problems are %q, none of them with %q", problems, test.says)
			}
		})
	}
}

// TestProbeGood: with all in order there is no problem, and commands are registered once.
func TestProbeGood(t *testing.T) {
	t.Parallel()
	d := discordtest.Start(t, gated(t, quick(discordtest.Options{})))
	r := online(t, d, echo, func(c *discord.Config) { c.PublicKey = d.PublicKey() })
	until(t, d, "the commands are registered", func() bool { return len(d.Commands("")) > 0 })
	for _, f := range append(r.Check(t.Context()), r.Probe(t.Context())...) {
		if !f.OK {
			t.Errorf("there is a problem: %+v", f)
		}
	}
	other := discord.New(discord.Config{Token: discordtest.Token, APIURL: d.URL()})
	plan, err := other.Sync(t.Context(), "", true)
	if err != nil || len(plan.Changes) > 0 {
		t.Errorf("a second registration changes %q: %v", plan.Changes, err)
	}
	puts := 0
	for _, q := range d.Requests() {
		if q.Method == http.MethodPut {
			puts++
		}
	}
	if puts != 1 {
		t.Errorf("the commands were put %d times", puts)
	}
}
