package ledger

import (
	"math"
	"time"
)

// spread counts durations by their size, in steps of 9%.
type spread struct {
	counts [256]int
	all    int
}

func (s *spread) add(d time.Duration) {
	s.counts[step(d)]++
	s.all++
}

func step(d time.Duration) int {
	return min(255, int(8*math.Log2(float64(max(d, time.Microsecond))/float64(time.Microsecond))))
}

// below is what this part of the durations keeps below.
func (s *spread) below(part float64) time.Duration {
	sum := 0
	for i, n := range s.counts {
		sum += n
		if n > 0 && float64(sum) >= part*float64(s.all) {
			return time.Duration(math.Exp2(float64(i+1)/8) * float64(time.Microsecond))
		}
	}
	return 0
}
