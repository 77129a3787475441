package bot_test

import (
	"strings"
	"testing"

	"careerbot/bot/chat"
)

func TestComplete(t *testing.T) {
	t.Parallel()
	lib := open(t)
	for _, tt := range []struct{ kind, typed, want string }{
		{chat.CompleteRegion, "", "India,US"},
		{chat.CompleteRegion, "ind", "India"},
		{chat.CompleteTool, "postg", "PostgreSQL"},
		{chat.CompleteTool, " K8", "Kubernetes"},
		{chat.CompleteRole, "devops", "DevOps engineer"},
		{chat.CompleteLevel, "sen", "senior"},
		{chat.CompleteTool, "zzz", ""},
		{"", "a", ""},
	} {
		var got []string
		for _, c := range lib.Complete(tt.kind, tt.typed, 2) {
			if c.Value == "" {
				t.Errorf("%s %q gives a choice without a value", tt.kind, tt.typed)
			}
			got = append(got, c.Label)
		}
		if s := strings.Join(got, ","); !strings.EqualFold(s, tt.want) && !strings.HasPrefix(strings.ToLower(s), strings.ToLower(tt.want)+",") || tt.want == "" && s != "" {
			t.Errorf("%s %q completes to %q, want %q", tt.kind, tt.typed, s, tt.want)
		}
	}
	if n := len(lib.Complete(chat.CompleteTool, "", 25)); n != 25 {
		t.Errorf("%d tools to begin with, want 25", n)
	}
}
