package main

import (
	"encoding/json"
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"
)

// version is set when a release is built: go build -ldflags "-X main.version=v1.2.3".
var version = ""

// build says what this program was made of.
type build struct {
	Version  string `json:"version"`            // "devel" where no release was built
	Commit   string `json:"commit,omitempty"`   // of the source tree, where it is known
	Date     string `json:"date,omitempty"`     // of that commit, RFC 3339
	Modified bool   `json:"modified,omitempty"` // the tree had changes that were not committed
	Go       string `json:"go"`
	Platform string `json:"platform"`
}

// readBuild takes from the program itself what the Go toolchain wrote there.
func readBuild() build {
	b := build{Version: version, Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH}
	info, ok := debug.ReadBuildInfo()
	if ok {
		if v := info.Main.Version; b.Version == "" && v != "(devel)" {
			b.Version = v
		}
		for _, s := range info.Settings {
			switch s.Key {
			case "vcs.revision":
				b.Commit = s.Value
			case "vcs.time":
				b.Date = s.Value
			case "vcs.modified":
				b.Modified = s.Value == "true"
			}
		}
	}
	if b.Version == "" {
		b.Version = "devel"
	}
	return b
}

// String is one line for people: "v1.2.3 (1a2b3c4d5e6f 2025-05-12, go1.26.0 linux/amd64)".
func (b build) String() string {
	about := ""
	if commit := b.Commit[:min(len(b.Commit), 12)]; commit != "" && !strings.Contains(b.Version, commit) {
		about = commit
		if b.Modified {
			about += " with changes"
		}
		if day, _, ok := strings.Cut(b.Date, "T"); ok {
			about += " " + day
		}
		about += ", "
	}
	return fmt.Sprintf("%s (%s%s %s)", b.Version, about, b.Go, b.Platform)
}

func (p *program) versionCommand() *cobra.Command {
	asJSON := false
	cmd := &cobra.Command{
		Use:   "version",
		Short: "Say which careerbot this is",
		Example: `  careerbot version
  careerbot version --json`,
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if asJSON {
				return json.NewEncoder(p.out).Encode(readBuild())
			}
			_, err := fmt.Fprintf(p.out, "careerbot %s\n", readBuild())
			return err
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	return cmd
}
