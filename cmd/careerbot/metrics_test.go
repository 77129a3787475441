package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"careerbot/adapters"
	"careerbot/bot"
	"careerbot/bot/chat"

	"github.com/prometheus/client_golang/prometheus"
	"go.yaml.in/yaml/v3"
)

// touched are metrics each of which has counted something.
func touched() *metrics {
	is := func(v float64) func() float64 { return func() float64 { return v } }
	m := newMetrics(build{Version: "v1.2.3", Go: "go1.26.0"}, gauges{
		outboxDepth: is(3), outboxOldest: is(12.5), indexDocuments: is(1203), indexAge: is(math.NaN()),
	})
	for _, outcome := range bot.Outcomes() {
		m.Answered("slack", chat.TopicSkills, outcome, 3*time.Millisecond)
	}
	m.Answered("web", "", bot.OutcomeFault, time.Second)
	for _, step := range []string{"read", "find", bot.StepWait} {
		m.Step(step, 30*time.Microsecond)
	}
	for _, result := range []string{adapters.ClaimNew, adapters.ClaimNew, adapters.ClaimDuplicate, adapters.ClaimFailed} {
		m.Claimed(result)
	}
	for _, outcome := range []string{adapters.CallOK, adapters.CallOK, adapters.CallLimited, adapters.CallRefused, adapters.CallFailed} {
		m.Called("discord", outcome)
	}
	m.Reconnected("discord")
	return m
}

// TestMetricsPage reads the metrics as Prometheus does.
func TestMetricsPage(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(touched().Handler())
	defer server.Close()
	resp, err := http.Get(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	page, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("status %d, %v", resp.StatusCode, err)
	}
	lines := strings.Split(string(page), "\n")
	for _, want := range []string{
		`careerbot_questions_total{adapter="slack",outcome="answered",topic="skills"} 1`,
		`careerbot_questions_total{adapter="slack",outcome="limited",topic="skills"} 1`,
		`careerbot_questions_total{adapter="web",outcome="fault",topic="unknown"} 1`,
		`careerbot_answer_seconds_bucket{le="0.0025"} 0`,
		`careerbot_answer_seconds_bucket{le="0.005"} 3`, // answered, declined, fault
		`careerbot_answer_seconds_count 4`,
		`careerbot_step_seconds_bucket{step="find",le="2.5e-05"} 0`,
		`careerbot_step_seconds_bucket{step="find",le="5e-05"} 1`,
		`careerbot_claims_total{result="new"} 2`,
		`careerbot_claims_total{result="duplicate"} 1`,
		`careerbot_duplicates_total 1`,
		`careerbot_platform_calls_total{adapter="discord",outcome="ok"} 2`,
		`careerbot_platform_calls_total{adapter="discord",outcome="limited"} 1`,
		`careerbot_rate_limited_total{adapter="discord"} 1`,
		`careerbot_reconnects_total{adapter="discord"} 1`,
		`careerbot_outbox_depth 3`,
		`careerbot_outbox_oldest_seconds 12.5`,
		`careerbot_index_documents 1203`,
		`careerbot_index_age_seconds NaN`,
		`careerbot_build_info{go="go1.26.0",version="v1.2.3"} 1`,
	} {
		if !slices.Contains(lines, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	if t.Failed() {
		t.Logf("page:\n%s", page)
	}
}

// TestMetricsUntouched has a process in which nothing has happened, with no store and no index.
func TestMetricsUntouched(t *testing.T) {
	t.Parallel()
	have := exported(t, newMetrics(build{}, gauges{}).registry)
	for _, want := range []string{"careerbot_claims_total", "careerbot_duplicates_total", "careerbot_build_info", "go_goroutines"} {
		if have[want] == nil {
			t.Errorf("%s is missing", want)
		}
	}
	if have["careerbot_outbox_depth"] != nil {
		t.Error("careerbot_outbox_depth is shown although nobody gives it")
	}
}

// exported gives the labels of every series a registry shows, by the series' name.
func exported(t *testing.T, from prometheus.Gatherer) map[string][]string {
	t.Helper()
	families, err := from.Gather()
	if err != nil {
		t.Fatal(err)
	}
	series := map[string][]string{}
	for _, f := range families {
		names := []string{f.GetName()}
		labels := []string{"job", "instance"} // from Prometheus itself
		for _, l := range f.GetMetric()[0].GetLabel() {
			labels = append(labels, l.GetName())
		}
		if f.GetMetric()[0].GetHistogram() != nil {
			names = []string{f.GetName() + "_bucket", f.GetName() + "_sum", f.GetName() + "_count"}
			labels = append(labels, "le")
		}
		for _, name := range names {
			series[name] = labels
		}
	}
	return series
}

// deployed is where the dashboard and the rules stand.
func deployed(name ...string) string {
	return filepath.Join(append([]string{"..", "..", "deploy"}, name...)...)
}

// TestDashboard compares the dashboard with what is exported: it asks for nothing else, and shows all of our own.
func TestDashboard(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile(deployed("grafana", "careerbot.json"))
	if err != nil {
		t.Fatal(err)
	}
	var board struct {
		Title, UID string
		Panels     []panel
		Templating struct {
			List []struct{ Name, Definition string }
		}
	}
	if err := json.Unmarshal(data, &board); err != nil {
		t.Fatal(err)
	}
	series, shown, ids := exported(t, touched().registry), map[string]bool{}, map[int]bool{}
	check := func(where, expr string) {
		for _, fault := range faults(expr, series) {
			t.Errorf("%s: %s", where, fault)
		}
		for _, name := range read(expr).series {
			shown[family(name)] = true
		}
	}
	for _, p := range board.Panels {
		if ids[p.ID] {
			t.Errorf("two panels have the id %d", p.ID)
		}
		ids[p.ID] = true
		if p.Type != "row" && (len(p.Targets) == 0 || p.Description == "") {
			t.Errorf("panel %q shows nothing or does not say what", p.Title)
		}
		for _, target := range p.Targets {
			check(fmt.Sprintf("panel %q", p.Title), target.Expr)
		}
	}
	for _, v := range board.Templating.List {
		if args, ok := strings.CutPrefix(v.Definition, "label_values("); ok {
			name, label, _ := strings.Cut(strings.TrimSuffix(args, ")"), ", ")
			check("variable "+v.Name, fmt.Sprintf("sum by (%s) (%s)", label, name))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(series)) {
		if strings.HasPrefix(name, "careerbot_") && !shown[family(name)] {
			t.Errorf("no panel shows %s", name)
		}
	}
}

// panel is what this test reads of a panel.
type panel struct {
	ID                       int
	Title, Type, Description string
	Targets                  []struct{ Expr string }
}

// TestAlerts compares the alert rules with what is exported, and wants every alert to say what to do.
func TestAlerts(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile(deployed("prometheus", "alerts.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Groups []struct {
			Name  string
			Rules []struct {
				Alert, Expr, For    string
				Labels, Annotations map[string]string
			}
		}
	}
	decoder := yaml.NewDecoder(strings.NewReader(string(data)))
	decoder.KnownFields(true)
	if err := decoder.Decode(&file); err != nil {
		t.Fatal(err)
	}
	series, seen := exported(t, touched().registry), map[string]bool{}
	for _, g := range file.Groups {
		for _, r := range g.Rules {
			for _, fault := range faults(r.Expr, series) {
				t.Errorf("%s: %s", r.Alert, fault)
			}
			if _, err := time.ParseDuration(r.For); err != nil || seen[r.Alert] {
				t.Errorf("%s: stands there twice, or lasts %q: %v", r.Alert, r.For, err)
			}
			seen[r.Alert] = true
			if s := r.Labels["severity"]; s != "critical" && s != "warning" && s != "info" {
				t.Errorf("%s: severity is %q", r.Alert, s)
			}
			if r.Annotations["summary"] == "" || r.Annotations["description"] == "" {
				t.Errorf("%s: has no summary or no description", r.Alert)
			}
		}
	}
	if len(seen) == 0 {
		t.Error("there are no alerts")
	}
}

// query is what is read of a PromQL expression.
type query struct {
	series []string
	labels []string            // in by, without and on, and in matchers
	values map[string][]string // that matchers with = and != compare a label with
}

var (
	quoted  = regexp.MustCompile(`"[^"]*"`)
	matched = regexp.MustCompile(`(\w+)\s*(=~|!~|!=|=)\s*"([^"]*)"`)
	group   = regexp.MustCompile(`\b(?:by|without|on|ignoring|group_left|group_right)\s*\(([^)]*)\)`)
	braces  = regexp.MustCompile(`\{[^}]*\}|\[[^\]]*\]`)
	word    = regexp.MustCompile(`[a-zA-Z_:][\w:]*\s*\(?`)
	comment = regexp.MustCompile(`(?m)#.*$`)
)

// read takes an expression apart: far enough to know every name in it. What is neither a function nor a word of the
// language is a series.
func read(expr string) query {
	q := query{values: map[string][]string{}}
	expr = comment.ReplaceAllString(expr, "")
	for _, m := range matched.FindAllStringSubmatch(expr, -1) {
		q.labels = append(q.labels, m[1])
		if !strings.Contains(m[2], "~") {
			q.values[m[1]] = append(q.values[m[1]], m[3])
		}
	}
	expr = braces.ReplaceAllString(quoted.ReplaceAllString(expr, ""), "")
	for _, m := range group.FindAllStringSubmatch(expr, -1) {
		q.labels = append(q.labels, strings.FieldsFunc(m[1], func(r rune) bool { return r == ',' || r == ' ' })...)
	}
	expr = group.ReplaceAllString(expr, "")
	for _, name := range word.FindAllString(expr, -1) {
		name = strings.TrimSpace(name)
		if !strings.HasSuffix(name, "(") && !slices.Contains([]string{"and", "or", "unless", "bool", "offset", "sum", "max", "min"}, name) {
			q.series = append(q.series, name)
		}
	}
	return q
}

// faults says what an expression asks for that is not exported.
func faults(expr string, series map[string][]string) []string {
	q, known := read(expr), []string(nil)
	var found []string
	if len(q.series) == 0 {
		found = append(found, fmt.Sprintf("%q names no metric", expr))
	}
	for _, name := range q.series {
		if series[name] == nil {
			found = append(found, fmt.Sprintf("%s is not exported", name))
		}
		known = append(known, series[name]...)
	}
	for _, label := range q.labels {
		if !slices.Contains(known, label) {
			found = append(found, fmt.Sprintf("label %s is on none of %v", label, q.series))
		}
	}
	values := map[string][]string{
		"outcome": append(bot.Outcomes(), adapters.CallOK, adapters.CallLimited, adapters.CallRefused, adapters.CallFailed),
		"result":  {adapters.ClaimNew, adapters.ClaimDuplicate, adapters.ClaimFailed},
	}
	for label, compared := range q.values {
		for _, v := range compared {
			if values[label] != nil && !slices.Contains(values[label], v) {
				found = append(found, fmt.Sprintf("%s is never %q", label, v))
			}
		}
	}
	return found
}

// family is the metric a series belongs to.
func family(name string) string {
	for _, part := range []string{"_bucket", "_sum", "_count"} {
		if whole, ok := strings.CutSuffix(name, part); ok {
			return whole
		}
	}
	return name
}

// TestQueryFaults proves that the comparison finds what it is there for.
func TestQueryFaults(t *testing.T) {
	t.Parallel()
	series := exported(t, touched().registry)
	for expr, want := range map[string]string{
		`sum by (topic) (rate(careerbot_questions_total{outcome="answered", adapter=~"$adapter"}[5m])) > 0.1 and on (adapter) careerbot_reconnects_total`: "",
		`histogram_quantile(0.9, sum by (le, step) (rate(careerbot_step_seconds_bucket[5m])))`:                                                            "",
		`rate(careerbot_question_total[5m])`:                "careerbot_question_total is not exported",
		`carebot_outbox_depth > 1`:                          "carebot_outbox_depth is not exported",
		`histogram_quantile(0.9, careerbot_answer_seconds)`: "careerbot_answer_seconds is not exported",
		`sum by (adapter) (careerbot_outbox_depth)`:         "label adapter is on none of [careerbot_outbox_depth]",
		`careerbot_questions_total{platform="slack"}`:       "label platform is on none of [careerbot_questions_total]",
		`careerbot_questions_total{outcome="error"}`:        `outcome is never "error"`,
		`vector(1)`: `"vector(1)" names no metric`,
	} {
		if have := strings.Join(faults(expr, series), "; "); have != want {
			t.Errorf("%s: %q, want %q", expr, have, want)
		}
	}
}

// BenchmarkMetrics counts one question with its five steps.
func BenchmarkMetrics(b *testing.B) {
	m := touched()
	b.ReportAllocs()
	for b.Loop() {
		m.Answered("slack", chat.TopicSkills, bot.OutcomeAnswered, time.Millisecond)
		for _, step := range [...]string{"recall", "read", "find", "compose", "remember"} {
			m.Step(step, 30*time.Microsecond)
		}
	}
}
