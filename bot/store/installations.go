package store

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"fmt"

	"careerbot/bot/store/engine"
)

// Installation is where the bot was installed, with the secret it was given for it.
type Installation struct {
	Platform, Team string
	// Secret is encrypted at rest; the rest is not.
	Secret []byte
	// Meta is the platform's own, at most 4,000 bytes.
	Meta string
}

const (
	minKey   = 16   // bytes of Options.Key
	sealedV1 = 0x01 // first byte of a secret at rest: AES-256-GCM with a random nonce, key by HKDF-SHA256
)

// deriveKey makes the key that encrypts from the operator's, which may be any text.
func deriveKey(key, salt []byte) ([]byte, error) {
	if len(key) == 0 {
		return nil, nil
	}
	if len(key) < minKey {
		return nil, fmt.Errorf("STATE_KEY has %d characters, fewer than %d; use a long random text, such as of openssl rand -hex 32", len(key), minKey)
	}
	return hkdf.Key(sha256.New, key, salt, "careerbot installations", 32)
}

// SaveInstallation stores an installation, in place of an earlier one of the same platform and team. Without Options.Key it
// fails with ErrNoKey.
func (s *Store) SaveInstallation(ctx context.Context, in Installation) error {
	const doing = "store an installation"
	if err := checkNames(in.Platform, in.Team); err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	if in.Meta != clean(in.Meta, maxTextBytes) {
		return fmt.Errorf("%s: its meta is longer than %d bytes or not plain UTF-8 text", doing, maxTextBytes)
	}
	sealed, err := s.seal(&in)
	if err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	return s.single(ctx, doing, func(ctx context.Context, q engine.Querier) error {
		const save = `INSERT INTO installations (platform, team, secret, meta, at) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (platform, team) DO UPDATE SET secret = excluded.secret, meta = excluded.meta, at = excluded.at`
		_, err := q.Exec(ctx, save, in.Platform, in.Team, sealed, in.Meta, nanos(s.now()))
		return err
	})
}

// Installation gives what was stored. The error wraps ErrNone where nothing was, ErrNoKey without a key, and ErrKey where the
// secret was stored with another key.
func (s *Store) Installation(ctx context.Context, platform, team string) (Installation, error) {
	const doing = "read an installation"
	in := Installation{Platform: platform, Team: team}
	var sealed []byte
	var found bool
	err := s.read(ctx, doing, func(ctx context.Context, q engine.Querier) (err error) {
		const get = `SELECT secret, meta FROM installations WHERE platform = $1 AND team = $2`
		found, err = q.First(ctx, get, []any{platform, team}, &sealed, &in.Meta)
		return err
	})
	if err != nil {
		return Installation{}, err
	}
	if !found {
		return Installation{}, fmt.Errorf("%s of %s in %s: %w", doing, platform, team, ErrNone)
	}
	if in.Secret, err = s.unseal(&in, sealed); err != nil {
		return Installation{}, fmt.Errorf("%s of %s in %s: %w", doing, platform, team, err)
	}
	return in, nil
}

// DeleteInstallation forgets an installation; there need not be one.
func (s *Store) DeleteInstallation(ctx context.Context, platform, team string) error {
	return s.single(ctx, "delete an installation", func(ctx context.Context, q engine.Querier) error {
		_, err := q.Exec(ctx, `DELETE FROM installations WHERE platform = $1 AND team = $2`, platform, team)
		return err
	})
}

// seal encrypts the secret. Its platform and team are bound to it: put into another's row it does not open.
func (s *Store) seal(in *Installation) ([]byte, error) {
	gcm, err := s.cipher()
	if err != nil {
		return nil, err
	}
	return append([]byte{sealedV1}, gcm.Seal(nil, nil, in.Secret, in.bound())...), nil
}

func (s *Store) unseal(in *Installation, sealed []byte) ([]byte, error) {
	gcm, err := s.cipher()
	if err != nil {
		return nil, err
	}
	if len(sealed) == 0 || sealed[0] != sealedV1 {
		return nil, fmt.Errorf("the secret is stored in a way this version does not know; run a later one")
	}
	secret, err := gcm.Open(nil, nil, sealed[1:], in.bound())
	if err != nil {
		return nil, ErrKey
	}
	return secret, nil
}

func (s *Store) cipher() (cipher.AEAD, error) {
	if s.secret == nil {
		return nil, ErrNoKey
	}
	block, err := aes.NewCipher(s.secret)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}

func (in *Installation) bound() []byte { return []byte(in.Platform + "\x00" + in.Team) }
