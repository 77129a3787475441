package discordtest_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"careerbot/adapters/discord/discordtest"
	"careerbot/adapters/discord/discordtest/object"
)

// desk calls the REST interface for interactions, without discordgo.
type desk struct {
	t *testing.T
	s *discordtest.Server
}

// do gives status, Discord's code and the answer.
func (d desk) do(method, path, body string) (status, code int, answer map[string]any) {
	d.t.Helper()
	request, err := http.NewRequestWithContext(d.t.Context(), method, d.s.URL()+"/v10"+path, strings.NewReader(body))
	if err != nil {
		d.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bot "+discordtest.Token)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		d.t.Fatal(err)
	}
	defer response.Body.Close()
	raw, _ := io.ReadAll(response.Body)
	_ = json.Unmarshal(raw, &answer) // there may be none
	number, _ := answer["code"].(float64)
	return response.StatusCode, int(number), answer
}

func (d desk) want(what string, i object.Interaction, method, path, body string, status, code int) map[string]any {
	d.t.Helper()
	path = strings.NewReplacer(
		"CALLBACK", "/interactions/"+i.ID+"/"+i.Token+"/callback",
		"WEBHOOK", "/webhooks/"+i.ApplicationID+"/"+i.Token,
		"ORIGINAL", "/webhooks/"+i.ApplicationID+"/"+i.Token+"/messages/@original").Replace(path)
	got, number, answer := d.do(method, path, body)
	if got != status || number != code {
		d.t.Errorf("%s: %d with code %d, want %d with %d: %v", what, got, number, status, code, answer)
	}
	return answer
}

const said = `{"type":4,"data":{"content":"x"}}`

func TestInteractionRules(t *testing.T) {
	t.Parallel()
	var clock atomic.Int64
	begin := time.Now()
	s := quick(t, discordtest.Options{Now: func() time.Time { return begin.Add(time.Duration(clock.Load())) }})
	d, who := desk{t, s}, place(s)
	fresh := func() object.Interaction {
		i := s.Command(who, "backend")
		s.Send(i)
		return i
	}
	i := fresh()
	d.want("follow-up too early", i, "POST", "WEBHOOK", `{"content":"x"}`, 404, 10015)
	d.want("a choice", i, "POST", "CALLBACK", `{"type":8,"data":{"choices":[]}}`, 400, 50035)
	d.want("an update", i, "POST", "CALLBACK", `{"type":7,"data":{"content":"x"}}`, 400, 50035)
	d.want("nothing in it", i, "POST", "CALLBACK", `{"type":4,"data":{}}`, 400, 50006)
	d.want("answer", i, "POST", "CALLBACK", said, 204, 0)
	d.want("second answer", i, "POST", "CALLBACK", said, 400, 40060)
	d.want("follow-up", i, "POST", "WEBHOOK", `{"content":"y"}`, 200, 0)
	if got := s.Doubled(); len(got) != 1 || got[0] != i.ID {
		t.Errorf("doubled are %q, want %s", got, i.ID)
	}
	late := fresh()
	clock.Add(int64(3001 * time.Millisecond))
	d.want("late", late, "POST", "CALLBACK", said, 404, 10062)
	other := fresh()
	other.Token = late.Token
	d.want("token of another", other, "POST", "CALLBACK", said, 404, 10062)
	d.want("still good", i, "PATCH", "ORIGINAL", `{"content":"z"}`, 200, 0)
	clock.Add(int64(15 * time.Minute))
	d.want("after 15 minutes", i, "PATCH", "ORIGINAL", `{"content":"z"}`, 401, 50027)
	if v := s.Verdict(); len(v.Silent) != 0 || len(v.Undelivered) != 2 {
		t.Errorf("the verdict is %s", v) // nobody was connected
	}
}

func TestDeferredAnswer(t *testing.T) {
	t.Parallel()
	s := quick(t, discordtest.Options{})
	d, who := desk{t, s}, place(s)
	i := s.Command(who, "backend")
	s.Send(i)
	d.want("defer", i, "POST", "CALLBACK", `{"type":5,"data":{"flags":64}}`, 204, 0)
	if v := s.Verdict(); len(v.Lost) != 1 || len(v.Silent) != 0 {
		t.Errorf("deferred and no more is %s, want one lost", v)
	}
	d.want("first follow-up", i, "POST", "WEBHOOK", `{"content":"x"}`, 200, 0)
	got, _ := s.Exchange(i.ID)
	if len(got.FollowUps) != 0 || got.Original.Message.Content != "x" || !got.Original.Ephemeral() || got.Original.Message.Flags&object.Loading != 0 {
		t.Errorf("the first follow-up does not take the place of thinking: %+v", got)
	}
	d.want("an ephemeral message in the channel", i, "GET", "/channels/"+i.ChannelID+"/messages/"+got.Original.Message.ID, ``, 404, 10008)
	d.want("through its token", i, "GET", "ORIGINAL", ``, 200, 0)
	d.want("edit", i, "PATCH", "ORIGINAL", `{"content":"y"}`, 200, 0)
	d.want("delete", i, "DELETE", "ORIGINAL", ``, 204, 0)
	d.want("deleted", i, "GET", "ORIGINAL", ``, 404, 10008)
	if v := s.Verdict(); !v.OK() || v.Answered != 1 {
		t.Errorf("the verdict is %s", v)
	}
}

func TestComponentAnswers(t *testing.T) {
	t.Parallel()
	s := quick(t, discordtest.Options{})
	d, who := desk{t, s}, place(s)
	i := s.Command(who, "backend")
	s.Send(i)
	answer := d.want("answer with response", i, "POST", "CALLBACK?with_response=true", `{"type":4,"data":{"content":"x","components":[{"type":1,"components":[{"type":2,"style":1,"label":"More","custom_id":"more"}]}]}}`, 200, 0)
	if answer["resource"] == nil {
		t.Errorf("with_response gives %v", answer)
	}
	got, _ := s.Exchange(i.ID)
	press := s.Button(who, got.Original.Message, "more")
	s.Send(press)
	d.want("update", press, "POST", "CALLBACK", `{"type":7,"data":{"content":"page 2"}}`, 204, 0)
	again := s.Button(who, got.Original.Message, "more")
	s.Send(again)
	d.want("deferred update", again, "POST", "CALLBACK", `{"type":6}`, 204, 0)
	d.want("its edit", again, "PATCH", "ORIGINAL", `{"content":"page 3"}`, 200, 0)
	modal := s.Button(who, got.Original.Message, "more")
	s.Send(modal)
	d.want("modal", modal, "POST", "CALLBACK", `{"type":9,"data":{"custom_id":"m","title":"t","components":[]}}`, 204, 0)
	submit := s.Modal(who, &got.Original.Message, "m", map[string]string{"why": "so"})
	s.Send(submit)
	d.want("modal on modal", submit, "POST", "CALLBACK", `{"type":9,"data":{}}`, 400, 50035)
	d.want("submitted", submit, "POST", "CALLBACK", said, 204, 0)
	typed := s.Autocomplete(who, "backend", object.Typed("role", "dev"))
	s.Send(typed)
	d.want("a message for choices", typed, "POST", "CALLBACK", said, 400, 50035)
	d.want("choices", typed, "POST", "CALLBACK", `{"type":8,"data":{"choices":[]}}`, 204, 0)
	if posts := s.Posts(); len(posts) != 2 || posts[0].Message.Content != "page 3" {
		t.Errorf("the messages are %+v", posts)
	}
	if v := s.Verdict(); !v.OK() || v.Answered != 6 {
		t.Errorf("the verdict is %s", v)
	}
}

func TestUserInstalled(t *testing.T) {
	t.Parallel()
	s := quick(t, discordtest.Options{})
	d := desk{t, s}
	user := s.NewUser("asha")
	for name, who := range map[string]discordtest.Caller{
		"foreign server":  {User: user, Channel: s.NewChannel(s.NewForeignGuild("abroad"), "general")},
		"private channel": {User: user, Channel: s.NewPrivateChannel(user, s.NewUser("ben"))},
	} {
		i := s.Command(who, "backend")
		s.Send(i)
		if i.Owners["1"] != user.ID || i.Owners["0"] != "" {
			t.Errorf("%s: installed by %v", name, i.Owners)
		}
		d.want(name, i, "POST", "/channels/"+who.Channel.ID+"/messages", `{"content":"x"}`, 403, 50001)
		d.want(name, i, "POST", "CALLBACK", said, 204, 0)
		for range 5 {
			d.want(name, i, "POST", "WEBHOOK", `{"content":"x"}`, 200, 0)
		}
		d.want(name, i, "POST", "WEBHOOK", `{"content":"x"}`, 400, 40094)
	}
	abroad := s.NewChannel(s.NewForeignGuild("strict"), "general")
	s.Permit(abroad.ID, object.ViewChannel|object.SendMessages) // no external apps
	i := s.Command(discordtest.Caller{User: user, Channel: abroad}, "backend")
	s.Send(i)
	d.want("no external apps", i, "POST", "CALLBACK", said, 204, 0)
	if got, _ := s.Exchange(i.ID); !got.Original.Ephemeral() {
		t.Error("where external apps are off, answers are ephemeral")
	}
	direct := s.Command(discordtest.Caller{User: user, Channel: s.Direct(user)}, "backend")
	if direct.Owners["0"] != "0" || *direct.Context != 1 || direct.User == nil || direct.Member != nil {
		t.Errorf("a direct message is %+v", direct)
	}
}
