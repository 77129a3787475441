package slack_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"careerbot/adapters/slack"
	"careerbot/adapters/slack/slacktest"
	"careerbot/bot/store"
)

// installs keeps installations in the store, as serve does.
type installs struct {
	store *store.Store
	owner string
	fail  *atomic.Bool // saving fails
}

type installed struct {
	Token, Refresh, BotUser, Admin string
	Expires                        time.Time
	Scopes                         []string
}

func (k installs) Installation(ctx context.Context, team string) (slack.Installation, error) {
	row, err := k.store.Installation(ctx, "slack", team)
	if errors.Is(err, store.ErrNone) {
		return slack.Installation{}, fmt.Errorf("%w: %w", fs.ErrNotExist, err)
	}
	if err != nil {
		return slack.Installation{}, err
	}
	var in installed
	err = json.Unmarshal(row.Secret, &in)
	return slack.Installation{
		Team: team, Token: slack.Secret(in.Token), Refresh: slack.Secret(in.Refresh), Expires: in.Expires,
		BotUser: in.BotUser, Scopes: in.Scopes, Admin: in.Admin,
	}, err
}

func (k installs) SaveInstallation(ctx context.Context, in slack.Installation) error {
	if k.fail.Load() {
		return errors.New("the disk is full")
	}
	secret, err := json.Marshal(installed{string(in.Token), string(in.Refresh), in.BotUser, in.Admin, in.Expires, in.Scopes})
	if err != nil {
		return err
	}
	return k.store.SaveInstallation(ctx, store.Installation{Platform: "slack", Team: in.Team, Secret: secret})
}

func (k installs) DeleteInstallation(ctx context.Context, team string) error {
	return k.store.DeleteInstallation(ctx, "slack", team)
}

func (k installs) Lease(ctx context.Context, name string, ttl time.Duration) (bool, error) {
	_, ok, err := k.store.Lease(ctx, name, k.owner, ttl)
	return ok, err
}

func (k installs) Release(ctx context.Context, name string) error {
	return k.store.Release(ctx, name, k.owner)
}

// clock is a time that a test moves.
type clock struct{ ahead atomic.Int64 }

func (c *clock) now() time.Time          { return time.Now().Add(time.Duration(c.ahead.Load())) }
func (c *clock) advance(d time.Duration) { c.ahead.Add(int64(d)) }

// many is a rig of the app for many workspaces, none of which it is installed in.
type many struct {
	*rig
	fail  *atomic.Bool
	clock *clock
}

func beginMany(t *testing.T, s setup) *many {
	t.Helper()
	m := &many{fail: &atomic.Bool{}, clock: &clock{}}
	if s.share == nil {
		s.platform.Clock = m.clock.now
		if s.platform.Teams == nil {
			s.platform.Teams = []slacktest.Team{{Pending: true}, {Pending: true, ID: "T0OTHER"}}
		}
		s.state = newStore(t)
	}
	s.http = true
	more := s.config
	s.config = func(c *slack.Config) {
		c.BotToken, c.ClientID, c.ClientSecret, c.Now = "", "111.222", "client-secret-of-a-test", m.clock.now
		k := installs{m.state(s), t.Name() + fmt.Sprintf("%p", m), m.fail}
		c.Installations, c.Leases = k, k
		if more != nil {
			more(c)
		}
	}
	m.rig = begin(t, s)
	return m
}

func (*many) state(s setup) *store.Store {
	if s.state != nil {
		return s.state
	}
	return s.share.store
}

// browse begins the installation as a browser does, and gives the last page.
func (m *many) browse(team string) (*http.Client, *http.Response, string) {
	m.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		m.t.Fatal(err)
	}
	transport := &http.Transport{}
	m.t.Cleanup(transport.CloseIdleConnections)
	client := &http.Client{Jar: jar, Transport: transport, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if strings.HasSuffix(r.URL.Path, "/authorize") {
			q := r.URL.Query()
			q.Set("team", team)
			r.URL.RawQuery = q.Encode()
		}
		return nil
	}}
	page, body := m.get(client, m.server.URL+"/slack/install")
	return client, page, body
}

func (m *many) get(client *http.Client, address string) (*http.Response, string) {
	m.t.Helper()
	r, err := client.Get(address)
	if err != nil {
		m.t.Fatal(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		m.t.Fatal(err)
	}
	return r, string(body)
}

func (m *many) install(team string) {
	m.t.Helper()
	if _, page, body := m.browse(team); page.StatusCode != http.StatusOK || !strings.Contains(body, "Installed") || strings.Contains(body, "Not") {
		m.t.Fatalf("the browser sees %d %s\n%s", page.StatusCode, body, m.logs)
	}
}

func TestInstallAndServeManyWorkspaces(t *testing.T) {
	t.Parallel()
	m := beginMany(t, setup{})
	for i, team := range []string{"T0ACME", "T0OTHER"} {
		m.install(team)
		p := slacktest.Place{Team: team, Channel: "C0SAME"}
		m.outcome(m.slack.Ask(m.slack.Mention(p, "<@"+m.slack.Team(i).BotUser+"> hello")))
		m.answered(i + 1)
		if got := m.last(); got.Team != team {
			t.Errorf("the answer is in %s", got.Team)
		}
	}
	row, err := m.store.Installation(t.Context(), "slack", "T0ACME")
	if err != nil || row.Meta != "" || len(row.Secret) == 0 {
		t.Errorf("stored: %+v, %v", row.Meta, err)
	}
}

// A state is good once, for ten minutes, in the browser that began.
func TestStateIsGoodOnce(t *testing.T) {
	t.Parallel()
	m := beginMany(t, setup{})
	client, page, _ := m.browse("T0ACME")
	again := page.Request.URL.String() // with the code and the state
	for what, address := range map[string]string{
		"used":     again,
		"no state": m.server.URL + "/slack/oauth_redirect?code=x",
		"forged":   m.server.URL + "/slack/oauth_redirect?code=x&state=abc.99999999999.xyz",
		"no code":  m.server.URL + "/slack/oauth_redirect?state=" + url.QueryEscape(page.Request.URL.Query().Get("state")),
	} {
		if r, body := m.get(client, address); r.StatusCode != http.StatusBadRequest || !strings.Contains(body, "/slack/install") {
			t.Errorf("%s: %d %s", what, r.StatusCode, body)
		}
	}
	if r, body := m.get(client, m.server.URL+"/slack/oauth_redirect?error=access_denied"); r.StatusCode != http.StatusOK || !strings.Contains(body, "not allowed") {
		t.Errorf("cancelled: %d %s", r.StatusCode, body)
	}
	if n := m.slack.Called("oauth.v2.access"); n != 1 {
		t.Errorf("%d codes were exchanged", n)
	}
}

// The cookie is put back and the state comes once more, to another replica: it was used.
func TestStateIsGoodOnceAmongReplicas(t *testing.T) {
	t.Parallel()
	for _, late := range []bool{false, true} {
		t.Run(fmt.Sprint("late ", late), func(t *testing.T) {
			t.Parallel()
			one := beginMany(t, setup{})
			two := beginMany(t, setup{share: one.rig})
			client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, Transport: &http.Transport{DisableKeepAlives: true}}
			r, _ := one.get(client, one.server.URL+"/slack/install")
			to, err := url.Parse(r.Header.Get("Location"))
			if err != nil || len(r.Cookies()) != 1 || !r.Cookies()[0].HttpOnly {
				t.Fatalf("%v, %v", r.Cookies(), err)
			}
			if late {
				one.clock.advance(11 * time.Minute)
				two.clock.advance(11 * time.Minute)
			}
			come := func(m *many) int {
				q := url.Values{"state": {to.Query().Get("state")}, "code": {m.slack.Code("T0ACME", "U0ADMIN", m.server.URL+"/slack/oauth_redirect")}}
				request, err := http.NewRequest(http.MethodGet, m.server.URL+"/slack/oauth_redirect?"+q.Encode(), nil)
				if err != nil {
					t.Fatal(err)
				}
				request.AddCookie(r.Cookies()[0])
				response, err := client.Do(request)
				if err != nil {
					t.Fatal(err)
				}
				response.Body.Close()
				return response.StatusCode
			}
			first, second := come(two), come(one)
			want := http.StatusOK
			if late {
				want = http.StatusBadRequest
			}
			if first != want || second != http.StatusBadRequest {
				t.Errorf("the replicas say %d and %d", first, second)
			}
		})
	}
}

func TestRemovedApp(t *testing.T) {
	t.Parallel()
	m := beginMany(t, setup{})
	for _, tell := range []func(string) slacktest.Envelope{m.slack.Uninstall, m.slack.TokensRevoked} {
		m.install("T0ACME")
		m.outcome(m.slack.Send(tell("T0ACME")))
		if _, err := m.store.Installation(t.Context(), "slack", "T0ACME"); !errors.Is(err, store.ErrNone) {
			t.Errorf("the installation is there still: %v", err)
		}
	}
	saidIn(t, m.outcome(m.slack.Ask(m.slack.Slash(slacktest.Place{}, "/backend", "commands work without a token")))) // as they need none
}

// Tokens that rotate are refreshed two hours early, once, and the new pair is saved before it is used.
func TestRotation(t *testing.T) {
	t.Parallel()
	one := beginMany(t, setup{platform: slacktest.Options{App: slacktest.App{Rotate: true}}})
	one.install("T0ACME")
	ask := func(m *many) {
		m.outcome(m.slack.Ask(m.slack.Mention(slacktest.Place{}, "<@U0BOT> hello")))
	}
	ask(one)
	one.answered(1)
	refreshes := func() int {
		n := 0
		for _, c := range one.slack.Calls("oauth.v2.access") {
			if c.Args["grant_type"] == "refresh_token" {
				n++
			}
		}
		return n
	}
	one.clock.advance(9 * time.Hour)
	ask(one)
	one.answered(2)
	if n := refreshes(); n != 0 {
		t.Errorf("refreshed %d times after 9 hours", n)
	}
	one.fail.Store(true)
	one.clock.advance(90 * time.Minute) // an hour and a half before the end
	ask(one)
	one.answered(3)
	one.fail.Store(false)
	for range 10 {
		ask(one)
	}
	one.answered(13)
	if n := refreshes(); n != 1 {
		t.Errorf("refreshed %d times, where the first pair could not be saved", n)
	}
	one.clock.advance(13 * time.Hour) // over altogether
	ask(one)
	one.answered(14)
	if n := refreshes(); n != 2 {
		t.Errorf("refreshed %d times", n)
	}
}

// Two replicas whose token is over at the same time: one of them refreshes.
func TestRotationAmongReplicas(t *testing.T) {
	t.Parallel()
	one := beginMany(t, setup{platform: slacktest.Options{App: slacktest.App{Rotate: true}}})
	two := beginMany(t, setup{share: one.rig, config: func(c *slack.Config) { c.Now = one.clock.now }})
	one.install("T0ACME")
	for round := range 3 {
		one.clock.advance(13 * time.Hour)
		var both sync.WaitGroup
		for _, m := range []*many{one, two} {
			one.slack.Connect(slacktest.Target{Base: m.server.URL})
			for range 5 {
				d := one.slack.Ask(one.slack.Mention(slacktest.Place{}, "<@U0BOT> hello"))
				both.Go(func() { _, _ = d.Wait(t.Context()) })
			}
		}
		both.Wait()
		one.answered(10 * (round + 1))
	}
	n := 0
	for _, c := range one.slack.Calls("oauth.v2.access") {
		if c.Args["grant_type"] == "refresh_token" {
			n++
		}
	}
	if n != 3 {
		t.Errorf("refreshed %d times in 3 rounds", n)
	}
}

// An organisation installs the app once, for all its workspaces.
func TestOrganisationWideInstallation(t *testing.T) {
	t.Parallel()
	m := beginMany(t, setup{})
	err := installs{m.store, "test", m.fail}.SaveInstallation(t.Context(), slack.Installation{Team: "E0GRID", Token: "xoxb-of-the-org", BotUser: "U0BOT"})
	if err != nil {
		t.Fatal(err)
	}
	e := m.slack.Mention(slacktest.Place{}, "<@U0BOT> hello")
	e.Payload["enterprise_id"], e.Payload["is_enterprise_install"] = "E0GRID", true
	e.Payload["authorizations"] = []any{map[string]any{"enterprise_id": "E0GRID", "team_id": "T0ACME", "user_id": "U0BOT", "is_bot": true, "is_enterprise_install": true}}
	m.outcome(m.slack.Send(e))
	m.until("the organisation's token is used", func() bool { return m.slack.Called("chat.postMessage") > 0 })
}
