package chart

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"hash/fnv"
	"image/color"
	"math"
	"strconv"
	"strings"

	"careerbot/bot/chat"
)

// SVG draws c as a picture of its own that follows the reader's light or dark setting and scales to the room it
// is given. Screen readers get the title and, as the description, [Alt]. It has no scripts and loads nothing.
func SVG(c chat.Chart) []byte {
	f, err := newFaces()
	if err != nil { // the fonts are compiled in; without them there is still the description
		f = nil
	}
	alt := Alt(c)
	sum := fnv.New32a()
	sum.Write([]byte(alt))
	id := fmt.Sprintf("chart-%08x", sum.Sum32()) // pictures on one page must not share ids
	s := scene{height: margin}
	if f != nil {
		s = layout(c, f)
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %s" width="%d" height="%s" `+
		`style="max-width:100%%;height:auto" role="img" aria-labelledby="%s-t %s-d" font-family="Go, Verdana, 'DejaVu Sans', sans-serif">`+"\n",
		pictureWidth, coord(s.height), pictureWidth, coord(s.height), id, id)
	title := chat.Line(c.Title)
	if title == "" {
		title = "Range chart"
	}
	fmt.Fprintf(&b, "<title id=\"%s-t\">%s</title>\n<desc id=\"%s-d\">%s</desc>\n", id, escape(title), id, escape(alt))
	b.WriteString("<style>" + styles(id, light()) + "@media (prefers-color-scheme: dark){" + styles(id, dark()) + "}</style>\n")
	fmt.Fprintf(&b, "<g id=%q>\n<rect class=%q width=\"%d\" height=%q/>\n", id, paper, pictureWidth, coord(s.height))
	for _, e := range s.elements {
		b.WriteString(element(e, f))
	}
	b.WriteString("</g>\n</svg>\n")
	return b.Bytes()
}

// styles gives every role its colour, for this picture only.
func styles(id string, palette map[role]color.NRGBA) string {
	var b strings.Builder
	for _, r := range [...]role{paper, ink, soft, grid, zero, fill, rim} {
		fmt.Fprintf(&b, "#%s .%s{fill:%s}", id, r, hex(palette[r]))
	}
	return b.String()
}

func element(e any, f *faces) string {
	switch e := e.(type) {
	case shape:
		var points []string
		for _, p := range e.points {
			points = append(points, coord(p.x)+","+coord(p.y))
		}
		return fmt.Sprintf("<polygon class=%q points=%q/>\n", e.role, strings.Join(points, " "))
	case disc:
		return fmt.Sprintf("<circle class=%q cx=%q cy=%q r=%q/>\n", e.role, coord(e.x), coord(e.y), coord(e.rad))
	case words:
		return textElement(e, f)
	}
	return ""
}

// textElement writes a line of text. The reader's font may be wider than the one it was laid out with, so a long
// line is told its length.
func textElement(w words, f *faces) string {
	if w.text == "" {
		return ""
	}
	extra := ""
	if w.bold {
		extra += ` font-weight="bold"`
	}
	if width := f.width(w.text, w.size, w.bold); width > pictureWidth/2 {
		extra += fmt.Sprintf(` textLength=%q lengthAdjust="spacingAndGlyphs"`, coord(width))
	}
	return fmt.Sprintf("<text class=%q x=%q y=%q font-size=%q text-anchor=%q%s>%s</text>\n",
		w.role, coord(w.x), coord(w.y), coord(w.size), w.anchor, extra, escape(w.text))
}

func coord(v float64) string {
	return strconv.FormatFloat(math.Round(v*10)/10, 'f', -1, 64)
}

// escape makes s safe between tags and in attributes; characters XML has no room for become U+FFFD.
func escape(s string) string {
	var b strings.Builder
	if err := xml.EscapeText(&b, []byte(s)); err != nil { // a strings.Builder does not fail
		return ""
	}
	return b.String()
}
