// Command careerbot answers questions about careers, with sources and in order of agreement, from a knowledge pack
// that is built in.
//
// It reads flags and the environment, wires the packages together and reports how things went in words and an exit
// status. It does not understand, search or compose anything itself: that is package bot and what it stands on.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// A second Ctrl-C ends the program at once, should the first not be enough.
	context.AfterFunc(ctx, stop)
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr, os.Getenv)
	stop()
	os.Exit(code)
}
