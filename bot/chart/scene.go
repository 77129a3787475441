package chart

import (
	"strconv"

	"careerbot/bot/chat"
)

// Sizes of a picture in pixels at scale 1. A phone shows it at about half its width, so the smallest text is 23.
const (
	pictureWidth = 800
	margin       = 36
	titleSize    = 36
	unitSize     = 26
	labelSize    = 30
	tickSize     = 24
	noteSize     = 23
	barHeight    = 20
	barTop       = 52 // below the top of its row
	rowHeight    = 92
	arrowLength  = 56
	// maxBars is how many bars a picture shows; Discord and Slack scale taller pictures down until nothing can be read.
	maxBars = 20
)

// role is what an element of a picture is for; each has a colour in the light and in the dark palette.
type role string

const (
	paper role = "paper"
	ink   role = "ink"
	soft  role = "soft"
	grid  role = "grid"
	zero  role = "zero"
	fill  role = "fill"
	rim   role = "rim" // parts the dot from the bar under it
)

type point struct{ x, y float64 }

// shape is a filled polygon.
type shape struct {
	role   role
	points []point
}

// disc is a filled circle.
type disc struct {
	role      role
	x, y, rad float64
}

// words is a line of text; y is its baseline, x its start, middle or end.
type words struct {
	role   role
	x, y   float64
	size   float64
	bold   bool
	anchor anchor
	text   string
}

type anchor string

const (
	start  anchor = "start"
	middle anchor = "middle"
	end    anchor = "end"
)

// scene is a picture before it is drawn: SVG and PNG draw the same scene, so they cannot differ.
type scene struct {
	height   float64
	elements []any // shape, disc or words, back to front
}

func (s *scene) add(e ...any) { s.elements = append(s.elements, e...) }

// rows is the part of the picture that holds the bars.
type rows struct {
	axis     axis
	unit     unit
	left     float64 // of the axis
	length   float64
	top, end float64
}

func (r rows) x(v float64) float64 { return r.left + r.axis.at(v, r.length) }

func layout(c chat.Chart, f *faces) scene {
	all, u := spans(c), unitOf(c.Unit)
	more := max(0, len(all)-maxBars)
	r := rows{axis: axisOf(all), unit: u}
	all = all[:len(all)-more]
	var s scene
	y := s.header(c, f)
	r.left, r.top, r.end = margin+6, y+14, y+14+float64(len(all))*rowHeight
	last := f.width(u.figure(r.axis.top), tickSize, false)
	r.length = pictureWidth - margin - r.left - max(6, min(last/2, 90))
	s.ticks(r, f)
	for i, b := range all {
		y := r.top + float64(i)*rowHeight
		s.grid(r, y+barTop-8, y+barTop+barHeight+8)
		s.row(r, f, b, y)
	}
	y = r.end + tickSize + 18
	for _, line := range footer(c, all, more) {
		for _, l := range f.wrap(line, noteSize, false, pictureWidth-2*margin, 4) {
			y += noteSize * 1.35
			s.add(words{soft, margin, y, noteSize, false, start, l})
		}
	}
	s.height = float64(int(y + margin))
	return s
}

// header writes title and unit and returns where it ends.
func (s *scene) header(c chat.Chart, f *faces) float64 {
	y := float64(margin) - 8
	for _, l := range f.wrap(chat.Clip(chat.Line(c.Title), maxTitle), titleSize, true, pictureWidth-2*margin, 3) {
		y += titleSize * 1.2
		s.add(words{ink, margin, y, titleSize, true, start, l})
	}
	for _, l := range f.wrap(chat.Clip(chat.Line(c.Unit), maxUnit), unitSize, false, pictureWidth-2*margin, 1) {
		y += unitSize * 1.4
		s.add(words{soft, margin, y, unitSize, false, start, l})
	}
	return y
}

// grid draws a piece of the lines from each tick, behind one bar only: they would run through the labels. The
// line at zero is the strongest.
func (s *scene) grid(r rows, from, to float64) {
	for i, v := range r.axis.ticks() {
		x, w, color := r.x(v), 1.5, grid
		if i == 0 {
			w, color = 3, zero
		}
		s.add(box(color, x-w/2, from, x+w/2, to))
	}
}

// ticks writes the figures of the axis; one that would touch the figure before it is left out.
func (s *scene) ticks(r rows, f *faces) {
	var free float64
	for i, v := range r.axis.ticks() {
		text := r.unit.figure(v)
		half := f.width(text, tickSize, false) / 2
		x := min(max(r.x(v), margin+half), pictureWidth-margin/2-half)
		if i > 0 && x-half < free {
			continue
		}
		free = x + half + 12
		s.add(words{soft, x, r.end + tickSize, tickSize, false, middle, text})
	}
}

// row draws one source: its label and figures, and the bar below them.
func (s *scene) row(r rows, f *faces, b span, y float64) {
	figures := f.clip(r.unit.figures(b), labelSize, true, pictureWidth/2)
	room := pictureWidth - 2*margin - f.width(figures, labelSize, true) - 24
	known := b.hasLow || b.hasHigh || b.hasMean
	color := ink
	if !known {
		color = soft
	}
	s.add(
		words{ink, margin, y + labelSize + 4, labelSize, false, start, f.clip(b.label, labelSize, false, room)},
		words{color, pictureWidth - margin, y + labelSize + 4, labelSize, known, end, figures},
	)
	top, bottom := y+barTop, y+barTop+barHeight
	centre := (top + bottom) / 2
	switch low, high := r.x(b.low), r.x(b.high); {
	case b.hasLow && b.hasHigh:
		s.add(box(fill, low, top, max(high, low+4), bottom))
	case b.hasLow:
		s.add(arrow(low, min(low+arrowLength, pictureWidth-8), top, bottom))
	case b.hasHigh:
		s.add(arrow(high, max(high-arrowLength, r.left), top, bottom))
	}
	if b.hasMean {
		x := r.x(b.mean)
		s.add(disc{rim, x, centre, barHeight*0.5 + 4}, disc{ink, x, centre, barHeight * 0.5})
	}
}

// footer is what stands below the axis: how to read dots and arrows where there are any, what was left out, the note.
func footer(c chat.Chart, all []span, more int) []string {
	var average, single, arrow bool
	for _, s := range all {
		average = average || s.hasMean && !s.single
		single = single || s.single
		arrow = arrow || s.hasLow != s.hasHigh
	}
	key := ""
	switch {
	case average && single:
		key = "● average or single figure   "
	case average:
		key = "● average   "
	case single:
		key = "● single figure   "
	}
	if arrow {
		key += "→ the source gives one end only"
	}
	var out []string
	if more > 0 {
		out = append(out, "and "+strconv.Itoa(more)+" more, not shown")
	}
	if len(c.Bars) == 0 {
		out = append(out, "no figures")
	}
	return append(out, key, chat.Clip(chat.Line(c.Note), maxNote))
}

func box(r role, x0, y0, x1, y1 float64) shape {
	return shape{r, []point{{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}}}
}

// arrow is a thin bar with a square end at from and a head at to: one end is a figure, the other is open.
func arrow(from, to, top, bottom float64) shape {
	head, thin := barHeight*0.8, barHeight*0.32
	foot := 5.0
	if to < from {
		head, foot = -head, -foot
	}
	if head > 0 && to-from < head || head < 0 && from-to < -head {
		head = (to - from) * 0.7
		foot = (to - from) * 0.2
	}
	mid := (top + bottom) / 2
	up, down := mid-thin/2, mid+thin/2
	return shape{fill, []point{
		{from, top},
		{from + foot, top},
		{from + foot, up},
		{to - head, up},
		{to - head, top},
		{to, mid},
		{to - head, bottom},
		{to - head, down},
		{from + foot, down},
		{from + foot, bottom},
		{from, bottom},
	}}
}
