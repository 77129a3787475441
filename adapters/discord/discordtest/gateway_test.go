package discordtest_test

import (
	"testing"

	"github.com/bwmarrin/discordgo"

	"careerbot/adapters/discord/discordtest"
)

func TestCommandOverTheGateway(t *testing.T) {
	t.Parallel()
	s := quick(t, discordtest.Options{})
	session := client(t, s)
	session.AddHandler(func(session *discordgo.Session, i *discordgo.InteractionCreate) {
		data := i.ApplicationCommandData()
		text := data.Name + " " + data.Options[0].Name + " " + data.Options[0].Options[0].StringValue()
		err := session.InteractionRespond(i.Interaction, &discordgo.InteractionResponse{
			Type: discordgo.InteractionResponseChannelMessageWithSource,
			Data: &discordgo.InteractionResponseData{Content: text, Flags: discordgo.MessageFlagsEphemeral},
		})
		if err != nil {
			t.Error(err)
		}
	})
	open(t, session)
	who := place(s)
	i := s.Command(who, "backend", discordtest.Sub("skills", discordtest.Str("role", "devops")))
	s.Send(i)
	if err := s.Quiet(limited(t)); err != nil {
		t.Fatal(err)
	}
	got, ok := s.Exchange(i.ID)
	if !ok || got.Original == nil {
		t.Fatalf("there is no answer: %+v", got)
	}
	if m := got.Original.Message; m.Content != "backend skills devops" || !got.Original.Ephemeral() {
		t.Errorf("the answer is %q, ephemeral %t", m.Content, got.Original.Ephemeral())
	}
	if v := s.Verdict(); !v.OK() || v.Asked != 1 || v.Answered != 1 {
		t.Errorf("the verdict is %s", v)
	}
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
