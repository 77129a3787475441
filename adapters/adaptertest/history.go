package adaptertest

import (
	"context"
	"fmt"
	"slices"
)

// Posts is the history, oldest first.
func (p *Platform) Posts() []Post {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.posts)
}

// Stats counts what happened so far.
func (p *Platform) Stats() Stats {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.stats
}

// Acknowledged is how many questions were acknowledged.
func (p *Platform) Acknowledged() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.acked)
}

// Problems says in words what is wrong with the history: acknowledged questions without an answer, questions
// with several answers, answers to another channel or to nobody.
func (p *Platform) Problems() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	var problems []string
	for _, post := range p.posts {
		if e, ok := p.asked[post.Key]; !ok || e.Channel != post.Channel {
			problems = append(problems, fmt.Sprintf("%q was answered in channel %q", post.Key, post.Channel))
		}
	}
	for key := range p.acked {
		if len(p.byKey[key]) == 0 {
			problems = append(problems, fmt.Sprintf("lost: %q was acknowledged and has no answer", key))
		}
	}
	for key, posts := range p.byKey {
		if len(posts) > 1 {
			problems = append(problems, fmt.Sprintf("doubled: %q has %d answers", key, len(posts)))
		}
	}
	slices.Sort(problems)
	return problems
}

// Answered is how many questions have an answer.
func (p *Platform) Answered() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.byKey)
}

// Quiet waits until every question that was asked is acknowledged and has an answer, or until ctx ends.
func (p *Platform) Quiet(ctx context.Context) error {
	return p.until(ctx, func() bool { return len(p.acked) == len(p.asked) && len(p.byKey) >= len(p.asked) })
}

// until waits for a condition that is looked at, under the lock, after every change.
func (p *Platform) until(ctx context.Context, holds func() bool) error {
	for {
		p.mu.Lock()
		ok, changed := holds(), p.changed
		asked, acked, answered := len(p.asked), len(p.acked), len(p.byKey)
		p.mu.Unlock()
		if ok {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("%d asked, %d acknowledged, %d answered: %w", asked, acked, answered, ctx.Err())
		}
	}
}
