package web

import (
	"sync"

	"careerbot/bot/chat"
)

// gate lets requests in while Run runs, and lets Run wait until they have left. Its zero value is shut.
// A sync.WaitGroup would not do: none may enter while Run waits for it.
type gate struct {
	mu     sync.Mutex
	asker  chat.Asker // nil while shut
	inside int
	idle   chan struct{} // closed when the gate is shut and nobody is inside
}

// open reports false where the gate is open already or those inside have not left since it was shut.
func (g *gate) open(ask chat.Asker) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.asker != nil || g.inside > 0 {
		return false
	}
	g.asker, g.idle = ask, make(chan struct{})
	return true
}

// shut lets nobody in any more; what it gives is closed when the last one has left.
func (g *gate) shut() <-chan struct{} {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.asker = nil
	if g.inside == 0 {
		close(g.idle)
	}
	return g.idle
}

// enter gives nil where the gate is shut; who gets an Asker calls leave.
func (g *gate) enter() chat.Asker {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.asker != nil {
		g.inside++
	}
	return g.asker
}

func (g *gate) leave() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.inside--
	if g.inside == 0 && g.asker == nil {
		close(g.idle)
	}
}

func (g *gate) count() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.inside
}

func (g *gate) isOpen() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.asker != nil
}
