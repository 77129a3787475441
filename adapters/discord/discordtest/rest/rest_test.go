package rest_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"careerbot/adapters/discord/discordtest/rest"
)

const (
	messages  = "POST /channels/{channel}/messages"
	responses = "POST /interactions/{interaction}/{token}/callback"
)

// routes answer with the channel, or the interaction, that was asked for.
func routes() *rest.Routes {
	say := func(name string) func(*rest.Call) {
		return func(c *rest.Call) { c.Reply(http.StatusOK, map[string]any{"here": c.PathValue(name)}) }
	}
	return rest.NewRoutes(map[string]func(*rest.Call){messages: say("channel"), responses: say("interaction")})
}

// call is a request that came at a time.
func call(t *testing.T, path string, at time.Time) *rest.Call {
	t.Helper()
	c, wrong := rest.New(httptest.NewRequest(http.MethodPost, path, strings.NewReader(`{"content":"x"}`)), at)
	if wrong == nil {
		wrong = routes().Find(c)
	}
	if wrong != nil {
		t.Fatalf("%s: %+v", path, wrong)
	}
	return c
}

// written is the answer as a client gets it.
func written(c *rest.Call) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	c.Write(w)
	return w
}

func TestCall(t *testing.T) {
	t.Parallel()
	for _, prefix := range []string{"/api", "/api/v9", "/api/v10"} {
		c := call(t, prefix+"/channels/7/messages?wait=true", time.Now())
		var body struct{ Content string }
		if c.Route != messages || c.Path != "/channels/7/messages" || !c.Into(&body) || body.Content != "x" {
			t.Errorf("%s: the call is %+v, %+v", prefix, c, body)
		}
		routes().Serve(c)
		if got := written(c); got.Code != http.StatusOK || got.Body.String() != `{"here":"7"}` {
			t.Errorf("%s: the answer is %d %s", prefix, got.Code, got.Body)
		}
	}
	if c := call(t, "/api/v10/nowhere", time.Now()); c.Route != "" {
		t.Errorf("a call to nowhere has the route %q", c.Route)
	}
	for path, code := range map[string]int{"/channels/7/messages": 0, "/api/v8/channels/7/messages": 50041} {
		if _, wrong := rest.New(httptest.NewRequest(http.MethodPost, path, nil), time.Now()); wrong == nil || wrong.Code != code {
			t.Errorf("%s: %+v, want code %d", path, wrong, code)
		}
	}
}

func TestBodies(t *testing.T) {
	t.Parallel()
	const form = "--b\r\nContent-Disposition: form-data; name=\"payload_json\"\r\n\r\n{}\r\n" +
		"--b\r\nContent-Disposition: form-data; name=\"files[0]\"; filename=\"a.txt\"\r\nContent-Type: text/plain\r\n\r\nhello\r\n--b--\r\n"
	body, files, wrong := rest.Unpack("multipart/form-data; boundary=b", []byte(form))
	if f := files["files[0]"]; wrong != nil || string(body) != "{}" || f.Name != "a.txt" || string(f.Bytes) != "hello" || f.ContentType != "text/plain" {
		t.Errorf("the form is %s, %+v, %+v", body, files, wrong)
	}
	for kind, test := range map[string]struct {
		body string
		code int
	}{
		"application/json":                {"{", 50109},
		"multipart/form-data; boundary=b": {"--b\r\nno header\r\n\r\n{}\r\n--b--\r\n", 50035},
	} {
		if _, _, wrong := rest.Unpack(kind, []byte(test.body)); wrong == nil || wrong.Code != test.code {
			t.Errorf("%s: %+v, want code %d", kind, wrong, test.code)
		}
	}
}

func TestLimiter(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_800_000_000, 0)
	l := rest.NewLimiter(rest.Limits{Global: rest.Limit{Requests: 4, In: time.Second}, Routes: map[string]rest.Limit{messages: {Requests: 2, In: time.Minute}}})
	tests := []struct {
		path  string
		after time.Duration
		scope string // "" is admitted
		wait  string
	}{
		{"/channels/7/messages", 0, "", ""},
		{"/channels/7/messages", 0, "", ""},
		{"/channels/7/messages", 0, "user", "60"},
		{"/channels/8/messages", 0, "", ""}, // a bucket of its own
		{"/channels/9/messages", 0, "global", "1"},
		{"/interactions/1/t/callback", 0, "", ""}, // exempt
		{"/channels/7/messages", 2 * time.Second, "user", "58"},
		{"/channels/7/messages", time.Minute, "", ""},
	}
	for n, test := range tests {
		c := call(t, "/api/v10"+test.path, now.Add(test.after))
		admitted := l.Admit(c)
		header := written(c).Header()
		if admitted != (test.scope == "") || header.Get("X-Ratelimit-Scope") != test.scope || header.Get("Retry-After") != test.wait {
			t.Errorf("request %d: admitted %t, headers %v, want scope %q and %q s to wait", n, admitted, header, test.scope, test.wait)
		}
	}
	off := rest.NewLimiter(rest.Limits{Off: true})
	for range 100 {
		if !off.Admit(call(t, "/api/channels/7/messages", now)) {
			t.Fatal("a limiter that is off limits")
		}
	}
}

func TestFaults(t *testing.T) {
	t.Parallel()
	c := call(t, "/api/v10/channels/7/messages", time.Now())
	tests := map[string]struct {
		fault       rest.Fault
		early, late bool
		status      int // 0 is cut
		header      string
	}{
		"500 before": {rest.Fault{Before: true, Status: 500}, true, true, 500, ""},
		"502 after":  {rest.Fault{Status: 502}, false, true, 502, ""},
		"cut":        {rest.Fault{Cut: true}, false, true, 0, ""},
		"429":        {rest.Fault{Status: 429, RetryAfter: 3 * time.Second, Scope: "shared"}, true, true, 429, "shared"},
		"401":        {rest.Fault{Status: 401}, false, true, 401, ""},
		"slow":       {rest.Fault{Delay: time.Second, Before: true}, false, false, -1, ""},
	}
	for name, test := range tests {
		all := rest.NewFaults(1)
		test.fault.Route = "POST /channels/*/messages"
		injected := all.Inject(test.fault)
		f := all.Pick(c)
		if f == nil || f.Early() != test.early || f.Late() != test.late || injected.Done() != 1 {
			t.Errorf("%s: the fault is %+v", name, f)
			continue
		}
		if test.status >= 0 && f.Spoil(c) != (test.status != 0) {
			t.Errorf("%s: it is cut wrongly", name)
		}
		if test.status > 0 && (c.Status != test.status || written(c).Header().Get("X-Ratelimit-Scope") != test.header) {
			t.Errorf("%s: the status is %d, the headers are %v", name, c.Status, written(c).Header())
		}
		if injected.Remove(); all.Pick(c) != nil {
			t.Errorf("%s: it is in force when it was removed", name)
		}
	}
}

func TestFaultsPick(t *testing.T) {
	t.Parallel()
	picks := func(f rest.Fault) (n int) {
		all, c := rest.NewFaults(1), call(t, "/api/v10/channels/7/messages", time.Now())
		all.Inject(f)
		for range 100 {
			if all.Pick(c) != nil {
				n++
			}
		}
		return n
	}
	for name, test := range map[string]struct {
		fault       rest.Fault
		least, most int
	}{
		"all":            {rest.Fault{}, 100, 100},
		"three":          {rest.Fault{Times: 3}, 3, 3},
		"after ten":      {rest.Fault{After: 10}, 90, 90},
		"some":           {rest.Fault{Chance: 0.3}, 15, 45},
		"any method":     {rest.Fault{Route: "* /channels/*/messages"}, 100, 100},
		"another method": {rest.Fault{Route: "GET /channels/*/messages"}, 0, 0},
		"another path":   {rest.Fault{Route: "POST /channels/*"}, 0, 0},
	} {
		if got := picks(test.fault); got < test.least || got > test.most {
			t.Errorf("%s: %d of 100 are spoiled, want %d to %d", name, got, test.least, test.most)
		}
	}
}
