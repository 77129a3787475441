package main

import (
	"context"
	"errors"
	"fmt"
)

// The exit statuses. They are part of the program's interface: scripts branch on them.
const (
	exitOK          = 0   // answered, or the command did what it was told
	exitFailure     = 1   // something went wrong, or a check found faults
	exitUsage       = 2   // the command line cannot be understood
	exitDeclined    = 3   // the question was declined
	exitInterrupted = 130 // ended by Ctrl-C; 128 + SIGINT, as shells count it
)

// errDeclined ends a command that did all it could but had no answer. What there is to say has been printed.
var errDeclined = errors.New("declined")

// errFaults ends a check that found faults and has printed them.
var errFaults = errors.New("faults found")

// usageError is a command line that cannot be understood.
type usageError struct{ err error }

func (e usageError) Error() string { return e.err.Error() }
func (e usageError) Unwrap() error { return e.err }

// misused makes a usageError of a message that says what to write instead.
func misused(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// status gives the exit status for what a command returned, and whether the error has still to be told.
func status(ctx context.Context, err error) (code int, tell bool) {
	switch {
	case err == nil:
		return exitOK, false
	case ctx.Err() != nil:
		return exitInterrupted, false
	case errors.Is(err, errDeclined):
		return exitDeclined, false
	case errors.Is(err, errFaults):
		return exitFailure, false
	case errors.As(err, new(usageError)):
		return exitUsage, true
	}
	return exitFailure, true
}
