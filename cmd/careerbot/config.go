package main

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/knadh/koanf/parsers/yaml"
	"github.com/knadh/koanf/providers/confmap"
	"github.com/knadh/koanf/providers/file"
	"github.com/knadh/koanf/v2"
	"github.com/spf13/cobra"
)

// configFile is read from the working directory where --config names no other.
const configFile = "careerbot.yaml"

// config is what an operator has set: flags before environment before file before defaults.
type config struct {
	values map[string]string // by setting.key
	from   map[string]string // where each value comes from: "flag", "environment", the file's name, "default"
}

func (c config) get(name string) string { return c.values[strings.ToLower(name)] }

// duration and number are of values that were checked on loading.
func (c config) duration(name string) time.Duration {
	d, _ := time.ParseDuration(c.get(name))
	return d
}

func (c config) number(name string) float64 {
	v, _ := strconv.ParseFloat(c.get(name), 64)
	return v
}

// flagValues are the settings given on the command line, by key.
type flagValues map[string]*string

// addSettings gives cmd a flag for every setting that is no secret: secrets would show in the list of processes.
func (p *program) addSettings(cmd *cobra.Command) (flagValues, *string) {
	path := cmd.Flags().String("config", "", "read settings from this file instead of "+configFile)
	values := flagValues{}
	for _, s := range settings(p.env) {
		if !s.secret {
			values[s.key()] = cmd.Flags().String(s.flag(), "", s.help)
		}
	}
	return values, path
}

// load reads the settings in layers. The error names every setting that is wrong, with its remedy.
func (p *program) load(cmd *cobra.Command, flags flagValues, path string) (config, error) {
	layers := []struct {
		name   string
		values map[string]any
	}{{"default", map[string]any{}}, {"", nil}, {"environment", map[string]any{}}, {"flag", map[string]any{}}}
	all := settings(p.env)
	var errs []error
	for _, s := range all {
		layers[0].values[s.key()] = s.def
		v, err := p.variable(s)
		if err != nil {
			errs = append(errs, err)
		}
		if v != "" {
			layers[2].values[s.key()] = v
		}
		if f := flags[s.key()]; f != nil && cmd.Flags().Changed(s.flag()) {
			layers[3].values[s.key()] = *f
		}
	}
	fromFile, name, err := readConfig(path, all)
	layers[1].name, layers[1].values = name, fromFile
	errs = append(errs, err)
	k := koanf.New(".")
	c := config{values: map[string]string{}, from: map[string]string{}}
	for _, l := range layers {
		if err := k.Load(confmap.Provider(l.values, ""), nil); err != nil {
			errs = append(errs, fmt.Errorf("settings from %s: %w", l.name, err))
		}
		for key := range l.values {
			c.from[key] = l.name
		}
	}
	for _, s := range all {
		c.values[s.key()] = k.String(s.key())
		errs = append(errs, c.check(s))
	}
	return c, errors.Join(errs...)
}

// variable reads a setting from the environment, a secret also from the file that NAME_FILE names, as orchestrators
// mount them.
func (p *program) variable(s setting) (string, error) {
	if v := p.env(s.name); v != "" || !s.secret {
		return v, nil
	}
	path := p.env(s.name + "_FILE")
	if path == "" {
		return "", nil
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("%s_FILE: %w; mount the secret there or set %s", s.name, err, s.name)
	}
	return strings.TrimSpace(string(b)), nil
}

// readConfig reads the settings file; only one that was named must be there.
func readConfig(path string, all []setting) (values map[string]any, name string, err error) {
	name = path
	if name == "" {
		name = configFile
	}
	k := koanf.New(".")
	if err := k.Load(file.Provider(name), yaml.Parser()); err != nil {
		if path == "" && errors.Is(err, fs.ErrNotExist) {
			return nil, name, nil
		}
		return nil, name, fmt.Errorf("settings file %s: %w", name, err)
	}
	var errs []error
	values = map[string]any{}
	for _, key := range k.Keys() {
		if !slices.ContainsFunc(all, func(s setting) bool { return s.key() == key }) {
			errs = append(errs, fmt.Errorf("settings file %s: unknown key %q; \"careerbot config print\" lists them all", name, key))
			continue
		}
		values[key] = strings.TrimSpace(k.String(key))
		if k.Get(key) != nil && len(k.Strings(key)) > 0 { // several directories are a list in YAML
			values[key] = strings.Join(k.Strings(key), ",")
		}
	}
	return values, name, errors.Join(errs...)
}

func (c config) check(s setting) error {
	v := c.values[s.key()]
	if v == "" && s.def != "" {
		return fmt.Errorf("%s (from %s): it is empty; leave it out for %s", s.name, c.from[s.key()], s.def)
	}
	if s.check == nil || v == "" {
		return nil
	}
	if err := s.check(v); err != nil {
		return fmt.Errorf("%s (from %s): %w", s.name, c.from[s.key()], err)
	}
	return nil
}

// configCommand prints or checks the settings.
func (p *program) configCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "config",
		Short: "Check and print the settings of serve",
		Example: `  careerbot config check
  DATABASE_URL=postgres://bot@db/careerbot careerbot config print`,
		Args: unknownCommand,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(p.configCheckCommand(), p.configPrintCommand())
	return cmd
}

func (p *program) configCheckCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "check", Short: "Say whether the settings can be used, and what is wrong with each that cannot", Args: cobra.NoArgs}
	flags, path := p.addSettings(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if _, err := p.load(cmd, flags, *path); err != nil {
			return err
		}
		fmt.Fprintln(p.out, "ok")
		return nil
	}
	return cmd
}

func (p *program) configPrintCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "print", Short: "Print every setting, its value and where it comes from; secrets as ***", Args: cobra.NoArgs}
	flags, path := p.addSettings(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		c, err := p.load(cmd, flags, *path)
		w := tabwriter.NewWriter(p.out, 0, 0, 2, ' ', 0)
		for _, s := range settings(p.env) {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", s.name, c.shown(s), c.from[s.key()], s.help)
		}
		return errors.Join(err, w.Flush())
	}
	return cmd
}

// shown is a setting's value as it may be printed: no secret, no password of a database.
func (c config) shown(s setting) string {
	v := c.values[s.key()]
	switch {
	case v == "":
		return "-"
	case s.secret:
		return "***"
	case s.name == "DATABASE_URL":
		return hidePassword(v)
	}
	return v
}

// hidePassword writes a database address without its password, which may also stand among the parameters.
func hidePassword(s string) string {
	if strings.HasPrefix(s, "sqlite:") {
		return s
	}
	u, err := url.Parse(s)
	if err != nil {
		return "***"
	}
	for name := range u.Query() {
		if strings.Contains(strings.ToLower(name), "password") {
			u.RawQuery = "***"
		}
	}
	return u.Redacted()
}
