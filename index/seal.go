package index

import (
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// sealName is the file that lists the sizes and checksums of an index's other files. Bleve maps its files into memory
// and trusts them: a page of garbage would be wrong answers or a crash at some later question.
const sealName = "checksums.json"

// fileSum is what a file must be.
type fileSum struct {
	Size  int64
	CRC32 uint32 // Castagnoli
}

// seal writes the checksums of the files in dir.
func seal(dir string) error {
	sums, err := sumDir(dir)
	if err != nil {
		return fmt.Errorf("compute checksums: %w", err)
	}
	data, err := json.MarshalIndent(sums, "", "\t")
	if err != nil {
		return fmt.Errorf("write checksums: %w", err)
	}
	return os.WriteFile(filepath.Join(dir, sealName), append(data, '\n'), 0o600)
}

// verify compares the files in dir with their checksums and gives their size together. What is missing or differs
// makes the index stale; what may not be read is an error.
func verify(dir string) (int64, error) {
	data, err := os.ReadFile(filepath.Join(dir, sealName))
	if errors.Is(err, fs.ErrNotExist) {
		return 0, fmt.Errorf("%w: there is none in the directory", errStale)
	}
	if err != nil {
		return 0, err
	}
	want := map[string]fileSum{}
	if err := json.Unmarshal(data, &want); err != nil || len(want) == 0 {
		return 0, fmt.Errorf("%w: %s is damaged", errStale, sealName)
	}
	got, err := sumDir(dir)
	if err != nil {
		return 0, err
	}
	size := int64(len(data))
	for name, sum := range want {
		if got[name] != sum {
			return 0, fmt.Errorf("%w: %s is damaged", errStale, name)
		}
		size += sum.Size
	}
	return size, nil
}

// sumDir gives the sums of all files of an index in dir.
func sumDir(dir string) (map[string]fileSum, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	sums := map[string]fileSum{}
	for _, e := range entries {
		if !e.Type().IsRegular() || e.Name() == sealName {
			continue
		}
		if sums[e.Name()], err = sumFile(filepath.Join(dir, e.Name())); err != nil {
			return nil, err
		}
	}
	return sums, nil
}

func sumFile(path string) (fileSum, error) {
	f, err := os.Open(path)
	if err != nil {
		return fileSum{}, err
	}
	defer f.Close()
	crc := crc32.New(crc32.MakeTable(crc32.Castagnoli))
	n, err := io.Copy(crc, f)
	return fileSum{Size: n, CRC32: crc.Sum32()}, err
}

// replaceable says whether dir may be thrown away: it is missing, or holds nothing but an index.
func replaceable(dir string) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, e := range entries {
		name := e.Name()
		if name != sealName && name != "root.bolt" && !strings.HasSuffix(name, ".zap") {
			return fmt.Errorf("it holds %s, which is no part of an index: choose an empty directory", name)
		}
	}
	return nil
}
