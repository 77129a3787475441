package transport

import (
	"crypto/rand"
	"encoding/binary"
	"encoding/json"
)

// Resume has each connection go on with a session that the library knows nothing of, since another process began it: what
// the library says to begin or to resume a session becomes a Resume of this one. seq is the last event that need not be
// sent again; where the library has seen a later one, that counts.
func (l *Line) Resume(session string, seq int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.session, l.seq = session, seq
}

// Write sends what the library says; its first message after the greeting is the one that begins or resumes.
func (e *ear) Write(p []byte) (int, error) {
	if e.introduced.Load() {
		return e.Conn.Write(p)
	}
	instead, ok := e.line.introduce(p)
	e.introduced.Store(ok)
	if instead == nil {
		return e.Conn.Write(p)
	}
	if _, err := e.Conn.Write(instead); err != nil {
		return 0, err
	}
	return len(p), nil
}

// introduce gives the frame that is to be sent instead of one that identifies or resumes, nil where that may stand; ok is
// false for any other frame.
func (l *Line) introduce(frame []byte) (instead []byte, ok bool) {
	text := unmask(frame)
	if text == nil {
		return nil, false
	}
	var said struct {
		Op   int `json:"op"`
		Data struct {
			Token string `json:"token"`
			Seq   int64  `json:"seq"`
		} `json:"d"`
	}
	if json.Unmarshal(text, &said) != nil || said.Op != opIdentify && said.Op != opResume {
		return nil, false
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.session == "" {
		return nil, true
	}
	text, err := json.Marshal(map[string]any{"op": opResume, "d": map[string]any{
		"token": said.Data.Token, "session_id": l.session, "seq": max(l.seq, said.Data.Seq),
	}})
	if err != nil {
		return nil, true // it never fails
	}
	return mask(text), true
}

// Lengths in a frame: RFC 6455, 5.2.
const (
	twoBytes = 126 // the length stands in the next two bytes
	masked   = 0x80
	maskSize = 4
)

// unmask gives the text of a whole, masked text frame, as a client sends them; nil for anything else, and for what is
// longer than all that begins a session.
func unmask(frame []byte) []byte {
	if len(frame) < 2+maskSize || frame[0] != wholeText || frame[1]&masked == 0 {
		return nil
	}
	head, size := 2, int(frame[1]&^masked)
	switch {
	case size == twoBytes && len(frame) >= 4:
		head, size = 4, int(binary.BigEndian.Uint16(frame[2:]))
	case size >= twoBytes:
		return nil
	}
	if len(frame) != head+maskSize+size {
		return nil
	}
	return xor(frame[head+maskSize:], frame[head:head+maskSize])
}

// mask makes a frame of a text of less than 64 KiB, as a client must send it: with a random mask.
func mask(text []byte) []byte {
	frame := []byte{wholeText, masked}
	if n := len(text); n < twoBytes {
		frame[1] |= byte(n)
	} else {
		frame[1] |= twoBytes
		frame = binary.BigEndian.AppendUint16(frame, uint16(n)) //nolint:gosec // a Resume has some 200 bytes
	}
	key := make([]byte, maskSize)
	_, _ = rand.Read(key) // it never fails
	return append(append(frame, key...), xor(text, key)...)
}

func xor(text, key []byte) []byte {
	out := make([]byte, len(text))
	for i, b := range text {
		out[i] = b ^ key[i%maskSize]
	}
	return out
}
