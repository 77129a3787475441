package layout

import (
	"crypto/sha256"
	"fmt"
	"sync"

	"careerbot/bot/chart"
	"careerbot/bot/chat"
)

// Pictures draws answers and keeps the charts that were drawn last: drawing one takes some 8 ms, and the same few dozen are asked for again
// and again. A nil *Pictures draws each anew. It is safe for concurrent use.
type Pictures struct {
	mu   sync.Mutex
	kept map[[sha256.Size]byte][]byte
	size int // bytes of kept

	// By key: one picture is drawn once however many wait for it, and few are drawn beside each other. Each takes
	// megabytes while it is drawn, and after a restart all that is owed comes at once.
	drawing [4]sync.Mutex
}

// maxPictures is how many bytes of pictures are kept; one has 10 to 40 thousand.
const maxPictures = 8 << 20

// draw gives a chart as PNG, which the caller does not change.
func (p *Pictures) draw(c chat.Chart) ([]byte, error) {
	if p == nil {
		return chart.PNG(c, chart.Options{})
	}
	key := sha256.Sum256(fmt.Appendf(nil, "%#v", c))
	if data, ok := p.get(key); ok {
		return data, nil
	}
	turn := &p.drawing[int(key[0])%len(p.drawing)]
	turn.Lock()
	defer turn.Unlock()
	if data, ok := p.get(key); ok {
		return data, nil
	}
	data, err := chart.PNG(c, chart.Options{})
	if err != nil || len(data) > maxPictures/8 {
		return data, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.kept == nil {
		p.kept = map[[sha256.Size]byte][]byte{}
	}
	for k, old := range p.kept { // any will do: the ones in demand are soon back
		if p.size+len(data) <= maxPictures {
			break
		}
		delete(p.kept, k)
		p.size -= len(old)
	}
	p.kept[key] = data
	p.size += len(data)
	return data, nil
}

// get gives a picture that is kept.
func (p *Pictures) get(key [sha256.Size]byte) ([]byte, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	data, ok := p.kept[key]
	return data, ok
}
