package store

import (
	"context"
	"fmt"
	"time"

	"careerbot/bot/store/engine"
)

// Lease takes or renews a lease for ttl; 15 s renewed every 5 s is usual. ok is false while somebody else has it. The fence
// rises each time the lease changes hands or had run out, and stays while it is renewed in time: what was begun under one fence
// must not be sent under another. owner names one process, not one that comes after it.
func (s *Store) Lease(ctx context.Context, name, owner string, ttl time.Duration) (fence int64, ok bool, err error) {
	const doing = "take a lease"
	if err := checkNames(name, owner); err != nil {
		return 0, false, fmt.Errorf("%s: %w", doing, err)
	}
	// Not the results themselves: where ctx ends first, the statement is still under way when they are returned.
	var got struct {
		fence int64
		ok    bool
	}
	err = s.single(ctx, doing, func(ctx context.Context, q engine.Querier) (err error) {
		const lease = `INSERT INTO leases (name, owner, fence, until) VALUES ($1, $2, 1, $3)
			ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, until = excluded.until,
				fence = CASE WHEN leases.owner = excluded.owner AND leases.until > $4 THEN leases.fence ELSE leases.fence + 1 END
			WHERE leases.owner = excluded.owner OR leases.until <= $4
			RETURNING fence`
		now := s.now()
		got.fence = 0
		got.ok, err = q.First(ctx, lease, []any{name, owner, nanos(now.Add(ttl)), nanos(now)}, &got.fence)
		return err
	})
	if err != nil {
		return 0, false, err
	}
	return got.fence, got.ok, nil
}

// Release gives a lease back before it runs out, if owner has it.
func (s *Store) Release(ctx context.Context, name, owner string) error {
	return s.single(ctx, "release a lease", func(ctx context.Context, q engine.Querier) error {
		_, err := q.Exec(ctx, `UPDATE leases SET until = 0 WHERE name = $1 AND owner = $2`, name, owner)
		return err
	})
}
