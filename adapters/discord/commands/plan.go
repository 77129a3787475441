package commands

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/bwmarrin/discordgo"

	"careerbot/adapters/discord/lint"
	"careerbot/adapters/discord/markdown"
	"careerbot/bot/chat"
)

// Registration is what registering the commands takes: Discord counts names it has not seen before towards 200 a day, so
// nothing is sent where nothing has changed.
type Registration struct {
	Changes []string // in words, one line each; none where Discord has the commands as they are
	Body    []byte   // of the PUT request that makes them so; nil where there are no changes
}

// JSON is what Discord is told of the commands, for people to read: word is the slash command, without the slash. The
// error says which rules of Discord's they would break.
func JSON(word string, packs ...chat.Pack) ([]byte, error) {
	list, err := linted(word, packs)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(slices.Collect(settled(list))); err != nil {
		return nil, fmt.Errorf("write the commands: %w", err)
	}
	return b.Bytes(), nil
}

// linted are our commands; the error says which of Discord's rules they break, because of a word that cannot name one.
func linted(word string, packs []chat.Pack) ([]*discordgo.ApplicationCommand, error) {
	list := all(word, packs...)
	if problems := lint.Commands(list); len(problems) > 0 {
		return nil, fmt.Errorf("the commands for %q break Discord's rules: %s", word, strings.Join(problems, "; "))
	}
	return list, nil
}

// settled gives our commands in the form they are compared in.
func settled[C any](list []C) func(yield func(map[string]any) bool) {
	return func(yield func(map[string]any) bool) {
		for _, c := range list {
			raw, err := json.Marshal(c)
			var m map[string]any
			if err != nil || json.Unmarshal(raw, &m) != nil {
				continue // our own structs: cannot be
			}
			if settle(m, false); !yield(m) {
				return
			}
		}
	}
}

// Plan compares the commands that Discord has, the answer to GET with with_localizations=true, with ours. In a
// guild, commands have neither contexts nor installation types. The command that opens an app's Activity, which the PUT
// request would remove, is kept.
func Plan(have []byte, word string, guild bool, packs ...chat.Pack) (Registration, error) {
	var theirs []map[string]any
	if err := json.Unmarshal(have, &theirs); err != nil {
		return Registration{}, fmt.Errorf("read the commands that Discord has: %w", err)
	}
	ours, err := linted(word, packs)
	if err != nil {
		return Registration{}, err
	}
	var body []map[string]any
	was, is := map[string]map[string]any{}, map[string]map[string]any{}
	for _, c := range theirs {
		if c["type"] == activityCommand {
			body = append(body, c)
			continue
		}
		settle(c, guild)
		was[key(c)] = c
	}
	for c := range settled(ours) {
		settle(c, guild)
		is[key(c)] = c
		body = append(body, c)
	}
	r := Registration{Changes: differences(was, is)}
	if len(r.Changes) == 0 {
		return r, nil
	}
	if r.Body, err = json.Marshal(body); err != nil {
		return Registration{}, fmt.Errorf("write the commands: %w", err)
	}
	return r, nil
}

// activityCommand is the type of the command that opens an Activity, PRIMARY_ENTRY_POINT, as JSON reads it.
const activityCommand = float64(4)

// Members of a command that Discord adds, and values that stand for a member that is missing.
var (
	added    = []string{"id", "application_id", "guild_id", "version", "default_permission", "dm_permission", "name_localized", "description_localized", "handler"}
	defaults = map[string]any{
		"required": false, "autocomplete": false, "nsfw": false, "description": "",
	}
	ofGlobal = []string{"contexts", "integration_types"}
)

// permissions is the member that says who may use a command.
const permissions = "default_member_permissions"

// settle drops from a command, and from its options, what makes no difference.
func settle(m map[string]any, guild bool) {
	for _, name := range added {
		delete(m, name)
	}
	for _, name := range ofGlobal {
		if list, ok := m[name].([]any); ok {
			slices.SortFunc(list, func(a, b any) int { return cmp.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
		}
		if guild {
			delete(m, name)
		}
	}
	if s, ok := m[permissions].(string); ok { // Discord answers with a string; its document wants a number
		if n, err := strconv.ParseFloat(s, 64); err == nil {
			m[permissions] = n
		}
	}
	maps.DeleteFunc(m, func(name string, v any) bool {
		switch v := v.(type) {
		case nil:
			return true
		case []any:
			return len(v) == 0
		case map[string]any:
			return len(v) == 0
		}
		standard, ok := defaults[name]
		return ok && v == standard
	})
	for _, name := range []string{"options", "choices"} {
		list, _ := m[name].([]any)
		for _, in := range list {
			if in, ok := in.(map[string]any); ok {
				settle(in, guild)
			}
		}
	}
}

// key names a command among all, in words: "/backend", "menu: Answer this question".
func key(m map[string]any) string {
	name, _ := m["name"].(string)
	if t, ok := m["type"].(float64); ok && t != float64(discordgo.ChatApplicationCommand) {
		return "menu " + strconv.Quote(name)
	}
	return "/" + name
}

func differences(was, is map[string]map[string]any) []string {
	var out []string
	for _, k := range slices.Sorted(maps.Keys(is)) {
		if old, ok := was[k]; ok {
			out = append(out, changed(k, old, is[k])...)
		} else {
			out = append(out, "+ "+k)
		}
	}
	for _, k := range slices.Sorted(maps.Keys(was)) {
		if _, ok := is[k]; !ok {
			out = append(out, "- "+k)
		}
	}
	return out
}

// changed says in what two forms of one command differ, deep down.
func changed(at string, was, is any) []string {
	w, ok := was.(map[string]any)
	i, also := is.(map[string]any)
	if ok && also {
		var out []string
		names := slices.Compact(slices.Sorted(func(yield func(string) bool) {
			maps.Keys(w)(yield)
			maps.Keys(i)(yield)
		}))
		for _, name := range names {
			out = append(out, changed(at+" "+name, w[name], i[name])...)
		}
		return out
	}
	wl, ok := was.([]any)
	il, also := is.([]any)
	if ok && also && len(wl) == len(il) {
		var out []string
		for n := range wl {
			out = append(out, changed(at+"["+strconv.Itoa(n)+"]", wl[n], il[n])...)
		}
		return out
	}
	a, _ := json.Marshal(was) // read from JSON
	b, _ := json.Marshal(is)
	if bytes.Equal(a, b) {
		return nil
	}
	return []string{fmt.Sprintf("~ %s: %s -> %s", at, brief(a), brief(b))}
}

func brief(raw []byte) string {
	if string(raw) == "null" {
		return "nothing"
	}
	return markdown.Shorten(string(raw), 60)
}
