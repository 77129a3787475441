package main

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"careerbot/adapters/adaptertest"
	"careerbot/adapters/discord/discordtest"
	"careerbot/adapters/discord/discordtest/object"
	"careerbot/adapters/discord/discordtest/rest"
	"careerbot/bot/store"
)

// discordKillsVar is how many kills each mode of the campaign has; discordSeedVar repeats a campaign.
const (
	discordKillsVar = "CAREERBOT_DISCORD_KILLS"
	discordSeedVar  = "CAREERBOT_DISCORD_SEED"
)

// TestDiscordKill kills the real program, serving Discord on loopback, at random points under load and starts it again on
// the same state: what it has claimed or told Discord to wait for has exactly one answer at the end, and so has everything
// that its last life was asked.
//
// What was sent to a process that died before it claimed it is lost with the session or the request, as with Discord
// itself: also what a heartbeat has shown it to have read, as the first one after READY does on a slow machine. So the
// state is asked, of each question without an answer, whether it was ever claimed.
func TestDiscordKill(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("there is no such signal")
	}
	for _, mode := range []string{"gateway", "http"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			// What is sent before a kill is looked for long after it: a Discord that has forgotten it would have it sent again.
			c := newDiscordCampaign(t, mode == "http", discordtest.Options{Keep: 20_000})
			for _, f := range []rest.Fault{
				{Route: "POST /*/*/messages", Chance: 0.03, Status: 503},
				{Route: "POST /*/*/*/callback", Chance: 0.03, Cut: true},
				{Chance: 0.2, Delay: 15 * time.Millisecond},
			} {
				c.discord.Inject(f)
			}
			c.run(t, numberOf(discordKillsVar, 4))
		})
	}
}

// discordCampaign is a series of kills.
type discordCampaign struct {
	discord  *discordtest.Server
	random   *rand.Rand
	env      []string
	shards   int
	database string
	address  string
	endpoint string // of interactions over HTTP; "" where they come over the gateway
	members  []discordtest.Caller
}

func newDiscordCampaign(t *testing.T, overHTTP bool, o discordtest.Options) *discordCampaign {
	t.Helper()
	seed := seedOf(discordSeedVar)
	o.Seed, o.IdentifyEvery, o.SessionStarts, o.Limits.Off = seed, time.Millisecond, 1<<20, true
	// Discord's 3 s are over before a killed process is back; that interactions are answered then is what is tested.
	o.AnswerWithin = 10 * time.Minute
	d := discordtest.Start(t, o)
	c := &discordCampaign{
		discord: d, random: rand.New(rand.NewPCG(seed, 3)), shards: max(o.Shards, 1), database: "sqlite:" + filepath.Join(t.TempDir(), "state.db"),
	}
	var err error
	if c.address, err = adaptertest.FreeAddress(); err != nil { // free for the program, every time it starts
		t.Fatal(err)
	}
	if overHTTP {
		c.endpoint = "http://" + c.address + "/discord/interactions"
		d.SetEndpoint(c.endpoint)
		c.env = append(c.env, "DISCORD_PUBLIC_KEY="+d.PublicKey())
	}
	c.env = append(c.env, "DISCORD_TOKEN="+discordtest.Token, "DISCORD_API_URL="+d.URL(), "DATABASE_URL="+c.database,
		"LISTEN_ADDR="+c.address, "USER_RATE=0", "CHANNEL_RATE=0", "SERVER_RATE=0", "LOG_LEVEL=info")
	for n := range 5 {
		c.members = append(c.members, discordtest.Caller{
			User: d.NewUser(fmt.Sprint("member", n)), Channel: d.NewChannel(d.NewGuild("study"), "general"),
		})
	}
	return c
}

func (c *discordCampaign) run(t *testing.T, kills int) {
	t.Helper()
	begin := time.Now()
	for n := range kills {
		p := c.start(t)
		steadily(t.Context(), 3*time.Millisecond, time.Duration(c.random.Int64N(int64(500*time.Millisecond))), func(n int) { c.ask(n) })
		c.kill(t, p)
		if n%5 == 4 {
			c.checkLog(t, p)
		}
	}
	last := c.start(t)
	if s := c.discord.Session(0); s != nil {
		s.Replay(50)
	}
	final := c.ask(1) // and it answers still
	// Discord takes 50 messages a second, and half as many where each is looked for first.
	within(t, startWait+time.Duration(c.discord.Open())*time.Second/20, "nothing is owed", func() bool {
		return c.discord.Owed() == 0 && c.outbox(t.Context()) == "0"
	})
	last.stop(t)
	v := c.discord.Verdict()
	if !v.OK() {
		t.Errorf("the verdict is %s\nlost %v\ndoubled %v\n%s", v, v.Lost, v.Doubled, last.log)
	}
	t.Logf("%d kills in %s: %s", kills, time.Since(begin).Round(time.Millisecond), v)
	if known := c.claimed(t, append(v.Undelivered, final)); !slices.Equal(known, []string{final}) { // that one was answered
		t.Errorf("claimed and without an answer are questions %v, but for %s", known, final)
	}
}

// outbox is how many promises the program holds.
func (c *discordCampaign) outbox(ctx context.Context) string {
	return c.metric(ctx, "careerbot_outbox_depth")
}

// metric is one of the program's metrics, or why there is none.
func (c *discordCampaign) metric(ctx context.Context, name string) string {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+c.address+"/metrics", nil)
	if err != nil {
		return err.Error()
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err.Error()
	}
	defer response.Body.Close()
	lines := bufio.NewScanner(response.Body)
	for lines.Scan() {
		if n, ok := strings.CutPrefix(lines.Text(), name+" "); ok {
			return n
		}
	}
	return "not told"
}

// ask asks one question: a command, a mention or a direct message. It gives the question's id.
func (c *discordCampaign) ask(n int) string {
	d, who := c.discord, c.members[c.random.IntN(len(c.members))]
	switch n % 3 {
	case 0:
		i := d.Command(who, "backend", object.Sub("skills", object.Str("role", "backend")))
		d.Send(i)
		return i.ID
	case 1:
		m := d.Message(who, "<@"+d.ApplicationID()+"> salary senior india")
		d.Say(m)
		return m.ID
	default:
		m := d.Message(discordtest.Caller{User: who.User, Channel: d.Direct(who.User)}, "what is redis?")
		d.Say(m)
		return m.ID
	}
}

// claimed gives those of the unanswered questions that the state knows: they were promised an answer.
func (c *discordCampaign) claimed(t *testing.T, unanswered []string) (known []string) {
	t.Helper()
	s, err := store.Open(t.Context(), c.database, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	if stats, err := s.Stats(t.Context()); err != nil || stats.Outbox > 0 || stats.Expired > 0 {
		t.Errorf("the state holds %d promises, and %d expired: %v", stats.Outbox, stats.Expired, err)
	}
	for _, id := range unanswered {
		for _, kind := range []string{"i", "m"} {
			standing, err := s.Take(t.Context(), store.Promise{Key: "discord:" + kind + id, Platform: "discord", Payload: "{}"})
			if err != nil {
				t.Fatal(err)
			}
			if standing != store.First {
				known = append(known, id)
			}
		}
	}
	return known
}

func (c *discordCampaign) checkLog(t *testing.T, p *discordProcess) {
	t.Helper()
	if log := p.log.String(); strings.Contains(log, discordtest.Token) || strings.Contains(log, "panic") {
		t.Errorf("the log has what it must not have:\n%s", log)
	}
}

// discordProcess is one life of the program.
type discordProcess struct {
	cmd *exec.Cmd
	log *serveLog
}

// start starts the program and waits until Discord has a session of each of its shards.
func (c *discordCampaign) start(t *testing.T) *discordProcess {
	t.Helper()
	begun := func() int { now := c.discord.Stats(); return now.Identifies + now.Resumes }
	before := begun()
	p := c.launch(t)
	ctx, cancel := context.WithTimeout(t.Context(), startWait)
	defer cancel()
	err := c.discord.Until(ctx, func() bool {
		return begun() >= before+c.shards && len(c.discord.Sessions()) == c.shards
	})
	if err != nil {
		t.Fatalf("the program does not connect: %v\n%s", err, p.log)
	}
	return p
}

// launch starts the program.
func (c *discordCampaign) launch(t *testing.T) *discordProcess {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p := &discordProcess{cmd: exec.CommandContext(t.Context(), self, "serve"), log: &serveLog{}}
	p.cmd.Args[0] = "careerbot" // the name by which TestMain runs the program instead of the tests
	p.cmd.Env, p.cmd.Stderr = c.env, p.log
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return p
}

// kill ends the program as a crash does, and tells Discord's ledger.
func (c *discordCampaign) kill(t *testing.T, p *discordProcess) {
	t.Helper()
	p.kill(t)
	c.discord.Killed()
}

// kill ends the program as a crash does.
func (p *discordProcess) kill(t *testing.T) {
	t.Helper()
	if err := p.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = p.cmd.Wait() // it was killed
}

// stop ends the program as an operator does.
func (p *discordProcess) stop(t *testing.T) {
	t.Helper()
	if err := p.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Wait(); err != nil {
		t.Errorf("the program ended with %v\n%s", err, p.log)
	}
}
