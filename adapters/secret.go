package adapters

import "log/slog"

// Secret is a token or key: it prints as "***" wherever it is formatted, logged or encoded.
type Secret string

// String hides the secret.
func (Secret) String() string { return "***" }

// GoString hides the secret from %#v.
func (Secret) GoString() string { return "***" }

// LogValue hides the secret from logs.
func (Secret) LogValue() slog.Value { return slog.StringValue("***") }

// MarshalText hides the secret from JSON, YAML and the like.
func (Secret) MarshalText() ([]byte, error) { return []byte("***"), nil }
