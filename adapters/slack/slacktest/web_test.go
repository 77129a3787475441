package slacktest_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptrace"
	"slices"
	"strings"
	"testing"
	"time"

	"careerbot/adapters/slack/slacktest"

	"github.com/slack-go/slack"
)

func TestPostsKeepEverything(t *testing.T) {
	t.Parallel()
	s := newSlack(t, slacktest.Options{})
	api := client(t, s)
	const text = "100% C++ & <https://a.example/?q=%20+|label> ₹"
	meta := slack.SlackMetadata{EventType: "answer", EventPayload: map[string]any{"id": "q1"}}
	mention := s.Mention(slacktest.Place{}, "<@U0BOT> salary")
	channel, ts, err := api.PostMessageContext(within(t), mention.Channel, slack.MsgOptionTS(mention.Thread),
		slack.MsgOptionText(text, false), slack.MsgOptionBlocks(section(text)...), slack.MsgOptionMetadata(meta),
		slack.MsgOptionDisableLinkUnfurl(), slack.MsgOptionDisableMediaUnfurl())
	if err != nil || channel != mention.Channel || ts == "" {
		t.Fatal(channel, ts, err)
	}
	m := s.Messages()[0]
	if m.Text != text || m.UnfurlLinks != "false" || m.UnfurlMedia != "false" || m.ThreadTS != mention.Thread {
		t.Errorf("message is %+v", m)
	}
	if !contains(m.Metadata, `"id":"q1"`) || !contains(m.Blocks, "100% C++") {
		t.Errorf("metadata %s, blocks %s", m.Metadata, m.Blocks)
	}
	for _, all := range []bool{true, false} {
		replies, _, _, err := api.GetConversationRepliesContext(within(t), &slack.GetConversationRepliesParameters{
			ChannelID: channel, Timestamp: mention.Thread, IncludeAllMetadata: all,
		})
		if err != nil || len(replies) != 2 || replies[1].Text != text {
			t.Fatalf("replies are %+v, %v", replies, err)
		}
		if got := replies[1].Metadata.EventType == "answer"; got != all {
			t.Errorf("include_all_metadata=%v gave metadata %+v", all, replies[1].Metadata)
		}
	}
}

func TestUpdateDeleteEphemeral(t *testing.T) {
	t.Parallel()
	s := newSlack(t, slacktest.Options{})
	api := client(t, s)
	ctx := within(t)
	_, ts, err := api.PostMessageContext(ctx, "C1", slack.MsgOptionText("first", false), slack.MsgOptionBlocks(section("first")...))
	if err != nil {
		t.Fatal(err)
	}
	if _, _, _, err := api.UpdateMessageContext(ctx, "C1", ts, slack.MsgOptionText("second", false)); err != nil {
		t.Fatal(err)
	}
	if m := s.Messages()[0]; m.Text != "second" || m.Edits != 1 || !contains(m.Blocks, "first") {
		t.Errorf("after the update: %+v", m)
	}
	if _, err := api.PostEphemeralContext(ctx, "C1", "U1", slack.MsgOptionText("psst", false)); err != nil {
		t.Fatal(err)
	}
	history, err := api.GetConversationHistoryContext(ctx, &slack.GetConversationHistoryParameters{ChannelID: "C1"})
	if err != nil || len(history.Messages) != 1 {
		t.Errorf("the history shows %+v, %v; want one message, as the other is ephemeral", history, err)
	}
	if _, _, err := api.DeleteMessageContext(ctx, "C1", ts); err != nil {
		t.Fatal(err)
	}
	_, _, err = api.DeleteMessageContext(ctx, "C1", ts)
	if name(err) != "message_not_found" {
		t.Errorf("deleting twice: %v", err)
	}
	said := s.Say(slacktest.Place{Channel: "C1"}, "mine")
	if _, _, _, err = api.UpdateMessageContext(ctx, "C1", said.Thread, slack.MsgOptionText("x", false)); name(err) != "cant_update_message" {
		t.Errorf("changing another's message: %v", err)
	}
}

// name is Slack's name of an error.
func name(err error) string {
	if refused, ok := errors.AsType[slack.SlackErrorResponse](err); ok {
		return refused.Err
	}
	return ""
}

func TestPages(t *testing.T) {
	t.Parallel()
	s := newSlack(t, slacktest.Options{})
	api := client(t, s)
	root := s.Say(slacktest.Place{}, "root")
	for i := range 24 {
		s.Say(slacktest.Place{Thread: root.Thread}, fmt.Sprint("reply ", i))
	}
	var got []string
	cursor := ""
	for {
		page, more, next, err := api.GetConversationRepliesContext(within(t), &slack.GetConversationRepliesParameters{
			ChannelID: root.Channel, Timestamp: root.Thread, Limit: 10, Cursor: cursor,
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range page {
			got = append(got, m.Text)
		}
		if cursor = next; !more {
			break
		}
	}
	if len(got) != 25 || got[0] != "root" || got[24] != "reply 23" {
		t.Errorf("pages gave %d: %q", len(got), got)
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	s := newSlack(t, slacktest.Options{Teams: []slacktest.Team{{Absent: []string{"C0AWAY"}}}, Reject: []string{"data_visualization"}})
	api := client(t, s)
	many := make([]slack.Block, 51)
	for i := range many {
		many[i] = slack.NewDividerBlock()
	}
	var long []slack.Block
	for range 5 {
		long = append(long, section(strings.Repeat("x", 2900))...)
	}
	chart := slack.NewDataVisualizationBlock("Pay", slack.NewDataVisualizationPieChart(slack.NewDataVisualizationSegment("a", 1)))
	tests := []struct {
		channel string
		option  slack.MsgOption
		want    string
		pointer string
	}{
		{"", slack.MsgOptionText("x", false), "channel_not_found", ""},
		{"C0AWAY", slack.MsgOptionText("x", false), "not_in_channel", ""},
		{"C1", slack.MsgOptionText("", false), "no_text", ""},
		{"C1", slack.MsgOptionText(strings.Repeat("é", 40_001), false), "msg_too_long", ""},
		{"C1", slack.MsgOptionBlocks(many...), "invalid_blocks", "[ERROR] no more than 50 items allowed [json-pointer:/blocks]"},
		{"C1", slack.MsgOptionBlocks(long...), "msg_blocks_too_long", ""},
		{
			"C1", slack.MsgOptionBlocks(section(strings.Repeat("x", 3001))...), "invalid_blocks",
			"[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]",
		},
		{
			"C1", slack.MsgOptionBlocks(section("x")[0], chart), "invalid_blocks",
			"[ERROR] unsupported type: data_visualization [json-pointer:/blocks/1/type]",
		},
		{"C1", slack.MsgOptionTS("soon"), "no_text", ""},
	}
	for _, test := range tests {
		_, _, err := api.PostMessageContext(within(t), test.channel, test.option)
		refused, _ := errors.AsType[slack.SlackErrorResponse](err)
		if refused.Err != test.want || test.pointer != "" && !slices.Contains(refused.ResponseMetadata.Messages, test.pointer) {
			t.Errorf("%v with %q, want %q with %q", err, refused.ResponseMetadata.Messages, test.want, test.pointer)
		}
	}
	if posts := s.Messages(); len(posts) != 0 {
		t.Errorf("refused messages were posted: %+v", posts)
	}
}

func TestTokensAndScopes(t *testing.T) {
	t.Parallel()
	s := newSlack(t, slacktest.Options{})
	ctx := within(t)
	post := func(api *slack.Client) error {
		_, _, err := api.PostMessageContext(ctx, "C1", slack.MsgOptionText("x", false))
		return err
	}
	team := s.Team(0).ID
	s.Scope(team, "commands")
	refused, _ := errors.AsType[slack.SlackErrorResponse](post(client(t, s)))
	if refused.Err != "missing_scope" || refused.Needed != "chat:write" || refused.Provided != "commands" {
		t.Errorf("without the scope: %+v", refused)
	}
	for token, want := range map[string]string{"": "not_authed", "xoxb-wrong": "invalid_auth", s.App().AppToken: "not_allowed_token_type"} {
		if err := post(slack.New(token, slack.OptionAPIURL(s.URL()))); name(err) != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
	s.Revoke(team, "token_revoked")
	if err := post(client(t, s)); name(err) != "token_revoked" {
		t.Errorf("after revoking: %v", err)
	}
	for _, c := range s.Calls("") {
		if strings.Contains(fmt.Sprint(c.Args), "xoxb") {
			t.Errorf("a token is in the history: %v", c)
		}
	}
}

func TestFaults(t *testing.T) {
	t.Parallel()
	s := newSlack(t, slacktest.Options{})
	api := client(t, s)
	post := func(ctx context.Context) error {
		_, _, err := api.PostMessageContext(ctx, "C1", slack.MsgOptionText("x", false))
		return err
	}
	tests := []struct {
		fault  slacktest.Fault
		check  func(error) bool
		posted int
	}{
		{slacktest.Fault{Status: 429, RetryAfter: "7"}, func(err error) bool {
			limited, ok := errors.AsType[*slack.RateLimitedError](err)
			return ok && limited.RetryAfter == 7*time.Second
		}, 0},
		{slacktest.Fault{Status: 429}, func(err error) bool { return err != nil }, 0},
		{slacktest.Fault{Status: 503}, func(err error) bool {
			status, ok := errors.AsType[slack.StatusCodeError](err)
			return ok && status.Code == 503
		}, 0},
		{slacktest.Fault{Status: 503, Late: true}, func(err error) bool { return err != nil }, 1},
		{slacktest.Fault{Error: "fatal_error", Late: true}, func(err error) bool { return name(err) == "fatal_error" }, 1},
		{slacktest.Fault{Cut: true}, func(err error) bool { return err != nil }, 0},
		{slacktest.Fault{Cut: true, Late: true}, func(err error) bool { return err != nil }, 1},
		{slacktest.Fault{Delay: 20 * time.Millisecond}, func(err error) bool { return err == nil }, 1},
	}
	for _, test := range tests {
		before := len(s.Messages())
		test.fault.Method, test.fault.Times = "chat.postMessage", 1
		s.Fault(test.fault)
		err := post(within(t))
		if posted := len(s.Messages()) - before; !test.check(err) || posted != test.posted {
			t.Errorf("%+v gave %v and %d posts, want %d", test.fault, err, posted, test.posted)
		}
		s.ClearFaults()
	}
	s.Fault(slacktest.Fault{Method: "chat.postMessage", Times: 1, Delay: 2 * time.Second})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{WroteRequest: func(httptrace.WroteRequestInfo) { cancel() }})
	before := len(s.Messages())
	if err := post(ctx); err == nil {
		t.Error("no error of the slow call")
	}
	if err := s.Until(within(t), func() bool { return len(s.Messages()) == before+1 }); err != nil {
		t.Errorf("the slow call took no effect: %v", err)
	}
}

func TestPaceOfAChannel(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)
	s := newSlack(t, slacktest.Options{Pace: time.Second, Clock: func() time.Time { return now }})
	api := client(t, s)
	post := func(channel string) error {
		_, _, err := api.PostMessageContext(within(t), channel, slack.MsgOptionText("x", false))
		return err
	}
	if err := errors.Join(post("C1"), post("C2")); err != nil {
		t.Fatal(err)
	}
	if limited, ok := errors.AsType[*slack.RateLimitedError](post("C1")); !ok || limited.RetryAfter != time.Second {
		t.Errorf("two posts within a second: %v", limited)
	}
	now = now.Add(time.Second)
	if err := post("C1"); err != nil {
		t.Error(err)
	}
}

func TestFilesAreUploaded(t *testing.T) {
	t.Parallel()
	s := newSlack(t, slacktest.Options{})
	ctx := within(t)
	f, err := client(t, s).UploadFileContext(ctx, slack.UploadFileParameters{
		Filename: "chart.png", FileSize: 4, Reader: strings.NewReader("\x89PNG"), Title: "Pay", Channel: "C1", InitialComment: "A chart",
	})
	if err != nil {
		t.Fatal(err)
	}
	m := s.Messages()[0]
	if string(s.File(f.ID)) != "\x89PNG" || m.Text != "A chart" || !slices.Equal(m.Files, []string{f.ID}) {
		t.Errorf("file %q, message %+v", s.File(f.ID), m)
	}
	// And as bare bytes with PUT, as Slack's own page shows it.
	api := client(t, s)
	u, err := api.GetUploadURLExternalContext(ctx, slack.GetUploadURLExternalParameters{FileName: "a.txt", FileSize: 2})
	if err != nil {
		t.Fatal(err)
	}
	put, err := http.NewRequestWithContext(ctx, http.MethodPut, u.UploadURL, strings.NewReader("hi"))
	if err != nil {
		t.Fatal(err)
	}
	if status, _, _, err := s.Post(put); err != nil || status != http.StatusOK || string(s.File(u.FileID)) != "hi" {
		t.Errorf("PUT gave %d, %v, file %q", status, err, s.File(u.FileID))
	}
}

func TestPeople(t *testing.T) {
	t.Parallel()
	s := newSlack(t, slacktest.Options{People: []slacktest.Person{{ID: "U1", Name: "Asha", Locale: "hi-IN", Admin: true}}})
	api := client(t, s)
	u, err := api.GetUserInfoContext(within(t), "U1")
	if err != nil || u.Name != "Asha" || u.Locale != "hi-IN" || !u.IsAdmin {
		t.Errorf("users.info gave %+v, %v", u, err)
	}
	b, err := api.GetBotInfoContext(within(t), slack.GetBotInfoParameters{Bot: "B0BOT"})
	if err != nil || b.UserID != "U0BOT" {
		t.Errorf("bots.info gave %+v, %v", b, err)
	}
	c, err := api.GetConversationInfoContext(within(t), &slack.GetConversationInfoInput{ChannelID: "C1"})
	if err != nil || c.ID != "C1" {
		t.Errorf("conversations.info gave %+v, %v", c, err)
	}
	who, err := api.AuthTestContext(within(t))
	if err != nil || who.UserID != "U0BOT" || who.BotID != "B0BOT" || who.TeamID != "T0ACME" {
		t.Errorf("auth.test gave %+v, %v", who, err)
	}
}
