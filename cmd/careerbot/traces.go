package main

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"careerbot/bot"
	"careerbot/bot/chat"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// traces sends a span of each question, and of each step of answering it, to the collector that the standard
// variables name: https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/. Its zero value
// sends nothing. No span holds what was asked or who asked.
type traces struct {
	provider *sdk.TracerProvider
	tracer   trace.Tracer
}

// newTraces reads the variables by their names; the library reads endpoint, headers, sampler, limits and resource.
func newTraces(ctx context.Context, env func(string) string, b build) (traces, error) {
	const endpoint, exporter = "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_TRACES_EXPORTER"
	if env("OTEL_SDK_DISABLED") == "true" || env(exporter) == "none" ||
		env(endpoint) == "" && env("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT") == "" {
		return traces{}, nil
	}
	if e := env(exporter); e != "" && e != "otlp" {
		return traces{}, fmt.Errorf("%s: %q is not known: write otlp, or none to send no traces", exporter, e)
	}
	out, err := otlptracehttp.New(ctx)
	if err != nil {
		return traces{}, fmt.Errorf("send traces: %w; see to %s, or leave it out", err, endpoint)
	}
	about, err := resource.New(ctx, resource.WithAttributes(attribute.String("service.name", "careerbot"),
		attribute.String("service.version", b.Version)), resource.WithTelemetrySDK(), resource.WithFromEnv())
	if err != nil {
		return traces{}, fmt.Errorf("send traces: %w; see to OTEL_RESOURCE_ATTRIBUTES", err)
	}
	p := sdk.NewTracerProvider(sdk.WithBatcher(out), sdk.WithResource(about))
	return traces{p, p.Tracer("careerbot")}, nil
}

// close sends what is waiting.
func (t traces) close(ctx context.Context) error {
	if t.provider == nil {
		return nil
	}
	return t.provider.Shutdown(ctx)
}

// around traces what next is asked.
func (t traces) around(next chat.Asker) chat.Asker {
	if t.provider == nil {
		return next
	}
	return traced{t.tracer, next}
}

// joined lets spans of a request continue the trace of who sent it.
func (t traces) joined(next http.Handler) http.Handler {
	if t.provider == nil {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := propagation.TraceContext{}.Extract(r.Context(), propagation.HeaderCarrier(r.Header))
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// traced makes the spans of questions.
type traced struct {
	tracer trace.Tracer
	next   chat.Asker
}

// Ask asks next. Steps are known when they are over, so their spans are made then, one after the other from the begin.
func (t traced) Ask(ctx context.Context, q chat.Question) (chat.Answer, error) {
	began := time.Now()
	ctx, span := t.tracer.Start(ctx, "ask", trace.WithTimestamp(began), trace.WithAttributes(
		attribute.String("careerbot.adapter", q.Platform), attribute.String("careerbot.question.id", q.ID)))
	defer span.End()
	a, err := t.next.Ask(ctx, q)
	span.SetAttributes(attribute.String("careerbot.topic", string(a.Topic)), attribute.String("careerbot.outcome", bot.Outcome(a, err)),
		attribute.Float64("careerbot.confidence", a.Confidence))
	if err != nil {
		span.SetStatus(codes.Error, bot.Outcome(a, err)) // the error may quote the question
	}
	for _, step := range a.Trace.Steps {
		_, s := t.tracer.Start(ctx, step.Name, trace.WithTimestamp(began))
		began = began.Add(step.Took)
		s.End(trace.WithTimestamp(began))
	}
	return a, err
}
