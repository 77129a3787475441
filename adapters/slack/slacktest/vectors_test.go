package slacktest_test

import (
	"encoding/json"
	"flag"
	"net/http"
	"os"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"careerbot/adapters/slack/slacktest"

	"github.com/slack-go/slack"
)

var update = flag.Bool("update", false, "write testdata/signatures.json anew")

// vectors makes the list that is stored. The first is the example of Slack's documentation.
func vectors() []slacktest.Vector {
	const (
		secret = "8f742231b10e8888abcd99yyyzzz85a5"
		at     = int64(1531420618)
		body   = "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&" +
			"channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&" +
			"response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&" +
			"trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
	)
	ts := strconv.FormatInt(at, 10)
	good := slacktest.Sign(secret, ts, []byte(body))
	event := `{"type":"event_callback","event":{"type":"app_mention","text":"100% C++ ₹"}}`
	v := func(name, verdict string, change func(*slacktest.Vector)) slacktest.Vector {
		made := slacktest.Vector{
			Name: name, Secret: secret, Timestamp: ts, Body: body, Signature: good, Clock: at + 3, Verdict: verdict,
		}
		if change != nil {
			change(&made)
		}
		return made
	}
	signed := func(name, verdict, timestamp string, change func(*slacktest.Vector)) slacktest.Vector {
		return v(name, verdict, func(m *slacktest.Vector) {
			m.Timestamp, m.Signature = timestamp, slacktest.Sign(secret, timestamp, []byte(body))
			if change != nil {
				change(m)
			}
		})
	}
	return []slacktest.Vector{
		v("example of the documentation", "accept", nil),
		v("JSON body with percent, plus and non-ASCII", "accept", func(m *slacktest.Vector) {
			m.Body, m.Signature = event, slacktest.Sign(secret, ts, []byte(event))
		}),
		v("empty body", "accept", func(m *slacktest.Vector) { m.Body, m.Signature = "", slacktest.Sign(secret, ts, nil) }),
		v("five minutes old", "accept", func(m *slacktest.Vector) { m.Clock = at + 300 }),
		v("stale by a second", "refuse", func(m *slacktest.Vector) { m.Clock = at + 301 }),
		v("stale by a day", "refuse", func(m *slacktest.Vector) { m.Clock = at + 86400 }),
		v("a minute ahead", "accept", func(m *slacktest.Vector) { m.Clock = at - 60 }),
		v("six minutes ahead", "either", func(m *slacktest.Vector) { m.Clock = at - 360 }),
		v("forged with another secret", "refuse", func(m *slacktest.Vector) {
			m.Signature = slacktest.Sign("another secret", ts, []byte(body))
		}),
		v("body changed", "refuse", func(m *slacktest.Vector) { m.Body += "&text=more" }),
		v("body with another order", "refuse", func(m *slacktest.Vector) {
			first, rest, _ := strings.Cut(m.Body, "&")
			m.Body = rest + "&" + first
		}),
		v("timestamp changed", "refuse", func(m *slacktest.Vector) { m.Timestamp = strconv.FormatInt(at+1, 10) }),
		v("last digit changed", "refuse", func(m *slacktest.Vector) { m.Signature = good[:len(good)-1] + "e" }),
		v("signature of another version", "refuse", func(m *slacktest.Vector) { m.Signature = "v1=" + good[3:] }),
		v("signature without version", "refuse", func(m *slacktest.Vector) { m.Signature = good[3:] }),
		v("signature cut short", "refuse", func(m *slacktest.Vector) { m.Signature = good[:30] }),
		v("signature too long", "refuse", func(m *slacktest.Vector) { m.Signature = good + "00" }),
		v("signature that is no hex", "refuse", func(m *slacktest.Vector) { m.Signature = "v0=" + strings.Repeat("zz", 32) }),
		v("signature in upper case", "either", func(m *slacktest.Vector) { m.Signature = "v0=" + strings.ToUpper(good[3:]) }),
		v("signature with junk after another =", "either", func(m *slacktest.Vector) { m.Signature = good + "=junk" }),
		v("no signature", "refuse", func(m *slacktest.Vector) { m.Signature = "" }),
		v("no timestamp", "refuse", func(m *slacktest.Vector) { m.Timestamp = "" }),
		signed("timestamp in words", "either", "yesterday", nil),
		signed("fractional timestamp", "either", ts+".5", nil),
		signed("padded timestamp", "either", " "+ts, nil),
		signed("huge timestamp", "either", "99999999999999999999", nil),
		signed("timestamp zero", "refuse", "0", nil),
		signed("negative timestamp", "refuse", "-"+ts, nil),
	}
}

func TestVectors(t *testing.T) {
	t.Parallel()
	if *update {
		list, err := json.MarshalIndent(vectors(), "", "\t")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile("testdata/signatures.json", append(list, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	stored, err := os.ReadFile("testdata/signatures.json")
	if err != nil {
		t.Fatal(err)
	}
	var list []slacktest.Vector
	if err := json.Unmarshal(stored, &list); err != nil {
		t.Fatal(err)
	}
	want := vectors()
	if len(list) != len(want) {
		t.Fatalf("%d vectors are stored, %d are made: run with -update", len(list), len(want))
	}
	for i, v := range list {
		if v != want[i] {
			t.Errorf("%q differs from what is made: run with -update", v.Name)
		}
		if got := slackGo(t, v); v.Verdict != "either" && got != (v.Verdict == "accept") {
			t.Errorf("slack-go accepts %q: %v", v.Name, got)
		}
	}
	if doc := "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"; list[0].Signature != doc {
		t.Errorf("the documentation's signature is %s, ours %s", doc, list[0].Signature)
	}
}

// slackGo says whether slack-go accepts a vector, at the vector's time.
func slackGo(t *testing.T, v slacktest.Vector) (accepted bool) {
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(time.Unix(v.Clock, 0))) // of the bubble
		h := http.Header{"X-Slack-Signature": {v.Signature}, "X-Slack-Request-Timestamp": {v.Timestamp}}
		verifier, err := slack.NewSecretsVerifier(h, v.Secret)
		if err != nil {
			return
		}
		_, _ = verifier.Write([]byte(v.Body))
		accepted = verifier.Ensure() == nil
	})
	return accepted
}
