package main

import (
	"context"
	"io/fs"
	"path/filepath"
	"time"

	"github.com/fsnotify/fsnotify"
)

// pollEvery is how often packs are looked at where the file system reports no changes.
const pollEvery = 2 * time.Second

// watch reports changes to the packs' directories, once they have settled. Without directories it never reports.
func (s *server) watch(ctx context.Context) <-chan struct{} {
	changed := make(chan struct{}, 1)
	if len(s.dirs) == 0 {
		return changed
	}
	events, err := s.notify(ctx)
	if err != nil {
		s.log.Warn("the file system reports no changes; looking every two seconds", "err", err)
		events = poll(ctx)
	}
	go func() {
		wait := time.NewTimer(settle)
		wait.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case _, ok := <-events:
				if !ok {
					return
				}
				wait.Reset(settle)
			case <-wait.C:
				select {
				case changed <- struct{}{}:
				default: // one is waiting already
				}
			}
		}
	}()
	return changed
}

// notify has the file system report changes in the packs and their folders.
func (s *server) notify(ctx context.Context) (<-chan struct{}, error) {
	w, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, err
	}
	for _, dir := range s.dirs {
		if err := addFolders(w, dir); err != nil {
			_ = w.Close()
			return nil, err
		}
	}
	out := make(chan struct{})
	go func() {
		defer s.close("watch", w.Close)
		for {
			select {
			case <-ctx.Done():
				return
			case err := <-w.Errors:
				s.log.Warn("watching the knowledge", "err", err)
			case e := <-w.Events:
				if e.Has(fsnotify.Create) {
					_ = addFolders(w, e.Name) // a new folder of the pack; a file is no folder and is skipped
				}
				select {
				case out <- struct{}{}:
				case <-ctx.Done():
				}
			}
		}
	}()
	return out, nil
}

func addFolders(w *fsnotify.Watcher, dir string) error {
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		dir = real // WalkDir would not go into a link
	}
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return err
		}
		return w.Add(path)
	})
}

// poll pretends a change every two seconds; a reload without one does nothing.
func poll(ctx context.Context) <-chan struct{} {
	out := make(chan struct{})
	go func() {
		t := time.NewTicker(pollEvery)
		defer t.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-t.C:
				select {
				case out <- struct{}{}:
				case <-ctx.Done():
				}
			}
		}
	}()
	return out
}
