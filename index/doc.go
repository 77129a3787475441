// Package index finds the documents of a knowledge pack that answer a question, best first.
//
// Bleve's scorch engine holds the postings, in memory or in a directory. The ranking is this package's own: exact
// BM25 over three fields added up (the title, everything as stems, everything as words), because Bleve's own formula
// ranks worse on the collections we measured with. The dictionary of the word field also repairs misspelt words.
//
// It does not understand questions (package bot/intent), does not keep texts (package knowledge) and reads no query
// syntax: every byte of a question is text.
package index
