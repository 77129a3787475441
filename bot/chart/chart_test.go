package chart_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"image/color"
	"image/png"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/mattn/go-runewidth"

	"careerbot/bot/chart"
	"careerbot/bot/chat"
	"careerbot/bot/chat/chattest"
)

func charts() map[string]chat.Chart {
	out := map[string]chat.Chart{}
	for _, e := range chattest.Gallery() {
		for _, b := range e.Answer.Blocks {
			if c, ok := b.(chat.Chart); ok {
				out[e.Name] = c
			}
		}
	}
	return out
}

func TestGallery(t *testing.T) {
	t.Parallel()
	for name, c := range charts() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := chart.Text(c, 76, false) + "\n" + chart.Text(c, 40, false) + "\n" +
				strings.ReplaceAll(chart.Text(c, 50, true), "\x1b", "␛") + "\n" + chart.Alt(c) + "\n"
			chattest.Golden(t, "testdata/"+name+".txt", []byte(text))
			chattest.Golden(t, "testdata/"+name+".svg", chart.SVG(c))
			check(t, c)
			checkPNG(t, c)
		})
	}
}

func single(v float64) chat.Bar {
	return chat.Bar{Label: "a", Low: v, High: v, HasLow: true, HasHigh: true}
}

func TestAlt(t *testing.T) {
	t.Parallel()
	both := chat.Bar{Label: "a", Low: 8, High: 17, HasLow: true, HasHigh: true}
	mean := both
	mean.Mean, mean.HasMean = 12, true
	upside := chat.Bar{Label: "a", Low: 17, High: 8, HasLow: true, HasHigh: true}
	tests := []struct {
		name string
		unit string
		bar  chat.Bar
		want string
	}{
		{"range", "₹ lakh a year", both, "a: ₹8–17 lakh a year."},
		{"range and average", "₹ lakh a year", mean, "a: ₹8–17 lakh a year, average ₹12."},
		{"single", "US$ thousand a year", single(87), "a: US$87 thousand a year."},
		{"average", "₹ lakh a year", chat.Bar{Label: "a", Mean: 4.86091, HasMean: true}, "a: ₹4.86 lakh a year on average."},
		{"from", "openings", chat.Bar{Label: "a", Low: 20000, HasLow: true}, "a: from 20,000 openings."},
		{"up to", "₹ lakh", chat.Bar{Label: "a", High: 10, HasHigh: true}, "a: up to ₹10 lakh."},
		{"ends exchanged", "", upside, "a: 8–17."},
		{"nothing", "₹ lakh", chat.Bar{Label: "a"}, "a: no figure."},
		{"without label", "₹", chat.Bar{Mean: 1, HasMean: true}, "₹1 on average."},
		{"flags decide", "", chat.Bar{Label: "a", Low: 1, High: 2, Mean: 3}, "a: no figure."},
		{"not a number", "", chat.Bar{Label: "a", Mean: math.NaN(), HasMean: true}, "a: no figure."},
		{"infinite", "", chat.Bar{Label: "a", Low: 1, High: math.Inf(1), HasLow: true, HasHigh: true}, "a: from 1."},
		{"below zero", "", chat.Bar{Label: "a", Low: -3, High: 2, HasLow: true, HasHigh: true}, "a: up to 2."},
		{"huge", "", single(1e15), "a: 1,000,000,000,000,000."},
		{"beyond huge", "", single(1e300), "a: no figure."},
		{"tiny", "", single(0.0004), "a: 0.0004."},
		{"zero", "₹", single(0), "a: ₹0."},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := chat.Chart{Title: "T", Unit: tt.unit, Bars: []chat.Bar{tt.bar}, Note: "N."}
			if got, want := chart.Alt(c), "Range chart: T. "+tt.want+" N."; got != want {
				t.Errorf("Alt() = %q, want %q", got, want)
			}
			check(t, c)
		})
	}
}

func TestAwkwardCharts(t *testing.T) {
	t.Parallel()
	words := strings.TrimSpace(strings.Repeat("word ", 2000))
	tests := map[string]chat.Chart{
		"empty":     {},
		"long":      {Title: words, Unit: words, Note: words, Bars: []chat.Bar{{Label: words, Low: 1, HasLow: true}}},
		"one word":  {Title: strings.Repeat("x", 10000), Bars: []chat.Bar{{Label: strings.Repeat("長", 10000), High: 1, HasHigh: true}}},
		"unit only": {Unit: strings.Repeat("₹", 100), Bars: []chat.Bar{single(1e15)}},
		"far apart": {Bars: []chat.Bar{single(1e15), single(1e-8), single(0)}},
	}
	many := chat.Chart{Title: "many"}
	for i := range 100 {
		many.Bars = append(many.Bars, single(float64(i)))
	}
	tests["100 bars"] = many
	for name, c := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			check(t, c)
			checkPNG(t, c)
		})
	}
	if svg := string(chart.SVG(many)); !strings.Contains(svg, "and 80 more, not shown") {
		t.Error("bars that are left out are not counted")
	}
}

func FuzzChart(f *testing.F) {
	f.Add("title", "₹ lakh a year", "label", "note", 7.0, 12.0, 9.0, uint8(7), uint8(2), 60)
	f.Add("", "", "", "", math.Inf(1), math.NaN(), -1.0, uint8(7), uint8(1), 0)
	f.Add("\x1b[31m", "$", "\u202e长\x00\xff", "]]>", 1e-320, 1e308, 1e15, uint8(5), uint8(30), 41)
	f.Fuzz(func(t *testing.T, title, unit, label, note string, low, high, mean float64, has, n uint8, width int) {
		bar := chat.Bar{Label: label, Low: low, High: high, Mean: mean, HasLow: has&1 > 0, HasHigh: has&2 > 0, HasMean: has&4 > 0}
		c := chat.Chart{Title: title, Unit: unit, Note: note}
		for i := range int(n) % 24 {
			b := bar
			b.Low /= float64(i + 1)
			c.Bars = append(c.Bars, b)
		}
		checkText(t, c, min(max(width, -10), 300))
		checkSVG(t, c)
	})
}

// check draws c in every way and looks for what must never happen.
func check(t *testing.T, c chat.Chart) {
	t.Helper()
	for _, width := range []int{-1, 40, 41, 60, 80, 200} {
		checkText(t, c, width)
	}
	checkSVG(t, c)
}

func checkPNG(t *testing.T, c chat.Chart) {
	t.Helper()
	b, err := chart.PNG(c, chart.Options{})
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	if size := img.Bounds().Size(); size.X != 800 || size.Y < 36 || size.Y > 2600 {
		t.Errorf("picture of %v", size)
	}
}

func checkText(t *testing.T, c chat.Chart, width int) {
	t.Helper()
	plain := chart.Text(c, width, false)
	cells := &runewidth.Condition{StrictEmojiNeutral: true}
	for line := range strings.SplitSeq(plain, "\n") {
		if w := cells.StringWidth(line); w > max(width, chart.MinWidth) {
			t.Errorf("%d columns in a chart of %d: %q", w, width, line)
		}
		if strings.ContainsFunc(line, unicode.IsControl) {
			t.Errorf("control character in %q", line)
		}
	}
	if got := regexp.MustCompile("\x1b\\[[0-9]*m").ReplaceAllString(chart.Text(c, width, true), ""); got != plain {
		t.Errorf("coloured text differs:\n%s\n%s", got, plain)
	}
	if strings.ContainsFunc(chart.Alt(c), unicode.IsControl) {
		t.Errorf("control character in %q", chart.Alt(c))
	}
}

func checkSVG(t *testing.T, c chat.Chart) {
	t.Helper()
	svg := chart.SVG(c)
	d := xml.NewDecoder(bytes.NewReader(svg))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatalf("not XML: %v\n%s", err, svg)
		}
		e, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		switch e.Name.Local {
		case "svg", "title", "desc", "style", "g", "rect", "polygon", "circle", "text":
		default:
			t.Errorf("element %s", e.Name.Local)
		}
		for _, a := range e.Attr {
			if strings.Contains(a.Value, "NaN") || strings.Contains(a.Value, "Inf") {
				t.Errorf("%s=%q", a.Name.Local, a.Value)
			}
		}
	}
}

func TestSVGIsAccessible(t *testing.T) {
	t.Parallel()
	svg := string(chart.SVG(charts()["salary"]))
	for _, want := range []string{
		`role="img"`, "<title id=", "<desc id=", "Senior back-end developer, India</title>",
		"average ₹12", "prefers-color-scheme: dark", "GeeksforGeeks (average",
	} {
		if !strings.Contains(svg, want) {
			t.Errorf("no %q in %s", want, svg)
		}
	}
	if a, b := chart.SVG(charts()["salary"]), chart.SVG(charts()["jobs"]); string(a[:400]) == string(b[:400]) {
		t.Error("two charts share their ids")
	}
}

// TestContrast reads the colours of both palettes out of the picture and measures them as WCAG 2.2 does.
func TestContrast(t *testing.T) {
	t.Parallel()
	svg := string(chart.SVG(charts()["salary"]))
	rules := regexp.MustCompile(`\.(\w+)\{fill:#([0-9a-f]{6})\}`).FindAllStringSubmatch(svg, -1)
	if len(rules) != 14 {
		t.Fatalf("%d colours", len(rules))
	}
	var paper float64
	for _, r := range rules {
		v := luminance(t, r[2])
		switch r[1] {
		case "paper":
			paper = v
		case "ink", "soft", "fill":
			if c := contrast(v, paper); c < 4.5 {
				t.Errorf("%s #%s has a contrast of %.1f", r[1], r[2], c)
			}
		case "zero":
			if c := contrast(v, paper); c < 3 {
				t.Errorf("%s #%s has a contrast of %.1f", r[1], r[2], c)
			}
		}
	}
}

func contrast(a, b float64) float64 { return (max(a, b) + 0.05) / (min(a, b) + 0.05) }

func luminance(t *testing.T, hex string) float64 {
	t.Helper()
	n, err := strconv.ParseUint(hex, 16, 32)
	if err != nil {
		t.Fatal(err)
	}
	linear := func(shift uint) float64 {
		c := float64(n>>shift&0xff) / 255
		if c <= 0.04045 {
			return c / 12.92
		}
		return math.Pow((c+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(16) + 0.7152*linear(8) + 0.0722*linear(0)
}

// TestPNGStartsAtZero measures the bars of two ranges in the picture: their ends stand as their figures do.
func TestPNGStartsAtZero(t *testing.T) {
	t.Parallel()
	for scale := 1; scale <= 2; scale++ {
		c := chat.Chart{Bars: []chat.Bar{
			{Low: 0, High: 10, HasLow: true, HasHigh: true},
			{Low: 5, High: 20, HasLow: true, HasHigh: true},
		}}
		b, err := chart.PNG(c, chart.Options{Scale: scale})
		if err != nil {
			t.Fatal(err)
		}
		if again, err := chart.PNG(c, chart.Options{Scale: scale}); err != nil || !bytes.Equal(b, again) {
			t.Errorf("a second picture differs (%v)", err)
		}
		img, err := png.Decode(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		var got [][2]float64
		for y := 0; y < img.Bounds().Dy(); y++ {
			first, last := -1, -1
			for x := range img.Bounds().Dx() {
				if (color.NRGBAModel.Convert(img.At(x, y)) == color.NRGBA{0x0b, 0x6b, 0xb0, 0xff}) {
					last = x
					if first < 0 {
						first = x
					}
				}
			}
			at := [2]float64{float64(first) / float64(scale), float64(last+1) / float64(scale)}
			if first >= 0 && (len(got) == 0 || got[len(got)-1] != at) {
				got = append(got, at)
			}
		}
		if len(got) != 2 {
			t.Fatalf("at scale %d the bars are at %v", scale, got)
		}
		zero, top := got[0][0], got[1][1]
		for _, end := range [][2]float64{{got[0][1], 0.5}, {got[1][0], 0.25}} {
			if want := zero + (top-zero)*end[1]; math.Abs(end[0]-want) > 1.5 {
				t.Errorf("at scale %d an end is at %.1f, want %.1f: %v", scale, end[0], want, got)
			}
		}
	}
}

func BenchmarkPNG(b *testing.B) {
	c := charts()["salary"]
	for b.Loop() {
		if _, err := chart.PNG(c, chart.Options{Scale: 2}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkText(b *testing.B) {
	c := charts()["salary"]
	for b.Loop() {
		chart.Text(c, 76, true)
	}
}
