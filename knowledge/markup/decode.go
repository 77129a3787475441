package markup

import (
	"bytes"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// Decode gives a file's text in UTF-8, whatever it was saved in: UTF-16 is known by its mark or by its zeros, a web page
// says what it is, and other text that is no UTF-8 is taken for Windows-1252, which holds Latin-1.
func Decode(src []byte) ([]byte, error) {
	enc := sniff(src)
	if enc == nil {
		return bytes.TrimPrefix(src, []byte("\ufeff")), nil
	}
	out, err := enc.NewDecoder().Bytes(src)
	if err != nil {
		return nil, &Error{0, "the text cannot be decoded: " + err.Error(), "save it as UTF-8"}
	}
	return bytes.TrimPrefix(out, []byte("\ufeff")), nil
}

// sniff finds a text's encoding; nil for UTF-8.
func sniff(src []byte) encoding.Encoding {
	head := src[:min(len(src), 1024)]
	switch {
	case bytes.HasPrefix(src, []byte("\xff\xfe")):
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	case bytes.HasPrefix(src, []byte("\xfe\xff")):
		return unicode.UTF16(unicode.BigEndian, unicode.UseBOM)
	case zeros(head, 1) > len(head)/4 && zeros(head, 0) == 0:
		return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	case zeros(head, 0) > len(head)/4 && zeros(head, 1) == 0:
		return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	case utf8.Valid(src):
		return nil
	}
	if enc, name, _ := charset.DetermineEncoding(head, ""); name != "utf-8" {
		return enc
	}
	return charmap.Windows1252
}

// zeros counts the zero bytes at even (0) or odd (1) places.
func zeros(b []byte, odd int) int {
	n := 0
	for i := odd; i < len(b); i += 2 {
		if b[i] == 0 {
			n++
		}
	}
	return n
}
