package commands

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

// theirs is what Discord answers to GET: our commands with what it adds, and an Activity's entry point.
func theirs(t *testing.T, change func([]map[string]any)) []byte {
	t.Helper()
	raw, err := json.Marshal(all("backend"))
	if err != nil {
		t.Fatal(err)
	}
	var list []map[string]any
	if err := json.Unmarshal(raw, &list); err != nil {
		t.Fatal(err)
	}
	for _, c := range list {
		c["id"], c["application_id"], c["version"], c["nsfw"], c["dm_permission"] = "1", "900", "2", false, true
		if c["contexts"] != nil {
			slices.Reverse(c["contexts"].([]any))
		}
		if c["default_member_permissions"] == nil {
			c["default_member_permissions"] = nil
		}
	}
	list = append(list, map[string]any{"id": "9", "type": 4, "name": "launch", "handler": 1})
	if change != nil {
		change(list)
	}
	raw, err = json.Marshal(list)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestPlan(t *testing.T) {
	t.Parallel()
	same, err := Plan(theirs(t, nil), "backend", false)
	if err != nil || len(same.Changes) > 0 || same.Body != nil {
		t.Errorf("nothing changed, and yet: %q, %v", same.Changes, err)
	}
	fresh, err := Plan([]byte(`[]`), "backend", false)
	if err != nil || !slices.Equal(fresh.Changes, []string{"+ /backend", "+ /backend-admin", `+ menu "Answer this question"`}) {
		t.Errorf("none yet: %q, %v", fresh.Changes, err)
	}
	var body []map[string]any
	if err := json.Unmarshal(fresh.Body, &body); err != nil || len(body) != 3 {
		t.Errorf("%d commands, %v", len(body), err)
	}
	other, err := Plan(theirs(t, func(list []map[string]any) {
		list[0]["description"] = "old"
		list[0]["options"].([]any)[1].(map[string]any)["name"] = "skill"
		list[2]["name"] = "old-admin"
	}), "backend", false)
	if err != nil || strings.Join(other.Changes, "\n") != `~ /backend description: "old" -> "Ask about careers: pay, skills, tools, roles"
~ /backend options[1] name: "skill" -> "skills"
+ /backend-admin
- /old-admin` {
		t.Errorf("%s, %v", strings.Join(other.Changes, "\n"), err)
	}
	if err := json.Unmarshal(other.Body, &body); err != nil || len(body) != 4 || body[0]["name"] != "launch" || body[0]["id"] != "9" {
		t.Errorf("the entry point is lost: %v", err)
	}
	if _, err := Plan([]byte(`{}`), "backend", false); err == nil {
		t.Error("an object passes for a list")
	}
	guild, err := Plan(theirs(t, func(list []map[string]any) {
		for _, c := range list {
			delete(c, "contexts")
			delete(c, "integration_types")
		}
	}), "backend", true)
	if err != nil || len(guild.Changes) > 0 {
		t.Errorf("in a guild: %q, %v", guild.Changes, err)
	}
}
