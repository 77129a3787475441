package bot_test

import (
	"sync/atomic"
	"testing"

	"careerbot/bot"
	"careerbot/bot/chat"
)

// asked are real questions of every topic, of the lengths and with the slips people type.
var asked = [...]string{
	"how much does a senior backend dev make in india",
	"back-end developer salary in the US",
	"is 6 lpa good for a backend fresher?",
	"fresher ko kitna package milega",
	"What skills does a back-end developer need?",
	"wat skils do i ned for bakend",
	"what is redis used for",
	"python frameworks",
	"difference between REST and GraphQL",
	"do backend devs earn more than frontend devs",
	"what does a devops engineer do",
	"how to become a backend developer with no experience",
	"i know python and sql what next",
	"do I need a degree",
	"biggest challenge for backend developers",
	"I have been working in support for four years and my manager says there is no raise this year. I have learned some Java " +
		"in the evenings and like it. Nobody in my team can tell me how to go on. Is a degree needed for back-end work?",
}

// BenchmarkAsk answers one question after the other; the time is that of one question.
func BenchmarkAsk(b *testing.B) {
	x := newBot(b)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		answer(b, x, i)
	}
}

// BenchmarkAskParallel answers on every processor at once.
func BenchmarkAskParallel(b *testing.B) {
	x := newBot(b)
	var n atomic.Int64
	b.ReportAllocs()
	b.ResetTimer() // opening the library is no part of an answer
	b.RunParallel(func(pb *testing.PB) {
		for i := int(n.Add(3)); pb.Next(); i++ {
			answer(b, x, i)
		}
	})
}

// BenchmarkAskEach answers every question by itself, to find the slow ones.
func BenchmarkAskEach(b *testing.B) {
	x := newBot(b)
	for i, q := range asked {
		b.Run(q[:min(len(q), 24)], func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				answer(b, x, i)
			}
		})
	}
}

func answer(b *testing.B, x *bot.Bot, i int) {
	a, err := x.Ask(b.Context(), chat.Question{Text: asked[i%len(asked)]})
	if err != nil || !a.Answered {
		b.Fatalf("%q: answered %v, %v", asked[i%len(asked)], a.Answered, err)
	}
}
