package chart

import (
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"

	"careerbot/bot/chat"
)

// faces measures and outlines text in the Go fonts, which are compiled in: pictures look the same everywhere.
// They hold Latin, Greek and Cyrillic. A character they lack is drawn as an empty box, but for the rupee sign,
// which is drawn here. A faces is not safe for concurrent use.
type faces struct {
	regular, bold *sfnt.Font
	buf           sfnt.Buffer
}

func newFaces() (*faces, error) {
	regular, err := sfnt.Parse(goregular.TTF)
	if err != nil {
		return nil, fmt.Errorf("read the regular font: %w", err)
	}
	bold, err := sfnt.Parse(gobold.TTF)
	if err != nil {
		return nil, fmt.Errorf("read the bold font: %w", err)
	}
	return &faces{regular: regular, bold: bold}, nil
}

const rupee = '₹'

// rupeeWidth is the advance of the rupee sign in ems, that of the fonts' digits.
const rupeeWidth = 0.556

func (f *faces) face(bold bool) *sfnt.Font {
	if bold {
		return f.bold
	}
	return f.regular
}

// glyph finds the glyph of r; ok is false for characters that take no room and are not drawn.
func (f *faces) glyph(r rune, bold bool) (sfnt.GlyphIndex, bool) {
	i, err := f.face(bold).GlyphIndex(&f.buf, r)
	if err != nil {
		return 0, false
	}
	return i, i != 0 || !unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf)
}

// advance is the width of r in pixels at the given size.
func (f *faces) advance(r rune, size float64, bold bool) float64 {
	if r == rupee {
		return rupeeWidth * size
	}
	i, ok := f.glyph(r, bold)
	if !ok {
		return 0
	}
	a, err := f.face(bold).GlyphAdvance(&f.buf, i, fixed.Int26_6(size*64), font.HintingNone)
	if err != nil {
		return 0
	}
	return float64(a) / 64
}

func (f *faces) width(s string, size float64, bold bool) float64 {
	w := 0.0
	for _, r := range s {
		w += f.advance(r, size, bold)
	}
	return w
}

// clip cuts s to the given width in pixels, with "…" where something is missing.
func (f *faces) clip(s string, size float64, bold bool, width float64) string {
	// No character of the font is narrower than an eighth of its size, so longer texts need no measuring.
	s = chat.Clip(s, max(1, int(width/size*8)))
	for n := len([]rune(s)); n > 0 && f.width(s, size, bold) > width; n-- {
		s = chat.Clip(s, n-1)
	}
	return s
}

// wrap breaks s into at most limit lines of the given width in pixels; what is left over is clipped.
func (f *faces) wrap(s string, size float64, bold bool, width float64, limit int) []string {
	var lines []string
	line := ""
	rest := strings.Fields(s)
	for i, word := range rest {
		switch {
		case line == "":
			line = word
		case f.width(line+" "+word, size, bold) <= width:
			line += " " + word
		case len(lines) == limit-1:
			return append(lines, f.clip(line+" "+strings.Join(rest[i:], " "), size, bold, width))
		default:
			lines, line = append(lines, f.clip(line, size, bold, width)), word
		}
	}
	if line != "" {
		lines = append(lines, f.clip(line, size, bold, width))
	}
	return lines
}

// trace adds the outline of r to z, its origin at x, y.
func (f *faces) trace(z *vector.Rasterizer, r rune, size float64, bold bool, x, y float64) {
	if r == rupee {
		traceRupee(z, size, bold, x, y)
		return
	}
	i, ok := f.glyph(r, bold)
	if !ok {
		return
	}
	segments, err := f.face(bold).LoadGlyph(&f.buf, i, fixed.Int26_6(size*64), nil)
	if err != nil {
		return
	}
	at := func(p fixed.Point26_6) (float32, float32) {
		return float32(x + float64(p.X)/64), float32(y + float64(p.Y)/64)
	}
	for _, s := range segments {
		ax, ay := at(s.Args[0])
		bx, by := at(s.Args[1])
		cx, cy := at(s.Args[2])
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			z.ClosePath()
			z.MoveTo(ax, ay)
		case sfnt.SegmentOpLineTo:
			z.LineTo(ax, ay)
		case sfnt.SegmentOpQuadTo:
			z.QuadTo(ax, ay, bx, by)
		case sfnt.SegmentOpCubeTo:
			z.CubeTo(ax, ay, bx, by, cx, cy)
		}
	}
	z.ClosePath()
}

// traceRupee draws ₹ as two bars, a bowl and a leg, all turning the same way so that they join into one sign.
func traceRupee(z *vector.Rasterizer, size float64, bold bool, x, y float64) {
	t := 0.075 // thickness of a stroke
	if bold {
		t = 0.095
	}
	px := func(v float64) float32 { return float32(x + v*size) }
	py := func(v float64) float32 { return float32(y - v*size) }
	poly := func(ps ...float64) {
		z.MoveTo(px(ps[0]), py(ps[1]))
		for i := 2; i < len(ps); i += 2 {
			z.LineTo(px(ps[i]), py(ps[i+1]))
		}
		z.ClosePath()
	}
	const left, right, head, second, bowl = 0.05, 0.52, 0.72, 0.555, 0.30
	poly(left, head, right, head, right, head-t, left, head-t)
	poly(left, second, right, second, right, second-t, left, second-t)
	leg := t * 1.35
	poly(left+0.09, bowl+t, left+0.09+leg, bowl+t, 0.46, 0, 0.46-leg*1.05, 0)
	mid := (head + bowl) / 2
	z.MoveTo(px(left+.12), py(head))
	z.CubeTo(px(.34), py(head), px(.45), py(head-.06), px(.45), py(mid))
	z.CubeTo(px(.45), py(bowl+.06), px(.34), py(bowl), px(left+.12), py(bowl))
	z.LineTo(px(left), py(bowl))
	z.LineTo(px(left), py(bowl+t))
	z.LineTo(px(left+.12), py(bowl+t))
	z.CubeTo(px(.30), py(bowl+t), px(.45-t), py(bowl+t), px(.45-t), py(mid))
	z.CubeTo(px(.45-t), py(head-t), px(.30), py(head-t), px(left+.12), py(head-t))
	z.ClosePath()
}
