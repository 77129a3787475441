package knowledge_test

import (
	"testing"

	"careerbot/knowledge"
)

// BenchmarkBuiltin measures what every start of the program pays for its knowledge.
func BenchmarkBuiltin(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := knowledge.Builtin(); err != nil {
			b.Fatal(err)
		}
	}
}
