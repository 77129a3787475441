package discord

import (
	"net/url"
	"testing"
)

func TestInvite(t *testing.T) {
	t.Parallel()
	u, err := url.Parse(InviteURL("900"))
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	if q.Get("client_id") != "900" || q.Get("scope") != "bot applications.commands" || q.Get("permissions") != "274878008320" {
		t.Errorf("%s: %v", u, q)
	}
	if u, err := url.Parse(UserInviteURL("900")); err != nil || u.Query().Get("scope") != "applications.commands" || u.Query().Has("permissions") {
		t.Errorf("%s, %v", u, err)
	}
}
