package lexicon

// Lexicon is the vocabulary of one pack. It is immutable once made.
type Lexicon struct{}

// Synonyms gives the stems that mean the same as stem to someone searching; it may be empty.
func (l *Lexicon) Synonyms(stem string) []string { return nil }
