package web_test

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"careerbot/adapters/web"
)

func TestDoor(t *testing.T) {
	t.Parallel()
	const good = `{"question":"skills"}`
	tests := []struct {
		name, method, body string
		headers            []string
		status             int
		message            string // part of it
	}{
		{"as it should be", "POST", good, nil, 200, ""},
		{"scheme in small letters", "POST", good, []string{"Authorization", "bearer  " + key}, 200, ""},
		{"type with UTF-8", "POST", good, []string{"Content-Type", "Application/JSON; charset=UTF-8"}, 200, ""},
		{"get", "GET", "", nil, 405, "GET is not possible here."},
		{"options", "OPTIONS", "", nil, 405, "OPTIONS is not possible here."},
		{"no key", "POST", good, []string{"Authorization", ""}, 401, "carries no key"},
		{"another scheme", "POST", good, []string{"Authorization", "Basic " + key}, 401, "carries no key"},
		{"key alone", "POST", good, []string{"Authorization", key}, 401, "carries no key"},
		{"empty key", "POST", good, []string{"Authorization", "Bearer "}, 401, "not the right one"},
		{"wrong key", "POST", good, []string{"Authorization", "Bearer " + key + "x"}, 401, "not the right one"},
		{"part of the key", "POST", good, []string{"Authorization", "Bearer " + key[:8]}, 401, "not the right one"},
		{"no type", "POST", good, []string{"Content-Type", ""}, 415, "plain JSON"},
		{"form", "POST", good, []string{"Content-Type", "application/x-www-form-urlencoded"}, 415, "plain JSON"},
		{"latin", "POST", good, []string{"Content-Type", "application/json; charset=latin1"}, 415, "plain JSON"},
		{"compressed", "POST", good, []string{"Content-Encoding", "gzip"}, 415, "plain JSON"},
		{"large", "POST", `{"question":"` + strings.Repeat("x", web.MaxBody) + `"}`, nil, 413, "larger than 65536 bytes"},
	}
	var log journal
	p := serve(t, nil, nil, into(&log))
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			res := p.send(tt.method, "/v1/ask", tt.body, tt.headers...)
			if res.status != tt.status {
				t.Fatalf("got %d %s, want %d", res.status, res.body, tt.status)
			}
			if tt.status != http.StatusOK && !strings.Contains(res.fault(t).Error.Message, tt.message) {
				t.Errorf("said %s, want %q", res.body, tt.message)
			}
			if strings.Contains(string(res.body)+fmt.Sprint(res.header), key) {
				t.Error("the response shows the key")
			}
		})
	}
	if strings.Contains(log.String(), key) || strings.Contains(log.String(), key[:8]) {
		t.Errorf("the log shows the key: %s", log.String())
	}
}

// TestDoorStream sends a body that does not say how long it is.
func TestDoorStream(t *testing.T) {
	t.Parallel()
	p := serve(t, nil, nil, func(c *web.Config) { c.MaxBody = 30 })
	for body, want := range map[string]int{
		`{"question":"skills"}`:                           200,
		`{"question":"` + strings.Repeat("x", 100) + `"}`: 413,
	} {
		res, err := p.try(http.MethodPost, "/v1/ask", io.MultiReader(strings.NewReader(body)))
		if err != nil || res.status != want {
			t.Errorf("%d bytes: %d %s %v", len(body), res.status, res.body, err)
		}
	}
}

func TestHeaders(t *testing.T) {
	t.Parallel()
	p := serve(t, nil, nil)
	for _, path := range []string{"/v1/ask", "/v1/vote", "/openapi.json"} {
		for _, method := range []string{http.MethodPost, http.MethodGet} {
			h := p.send(method, path, `{"question":"skills"}`, "Origin", "https://elsewhere.example").header
			for name, want := range map[string]string{
				"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store", "Referrer-Policy": "no-referrer",
				"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'", "Content-Type": "application/json",
				"Access-Control-Allow-Origin": "", "Vary": "",
			} {
				if got := h.Get(name); got != want {
					t.Errorf("%s %s: %s is %q, want %q", method, path, name, got, want)
				}
			}
		}
	}
}

func TestRequestID(t *testing.T) {
	t.Parallel()
	p := serve(t, nil, nil)
	for given, kept := range map[string]bool{
		"": false, "req-1": true, "a b": false, "é": false, strings.Repeat("x", 128): true, strings.Repeat("x", 129): false,
	} {
		got := p.send(http.MethodPost, "/v1/ask", `{"question":"skills"}`, "X-Request-Id", given).header.Get("X-Request-Id")
		if (got == given) != kept || got == "" {
			t.Errorf("%q became %q", given, got)
		}
	}
}

func TestOrigins(t *testing.T) {
	t.Parallel()
	p := serve(t, nil, nil, func(c *web.Config) { c.Origins = []string{"https://tools.example"} })
	for origin, allowed := range map[string]string{
		"https://tools.example": "https://tools.example", "https://tools.example.evil": "", "http://tools.example": "", "null": "", "": "",
	} {
		pre := p.send(http.MethodOptions, "/v1/ask", "", "Origin", origin, "Authorization", "",
			"Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "authorization")
		want := http.StatusMethodNotAllowed
		if allowed != "" {
			want = http.StatusNoContent
		}
		if pre.status != want || pre.header.Get("Access-Control-Allow-Origin") != allowed || pre.header.Get("Vary") != "Origin" {
			t.Errorf("preflight from %q: %d %v", origin, pre.status, pre.header)
		}
		if allowed != "" && !strings.Contains(pre.header.Get("Access-Control-Allow-Headers"), "Authorization") {
			t.Errorf("preflight does not allow the key: %v", pre.header)
		}
		res := p.send(http.MethodPost, "/v1/ask", `{"question":"skills"}`, "Origin", origin)
		if res.status != http.StatusOK || res.header.Get("Access-Control-Allow-Origin") != allowed {
			t.Errorf("from %q: %d %v", origin, res.status, res.header)
		}
		refused := p.send(http.MethodPost, "/v1/ask", "", "Origin", origin, "Authorization", "")
		if refused.header.Get("Access-Control-Allow-Origin") != allowed {
			t.Errorf("a page of %q cannot read why it was refused: %v", origin, refused.header)
		}
	}
}

func TestOffWithoutKey(t *testing.T) {
	t.Parallel()
	a := web.New(web.Config{})
	p := mount(t, a)
	start(t, a, gallery())
	for _, path := range []string{"/v1/ask", "/v1/vote", "/openapi.json"} {
		res, err := p.try(http.MethodPost, path, strings.NewReader(`{"question":"skills"}`), "Authorization", "Bearer ")
		if err != nil || res.status != http.StatusNotFound {
			t.Errorf("%s: %d %v", path, res.status, err)
		}
	}
}

func TestKeyIsHidden(t *testing.T) {
	t.Parallel()
	cfg := web.Config{Key: key}
	var log journal
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "key", cfg.Key, "cfg", cfg)
	encoded, err := json.Marshal(cfg.Key)
	if err != nil {
		t.Fatal(err)
	}
	all := fmt.Sprintf("%v %+v %#v %s %q", cfg, cfg, cfg, cfg.Key, cfg.Key) + log.String() + string(encoded)
	if strings.Contains(all, key) || !strings.Contains(all, "***") {
		t.Errorf("printed as %s", all)
	}
}
