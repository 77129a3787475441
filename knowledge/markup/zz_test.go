package markup_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"careerbot/knowledge/markup"
)

func TestPath(t *testing.T) {
	pats := map[string]string{"open": "[", "link": "[a](", "em": "*a ", "em2": "a**b ", "bt": "`a``b", "lt": "<a ", "img": "![", "close": "]", "closed": "[]", "amp": "&a;", "quote": "> ", "lists": "- a\n", "defs": "[a]: /x\n", "deep": "*a _", "heads": "## a\n", "hardnl": "a  \n", "ent": "&#", "comm": "<!-- ", "nest": "[![", "tilde": "~~~\n", "u": "_a __", "bs": "\\", "tab": "\t", "pa": "(", "refs": "[a][b", "blank":"\n\n", "num":"1. a\n", "angle":"<", "at":"<a@", "cd":"<![CDATA[", "pi":"<?", "uni": "## é\n", "fence":"```", "stars":"*", "ul":"_", "emx":"**a*"}
	for _, n := range []int{16 << 10, 64 << 10, 256 << 10} {
		for k, p := range pats {
			src := []byte(strings.Repeat(p, n/len(p)))
			var m0, m1 runtime.MemStats
			runtime.ReadMemStats(&m0)
			s := time.Now()
			_, ss, err := markup.Markdown(src)
			d := time.Since(s)
			runtime.ReadMemStats(&m1)
			if d > 300*time.Millisecond || m1.TotalAlloc-m0.TotalAlloc > 400<<20 {
				e := fmt.Sprint(err)
				fmt.Println(n, k, d, (m1.TotalAlloc-m0.TotalAlloc)>>20, "MiB", len(ss), e[:min(len(e), 50)])
				if d > 2*time.Second { delete(pats, k) }
			}
		}
	}
}
