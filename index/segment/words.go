package segment

import "careerbot/knowledge/lexicon"

// Analyzer makes entries of documents. It keeps its memory from one to the next and is for one goroutine.
type Analyzer struct {
	words       *lexicon.Tokenizer
	title, text []lexicon.Token
}

// NewAnalyzer makes an analyzer.
func NewAnalyzer() *Analyzer { return &Analyzer{words: lexicon.NewTokenizer()} }

// document gives the words of a document that bear meaning; they are good until the next call.
func (a *Analyzer) document(title, text string) (inTitle, inText []lexicon.Token) {
	a.title, a.text = a.words.Append(a.title[:0], title), a.words.Append(a.text[:0], text)
	return Meaningful(a.title), Meaningful(a.text)
}

// Meaningful leaves stop words out, in the memory of toks. Documents and questions must go through it alike.
func Meaningful(toks []lexicon.Token) []lexicon.Token {
	out := toks[:0]
	for _, t := range toks {
		if !t.Stop && !stopWord(t) {
			out = append(out, t)
		}
	}
	return out
}

// stopWord says whether t is a word without a meaning of its own. Words that are names when written in capitals (IT,
// US, BE) stay then; "us" is no stop word at all, for most people who write it mean the country.
func stopWord(t lexicon.Token) bool {
	switch t.Word {
	case "it", "be", "am":
		return !t.Upper
	case "a", "an", "the", "this", "that", "these", "those", "and", "or", "but", "if", "then", "than", "so", "as",
		"of", "in", "on", "at", "by", "to", "for", "from", "with", "into", "onto", "about", "between", "through",
		"during", "before", "after", "above", "below", "up", "down", "out", "off", "over", "under", "until", "while",
		"i", "me", "my", "mine", "myself", "we", "our", "ours", "ourselves", "you", "your", "yours", "yourself",
		"he", "him", "his", "she", "her", "hers", "its", "itself", "they", "them", "their", "theirs",
		"is", "are", "was", "were", "been", "being", "have", "has", "had", "having", "do", "does", "did", "doing",
		"will", "would", "shall", "should", "can", "could", "may", "might", "must", "ought", "cannot",
		"what", "which", "who", "whom", "whose", "when", "where", "why", "how", "there", "here",
		"no", "nor", "not", "only", "own", "same", "too", "very", "just", "also", "any", "some", "such", "both",
		"each", "all", "again", "because", "please", "thanks", "thank", "hi", "hello", "dont", "doesnt", "didnt",
		"isnt", "arent", "wasnt", "werent", "cant", "couldnt", "wont", "wouldnt", "shouldnt", "hasnt", "havent",
		"hadnt", "im", "ive", "etc", "s", "t":
		return true
	}
	return false
}
