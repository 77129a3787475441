package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"reflect"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// cmdStatus is the script command "status CODE PROGRAM ARGS…": it runs the program and wants that very exit status,
// which "exec" and "! exec" cannot tell. What the program prints can be looked at as after exec.
func cmdStatus(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: status CODE PROGRAM [ARGS…]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	var exit *exec.ExitError
	if err := ts.Exec(args[1], args[2:]...); errors.As(err, &exit) {
		got = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("exit status %d, want %d", got, want)
	}
}

// cmdJSON is the script command "json FILE LINE PATH [WANT]": it reads one line of a file (or of stdout) as JSON,
// follows PATH in it ("answers.0.sources"; "#" is a length) and compares what is there, written as JSON, with WANT.
// Without WANT it is enough that there is something that is not empty. "! json" wants the opposite.
func cmdJSON(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) < 3 || len(args) > 4 {
		ts.Fatalf("usage: json FILE LINE PATH [WANT]")
	}
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	lines := strings.Split(strings.TrimSpace(ts.ReadFile(args[0])), "\n")
	if n < 1 || n > len(lines) {
		ts.Fatalf("%s has %d lines", args[0], len(lines))
	}
	var v any
	if err := json.Unmarshal([]byte(lines[n-1]), &v); err != nil {
		ts.Fatalf("line %d is no JSON: %v", n, err)
	}
	v, err = follow(v, args[2])
	if err != nil && !neg {
		ts.Fatalf("line %d: %v", n, err)
	}
	got, err := json.Marshal(v)
	ts.Check(err)
	holds := v != nil && !reflect.ValueOf(v).IsZero()
	if len(args) == 4 {
		holds = string(got) == args[3]
	}
	if holds == neg {
		ts.Fatalf("line %d: %s is %s", n, args[2], got)
	}
}

func follow(v any, path string) (any, error) {
	for key := range strings.SplitSeq(path, ".") {
		switch at := v.(type) {
		case map[string]any:
			next, ok := at[key]
			if !ok {
				return nil, fmt.Errorf("there is no %q", key)
			}
			v = next
		case []any:
			if key == "#" {
				v = float64(len(at))
				continue
			}
			i, err := strconv.Atoi(key)
			if err != nil || i < 0 || i >= len(at) {
				return nil, fmt.Errorf("there is no %q in a list of %d", key, len(at))
			}
			v = at[i]
		default:
			return nil, fmt.Errorf("there is nothing below %v", v)
		}
	}
	return v, nil
}
