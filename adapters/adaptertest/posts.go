package adaptertest

import (
	"encoding/json"
	"net/http"
	"slices"
	"time"
)

// takePost takes one post, with the manners of Options.
func (p *Platform) takePost(w http.ResponseWriter, r *http.Request) {
	var post Post
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20)).Decode(&post); err != nil || post.Key == "" {
		http.Error(w, "a post is JSON with a key", http.StatusBadRequest)
		return
	}
	p.mu.Lock()
	p.stats.Posts++
	busy, broken, lost := p.chance(p.options.Busy), p.chance(p.options.Broken), p.chance(p.options.Lost)
	var delay time.Duration
	if p.options.Delay > 0 {
		delay = time.Duration(p.random.Int64N(int64(p.options.Delay)))
	}
	if busy || broken {
		p.stats.Refused++
	}
	p.mu.Unlock()
	switch {
	case busy:
		w.Header().Set("Retry-After", "0.01")
		http.Error(w, "too many posts", http.StatusTooManyRequests)
		return
	case broken:
		http.Error(w, "broken", http.StatusInternalServerError)
		return
	}
	if delay > 0 && !p.wait(nil, delay) { // not r.Context: a post that is on its way arrives
		return
	}
	p.keep(post)
	if lost {
		http.Error(w, "lost", http.StatusBadGateway)
	}
}

// keep adds post to the history, unless its nonce shows that it is there.
func (p *Platform) keep(post Post) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.options.EnforceNonce && len(p.byKey[post.Key]) > 0 {
		p.stats.Repeats++
		return
	}
	p.posts = append(p.posts, post)
	p.byKey[post.Key] = append(p.byKey[post.Key], post)
	p.tell()
}

// findPosts lists the posts with one key.
func (p *Platform) findPosts(w http.ResponseWriter, r *http.Request) {
	key := r.FormValue("key")
	p.mu.Lock()
	p.stats.Lookups++
	found := slices.Clone(p.byKey[key])
	p.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(found) // a client that is gone does not want it
}
