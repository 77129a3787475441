// Package index finds the documents of a knowledge pack that answer a question, best first.
//
// The postings lie in segments, in memory or mapped from a directory (packages index/segment and index/disk). The
// ranking is this package's own: exact BM25 over three fields added up (the title, everything as stems, everything as
// words), because Bleve's own formula ranks worse on the collections we measured with. The dictionary of the word field
// also repairs misspelt words.
//
// It does not understand questions (package bot/intent), reads texts back only for large packs (package knowledge) and
// knows no query syntax: every byte of a question is text.
package index
