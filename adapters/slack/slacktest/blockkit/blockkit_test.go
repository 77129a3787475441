package blockkit_test

import (
	"encoding/json"
	"strings"
	"testing"

	"careerbot/adapters/slack/slacktest/blockkit"
)

// judged gives the name and the errors of a refusal, none where there is none.
func judged(refused *blockkit.Refusal) (name string, errors []string) {
	if refused == nil {
		return "", nil
	}
	return refused.Name, refused.Errors
}

func repeat(n int, item string) string {
	return "[" + strings.TrimSuffix(strings.Repeat(item+",", n), ",") + "]"
}

func long(n int) string { return strings.Repeat("₹", n) } // characters are counted, not bytes

func TestLimitsOfBlocks(t *testing.T) {
	t.Parallel()
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
		if name, errors := judged(blockkit.Message(json.RawMessage(test.good), nil)); name != "" {
			t.Errorf("%.80s… is refused: %s %q", test.good, name, errors)
		}
		name, errors := judged(blockkit.Message(json.RawMessage(test.bad), nil))
		if name != "invalid_blocks" || !strings.Contains(strings.Join(errors, "\n"), "[json-pointer:"+test.pointer) {
			t.Errorf("%.80s… gives %q %q, want a pointer to %s", test.bad, name, errors, test.pointer)
		}
	}
}

func TestLimitsOfViews(t *testing.T) {
	t.Parallel()
	const title = `"title":{"type":"plain_text","text":"Ask"}`
	good := `{"type":"modal",` + title + `,"blocks":[{"type":"divider"}]}`
	if name, errors := judged(blockkit.View(json.RawMessage(good), nil)); name != "" {
		t.Errorf("a good modal: %s %q", name, errors)
	}
	for _, bad := range []string{
		strings.Replace(good, "Ask", long(25), 1),
		strings.Replace(good, title, `"x":1`, 1),
		strings.Replace(good, `"modal"`, `"page"`, 1),
		`[` + good + `]`,
		strings.Replace(good, `[{"type":"divider"}]`, `{}`, 1),
		strings.Replace(good, title, title+`,"private_metadata":"`+long(3001)+`"`, 1),
		strings.Replace(good, `{"type":"divider"}`, `{"type":"data_visualization"}`, 1),
		strings.Replace(good, `[{"type":"divider"}]`, repeat(101, `{"type":"divider"}`), 1),
	} {
		if name, _ := judged(blockkit.View(json.RawMessage(bad), nil)); name != "invalid_arguments" {
			t.Errorf("%.90s… gives %q", bad, name)
		}
	}
}

// TestWhole: some things are wrong with the whole, and blocks may be rejected as if they were unknown.
func TestWhole(t *testing.T) {
	t.Parallel()
	section := `{"type":"section","text":{"type":"plain_text","text":"` + long(2900) + `"}}`
	chart := `{"type":"data_visualization","title":"Pay","chart":{"type":"pie","segments":[{"label":"a","value":1}]}}`
	for blocks, want := range map[string]string{
		`{}`: "invalid_blocks_format", repeat(5, section): "msg_blocks_too_long", repeat(4, section): "", `[` + chart + `]`: "",
	} {
		if name, errors := judged(blockkit.Message(json.RawMessage(blocks), nil)); name != want {
			t.Errorf("%.80s… gives %q %q, want %q", blocks, name, errors, want)
		}
	}
	name, errors := judged(blockkit.Message(json.RawMessage(`[`+chart+`]`), []string{"data_visualization"}))
	if name != "invalid_blocks" || len(errors) != 1 || errors[0] != "unsupported type: data_visualization [json-pointer:/blocks/0/type]" {
		t.Errorf("a rejected block gives %q %q", name, errors)
	}
}
