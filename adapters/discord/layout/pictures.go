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
}

// maxPictures is how many bytes of pictures are kept; one has 10 to 40 thousand.
const maxPictures = 8 << 20

// draw gives a chart as PNG, which the caller does not change.
func (p *Pictures) draw(c chat.Chart) ([]byte, error) {
	if p == nil {
		return chart.PNG(c, chart.Options{})
	}
	key := sha256.Sum256(fmt.Appendf(nil, "%#v", c))
	p.mu.Lock()
	data, ok := p.kept[key]
	p.mu.Unlock()
	if ok {
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
	if _, ok := p.kept[key]; ok {
		return data, nil
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
