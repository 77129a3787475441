package chart

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math"

	"golang.org/x/image/vector"

	"careerbot/bot/chat"
)

// Options of a PNG. The zero value is a picture 800 pixels wide.
type Options struct {
	Scale int // times 800 pixels of width: 1, 2 or 3; less is 1 and more is 3
}

// PNG draws c as a picture, dark on white, 800 pixels wide times the scale and as high as its bars need; bars
// after the twentieth are counted, not drawn. An error means a font or the picture could not be written.
func PNG(c chat.Chart, o Options) ([]byte, error) {
	f, err := newFaces()
	if err != nil {
		return nil, err
	}
	scale := float64(min(max(o.Scale, 1), 3))
	s := layout(c, f)
	p := painter{
		scale: scale, faces: f, palette: light(),
		img: image.NewRGBA(image.Rect(0, 0, int(pictureWidth*scale), int(math.Ceil(s.height*scale)))),
	}
	draw.Draw(p.img, p.img.Bounds(), image.NewUniform(p.palette[paper]), image.Point{}, draw.Src)
	for _, e := range s.elements {
		p.paint(e)
	}
	var b bytes.Buffer
	if err := png.Encode(&b, indexed(p.img, shades(p.palette))); err != nil {
		return nil, fmt.Errorf("write chart as PNG: %w", err)
	}
	return b.Bytes(), nil
}

// steps is how many shades lead from a colour to the paper; edges need no more to look smooth.
const steps = 16

// shades are the colours of a picture: every role's, and those at the edge between it and the paper.
func shades(palette map[role]color.NRGBA) color.Palette {
	back := palette[paper]
	out := color.Palette{back}
	for _, r := range [...]role{ink, soft, grid, zero, fill} {
		c := palette[r]
		for i := 1; i <= steps; i++ {
			mix := func(a, b uint8) uint8 { return uint8((int(a)*i + int(b)*(steps-i) + steps/2) / steps) }
			out = append(out, color.NRGBA{mix(c.R, back.R), mix(c.G, back.G), mix(c.B, back.B), 0xff})
		}
	}
	return out
}

// indexed gives each pixel of an opaque picture the nearest colour of p. The file has less than half the size of
// one in full colour and is written in about half the time; writing takes longer than painting.
func indexed(img *image.RGBA, p color.Palette) *image.Paletted {
	out := image.NewPaletted(img.Bounds(), p)
	known := map[[3]uint8]uint8{}
	last, at := [3]uint8{}, uint8(p.Index(color.Black))
	known[last] = at
	for i := range out.Pix {
		c := [3]uint8(img.Pix[4*i : 4*i+3])
		if c != last {
			index, ok := known[c]
			if !ok {
				index = uint8(p.Index(color.NRGBA{c[0], c[1], c[2], 0xff}))
				known[c] = index
			}
			last, at = c, index
		}
		out.Pix[i] = at
	}
	return out
}

type painter struct {
	img     *image.RGBA
	z       vector.Rasterizer
	scale   float64
	faces   *faces
	palette map[role]color.NRGBA
}

func (p *painter) paint(e any) {
	switch e := e.(type) {
	case shape:
		b := p.begin(bounds(e.points))
		for i, q := range e.points {
			x, y := b.place(q)
			if i == 0 {
				p.z.MoveTo(x, y)
			} else {
				p.z.LineTo(x, y)
			}
		}
		p.z.ClosePath()
		p.end(b, e.role)
	case disc:
		b := p.begin(bounds([]point{{e.x - e.rad, e.y - e.rad}, {e.x + e.rad, e.y + e.rad}}))
		p.circle(b, e)
		p.end(b, e.role)
	case words:
		p.write(e)
	}
}

// patch is the part of the picture one element covers, in pixels.
type patch struct {
	image.Rectangle
	scale float64
}

func (b patch) place(q point) (float32, float32) {
	return float32(q.x*b.scale - float64(b.Min.X)), float32(q.y*b.scale - float64(b.Min.Y))
}

func bounds(ps []point) (lo, hi point) {
	lo, hi = ps[0], ps[0]
	for _, q := range ps {
		lo = point{min(lo.x, q.x), min(lo.y, q.y)}
		hi = point{max(hi.x, q.x), max(hi.y, q.y)}
	}
	return lo, hi
}

func (p *painter) begin(lo, hi point) patch {
	r := image.Rect(int(math.Floor(lo.x*p.scale))-1, int(math.Floor(lo.y*p.scale))-1,
		int(math.Ceil(hi.x*p.scale))+1, int(math.Ceil(hi.y*p.scale))+1)
	p.z.Reset(r.Dx(), r.Dy())
	return patch{r, p.scale}
}

func (p *painter) end(b patch, r role) {
	p.z.Draw(p.img, b.Rectangle, image.NewUniform(p.palette[r]), image.Point{})
}

// circle adds four cubic curves; the constant brings them within 0.03 % of a circle.
func (p *painter) circle(b patch, d disc) {
	const k = 0.5522847498
	at := func(x, y float64) (float32, float32) { return b.place(point{d.x + x*d.rad, d.y + y*d.rad}) }
	x, y := at(1, 0)
	p.z.MoveTo(x, y)
	for _, q := range [...][6]float64{{1, k, k, 1, 0, 1}, {-k, 1, -1, k, -1, 0}, {-1, -k, -k, -1, 0, -1}, {k, -1, 1, -k, 1, 0}} {
		ax, ay := at(q[0], q[1])
		bx, by := at(q[2], q[3])
		cx, cy := at(q[4], q[5])
		p.z.CubeTo(ax, ay, bx, by, cx, cy)
	}
	p.z.ClosePath()
}

func (p *painter) write(w words) {
	width := p.faces.width(w.text, w.size, w.bold)
	x := w.x
	switch w.anchor {
	case middle:
		x -= width / 2
	case end:
		x -= width
	}
	b := p.begin(point{x - w.size/2, w.y - w.size*1.2}, point{x + width + w.size/2, w.y + w.size*0.5})
	size := w.size * p.scale
	for _, r := range w.text {
		px, py := b.place(point{x, w.y})
		p.faces.trace(&p.z, r, size, w.bold, float64(px), float64(py))
		x += p.faces.advance(r, w.size, w.bold)
	}
	p.end(b, w.role)
}
