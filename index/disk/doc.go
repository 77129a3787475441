// Package disk keeps an index in a directory: which segments count, and which of their documents are deleted, stand in
// a manifest that is replaced at one stroke. Sources that changed are read into new segments and the others stay, so
// that a change of one article in a million costs one article; small segments are merged as they grow many.
//
// It does not search (package index) and does not know what is in a segment's files (package index/segment).
package disk
