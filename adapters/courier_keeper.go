package adapters

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"
)

// keeper is the outbox behind a door that never hangs and never fails: what it could not record is recorded later,
// and that it could not is logged once for each outage.
type keeper struct {
	platform string
	box      Outbox // nil keeps nothing
	log      *slog.Logger
	now      func() time.Time
	life     *life
	limit    int
	patience time.Duration // for one operation

	mu    sync.Mutex
	down  error     // why the last operation failed; nil while the outbox works
	since time.Time // of the outage
	probe time.Time // before this the outbox is let alone: the last operation did not end in time
	owed  []debt    // endings not recorded yet
}

// debt is an ending that the outbox has to record.
type debt struct {
	key string // in the outbox
	how ending
}

// errSkipped is an operation that was not tried, so that a hanging outbox does not hold up every event in turn.
var errSkipped = errors.New("the outbox did not answer in time; it is tried again shortly")

func newKeeper(platform string, box Outbox, o CourierOptions, l *life) *keeper {
	return &keeper{platform: platform, box: box, log: o.Logger, now: o.Now, life: l, limit: o.Memory, patience: o.Outbox}
}

// claim records p, at the second try where the first fails at once: that is enough for a lock or a lost connection.
// An error leaves open whether it is recorded.
func (k *keeper) claim(ctx context.Context, p Promise) (s Standing, err error) {
	tries := 0
	take := func(ctx context.Context) error {
		tries++
		s, err = k.box.Take(ctx, p)
		return err
	}
	begin := k.now()
	if err = k.do(ctx, "claim an event", take); err != nil && k.box != nil && k.now().Sub(begin) <= k.patience/4 {
		err = k.do(ctx, "claim an event", take)
	}
	if err == nil && s == Repeated && tries > 1 && k.holds(ctx, p.Key) {
		s = Again // an earlier try took it
	}
	return s, err
}

// finish records p as answered; an error leaves open whether it is recorded. It has one try: a second one could not tell
// the first from another process.
func (k *keeper) finish(ctx context.Context, p Promise) (s Standing, err error) {
	err = k.within(ctx, "record an answer", func(ctx context.Context) (err error) {
		s, err = k.box.Finish(ctx, p)
		return err
	}, k.patience)
	return s, err
}

// holds says whether this process has the promise still; where the outbox fails, it has.
func (k *keeper) holds(ctx context.Context, key string) (ours bool) {
	err := k.do(ctx, "hold a promise", func(ctx context.Context) (err error) {
		ours, err = k.box.Hold(ctx, key)
		return err
	})
	return ours || err != nil
}

// pending takes over promises; none where the outbox fails.
func (k *keeper) pending(ctx context.Context) (ps []Promise, err error) {
	err = k.do(ctx, "take over promises", func(ctx context.Context) error {
		ps, err = k.box.Pending(ctx, k.platform, 0)
		return err
	})
	return ps, err
}

// settle records an ending now or, where the outbox fails, when it works again.
func (k *keeper) settle(ctx context.Context, d debt) {
	if k.box != nil && k.record(ctx, d) != nil {
		k.owe(d)
	}
}

func (k *keeper) record(ctx context.Context, d debt) error {
	return k.do(ctx, "record an ending", func(ctx context.Context) error {
		if d.how.why == "" {
			return k.box.Delivered(ctx, d.key)
		}
		return k.box.Expired(ctx, d.key, d.how.why)
	})
}

// owe keeps the newest debts: those of older ones that are in the outbox come up again when it hands them out.
func (k *keeper) owe(debts ...debt) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.owed = append(k.owed, debts...)
	if more := len(k.owed) - k.limit; more > 0 {
		k.owed = append([]debt(nil), k.owed[more:]...)
	}
}

// pay records what is owed, until the outbox fails; the last time, an outbox that hung is tried at once.
func (k *keeper) pay(ctx context.Context, last bool) {
	k.mu.Lock()
	owed := k.owed
	k.owed = nil
	if last {
		k.probe = time.Time{}
	}
	k.mu.Unlock()
	for i := range owed {
		if k.record(ctx, owed[i]) != nil {
			k.owe(owed[i:]...)
			return
		}
	}
}

// do runs one operation of the outbox. What did not end in time is tried once more for a moment: a machine that stood still
// for seconds is no outbox that hangs, and then the second try is done at once.
func (k *keeper) do(ctx context.Context, what string, op func(context.Context) error) error {
	return k.within(ctx, what, op, k.patience, k.patience/4)
}

// within runs one operation of the outbox within each of the limits in turn, until it ends by itself. The outbox hangs
// where it has not done so after several.
func (k *keeper) within(ctx context.Context, what string, op func(context.Context) error, limits ...time.Duration) (err error) {
	if k.box == nil {
		return errors.New("there is no outbox")
	}
	if err := k.let(); err != nil {
		return err
	}
	late := false
	for _, limit := range limits {
		if late, err = k.once(ctx, limit, op); !late || k.life.over.Err() != nil {
			break
		}
	}
	if err != nil {
		err = fmt.Errorf("%s: %w", what, err)
	}
	if k.life.over.Err() == nil {
		k.note(err, late && len(limits) > 1)
	}
	return err
}

// once runs an operation; late says that it failed since its time was over.
func (k *keeper) once(ctx context.Context, limit time.Duration, op func(context.Context) error) (late bool, err error) {
	ctx, done := k.life.work(ctx, limit)
	defer done()
	err = op(ctx)
	return err != nil && ctx.Err() != nil, err
}

// let says whether the outbox may be tried; after an operation that hung, only one at a time may.
func (k *keeper) let() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.probe.IsZero() {
		return nil
	}
	if k.now().Before(k.probe) {
		return errSkipped
	}
	k.probe = k.now().Add(k.patience)
	return nil
}

// note keeps how the outbox fares. Each outage is logged at its begin and its end, not at every operation.
func (k *keeper) note(err error, hung bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	was := k.down
	k.down = err
	switch {
	case err == nil:
		k.probe = time.Time{}
		if was != nil {
			k.log.Info("the outbox works again", "platform", k.platform, "after", k.now().Sub(k.since))
		}
		return
	case hung:
		k.probe = k.now().Add(k.patience)
	}
	if was == nil {
		k.since = k.now()
		k.log.Error("the outbox fails; answers go on, but a restart would lose those under way", "platform", k.platform, "error", err)
	}
}

func (k *keeper) ready() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.down == nil {
		return nil
	}
	return fmt.Errorf("%s keeps events in memory alone since %s: %w", k.platform, k.since.UTC().Format(time.RFC3339), k.down)
}
