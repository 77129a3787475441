package markup

import ("testing";"os";"fmt")

func TestDump(t *testing.T) {
	name := os.Getenv("DUMP")
	if name == "" { t.Skip() }
	b, _ := os.ReadFile(name)
	p, err := Plain(b)
	if err != nil { t.Fatal(err) }
	fmt.Printf("TITLE %q AUTHOR %q PUB %q DATE %q %q PLACE %q LINKS %d\n", p.Title, p.Author, p.Publisher, p.Date, p.DateKind, p.Place, len(p.Links))
	for _, b := range p.Blocks {
		switch b.Kind {
		case Heading: fmt.Printf("%d H%d [%s] %s\n", b.Line, b.Level, b.Mark, b.Text)
		case Paragraph: fmt.Printf("%d   P %.100s\n", b.Line, b.Text)
		case List: for _, it := range b.Items { fmt.Printf("%d   L%d %.80s\n", b.Line, it.Depth, it.Text) }
		case Table: for _, r := range b.Rows { fmt.Printf("%d   T %q\n", b.Line, r) }
		}
	}
	fmt.Println("DROPPED")
	for _, d := range p.Dropped { fmt.Printf("%d %s: %.80s\n", d.Line, d.Why, d.Text) }
}
