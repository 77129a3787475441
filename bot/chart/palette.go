package chart

import (
	"fmt"
	"image/color"
)

// light and dark are the palettes. Text has a contrast of at least 4.5 to the paper and bars of at least 3
// (WCAG 2.2, 1.4.3 and 1.4.11, https://www.w3.org/TR/WCAG22/). Bar and dot differ in shape and in lightness,
// so nobody needs to tell hues apart.
func light() map[role]color.NRGBA {
	return map[role]color.NRGBA{
		paper: gray(0xff), ink: gray(0x1a), soft: gray(0x4a), grid: gray(0xd9), zero: gray(0x6e), rim: gray(0xff),
		fill: {0x0b, 0x6b, 0xb0, 0xff},
	}
}

func dark() map[role]color.NRGBA {
	return map[role]color.NRGBA{
		paper: gray(0x17), ink: gray(0xf2), soft: gray(0xc6), grid: gray(0x3c), zero: gray(0x9a), rim: gray(0x17),
		fill: {0x4d, 0xa3, 0xe8, 0xff},
	}
}

func gray(v uint8) color.NRGBA { return color.NRGBA{v, v, v, 0xff} }

func hex(c color.NRGBA) string { return fmt.Sprintf("#%02x%02x%02x", c.R, c.G, c.B) }
