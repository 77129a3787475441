package layout

import (
	"bytes"
	"fmt"
	"testing"

	"careerbot/bot/chat"
)

// TestPictures draws charts, again and at once, more than are kept.
func TestPictures(t *testing.T) {
	t.Parallel()
	kept := &Pictures{}
	one := chat.Chart{Title: "Pay", Unit: "₹ lakh a year", Bars: []chat.Bar{{Label: "x", Low: 1, High: 2, HasLow: true, HasHigh: true}}}
	want, err := (*Pictures)(nil).draw(one)
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error)
	for range 4 {
		go func() {
			got, err := kept.draw(one)
			if err == nil && !bytes.Equal(got, want) {
				err = fmt.Errorf("another picture of %d bytes", len(got))
			}
			done <- err
		}()
	}
	for range 4 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	if kept.size != len(want) || len(kept.kept) != 1 {
		t.Errorf("%d bytes of %d pictures are kept", kept.size, len(kept.kept))
	}
	kept.size = maxPictures // as if it were full
	one.Title = "Pay, US"
	if got, err := kept.draw(one); err != nil || bytes.Equal(got, want) || len(kept.kept) != 1 {
		t.Errorf("%d pictures are kept, %v", len(kept.kept), err)
	}
}
