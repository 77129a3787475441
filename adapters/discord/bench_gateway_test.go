//go:build unix

package discord_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"careerbot/adapters"
	"careerbot/adapters/adaptertest"
	"careerbot/adapters/discord"
	"careerbot/adapters/discord/discordtest"
)

// BenchmarkGateway measures from the dispatch of an interaction to its callback at the Discord on loopback, which runs
// on the same processors: with one shard and with sixteen, at two interactions in flight.
func BenchmarkGateway(b *testing.B) {
	for _, shards := range []int{1, 16} {
		b.Run(fmt.Sprint(shards, " shards"), func(b *testing.B) {
			ask, state := realBot(b)
			o := quick(discordtest.Options{Heartbeat: time.Minute, Shards: shards, MaxConcurrency: 16, Keep: 1000})
			d := discordtest.Start(b, o)
			online(b, d, ask, func(c *discord.Config) { c.Outbox = adapters.OutboxOf(state) })
			var callers []discordtest.Caller
			for range 4 * shards {
				callers = append(callers, member(d))
			}
			const flying = 2
			ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute) // or what is not answered is waited for for ever
			defer cancel()
			var mu sync.Mutex
			var all []time.Duration
			var peers sync.WaitGroup
			b.ResetTimer()
			begin, used := time.Now(), cpu()
			for peer := range flying {
				peers.Go(func() {
					for n := peer; n < b.N; n += flying {
						who := callers[n%len(callers)]
						i := benchQuestions(d, who)[n%10]
						d.Send(i)
						var e discordtest.Exchange
						if err := d.Until(ctx, func() bool { e, _ = d.Exchange(i.ID); return e.Response != nil }); err != nil {
							b.Error(err)
							return
						}
						mu.Lock()
						all = append(all, e.Response.After)
						mu.Unlock()
					}
				})
			}
			peers.Wait()
			b.StopTimer()
			report(b, adaptertest.Took{All: time.Since(begin), Posts: slices.Sorted(slices.Values(all))}, cpu()-used)
		})
	}
}
