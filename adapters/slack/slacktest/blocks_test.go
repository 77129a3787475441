package slacktest_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"careerbot/adapters/slack/slacktest"
)

// validate asks blocks.validate, which wants no token.
func validate(t *testing.T, s *slacktest.Slack, what, raw string) (name string, errors []string) {
	t.Helper()
	body, err := json.Marshal(map[string]json.RawMessage{what: json.RawMessage(raw)})
	if err != nil {
		t.Fatalf("%v in %s", err, raw)
	}
	r, err := http.NewRequestWithContext(within(t), http.MethodPost, s.URL()+"blocks.validate", strings.NewReader(string(body)))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json; charset=utf-8")
	_, _, answer, err := s.Post(r)
	if err != nil {
		t.Fatal(err)
	}
	var read struct {
		Error  string
		Errors []string
	}
	if err := json.Unmarshal(answer, &read); err != nil {
		t.Fatalf("%v in %s", err, answer)
	}
	return read.Error, read.Errors
}

func repeat(n int, item string) string {
	return "[" + strings.TrimSuffix(strings.Repeat(item+",", n), ",") + "]"
}

func long(n int) string { return strings.Repeat("₹", n) } // characters are counted, not bytes

func TestLimitsOfBlocks(t *testing.T) {
	t.Parallel()
	s := newSlack(t, slacktest.Options{})
	const (
		button = `{"type":"button","text":{"type":"plain_text","text":"More"}}`
		cell   = `{"type":"raw_text","text":"a"}`
		point  = `{"label":"a","value":1}`
	)
	plain := func(n int) string { return `{"type":"plain_text","text":"` + long(n) + `"}` }
	chart := func(categories, series string) string {
		return `[{"type":"data_visualization","title":"Pay","chart":{"type":"bar","axis_config":{"categories":` + categories + `},"series":` + series + `}}]`
	}
	selects := func(groups string) string {
		return `[{"type":"actions","elements":[{"type":"static_select","option_groups":` + groups + `}]}]`
	}
	groups := func(n, options int) string {
		return repeat(n, `{"label":`+plain(75)+`,"options":`+repeat(options, `{"text":`+plain(75)+`,"value":"v"}`)+`}`)
	}
	series := func(points int) string { return `{"name":"low","data":` + repeat(points, point) + `}` }
	tests := []struct{ good, bad, pointer string }{
		{`[{"type":"section","text":` + plain(3000) + `}]`, `[{"type":"section","text":` + plain(3001) + `}]`, "/blocks/0/text/text"},
		{`[{"type":"section","text":` + plain(1) + `}]`, `[{"type":"section","text":` + plain(0) + `}]`, "/blocks/0/text/text"},
		{`[{"type":"section","fields":` + repeat(10, plain(9)) + `}]`, `[{"type":"section","fields":` + repeat(11, plain(9)) + `}]`, "/blocks/0/fields"},
		{`[{"type":"section","fields":[` + plain(2000) + `]}]`, `[{"type":"section","fields":[` + plain(2001) + `]}]`, "/blocks/0/fields/0/text"},
		{`[{"type":"header","text":` + plain(150) + `}]`, `[{"type":"header","text":` + plain(151) + `}]`, "/blocks/0/text/text"},
		{`[{"type":"context","elements":` + repeat(10, plain(1)) + `}]`, `[{"type":"context","elements":` + repeat(11, plain(1)) + `}]`, "/blocks/0/elements"},
		{`[{"type":"actions","elements":` + repeat(25, button) + `}]`, `[{"type":"actions","elements":` + repeat(26, button) + `}]`, "/blocks/0/elements"},
		{`[{"type":"actions","elements":[` + button + `]}]`, `[{"type":"actions","elements":[` + strings.Replace(button, "More", long(76), 1) + `]}]`, "/blocks/0/elements/0/text/text"},
		{`[{"type":"actions","elements":[` + strings.Replace(button, `{`, `{"value":"`+long(2000)+`",`, 1) + `]}]`, `[{"type":"actions","elements":[` + strings.Replace(button, `{`, `{"value":"`+long(2001)+`",`, 1) + `]}]`, "/blocks/0/elements/0/value"},
		{selects(groups(50, 1)), selects(groups(101, 1)), "/blocks/0/elements/0/option_groups"},
		{selects(groups(1, 1)), selects(groups(1, 101)), "/blocks/0/elements/0/option_groups/0/options"},
		{`[{"type":"divider","block_id":"` + long(255) + `"}]`, `[{"type":"divider","block_id":"` + long(256) + `"}]`, "/blocks/0/block_id"},
		{`[{"type":"divider","block_id":"a"},{"type":"divider","block_id":"b"}]`, `[{"type":"divider","block_id":"a"},{"type":"divider","block_id":"a"}]`, "/blocks/1/block_id"},
		{repeat(50, `{"type":"divider"}`), repeat(51, `{"type":"divider"}`), "/blocks"},
		{`[{"type":"markdown","text":"` + long(12000) + `"}]`, `[{"type":"markdown","text":"` + long(12001) + `"}]`, "/blocks/0/text"},
		{`[{"type":"table","rows":` + repeat(100, "["+cell+"]") + `}]`, `[{"type":"table","rows":` + repeat(101, "["+cell+"]") + `}]`, "/blocks/0/rows"},
		{`[{"type":"table","rows":[` + repeat(20, cell) + `]}]`, `[{"type":"table","rows":[` + repeat(21, cell) + `]}]`, "/blocks/0/rows/0"},
		{`[{"type":"table","rows":[[` + cell + `]]}]`, `[{"type":"table","rows":[[` + cell + `],[` + cell + `,` + cell + `]]}]`, "/blocks/0/rows/1"},
		{`[{"type":"table","rows":[[` + cell + `]]}]`, repeat(2, `{"type":"table","rows":[[`+cell+`]]}`), "/blocks"},
		{`[{"type":"data_table","caption":"c","rows":` + repeat(201, "["+cell+"]") + `}]`, `[{"type":"data_table","caption":"c","rows":` + repeat(202, "["+cell+"]") + `}]`, "/blocks/0/rows"},
		{`[{"type":"data_table","caption":"c","rows":` + repeat(2, "["+cell+"]") + `}]`, `[{"type":"data_table","rows":` + repeat(2, "["+cell+"]") + `}]`, "/blocks/0/caption"},
		{chart(repeat(20, `"a"`), repeat(12, series(20))), chart(repeat(21, `"a"`), repeat(12, series(21))), "/blocks/0/chart/axis_config/categories"},
		{chart(`["a"]`, repeat(12, series(1))), chart(`["a"]`, repeat(13, series(1))), "/blocks/0/chart/series"},
		{chart(`["a","b"]`, repeat(1, series(2))), chart(`["a","b"]`, repeat(1, series(1))), "/blocks/0/chart/series/0/data"},
		{`[{"type":"divider"}]`, `[{"type":"alert","text":` + plain(1) + `}]`, "/blocks/0/type"},
		{`[{"type":"divider"}]`, `[{"type":"divide"}]`, "/blocks/0/type"},
	}
	for _, test := range tests {
		if name, errors := validate(t, s, "blocks", test.good); name != "" {
			t.Errorf("%.80s… is refused: %s %q", test.good, name, errors)
		}
		name, errors := validate(t, s, "blocks", test.bad)
		if name != "invalid_blocks" || !strings.Contains(strings.Join(errors, "\n"), "[json-pointer:"+test.pointer) {
			t.Errorf("%.80s… gives %q %q, want a pointer to %s", test.bad, name, errors, test.pointer)
		}
	}
}

func TestLimitsOfViews(t *testing.T) {
	t.Parallel()
	s := newSlack(t, slacktest.Options{})
	const title = `"title":{"type":"plain_text","text":"Ask"}`
	good := `{"type":"modal",` + title + `,"blocks":[{"type":"divider"}]}`
	if name, errors := validate(t, s, "view", good); name != "" {
		t.Errorf("a good modal: %s %q", name, errors)
	}
	for _, bad := range []string{
		strings.Replace(good, "Ask", long(25), 1),
		strings.Replace(good, title, `"x":1`, 1),
		strings.Replace(good, `"modal"`, `"page"`, 1),
		strings.Replace(good, title, title+`,"private_metadata":"`+long(3001)+`"`, 1),
		strings.Replace(good, `{"type":"divider"}`, `{"type":"data_visualization"}`, 1),
		strings.Replace(good, `[{"type":"divider"}]`, repeat(101, `{"type":"divider"}`), 1),
	} {
		if name, _ := validate(t, s, "view", bad); name != "invalid_arguments" {
			t.Errorf("%.90s… gives %q", bad, name)
		}
	}
}
