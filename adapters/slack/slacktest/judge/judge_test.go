package judge_test

import (
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"careerbot/adapters/slack/slacktest/judge"
)

const (
	blocks = `[{"type":"header","text":{"type":"plain_text","text":"Pay"}},
		{"type":"section","text":{"type":"mrkdwn","text":"*₹7–17 lakh*"},"fields":[{"type":"plain_text","text":"100% C++"}]},
		{"type":"rich_text","elements":[{"type":"rich_text_list","style":"bullet","indent":0,"border":0,"offset":0,
			"elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"a"}]}]}]},
		{"type":"table","rows":[[{"type":"raw_text","text":"a"}]]},
		{"type":"data_visualization","title":"Pay","chart":{"type":"bar","series":[{"name":"low","data":[{"label":"a","value":7}]}],
			"axis_config":{"categories":["a"]}}},
		{"type":"actions","elements":[{"type":"button","action_id":"a","text":{"type":"plain_text","text":"More"},"value":"v","style":"primary"}]},
		{"type":"context_actions","elements":[{"type":"feedback_buttons","action_id":"f",
			"positive_button":{"text":{"type":"plain_text","text":"Good"},"value":"up"},
			"negative_button":{"text":{"type":"plain_text","text":"Bad"},"value":"down"}}]}]`
	view = `{"type":"modal","callback_id":"ask","title":{"type":"plain_text","text":"Ask"},"submit":{"type":"plain_text","text":"Ask"},
		"blocks":[{"type":"input","block_id":"q","label":{"type":"plain_text","text":"Question"},"element":{"type":"plain_text_input","action_id":"t"}}]}`
	manifest = `{"display_information":{"name":"careerbot"},
		"features":{"app_home":{"messages_tab_enabled":true,"messages_tab_read_only_enabled":false},"bot_user":{"display_name":"careerbot"},
			"slash_commands":[{"command":"/backend","description":"Ask about back-end careers","should_escape":false}]},
		"oauth_config":{"scopes":{"bot":["commands","chat:write","app_mentions:read","im:history","assistant:write"]}},
		"settings":{"event_subscriptions":{"bot_events":["app_mention","message.im","app_home_opened"]},
			"interactivity":{"is_enabled":true},"socket_mode_enabled":true,"org_deploy_enabled":false,"token_rotation_enabled":false}}`
)

func message(more string) string {
	return fmt.Sprintf(`{"text":"Pay","blocks":%s%s}`, blocks, more)
}

func TestTypes(t *testing.T) {
	t.Parallel()
	good := []judge.Item{
		{Name: "blocks", Kind: judge.Blocks, JSON: []byte(blocks)},
		{Name: "post", Kind: judge.Post, JSON: []byte(message(`,"channel":"C1","thread_ts":"1.2","unfurl_links":false,"unfurl_media":false`))},
		{Name: "ephemeral", Kind: judge.Ephemeral, JSON: []byte(message(`,"channel":"C1","user":"U1"`))},
		{Name: "update", Kind: judge.Update, JSON: []byte(message(`,"channel":"C1","ts":"1.2"`))},
		{Name: "respond", Kind: judge.Respond, JSON: []byte(message(`,"response_type":"in_channel","replace_original":true`))},
		{Name: "modal", Kind: judge.View, JSON: []byte(view)},
		{Name: "submitted", Kind: judge.Submitted, JSON: []byte(`{"response_action":"update","view":` + view + `}`)},
		{Name: "manifest", Kind: judge.Manifest, JSON: []byte(manifest)},
	}
	mistakes := []struct {
		kind      judge.Kind
		from, was string
		planted   string
	}{
		{judge.Blocks, blocks, `"type":"header"`, `"type":"heading"`},
		{judge.Blocks, blocks, `{"type":"plain_text","text":"Pay"}`, `{"type":"mrkdwn","text":"Pay"}`},
		{judge.Blocks, blocks, `"style":"primary"`, `"style":"success"`},
		{judge.Blocks, blocks, `"style":"bullet"`, `"style":"dots"`},
		{judge.Blocks, blocks, `"offset":0`, `"offset":"0"`},
		{judge.Blocks, blocks, `"type":"bar"`, `"type":"donut"`},
		{judge.Blocks, blocks, `"axis_config":{"categories":["a"]}`, `"axis_config":{}`},
		{judge.Blocks, blocks, `"value":7`, `"value":"7"`},
		{judge.Blocks, blocks, `"type":"table","rows"`, `"type":"table","lines"`},
		{judge.Blocks, blocks, `"positive_button"`, `"good_button"`},
		{judge.Post, message(`,"channel":"C1"`), `"channel"`, `"chanel"`},
		{judge.Respond, message(`,"response_type":"in_channel"`), `"in_channel"`, `"public"`},
		{judge.View, view, `"title"`, `"name"`},
		{judge.View, view, `"plain_text_input"`, `"text_input"`},
		{judge.Manifest, manifest, `"im:history"`, `"im:histories"`},
		{judge.Manifest, manifest, `"message.im"`, `"message.dm"`},
		{judge.Manifest, manifest, `"display_information"`, `"information"`},
	}
	items := good
	for _, m := range mistakes {
		planted := strings.Replace(m.from, m.was, m.planted, 1)
		if planted == m.from {
			t.Fatalf("%s is not in %s", m.was, m.from)
		}
		items = append(items, judge.Item{Name: m.planted, Kind: m.kind, JSON: []byte(planted)})
	}
	wrong := judge.Types(t, items)
	for _, item := range good {
		for _, e := range wrong[item.Name] {
			t.Errorf("%s: %s", item.Name, e)
		}
	}
	for _, m := range mistakes {
		if len(wrong[m.planted]) == 0 {
			t.Errorf("%s in place of %s passes", m.planted, m.was)
		}
	}
}

func TestSchema(t *testing.T) {
	t.Parallel()
	if wrong := judge.Schema(t, []byte(manifest)); len(wrong) > 0 {
		t.Errorf("a good manifest: %q", wrong)
	}
	for was, planted := range map[string]string{
		`"/backend"`:               `"backend"`,
		`"name":"careerbot"`:       `"name":"` + strings.Repeat("x", 36) + `"`,
		`"socket_mode_enabled"`:    `"sockets_enabled"`,
		`"display_information"`:    `"information"`,
		`"is_enabled":true`:        `"is_enabled":"yes"`,
		`"should_escape":false`:    `"should_escape":0`,
		`Ask about back-end care`:  strings.Repeat("x", 2001),
		`"display_name":"careerbo`: `"display_name":"` + strings.Repeat("x", 80),
	} {
		if wrong := judge.Schema(t, []byte(strings.Replace(manifest, was, planted, 1))); len(wrong) == 0 {
			t.Errorf("%.60s in place of %s passes", planted, was)
		}
	}
}

func TestRender(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "sheet.png")
	judge.Render(t, path, []judge.Drawing{
		{Name: "pay", Text: "Pay: ₹7–17 lakh", Blocks: []byte(blocks)},
		{Name: "data table", Blocks: []byte(`[{"type":"data_table","caption":"Pay","rows":[
			[{"type":"raw_text","text":"source"}],[{"type":"raw_text","text":"upGrad"}]]}]`)},
	})
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	sheet, err := png.Decode(f)
	if err != nil || sheet.Bounds().Dx() < 1000 || sheet.Bounds().Dy() < 200 {
		t.Errorf("the sheet is %v, %v", sheet.Bounds(), err)
	}
	if kept := os.Getenv("RENDER_TO"); kept != "" {
		data, err := os.ReadFile(path)
		if err == nil {
			err = os.WriteFile(kept, data, 0o644)
		}
		if err != nil {
			t.Error(err)
		}
	}
}
