package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

const (
	healthWait = 3 * time.Second // for a server on this machine; /readyz itself takes at most two
	healthSize = 1 << 20         // bytes of its answer that are read
)

func (p *program) healthCommand() *cobra.Command {
	addr, path, isReady := "", "", false
	cmd := &cobra.Command{
		Use:   "health",
		Short: "Ask the server on this machine how it is; the exit status says it",
		Long: `health asks the careerbot that listens on LISTEN_ADDR whether it lives (/livez) or, with --ready,
whether it can do all its work (/readyz). The exit status is 0 where it does and 1 where it does
not or does not answer within 3 seconds, so a container needs no other program for its health
check. Where serve was given its address as a flag, give the same one here.`,
		Example: `  careerbot health
  careerbot health --ready --addr 127.0.0.1:9090`,
		Args: cobra.NoArgs,
	}
	cmd.Flags().StringVar(&addr, "addr", "", "ask the server at `HOST:PORT` instead of LISTEN_ADDR")
	cmd.Flags().BoolVar(&isReady, "ready", false, "ask whether it can do all its work, not only whether it lives")
	cmd.Flags().StringVar(&path, "config", "", "read LISTEN_ADDR from this file instead of "+configFile)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if addr == "" {
			c, _ := p.load(cmd, nil, path) // whether the other settings are good is not asked here
			addr = c.get("LISTEN_ADDR")
		}
		if err := isAddr(addr); err != nil {
			return misused("%w", err)
		}
		return p.health(cmd.Context(), addr, isReady)
	}
	return cmd
}

// health prints how the server is, or fails with what is wrong.
func (p *program) health(ctx context.Context, addr string, isReady bool) error {
	if !isReady {
		body, err := get(ctx, addr, "/livez")
		if err != nil {
			return err
		}
		if strings.TrimSpace(string(body)) != "ok" {
			return notOurs(addr)
		}
		_, err = fmt.Fprintln(p.out, "ok")
		return err
	}
	parts, err := askReady(ctx, addr)
	if err != nil {
		return err
	}
	var bad []string
	for _, part := range parts {
		if !part.Ready {
			bad = append(bad, part.Part+": "+part.Say)
		}
	}
	if len(bad) > 0 {
		return fmt.Errorf("the server at %s is not ready: %s", addr, strings.Join(bad, "; "))
	}
	_, err = fmt.Fprintln(p.out, "ready")
	return err
}

// errStatus is an answer that is not 200; its body comes with it.
var errStatus = errors.New("it is not well")

// askReady gives what the server at addr says of its parts. The error says that there is no careerbot.
func askReady(ctx context.Context, addr string) ([]readiness, error) {
	body, err := get(ctx, addr, "/readyz")
	if err != nil && !errors.Is(err, errStatus) {
		return nil, err
	}
	var parts []readiness
	if json.Unmarshal(body, &parts) != nil || len(parts) == 0 || parts[0].Part == "" {
		return nil, notOurs(addr)
	}
	return parts, nil
}

func notOurs(addr string) error {
	return fmt.Errorf("what listens on %s is no careerbot; end it or use another LISTEN_ADDR", addr)
}

// get reads a page of a server on this machine: through no proxy, and following no redirection, which careerbot has none of.
func get(ctx context.Context, addr, page string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, healthWait)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+dialable(addr)+page, nil)
	if err != nil {
		return nil, fmt.Errorf("ask %s: %w", addr, err)
	}
	client := &http.Client{
		Transport:     &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	resp, err := client.Do(req)
	if err != nil {
		return nil, fmt.Errorf("no server answers on %s: %w; start it with \"careerbot serve\", or name its address with --addr", addr, err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, healthSize))
	if err != nil {
		return nil, fmt.Errorf("read what %s answers: %w", addr, err)
	}
	if resp.StatusCode != http.StatusOK {
		return body, fmt.Errorf("%s of %s says %s: %w", page, addr, resp.Status, errStatus)
	}
	return body, nil
}

// dialable is where a server that listens on addr can be reached from this machine: "every address" is none to call.
func dialable(addr string) string {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return addr
	}
	switch ip := net.ParseIP(host); {
	case host == "", ip != nil && ip.IsUnspecified() && ip.To4() != nil:
		host = "127.0.0.1"
	case ip != nil && ip.IsUnspecified():
		host = "::1"
	}
	return net.JoinHostPort(host, port)
}
