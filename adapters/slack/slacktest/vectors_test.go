package slacktest_test

import (
	"encoding/json"
	"flag"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"careerbot/adapters/slack/slacktest"

	"github.com/slack-go/slack"
)

var update = flag.Bool("update", false, "write testdata/signatures.json anew")

const (
	docSecret = "8f742231b10e8888abcd99yyyzzz85a5"
	docTime   = int64(1531420618)
	docBody   = "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&" +
		"channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&" +
		"response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&" +
		"trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
)

// vector is the example of Slack's documentation, changed.
func vector(name, verdict string, change func(*slacktest.Vector)) slacktest.Vector {
	ts := strconv.FormatInt(docTime, 10)
	made := slacktest.Vector{
		Name: name, Secret: docSecret, Timestamp: ts, Body: docBody, Signature: slacktest.Sign(docSecret, ts, []byte(docBody)),
		Clock: docTime + 3, Verdict: verdict,
	}
	change(&made)
	return made
}

// vectors makes the list that is stored.
func vectors() []slacktest.Vector {
	return slices.Concat(goodVectors(), badVectors(), oddTimestamps())
}

func goodVectors() []slacktest.Vector {
	body := func(body string) func(*slacktest.Vector) {
		return func(m *slacktest.Vector) {
			m.Body, m.Signature = body, slacktest.Sign(m.Secret, m.Timestamp, []byte(body))
		}
	}
	clock := func(ahead int64) func(*slacktest.Vector) {
		return func(m *slacktest.Vector) { m.Clock = docTime + ahead }
	}
	return []slacktest.Vector{
		vector("example of the documentation", "accept", body(docBody)),
		vector("JSON body with percent, plus and non-ASCII", "accept",
			body(`{"type":"event_callback","event":{"type":"app_mention","text":"100% C++ ₹"}}`)),
		vector("empty body", "accept", body("")),
		vector("five minutes old", "accept", clock(300)),
		vector("stale by a second", "refuse", clock(301)),
		vector("stale by a day", "refuse", clock(86400)),
		vector("a minute ahead", "accept", clock(-60)),
		vector("six minutes ahead", "either", clock(-360)),
	}
}

func badVectors() []slacktest.Vector {
	signature := func(change func(string) string) func(*slacktest.Vector) {
		return func(m *slacktest.Vector) { m.Signature = change(m.Signature) }
	}
	return []slacktest.Vector{
		vector("forged with another secret", "refuse", func(m *slacktest.Vector) {
			m.Signature = slacktest.Sign("another secret", m.Timestamp, []byte(docBody))
		}),
		vector("body changed", "refuse", func(m *slacktest.Vector) { m.Body += "&text=more" }),
		vector("body in another order", "refuse", func(m *slacktest.Vector) {
			first, rest, _ := strings.Cut(m.Body, "&")
			m.Body = rest + "&" + first
		}),
		vector("timestamp changed", "refuse", func(m *slacktest.Vector) { m.Timestamp = strconv.FormatInt(docTime+1, 10) }),
		vector("last digit changed", "refuse", signature(func(s string) string { return s[:len(s)-1] + "e" })),
		vector("signature of another version", "refuse", signature(func(s string) string { return "v1" + s[2:] })),
		vector("signature without version", "refuse", signature(func(s string) string { return s[3:] })),
		vector("signature cut short", "refuse", signature(func(s string) string { return s[:30] })),
		vector("signature too long", "refuse", signature(func(s string) string { return s + "00" })),
		vector("signature that is no hex", "refuse", signature(func(string) string { return "v0=" + strings.Repeat("zz", 32) })),
		vector("signature in upper case", "either", signature(func(s string) string { return "v0" + strings.ToUpper(s[2:]) })),
		vector("signature with junk after another =", "either", signature(func(s string) string { return s + "=junk" })),
		vector("no signature", "refuse", signature(func(string) string { return "" })),
		vector("no timestamp", "refuse", func(m *slacktest.Vector) { m.Timestamp = "" }),
	}
}

// oddTimestamps are signed well: who signs knows the secret. What they are refused for is only their time.
func oddTimestamps() []slacktest.Vector {
	signed := func(name, verdict, timestamp string) slacktest.Vector {
		return vector(name, verdict, func(m *slacktest.Vector) {
			m.Timestamp, m.Signature = timestamp, slacktest.Sign(docSecret, timestamp, []byte(docBody))
		})
	}
	ts := strconv.FormatInt(docTime, 10)
	return []slacktest.Vector{
		signed("timestamp in words", "either", "yesterday"),
		signed("fractional timestamp", "either", ts+".5"),
		signed("padded timestamp", "either", " "+ts),
		signed("huge timestamp", "either", "99999999999999999999"),
		signed("timestamp zero", "refuse", "0"),
		signed("negative timestamp", "refuse", "-"+ts),
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
