package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"math/bits"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// loadQuestions are what people ask, of every topic and with their slips; one is none of ours.
func loadQuestions() []string {
	return []string{
		"how much does a senior backend dev make in india",
		"back-end developer salary in the US",
		"is 6 lpa good for a backend fresher?",
		"fresher ko kitna package milega",
		"What skills does a back-end developer need?",
		"wat skils do i ned for bakend",
		"what is redis used for",
		"python frameworks",
		"difference between REST and GraphQL",
		"do backend devs earn more than frontend devs",
		"what does a devops engineer do",
		"how to become a backend developer with no experience",
		"i know python and sql what next",
		"do I need a degree",
		"biggest challenge for backend developers",
		"who won the football match yesterday",
	}
}

// Times and sizes of a load.
const (
	answerWait = 10 * time.Second
	readyWait  = 30 * time.Second
	maxFailed  = 20      // failures in a row after which a peer gives up
	largeReply = 1 << 20 // bytes; an answer has about 5,000
)

// load asks one server. It writes requests by hand: a client's own work is measured with the server's.
type load struct {
	addr, key string
	inflight  int
	threads   int
	ids       string   // what the id of every question begins with; empty: none has one
	questions [][]byte // as JSON strings
	asked     atomic.Int64
	client    *http.Client
}

func newLoad(addr string, f benchFlags) (*load, error) {
	if strings.ContainsAny(f.key, "\r\n") {
		return nil, misused("the key has a line end in it")
	}
	l := &load{addr: addr, key: f.key, inflight: f.inflight, threads: f.threads, client: &http.Client{Timeout: answerWait}}
	if f.ids {
		l.ids = rand.Text() + "-" // not those of an earlier run, which have replies
	}
	for _, q := range loadQuestions() {
		text, err := json.Marshal(q)
		if err != nil {
			return nil, fmt.Errorf("write a question: %w", err)
		}
		l.questions = append(l.questions, text)
	}
	return l, nil
}

// ready waits until the server answers, and asks one question: a wrong key is told at once.
func (l *load) ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, readyWait)
	defer cancel()
	p := peer{load: l}
	defer p.hangUp()
	for {
		err := p.connect(ctx)
		if err == nil {
			status, _, err := p.ask(0)
			if err == nil && status == http.StatusOK {
				return nil
			}
			if err == nil && status != http.StatusServiceUnavailable { // it is starting
				return fmt.Errorf("the server refused a question with status %d; give its HTTP_KEY with --key", status)
			}
			p.hangUp()
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("no server answers at %s: %w", l.addr, errors.Join(err, ctx.Err()))
		case <-time.After(time.Millisecond):
		}
	}
}

// usage is what the server has used, as its metrics say; NaN where they do not.
type usage struct {
	memory    float64 // bytes, resident
	processor float64 // seconds
}

func (l *load) usage(ctx context.Context) usage {
	u := usage{math.NaN(), math.NaN()}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+l.addr+"/metrics", nil)
	if err != nil {
		return u
	}
	res, err := l.client.Do(r)
	if err != nil {
		return u
	}
	defer res.Body.Close()
	for lines := bufio.NewScanner(io.LimitReader(res.Body, largeReply)); lines.Scan(); {
		name, value, _ := strings.Cut(lines.Text(), " ")
		x, err := strconv.ParseFloat(value, 64)
		switch {
		case err != nil:
		case name == "process_resident_memory_bytes":
			u.memory = x
		case name == "process_cpu_seconds_total":
			u.processor = x
		}
	}
	return u
}

// ask asks count questions, for no longer than limit.
func (l *load) ask(ctx context.Context, count int, limit time.Duration) (tally, time.Duration) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	var all tally
	var mu sync.Mutex
	last := l.asked.Load() + int64(count)
	defer func() { l.asked.Store(min(l.asked.Load(), last)) }() // each peer took one number more
	var peers sync.WaitGroup
	began := time.Now()
	for range l.inflight {
		peers.Go(func() {
			var t tally
			p := peer{load: l}
			defer p.hangUp()
			for failed := 0; failed < maxFailed && ctx.Err() == nil; {
				n := l.asked.Add(1)
				if n > last {
					break
				}
				if p.count(ctx, int(n), &t) {
					failed = 0
				} else {
					failed++
				}
			}
			mu.Lock()
			defer mu.Unlock()
			all.add(t)
		})
	}
	peers.Wait()
	return all, time.Since(began)
}

// peer is one connection, which asks one question after the other.
type peer struct {
	load *load
	conn net.Conn
	in   *bufio.Reader
	out  []byte
	body []byte
}

func (p *peer) connect(ctx context.Context) (err error) {
	if p.conn != nil {
		return nil
	}
	d := net.Dialer{Timeout: answerWait}
	if p.conn, err = d.DialContext(ctx, "tcp", p.load.addr); err != nil {
		p.conn = nil
		return err
	}
	if p.in == nil {
		p.in = bufio.NewReaderSize(nil, 16<<10)
	}
	p.in.Reset(p.conn)
	return nil
}

func (p *peer) hangUp() {
	if p.conn != nil {
		_ = p.conn.Close() // nothing is left to be sent
		p.conn = nil
	}
}

// count asks question n and counts it in t, unless ctx ends before it is asked. It reports whether it was answered.
func (p *peer) count(ctx context.Context, n int, t *tally) bool {
	if err := p.connect(ctx); err != nil {
		if ctx.Err() == nil {
			t.failed++
		}
		return false
	}
	began := time.Now()
	status, answered, err := p.ask(n)
	if err != nil {
		p.hangUp()
	}
	if err != nil || status != http.StatusOK {
		t.failed++
		return false
	}
	t.took.add(time.Since(began))
	if !answered {
		t.declined++
	}
	return true
}

// ask sends question n and reads what comes back.
func (p *peer) ask(n int) (status int, answered bool, err error) {
	b := append(p.body[:0], `{"question":`...)
	b = append(b, p.load.questions[n%len(p.load.questions)]...)
	if p.load.threads > 0 {
		b = strconv.AppendInt(append(b, `,"user":"bench","thread":"bench-`...), int64(n%p.load.threads), 10)
		b = append(b, '"')
	}
	if p.load.ids != "" {
		b = append(append(b, `,"id":"`...), p.load.ids...)
		b = append(strconv.AppendInt(b, int64(n), 10), '"')
	}
	p.body = append(b, '}')
	b = append(p.out[:0], "POST /v1/ask HTTP/1.1\r\nHost: "...)
	b = append(append(b, p.load.addr...), "\r\nAuthorization: Bearer "...)
	b = append(append(b, p.load.key...), "\r\nContent-Type: application/json\r\nContent-Length: "...)
	b = append(strconv.AppendInt(b, int64(len(p.body)), 10), "\r\n\r\n"...)
	p.out = append(b, p.body...)
	if err := p.conn.SetDeadline(time.Now().Add(answerWait)); err != nil {
		return 0, false, err
	}
	if _, err := p.conn.Write(p.out); err != nil {
		return 0, false, err
	}
	return p.reply()
}

func (p *peer) reply() (status int, answered bool, err error) {
	res, err := http.ReadResponse(p.in, nil)
	if err != nil {
		return 0, false, err
	}
	defer res.Body.Close()
	if res.ContentLength < 0 || res.ContentLength > largeReply {
		return 0, false, fmt.Errorf("a reply of %d bytes", res.ContentLength)
	}
	p.body = append(p.body[:0], make([]byte, res.ContentLength)...)
	if _, err := io.ReadFull(res.Body, p.body); err != nil {
		return 0, false, err
	}
	return res.StatusCode, strings.Contains(string(p.body[:min(len(p.body), 200)]), `"answered":true`), nil
}

// tally is what became of questions.
type tally struct {
	took             latencies // of those that got an answer, declined ones among them
	declined, failed int
}

func (t *tally) add(o tally) {
	t.took.merge(&o.took)
	t.declined += o.declined
	t.failed += o.failed
}

// errUnanswered is returned where questions failed; it says how many.
var errUnanswered = errors.New("not every question was answered")

// print says what was measured in took; used are the server's at the beginning, half-way and at the end.
func (t *tally) print(w io.Writer, took time.Duration, inflight int, used [3]usage) error {
	line := func(name, format string, args ...any) string {
		return fmt.Sprintf("%-10s ", name) + fmt.Sprintf(format, args...) + "\n"
	}
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	mib := func(bytes float64) string {
		if math.IsNaN(bytes) {
			return "unknown"
		}
		return fmt.Sprintf("%.1f MiB", bytes/(1<<20))
	}
	n := int64(t.took.n)
	text := line("asked", "%s in %.1f s, %d in flight; %s declined, %s failed", grouped(n+int64(t.failed)), took.Seconds(), inflight,
		grouped(int64(t.declined)), grouped(int64(t.failed))) +
		line("answers", "%s a second", grouped(int64(float64(n)/max(took.Seconds(), 1e-9)))) +
		line("latency", "median %.2f ms, p99 %.2f ms, longest %.2f ms", ms(t.took.at(0.5)), ms(t.took.at(0.99)), ms(t.took.at(1))) +
		line("processor", "%.0f µs an answer", (used[2].processor-used[0].processor)*1e6/float64(max(n, 1))) +
		line("memory", "%s before, %s half-way, %s after", mib(used[0].memory), mib(used[1].memory), mib(used[2].memory))
	if _, err := io.WriteString(w, text); err != nil {
		return fmt.Errorf("print: %w", err)
	}
	if t.failed > 0 {
		return fmt.Errorf("%w: %d failed", errUnanswered, t.failed)
	}
	return nil
}

// grouped writes n with its thousands apart.
func grouped(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// latencies counts times in buckets of at most 1.6% of their size: a list of ten million would be measured as memory.
type latencies struct {
	n       int
	buckets [1408]uint32 // to 67 s
}

// add counts d.
func (l *latencies) add(d time.Duration) {
	us := uint64(max(0, d.Microseconds()))
	shift := max(0, bits.Len64(us)-7)
	l.buckets[min(shift*64+int(us>>shift), len(l.buckets)-1)]++
	l.n++
}

func (l *latencies) merge(o *latencies) {
	for i, n := range o.buckets {
		l.buckets[i] += n
	}
	l.n += o.n
}

// at is the time that a part of all, from 0 to 1, took at most; 0 where there is none.
func (l *latencies) at(part float64) time.Duration {
	rank := uint64(math.Ceil(part * float64(l.n)))
	seen := uint64(0)
	for i, n := range l.buckets {
		if seen += uint64(n); n > 0 && seen >= rank {
			shift := max(0, i/64-1)
			return time.Duration((i-shift*64+1)<<shift-1) * time.Microsecond
		}
	}
	return 0
}
