package layout

import (
	"testing"

	"careerbot/bot/chat/chattest"
)

// BenchmarkRender draws the answers of the gallery that people mostly get, with the charts drawn before.
func BenchmarkRender(b *testing.B) {
	for _, e := range chattest.Gallery() {
		switch e.Name {
		case "salary", "skills", "long":
			a := chattest.Stated(e.Answer)
			b.Run(e.Name, func(b *testing.B) {
				b.ReportAllocs()
				kept := &Pictures{}
				for b.Loop() {
					kept.Render(a, seen())
				}
			})
		}
	}
}
