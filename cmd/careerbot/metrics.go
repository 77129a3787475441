package main

import (
	"net/http"
	"time"

	"careerbot/adapters"
	"careerbot/bot"
	"careerbot/bot/chat"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// metrics are what serve shows Prometheus at /metrics. They stand in a registry of their own: nothing a library
// registers for itself appears beside them. deploy/ has a dashboard and alert rules on them; a test keeps the three
// together. It is safe for concurrent use.
type metrics struct {
	registry    *prometheus.Registry
	questions   *prometheus.CounterVec
	answers     prometheus.Histogram
	steps       *prometheus.HistogramVec
	claims      *prometheus.CounterVec
	duplicates  prometheus.Counter
	calls       *prometheus.CounterVec
	rateLimited *prometheus.CounterVec
	reconnects  *prometheus.CounterVec
}

var (
	_ bot.Meter      = (*metrics)(nil)
	_ adapters.Meter = (*metrics)(nil)
)

// gauges read what is measured only when Prometheus asks. They are called at the same time as everything else, and
// give NaN for what is not known just now. A nil one leaves its metric out.
type gauges struct {
	outboxDepth    func() float64 // answers promised and not delivered
	outboxOldest   func() float64 // seconds since the oldest of them was promised; 0 where there is none
	indexDocuments func() float64
	indexAge       func() float64 // seconds since the index was loaded
}

// Upper bounds in seconds. Steps take microseconds; an answer's bar is 20 ms at the 99th percentile, its deadline 10 s.
var (
	stepBuckets   = []float64{1e-6, 2.5e-6, 5e-6, 1e-5, 2.5e-5, 5e-5, 1e-4, 2.5e-4, 5e-4, 1e-3, 2.5e-3, 1e-2, 0.1, 1, 10}
	answerBuckets = []float64{1e-5, 2.5e-5, 5e-5, 1e-4, 2.5e-4, 5e-4, 1e-3, 2.5e-3, 5e-3, 1e-2, 2e-2, 5e-2, 0.1, 0.25, 0.5, 1, 2.5, 5, 10}
)

// newMetrics makes the metrics of a process.
func newMetrics(b build, g gauges) *metrics {
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
	}
	m := &metrics{
		registry:  prometheus.NewRegistry(),
		questions: counter("careerbot_questions_total", "Questions asked, by what became of them.", "adapter", "topic", "outcome"),
		answers: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "careerbot_answer_seconds", Buckets: answerBuckets,
			Help: "Time from question to answer, waiting included; without questions refused at once.",
		}),
		steps: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "careerbot_step_seconds", Buckets: stepBuckets, Help: "Time each step of answering took.",
		}, []string{"step"}),
		claims: counter("careerbot_claims_total", "Events claimed before they were acknowledged, by result.", "result"),
		duplicates: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "careerbot_duplicates_total", Help: "Events a platform delivered again, which got no second answer.",
		}),
		calls:       counter("careerbot_platform_calls_total", "Calls to a platform's API, by outcome.", "adapter", "outcome"),
		rateLimited: counter("careerbot_rate_limited_total", "Calls a platform answered with status 429.", "adapter"),
		reconnects:  counter("careerbot_reconnects_total", "Connections to a platform made anew after a loss.", "adapter"),
	}
	for _, result := range []string{adapters.ClaimNew, adapters.ClaimDuplicate, adapters.ClaimFailed} {
		m.claims.WithLabelValues(result) // from 0 on, so that a rate sees the first
	}
	m.registry.MustRegister( // fails only where two of these have one name, which every test would notice
		m.questions, m.answers, m.steps, m.claims, m.duplicates, m.calls, m.rateLimited, m.reconnects,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	)
	m.gauge("careerbot_outbox_depth", "Answers promised and not delivered yet.", nil, g.outboxDepth)
	m.gauge("careerbot_outbox_oldest_seconds", "Age of the oldest answer promised and not delivered yet.", nil, g.outboxOldest)
	m.gauge("careerbot_index_documents", "Facts and sections in the index.", nil, g.indexDocuments)
	m.gauge("careerbot_index_age_seconds", "Time since the index was loaded.", nil, g.indexAge)
	m.gauge("careerbot_build_info", "What this process was built from; always 1.",
		prometheus.Labels{"version": b.Version, "go": b.Go}, func() float64 { return 1 })
	return m
}

// gauge registers a gauge with fixed labels that read gives, unless that is nil.
func (m *metrics) gauge(name, help string, labels prometheus.Labels, read func() float64) {
	if read != nil {
		m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help, ConstLabels: labels}, read))
	}
}

// Answered counts a question.
func (m *metrics) Answered(platform string, topic chat.Topic, outcome string, took time.Duration) {
	if topic == "" {
		topic = "unknown"
	}
	m.questions.WithLabelValues(platform, string(topic), outcome).Inc()
	switch outcome {
	case bot.OutcomeAnswered, bot.OutcomeDeclined, bot.OutcomeFault:
		m.answers.Observe(took.Seconds())
	}
}

// Step measures a step.
func (m *metrics) Step(name string, took time.Duration) {
	m.steps.WithLabelValues(name).Observe(took.Seconds())
}

// Claimed counts an event that was claimed, or was not: result is one of adapters.ClaimNew and its like.
func (m *metrics) Claimed(result string) {
	m.claims.WithLabelValues(result).Inc()
	if result == adapters.ClaimDuplicate {
		m.duplicates.Inc()
	}
}

// Called counts a call to a platform: outcome is one of adapters.CallOK and its like.
func (m *metrics) Called(adapter, outcome string) {
	m.calls.WithLabelValues(adapter, outcome).Inc()
	if outcome == adapters.CallLimited {
		m.rateLimited.WithLabelValues(adapter).Inc()
	}
}

// Reconnected counts a connection made anew.
func (m *metrics) Reconnected(adapter string) { m.reconnects.WithLabelValues(adapter).Inc() }

// scrapes is how many requests for the metrics are answered at once; Prometheus sends one each 15 s or so.
const scrapes = 4

// Handler shows the metrics.
func (m *metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{MaxRequestsInFlight: scrapes})
}
