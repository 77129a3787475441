// Package segment holds documents ready for searching: a segment of Bleve's with their postings, and beside it what
// Bleve would give too slowly, kinds, lengths, ids and the text to be given back. A [Part] is made in memory or written
// as files that never change; files are mapped, or read where they lie. It alone knows Bleve.
//
// It does not rank (package index), and does not know which segments make an index together, nor which of their
// documents are deleted, unless told (package index/disk).
package segment
