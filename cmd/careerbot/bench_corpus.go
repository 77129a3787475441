package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"careerbot/index"
	"careerbot/index/sample"
)

// maxCorpus is the largest number of passages a measurement makes up: some 10 GB on disk.
const maxCorpus = 10_000_000

// asked is how many questions are put to each index, each once.
const asked = 2000

// benchCorpus measures indexes of made-up passages, of 10,000 and ten times that and so on up to n. The
// comparison with plain Bleve is a benchmark of package index: this program does not link the whole of Bleve.
func (p *program) benchCorpus(ctx context.Context, n int) error {
	source, err := sample.New()
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "careerbot-bench-")
	if err != nil {
		return fmt.Errorf("make a place for the indexes: %w", err)
	}
	fmt.Fprintf(p.out, "%-24s%s\n", "passages", "about 80 words each, made up; questions of 3 to 20 words, ten hits, one at a time")
	for size := min(n, 10_000); err == nil; size = min(size*10, n) {
		c := corpusBench{p: p, source: source, size: size, dir: filepath.Join(dir, strconv.Itoa(size))}
		err = errors.Join(c.run(ctx), os.RemoveAll(c.dir))
		if size == n {
			break
		}
	}
	return errors.Join(err, os.RemoveAll(dir))
}

// corpusBench measures one index.
type corpusBench struct {
	p      *program
	source *sample.Source
	size   int
	dir    string
}

func (c *corpusBench) print(what, format string, values ...any) {
	fmt.Fprintf(c.p.out, "  %-22s"+format+"\n", append([]any{what}, values...)...)
}

// run builds, opens, asks and changes an index.
func (c *corpusBench) run(ctx context.Context) error {
	fmt.Fprintf(c.p.out, "%s passages\n", grouped(int64(c.size)))
	forgetPeak()
	began, used := time.Now(), processorTime()
	x, err := index.Open(ctx, c.dir, "1", c.source.Sources(c.size, -1))
	if err != nil {
		return err
	}
	took, used := time.Since(began), processorTime()-used
	info := x.Info()
	c.print("built", "%s passages/s (%.1f s; %.1f s of processor time, %s passages/s on two), peak memory %s, %.0f MB on disk",
		grouped(int64(float64(info.Documents)/took.Seconds())), took.Seconds(), used.Seconds(),
		grouped(int64(2*float64(info.Documents)/max(used.Seconds(), 1e-3))), memory("VmHWM"), float64(info.Bytes)/1e6)
	if err := x.Close(); err != nil {
		return err
	}
	debug.FreeOSMemory()
	idle := memory("VmRSS")
	began = time.Now()
	if x, err = index.Open(ctx, c.dir, "1", nil); err != nil {
		return err
	}
	c.print("opened", "in %d ms, resident %s (%s without it)", time.Since(began).Milliseconds(), memory("VmRSS"), idle)
	if err = c.ask(ctx, x); err == nil {
		err = c.change(ctx)
	}
	return errors.Join(err, x.Close())
}

// ask puts questions one at a time, then on all processors.
func (c *corpusBench) ask(ctx context.Context, x *index.Index) error {
	questions := c.source.Questions(asked)
	took := make([]time.Duration, asked)
	for i, q := range questions {
		began := time.Now()
		if _, err := x.Search(ctx, index.Query{Text: q}); err != nil {
			return err
		}
		took[i] = time.Since(began)
	}
	median, worst, mean := spread(took)
	c.print("asked", "p50 %s, p99 %s, mean %s", milliseconds(median), milliseconds(worst), milliseconds(mean))
	var failed atomic.Pointer[error]
	var next atomic.Int64
	var workers sync.WaitGroup
	began := time.Now()
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for i := next.Add(1) - 1; i < asked; i = next.Add(1) - 1 {
				if _, err := x.Search(ctx, index.Query{Text: questions[i]}); err != nil {
					failed.Store(&err)
				}
			}
		})
	}
	workers.Wait()
	if err := failed.Load(); err != nil {
		return *err
	}
	debug.FreeOSMemory()
	c.print("asked at once", "%.0f questions/s on %d processors; resident then %s",
		asked/time.Since(began).Seconds(), runtime.GOMAXPROCS(0), memory("VmRSS"))
	return nil
}

// change edits one article and waits until it is found.
func (c *corpusBench) change(ctx context.Context) error {
	began := time.Now()
	x, err := index.Open(ctx, c.dir, "2", c.source.Sources(c.size, c.size/sample.Sections/2))
	if err != nil {
		return err
	}
	c.print("one article changed", "live in %d ms", time.Since(began).Milliseconds())
	return x.Close()
}

// spread gives the median, the slowest but one of a hundred, and the mean.
func spread(took []time.Duration) (median, worst, mean time.Duration) {
	slices.Sort(took)
	for _, t := range took {
		mean += t
	}
	return took[len(took)/2], took[len(took)*99/100], mean / time.Duration(len(took))
}

func milliseconds(d time.Duration) string {
	return fmt.Sprintf("%.2f ms", float64(d.Microseconds())/1000)
}

// memory gives a line of what Linux says of this process, in MiB; "?" elsewhere.
func memory(line string) string {
	data, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return "?"
	}
	for l := range strings.Lines(string(data)) {
		if value, ok := strings.CutPrefix(l, line+":"); ok {
			if kb, err := strconv.Atoi(strings.Fields(value)[0]); err == nil {
				return fmt.Sprintf("%d MiB", kb/1024)
			}
		}
	}
	return "?"
}

// forgetPeak has the peak of memory counted from now on, where Linux does.
func forgetPeak() {
	_ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0) // elsewhere the peak is the whole run's
}

// processorTime is what this process has used on all processors, where Linux says; 0 elsewhere.
func processorTime() time.Duration {
	data, err := os.ReadFile("/proc/self/stat")
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(data), ") ") // the program's name may hold blanks
	fields, ticks := strings.Fields(rest), 0
	for _, at := range []int{11, 12} { // utime and stime: proc(5) counts them 14 and 15
		if at < len(fields) {
			n, _ := strconv.Atoi(fields[at])
			ticks += n
		}
	}
	return time.Duration(ticks) * 10 * time.Millisecond // 100 a second on every Linux there is
}
