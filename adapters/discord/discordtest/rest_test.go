package discordtest_test

import (
	"bytes"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"

	"careerbot/adapters/discord/discordtest"
	"careerbot/adapters/discord/discordtest/object"
)

// code is Discord's error code in what discordgo returns, 0 where it is no error of Discord's.
func code(err error) int {
	if refused, ok := errors.AsType[*discordgo.RESTError](err); ok && refused.Message != nil {
		return refused.Message.Code
	}
	return 0
}

func TestReplyToADirectMessage(t *testing.T) {
	t.Parallel()
	s := quick(t, discordtest.Options{})
	session := client(t, s)
	session.AddHandler(func(session *discordgo.Session, m *discordgo.MessageCreate) {
		if m.Author.Bot {
			return
		}
		if _, err := session.ChannelMessageSendReply(m.ChannelID, "you said "+m.Content, m.Reference()); err != nil {
			t.Error(err)
		}
	})
	open(t, session)
	user := s.NewUser("asha")
	question := s.Message(discordtest.Caller{User: user, Channel: s.Direct(user)}, "hello")
	s.Say(question)
	if err := s.Quiet(limited(t)); err != nil {
		t.Fatal(err)
	}
	posts := s.AnswersTo(question.ID)
	if len(posts) != 1 || posts[0].Message.Content != "you said hello" || posts[0].Message.Type != 19 {
		t.Errorf("the answers are %+v", posts)
	}
}

// TestRefusals: what cannot be posted is refused with Discord's own codes.
func TestRefusals(t *testing.T) {
	t.Parallel()
	s := quick(t, discordtest.Options{})
	session, who := client(t, s), place(s)
	send := func(channel string, m *discordgo.MessageSend) error {
		_, err := session.ChannelMessageSendComplex(channel, m)
		return err
	}
	text := func(text string) *discordgo.MessageSend { return &discordgo.MessageSend{Content: text} }
	gone := s.NewChannel(object.Guild{ID: who.Channel.GuildID}, "gone")
	s.DeleteChannel(gone.ID)
	mute := s.NewChannel(object.Guild{ID: who.Channel.GuildID}, "mute")
	s.Permit(mute.ID, object.ViewChannel)
	hidden := s.NewChannel(object.Guild{ID: who.Channel.GuildID}, "hidden")
	s.Permit(hidden.ID, 0)
	shy := s.NewUser("shy")
	s.Shut(shy)
	abroad := s.NewChannel(s.NewForeignGuild("abroad"), "general")
	link := func(id string) discordgo.MessageComponent {
		return discordgo.ActionsRow{Components: []discordgo.MessageComponent{discordgo.Button{Label: "x", CustomID: id}}}
	}
	tests := map[string]struct {
		channel string
		send    *discordgo.MessageSend
		want    int
	}{
		"deleted channel": {gone.ID, text("x"), 10003},
		"muted":           {mute.ID, text("x"), 50013},
		"hidden":          {hidden.ID, text("x"), 50001},
		"shut":            {s.Direct(shy).ID, text("x"), 50007},
		"not a member":    {abroad.ID, text("x"), 50001},
		"empty":           {who.Channel.ID, text(""), 50006},
		"too long":        {who.Channel.ID, text(strings.Repeat("x", 2001)), 50035},
		"embeds too long": {who.Channel.ID, &discordgo.MessageSend{Embeds: slices.Repeat([]*discordgo.MessageEmbed{{Description: strings.Repeat("x", 3001)}}, 2)}, 50035},
		"six rows":        {who.Channel.ID, &discordgo.MessageSend{Components: []discordgo.MessageComponent{link("1"), link("2"), link("3"), link("4"), link("5"), link("6")}}, 50035},
		"ids twice":       {who.Channel.ID, &discordgo.MessageSend{Components: []discordgo.MessageComponent{link("1"), link("1")}}, 50035},
		"no id":           {who.Channel.ID, &discordgo.MessageSend{Components: []discordgo.MessageComponent{link("")}}, 50035},
		"content and V2":  {who.Channel.ID, &discordgo.MessageSend{Content: "x", Flags: 1 << 15, Components: []discordgo.MessageComponent{discordgo.TextDisplay{Content: "x"}}}, 50035},
		"V2 without flag": {who.Channel.ID, &discordgo.MessageSend{Components: []discordgo.MessageComponent{discordgo.TextDisplay{Content: "x"}}}, 50035},
		"unknown message": {who.Channel.ID, &discordgo.MessageSend{Content: "x", Reference: &discordgo.MessageReference{MessageID: "1"}}, 50035},
	}
	for name, test := range tests {
		if got := code(send(test.channel, test.send)); got != test.want {
			t.Errorf("%s: code %d, want %d", name, got, test.want)
		}
	}
	if posts := s.Posts(); len(posts) != 0 {
		t.Errorf("%d messages were posted", len(posts))
	}
	wrong := client(t, s)
	wrong.Token, wrong.Identify.Token = "Bot wrong", "Bot wrong"
	if _, err := wrong.ChannelMessageSend(who.Channel.ID, "x"); err == nil {
		t.Error("a wrong token was taken")
	}
	if got := s.Stats(); got.Unauthorized != 1 || got.Forbidden != 4 || got.Invalid() != 5 {
		t.Errorf("the stats are %+v", got)
	}
}

func TestEditAndDelete(t *testing.T) {
	t.Parallel()
	s := quick(t, discordtest.Options{})
	session, who := client(t, s), place(s)
	m, err := session.ChannelMessageSend(who.Channel.ID, "one")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := session.ChannelMessageEdit(who.Channel.ID, m.ID, "two"); err != nil {
		t.Fatal(err)
	}
	got, err := session.ChannelMessage(who.Channel.ID, m.ID)
	if err != nil || got.Content != "two" || got.EditedTimestamp == nil {
		t.Errorf("read back %+v, %v", got, err)
	}
	theirs := s.Message(who, "x")
	s.Say(theirs)
	if _, err := session.ChannelMessageEdit(who.Channel.ID, theirs.ID, "mine"); code(err) != 50005 {
		t.Errorf("edit of another's message: %v, want 50005", err)
	}
	if err := session.ChannelMessageDelete(who.Channel.ID, m.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := session.ChannelMessage(who.Channel.ID, m.ID); code(err) != 10008 {
		t.Errorf("read a deleted message: %v, want 10008", err)
	}
	if p := s.Posts(); len(p) != 1 || !p[0].Deleted || len(p[0].Edits) != 1 {
		t.Errorf("the history has %+v", p)
	}
}

func TestNonce(t *testing.T) {
	t.Parallel()
	clock := atomic.Int64{}
	begin := time.Now()
	s := quick(t, discordtest.Options{Now: func() time.Time { return begin.Add(time.Duration(clock.Load())) }})
	session, who := client(t, s), place(s)
	send := func() string {
		t.Helper()
		body := map[string]any{"content": "x", "nonce": "n1", "enforce_nonce": true}
		raw, err := session.RequestWithBucketID("POST", discordgo.EndpointChannelMessages(who.Channel.ID), body, "m")
		if err != nil {
			t.Fatal(err)
		}
		return string(raw)
	}
	first := send()
	if again := send(); again != first {
		t.Errorf("the second message is %s, want the first", again)
	}
	if got := s.Stats().Repeats; got != 1 || len(s.Posts()) != 1 {
		t.Errorf("%d repeats, %d posts", got, len(s.Posts()))
	}
	clock.Store(int64(6 * time.Minute))
	if later := send(); later == first {
		t.Error("a nonce is good for ever")
	}
}

func TestPings(t *testing.T) {
	t.Parallel()
	s := quick(t, discordtest.Options{})
	session, who := client(t, s), place(s)
	const text = "@everyone <@1> <@&2>"
	for _, test := range []struct {
		allowed *discordgo.MessageAllowedMentions
		want    []string
	}{
		{nil, []string{"everyone", "1", "2"}},
		{&discordgo.MessageAllowedMentions{}, nil},
		{&discordgo.MessageAllowedMentions{Users: []string{"1"}}, []string{"1"}},
	} {
		if _, err := session.ChannelMessageSendComplex(who.Channel.ID, &discordgo.MessageSend{Content: text, AllowedMentions: test.allowed}); err != nil {
			t.Fatal(err)
		}
		posts := s.Posts()
		if got := posts[len(posts)-1].Pings; !slices.Equal(got, test.want) {
			t.Errorf("with %+v it pings %q, want %q", test.allowed, got, test.want)
		}
	}
}

func TestFile(t *testing.T) {
	t.Parallel()
	s := quick(t, discordtest.Options{})
	session, who := client(t, s), place(s)
	content := bytes.Repeat([]byte("png"), 1000)
	i := s.Command(who, "chart")
	s.Send(i)
	err := session.InteractionRespond(&discordgo.Interaction{ID: i.ID, Token: i.Token, AppID: i.ApplicationID}, &discordgo.InteractionResponse{
		Type: discordgo.InteractionResponseChannelMessageWithSource,
		Data: &discordgo.InteractionResponseData{
			Embeds:      []*discordgo.MessageEmbed{{Title: "x", Image: &discordgo.MessageEmbedImage{URL: "attachment://chart.png"}}},
			Attachments: &[]*discordgo.MessageAttachment{{ID: "0", Filename: "chart.png"}},
			Files:       []*discordgo.File{{Name: "chart.png", ContentType: "image/png", Reader: bytes.NewReader(content)}},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	got, _ := s.Exchange(i.ID)
	if got.Original == nil || len(got.Original.Files) != 1 {
		t.Fatalf("the answer is %+v", got.Original)
	}
	file := got.Original.Files[0]
	if file.Name != "chart.png" || file.ContentType != "image/png" || !bytes.Equal(file.Bytes, content) {
		t.Errorf("the file is %q %q with %d bytes", file.Name, file.ContentType, len(file.Bytes))
	}
	response, err := session.Client.Get(got.Original.Message.Attachments[0].URL)
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("the file's address gives %v, %v", response, err)
	}
	response.Body.Close()
}

func TestThreads(t *testing.T) {
	t.Parallel()
	s := quick(t, discordtest.Options{})
	session, who := client(t, s), place(s)
	question := s.Message(who, "<@"+s.ApplicationID()+"> what is Go?")
	s.Say(question)
	thread, err := session.MessageThreadStart(who.Channel.ID, question.ID, "Go", 1440)
	if err != nil || thread.ID != question.ID {
		t.Fatalf("the thread is %+v, %v", thread, err)
	}
	if _, err := session.MessageThreadStart(who.Channel.ID, question.ID, "Go", 1440); code(err) != 160004 {
		t.Errorf("a second thread: %v, want 160004", err)
	}
	if _, err := session.ChannelMessageSend(thread.ID, "a language"); err != nil {
		t.Fatal(err)
	}
	if got := s.AnswersTo(question.ID); len(got) != 1 {
		t.Errorf("%d answers, want the one in the thread", len(got))
	}
}

func TestCommands(t *testing.T) {
	t.Parallel()
	s := quick(t, discordtest.Options{})
	session, who := client(t, s), place(s)
	app := s.ApplicationID()
	for _, guild := range []string{"", who.Channel.GuildID} {
		put := func(names ...string) []*discordgo.ApplicationCommand {
			t.Helper()
			var list []*discordgo.ApplicationCommand
			for _, name := range names {
				list = append(list, &discordgo.ApplicationCommand{Name: name, Description: "d"})
			}
			got, err := session.ApplicationCommandBulkOverwrite(app, guild, list)
			if err != nil {
				t.Fatal(err)
			}
			return got
		}
		first := put("one", "two")
		second := put("two", "three")
		if second[0].ID != first[1].ID || len(s.Commands(guild)) != 2 {
			t.Errorf("commands of %q are %v", guild, s.Commands(guild))
		}
		got, err := session.ApplicationCommands(app, guild)
		if err != nil || len(got) != 2 {
			t.Errorf("listed %v, %v", got, err)
		}
		if _, err := session.ApplicationCommandEdit(app, guild, second[0].ID, &discordgo.ApplicationCommand{Name: "two", Description: "e"}); err != nil {
			t.Error(err)
		}
		if err := session.ApplicationCommandDelete(app, guild, second[1].ID); err != nil {
			t.Error(err)
		}
		if err := session.ApplicationCommandDelete(app, guild, second[1].ID); code(err) != 10063 {
			t.Errorf("deleted twice: %v, want 10063", err)
		}
		if got, err := session.ApplicationCommand(app, guild, second[0].ID); err != nil || got.Description != "e" {
			t.Errorf("read back %+v, %v", got, err)
		}
	}
}

// TestAnswersFollowTheDocument: what the server answers is what Discord's document says it answers.
func TestAnswersFollowTheDocument(t *testing.T) {
	t.Parallel()
	judge := document(t)
	s := quick(t, discordtest.Options{Gate: judge})
	session, who := client(t, s), place(s)
	if m, err := session.ChannelMessageSendEmbed(who.Channel.ID, &discordgo.MessageEmbed{Title: "x"}); err == nil {
		_, _ = session.ChannelMessageEdit(who.Channel.ID, m.ID, "y")
		_, _ = session.ChannelMessage(who.Channel.ID, m.ID)
		_, _ = session.MessageThreadStart(who.Channel.ID, m.ID, "y", 60)
	}
	i := s.Command(who, "backend")
	s.Send(i)
	on := &discordgo.Interaction{ID: i.ID, Token: i.Token, AppID: i.ApplicationID}
	_ = session.InteractionRespond(on, &discordgo.InteractionResponse{Type: discordgo.InteractionResponseDeferredChannelMessageWithSource})
	_, _ = session.InteractionResponse(on)
	_, _ = session.FollowupMessageCreate(on, true, &discordgo.WebhookParams{Content: "x"})
	_, _ = session.InteractionResponseEdit(on, &discordgo.WebhookEdit{Content: new("y")})
	_, _ = session.ApplicationCommandBulkOverwrite(i.ApplicationID, "", []*discordgo.ApplicationCommand{{Name: "x", Description: "y"}})
	_, _ = session.ApplicationCommands(i.ApplicationID, "")
	_, _ = session.Guild(who.Channel.GuildID)
	_, _ = session.Channel(who.Channel.ID)
	_, _ = session.User("@me")
	_, _ = session.UserChannelCreate(who.User.ID)
	_, _ = session.GatewayBot()
	_, _ = session.Gateway()
	_, _ = session.RequestWithBucketID("GET", discordgo.EndpointAPI+"applications/@me", nil, "a")
	for _, r := range s.Requests() {
		if r.Status/100 != 2 {
			t.Errorf("%s %s was answered %d: %s", r.Method, r.Path, r.Status, r.Answer)
			continue
		}
		if err := judge.CheckAnswer(r.Method, r.Path, r.Status, r.Answer); err != nil {
			t.Error(err)
		}
	}
}
