package slacktest_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"careerbot/adapters/slack/slacktest"

	"github.com/slack-go/slack"
)

// hookOf is the response_url of an envelope.
func hookOf(e slacktest.Envelope) string {
	url, _ := e.Payload["response_url"].(string)
	return url
}

func triggerOf(e slacktest.Envelope) string {
	id, _ := e.Payload["trigger_id"].(string)
	return id
}

func TestResponseURL(t *testing.T) {
	t.Parallel()
	now := time.Now()
	s := newSlack(t, slacktest.Options{Clock: func() time.Time { return now }})
	api := client(t, s)
	ctx := within(t)
	e := s.Slash(slacktest.Place{}, "/backend", "salary")
	respond := func(e slacktest.Envelope, o ...slack.MsgOption) error {
		_, _, _, err := api.SendMessageContext(ctx, "", o...)
		return err
	}
	text := func(words string) slack.MsgOption { return slack.MsgOptionText(words, false) }
	if err := errors.Join(
		respond(e, slack.MsgOptionResponseURL(hookOf(e), slack.ResponseTypeEphemeral), text("only you")),
		respond(e, slack.MsgOptionReplaceOriginal(hookOf(e)), text("only you, again")),
		respond(e, slack.MsgOptionResponseURL(hookOf(e), slack.ResponseTypeInChannel), text("everybody")),
	); err != nil {
		t.Fatal(err)
	}
	posts := s.Messages()
	if len(posts) != 2 || posts[0].Text != "only you, again" || posts[0].Ephemeral != "U0ASKER" || posts[1].Ephemeral != "" {
		t.Fatalf("posts are %+v", posts)
	}
	click := s.Click(slacktest.Place{}, posts[0], slacktest.Action{Type: "button", ActionID: "share", Value: "1"})
	if err := respond(click, slack.MsgOptionDeleteOriginal(hookOf(click))); err != nil {
		t.Fatal(err)
	}
	if posts := s.Messages(); len(posts) != 1 {
		t.Errorf("after delete_original: %+v", posts)
	}
	for range 2 {
		_ = respond(e, slack.MsgOptionResponseURL(hookOf(e), ""), text("more"))
	}
	status, ok := errors.AsType[slack.StatusCodeError](respond(e, slack.MsgOptionResponseURL(hookOf(e), ""), text("sixth")))
	if !ok || status.Code != http.StatusNotFound {
		t.Errorf("the sixth use gave %v", status)
	}
	late := s.Slash(slacktest.Place{}, "/backend", "late")
	now = now.Add(31 * time.Minute)
	if err := respond(late, slack.MsgOptionResponseURL(hookOf(late), ""), text("x")); err == nil {
		t.Error("an expired response_url was taken")
	}
	calls := s.Calls(slacktest.ResponseURL)
	if calls[len(calls)-1].Error != "expired_url" || calls[len(calls)-2].Error != "used_url" {
		t.Errorf("the last calls are %+v", calls[len(calls)-2:])
	}
}

func modal(title string) slack.ModalViewRequest {
	return slack.ModalViewRequest{
		Type: slack.VTModal, Title: slack.NewTextBlockObject(slack.PlainTextType, title, false, false), CallbackID: "ask",
		Blocks: slack.Blocks{BlockSet: section("hello")},
	}
}

func TestViews(t *testing.T) {
	t.Parallel()
	now := time.Now()
	s := newSlack(t, slacktest.Options{Clock: func() time.Time { return now }})
	api := client(t, s)
	ctx := within(t)
	e := s.Shortcut(slacktest.Place{}, "ask")
	opened, err := api.OpenViewContext(ctx, triggerOf(e), modal("Ask"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err = api.OpenViewContext(ctx, triggerOf(e), modal("Ask")); name(err) != "exchanged_trigger_id" {
		t.Errorf("a trigger used twice: %v", err)
	}
	if _, err = api.OpenViewContext(ctx, "1.2.3", modal("Ask")); name(err) != "invalid_trigger_id" {
		t.Errorf("a made-up trigger: %v", err)
	}
	if _, err = api.OpenViewContext(ctx, triggerOf(s.Shortcut(slacktest.Place{}, "ask")), modal(strings.Repeat("x", 25))); name(err) != "invalid_arguments" {
		t.Errorf("a long title: %v", err)
	}
	if _, err = api.UpdateViewContext(ctx, modal("Two"), "", opened.Hash, opened.ID); err != nil {
		t.Error(err)
	}
	if _, err = api.UpdateViewContext(ctx, modal("Three"), "", opened.Hash, opened.ID); name(err) != "hash_conflict" {
		t.Errorf("an old hash: %v", err)
	}
	v := s.Views()[0]
	submit := s.Submit(v, map[string]map[string]any{"q": {"text": map[string]any{"type": "plain_text_input", "value": "salary"}}})
	if _, err = api.PushViewContext(ctx, triggerOf(submit), modal("Above")); err != nil {
		t.Errorf("pushing from a modal: %v", err)
	}
	late := s.Shortcut(slacktest.Place{}, "ask")
	now = now.Add(4 * time.Second)
	if _, err = api.OpenViewContext(ctx, triggerOf(late), modal("Late")); name(err) != "expired_trigger_id" {
		t.Errorf("a trigger of 4 s: %v", err)
	}
	home := slack.HomeTabViewRequest{Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: section("Home")}}
	for range 2 {
		if _, err = api.PublishViewContext(ctx, slack.PublishViewContextRequest{UserID: "U1", View: home}); err != nil {
			t.Error(err)
		}
	}
	if h, ok := s.Home(s.Team(0).ID, "U1"); !ok || h.Changes != 1 || !contains(h.Raw, "Home") {
		t.Errorf("the Home tab is %+v", h)
	}
}

func TestAssistant(t *testing.T) {
	t.Parallel()
	s := newSlack(t, slacktest.Options{App: slacktest.App{Agent: true}})
	api := client(t, s)
	ctx := within(t)
	prompts := slack.AssistantThreadsSetSuggestedPromptsParameters{ChannelID: "D1"}
	prompts.AddPrompt("Pay", "How much?")
	silent := prompts
	silent.ThreadTS = "1.000001"
	many := prompts
	for range 4 {
		many.AddPrompt("Pay", "How much?")
	}
	err := errors.Join(
		api.SetAssistantThreadsSuggestedPromptsContext(ctx, prompts),
		api.SetAssistantThreadsSuggestedPromptsContext(ctx, silent), // says ok and does nothing
		api.SetAssistantThreadsStatusContext(ctx, slack.AssistantThreadsSetStatusParameters{ChannelID: "D1", ThreadTS: "1.000001", Status: "reads"}),
	)
	if err != nil {
		t.Fatal(err)
	}
	if err := api.SetAssistantThreadsSuggestedPromptsContext(ctx, many); name(err) != "invalid_arguments" {
		t.Errorf("five prompts: %v", err)
	}
	if did := s.Assistant(); len(did) != 2 || did[1].Text != "reads" {
		t.Errorf("it did %+v", did)
	}
}

func TestOAuthWithRotation(t *testing.T) {
	t.Parallel()
	now := time.Now()
	s := newSlack(t, slacktest.Options{
		Clock: func() time.Time { return now }, App: slacktest.App{Rotate: true},
		Teams: []slacktest.Team{{Pending: true, Enterprise: "E1"}},
	})
	ctx := within(t)
	a, h := s.App(), http.DefaultClient
	redirect := "https://bot.example/slack/oauth_redirect"
	code := s.Code(s.Team(0).ID, "U1", redirect)
	if _, err := slack.GetOAuthV2ResponseContext(ctx, h, a.ClientID, "wrong", code, redirect, slack.OAuthOptionAPIURL(s.URL())); name(err) != "bad_client_secret" {
		t.Errorf("a wrong secret: %v", err)
	}
	first, err := slack.GetOAuthV2ResponseContext(ctx, h, a.ClientID, a.ClientSecret, code, redirect, slack.OAuthOptionAPIURL(s.URL()))
	if err != nil || first.RefreshToken == "" || first.ExpiresIn != 43200 || first.Enterprise.ID != "E1" || first.BotUserID != "U0BOT" {
		t.Fatalf("exchange gave %+v, %v", first, err)
	}
	if _, err = slack.GetOAuthV2ResponseContext(ctx, h, a.ClientID, a.ClientSecret, code, redirect, slack.OAuthOptionAPIURL(s.URL())); name(err) != "invalid_code" {
		t.Errorf("a code used twice: %v", err)
	}
	second, err := slack.RefreshOAuthV2TokenContext(ctx, h, a.ClientID, a.ClientSecret, first.RefreshToken, slack.OAuthOptionAPIURL(s.URL()))
	if err != nil || second.RefreshToken == first.RefreshToken || second.AccessToken == first.AccessToken {
		t.Fatalf("refresh gave %+v, %v", second, err)
	}
	if _, err = slack.RefreshOAuthV2TokenContext(ctx, h, a.ClientID, a.ClientSecret, first.RefreshToken, slack.OAuthOptionAPIURL(s.URL())); name(err) != "invalid_refresh_token" {
		t.Errorf("the old refresh token: %v", err)
	}
	api := slack.New(second.AccessToken, slack.OptionAPIURL(s.URL()))
	if _, err := api.AuthTestContext(ctx); err != nil {
		t.Error(err)
	}
	now = now.Add(13 * time.Hour)
	if _, err := api.AuthTestContext(ctx); name(err) != "token_expired" {
		t.Errorf("after 13 h: %v", err)
	}
	if e := s.Uninstall(s.Team(0).ID); e.Payload["team_id"] != s.Team(0).ID || e.Payload["enterprise_id"] != "E1" {
		t.Errorf("app_uninstalled is %v", e.Payload)
	}
}

func TestAuthorizePageSendsBack(t *testing.T) {
	t.Parallel()
	s := newSlack(t, slacktest.Options{})
	h := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	r, err := h.Get(s.AuthorizeURL() + "?client_id=111.222&scope=commands,chat:write&state=s1&redirect_uri=https%3A%2F%2Fbot.example%2Fback")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	back, err := r.Location()
	if err != nil || back.Host != "bot.example" || back.Query().Get("state") != "s1" || back.Query().Get("code") == "" {
		t.Errorf("sent to %v, %v", back, err)
	}
}
