package discordtest_test

import (
	"encoding/json"
	"net/http"
	"os"
	"testing"

	"careerbot/adapters/discord/discordtest"
	"careerbot/adapters/discord/discordtest/spec"
)

// document is Discord's OpenAPI document, for a server's gate; where it is not beside a checkout, the test is skipped.
func document(t *testing.T) *spec.Document {
	t.Helper()
	const file = "../../../../shared/platforms/discord/openapi.json"
	if _, err := os.Stat(file); err != nil {
		t.Skip("Discord's OpenAPI document is not here: https://github.com/discord/discord-api-spec has it")
	}
	d, err := spec.Load(file)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// complaints is a test that only notes what it is told.
type complaints struct {
	*testing.T
	said []string
}

func (c *complaints) Errorf(format string, _ ...any) { c.said = append(c.said, format) }

func TestGateFailsTheTest(t *testing.T) {
	t.Parallel()
	c := &complaints{T: t}
	s := discordtest.Start(c, discordtest.Options{Gate: document(t)})
	who := place(s)
	session := client(t, s)
	session.MaxRestRetries = 0
	if _, err := session.ChannelMessageSend(who.Channel.ID, "good"); err != nil || len(c.said) != 0 {
		t.Errorf("a good request: %v, complaints %q", err, c.said)
	}
	body := json.RawMessage(`{"content":5}`)
	if _, err := session.RequestWithBucketID(http.MethodPost, "https://discord.com/api/v9/channels/"+who.Channel.ID+"/messages", body, "b"); err == nil || len(c.said) != 1 {
		t.Errorf("a bad request: %v, complaints %q", err, c.said)
	}
	if got := s.Stats().Rejected; got != 1 {
		t.Errorf("%d requests are counted as rejected, want 1", got)
	}
}
