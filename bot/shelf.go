package bot

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"careerbot/bot/chat"
	"careerbot/knowledge"
)

// Packs are the bodies of knowledge that a question can be put to alone, in order.
func (l *Library) Packs() []chat.Pack {
	var out []chat.Pack
	for _, p := range l.Pack().Parts {
		if p.Name != "" {
			out = append(out, chat.Pack{Name: p.Name, Command: p.Command, Subject: p.Subject})
		}
	}
	return out
}

// openSome lends out the volume of some of the packs, by name; the first question to them makes it, which takes about
// as long as a start. Names that are not known are passed over; without one that is, all packs answer.
func (l *Library) openSome(ctx context.Context, names []string) (*volume, error) {
	all := l.open()
	if all == nil || len(names) == 0 {
		return all, nil
	}
	var known []string
	packs := 0
	for _, p := range all.pack.Parts {
		if p.Name == "" {
			continue // it belongs to all
		}
		packs++
		if slices.Contains(names, p.Name) {
			known = append(known, p.Name)
		}
	}
	if len(known) == 0 || len(known) == packs {
		return all, nil
	}
	v, err := all.some.take(strings.Join(known, "+"), func(key string) (*volume, error) {
		return all.only(ctx, l.config, key, known)
	})
	if err != nil {
		all.release()
		return nil, err
	}
	return v, nil // its release gives all back
}

// only makes the volume of some of the packs of v, of what was loaded with it.
func (v *volume) only(ctx context.Context, c LibraryConfig, key string, names []string) (*volume, error) {
	pack := v.pack.Only(func(m knowledge.Manifest) bool { return m.Name == "" || slices.Contains(names, m.Name) })
	if c.IndexDir != "" {
		c.IndexDir = filepath.Join(c.IndexDir, "only-"+key)
	}
	// The volume serves others after the question that made it: it must not end with that.
	some, err := makeVolume(context.WithoutCancel(ctx), c, pack)
	if err != nil {
		return nil, fmt.Errorf("answer from %s alone: %w", key, err)
	}
	some.root = v
	return some, nil
}

// maxSome bounds the volumes of some of the packs, each of which has an index of its own.
const maxSome = 16

var errManyPacks = errors.New("too many different choices of packs")

// shelf holds the volumes of some of the packs. Its zero value is empty; nil has none and stays so.
type shelf struct {
	mu   sync.Mutex
	slot map[string]*slot
}

// slot is one volume, made once.
type slot struct {
	once sync.Once
	v    *volume
	err  error
}

// take gives the volume of a key, made by who comes first.
func (s *shelf) take(key string, produce func(key string) (*volume, error)) (*volume, error) {
	s.mu.Lock()
	place := s.slot[key]
	if place == nil && len(s.slot) >= maxSome {
		s.mu.Unlock()
		return nil, errManyPacks
	}
	if place == nil {
		if s.slot == nil {
			s.slot = map[string]*slot{}
		}
		place = &slot{}
		s.slot[key] = place
	}
	s.mu.Unlock()
	place.once.Do(func() { place.v, place.err = produce(key) })
	return place.v, place.err
}

// close closes every index; nobody uses one any more.
func (s *shelf) close() error {
	if s == nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var errs []error
	for _, place := range s.slot {
		if place.v != nil {
			errs = append(errs, place.v.index.Close())
		}
	}
	return errors.Join(errs...)
}
