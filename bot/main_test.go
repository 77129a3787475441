package bot_test

import (
	"flag"
	"testing"
)

// TestMain has drawn cases be the same every time: what fails then fails for everybody. -rapid.seed=N draws others.
func TestMain(m *testing.M) {
	_ = flag.Set("rapid.seed", "1")
	m.Run()
}
