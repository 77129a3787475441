package adapters_test

import (
	"context"
	"errors"
	"reflect"
	"testing"
	"time"

	"careerbot/adapters"
	"careerbot/bot/store"
)

// TestPreferences changes them on one replica and reads them on another, which sees the change half a minute later.
func TestPreferences(t *testing.T) {
	t.Parallel()
	state, err := store.Open(t.Context(), "sqlite::memory:", store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	now := time.Unix(1e9, 0)
	clock := func() time.Time { return now }
	here := adapters.NewPreferenceBook("discord", state, clock)
	there := adapters.NewPreferenceBook("discord", state, clock)
	slack := adapters.NewPreferenceBook("slack", state, clock)
	get := func(b *adapters.PreferenceBook) adapters.Preferences {
		t.Helper()
		p, err := b.Get(t.Context(), "1")
		if err != nil {
			t.Error(err)
		}
		return p
	}
	if p := get(there); !reflect.DeepEqual(p, adapters.Preferences{}) {
		t.Errorf("a server begins with %+v", p)
	}
	want := adapters.Preferences{Private: true, Quiet: []string{"c1"}, Packs: []string{"backend"}}
	if err := here.Set(t.Context(), "1", want); err != nil {
		t.Fatal(err)
	}
	now = now.Add(time.Minute)
	if p := get(there); !reflect.DeepEqual(p, want) || !p.Quieted("c1") || p.Quieted("c2") {
		t.Errorf("the other replica reads %+v", p)
	}
	if p := get(slack); p.Private {
		t.Error("another platform has the same preferences")
	}
	if err := state.Close(); err != nil {
		t.Fatal(err)
	}
	now = now.Add(time.Minute)
	if p, err := there.Get(t.Context(), "1"); err == nil || !reflect.DeepEqual(p, want) {
		t.Errorf("with the state lost: %+v, %v", p, err)
	}
	if err := here.Set(context.Background(), "1", adapters.Preferences{Only: make([]string, 2000)}); !errors.Is(err, adapters.ErrTooMuch) {
		t.Errorf("too many channels: %v", err)
	}
}
