package bot

import (
	"careerbot/bot/chat"
	"context"
	"testing"
)

func BenchmarkOpen(b *testing.B) {
	for b.Loop() {
		l, err := OpenLibrary(context.Background(), LibraryConfig{Builtin: true})
		if err != nil {
			b.Fatal(err)
		}
		l.Close()
	}
}
func BenchmarkAsk(b *testing.B) {
	l, _ := OpenLibrary(context.Background(), LibraryConfig{Builtin: true})
	bt := New(l)
	qs := []string{"senior backend salary india", "backend developer skills", "what is redis used for in a backend", "do i need a degree", "how do i become a backend developer?", "wat skils do i ned for bakend", "rest api vs graphql difference", "who do backend devs work with?"}
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		bt.Ask(context.Background(), chat.Question{Text: qs[i%len(qs)]})
		i++
	}
}
