// Package chattest helps test what asks and what draws: a gallery of answers in every shape, golden files, and
// an Asker that plays a script.
//
// It draws nothing and judges no answer's content. Tests import it; programs do not.
package chattest
