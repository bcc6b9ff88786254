package repl

import (
	"bufio"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// History is the list of inputs that the up key recalls: those of this session
// last, so that they come first, and before them those of earlier and other
// sessions. Several sessions may append to one file at a time.
type History struct {
	path    string
	entries []string
	max     int
}

// maxHistory bounds how many entries are read from a file.
const maxHistory = 5000

// HistoryPath is the usual place of the file: in $XDG_STATE_HOME, by default
// ~/.local/state. It is "" if there is no home directory.
func HistoryPath() string {
	dir := StateDir()
	if dir == "" {
		return ""
	}
	return filepath.Join(dir, "history")
}

// StateDir is the directory for what sessions leave: $XDG_STATE_HOME/rhai-tui,
// or "" if there is no home directory.
func StateDir() string {
	dir := os.Getenv("XDG_STATE_HOME")
	if !filepath.IsAbs(dir) {
		home, err := os.UserHomeDir()
		if err != nil {
			return ""
		}
		dir = filepath.Join(home, ".local", "state")
	}
	return filepath.Join(dir, "rhai-tui")
}

// LoadHistory reads the history in a file; "" stands for one that is not kept.
// A file that does not exist is an empty history. On an error the history is
// usable, but empty.
func LoadHistory(path string) (*History, error) {
	h := &History{path: path, max: maxHistory}
	if path == "" {
		return h, nil
	}
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return h, nil
	} else if err != nil {
		return h, err
	}
	defer f.Close()
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 4<<20)
	for sc.Scan() {
		var entry string
		// A line that was torn by a crash is no entry.
		if json.Unmarshal(sc.Bytes(), &entry) == nil && entry != "" {
			h.remember(entry)
		}
	}
	return h, sc.Err()
}

func (h *History) remember(entry string) {
	if n := len(h.entries); n > 0 && h.entries[n-1] == entry {
		return
	}
	h.entries = append(h.entries, entry)
	if len(h.entries) > 2*h.max {
		h.entries = append(h.entries[:0:0], h.entries[len(h.entries)-h.max:]...)
	}
}

// Add remembers an input for this session, without saving it, and reports whether
// it should be saved: not if it begins with a space, and not twice in a row.
func (h *History) Add(entry string) (save bool) {
	if strings.TrimSpace(entry) == "" {
		return false
	}
	n := len(h.entries)
	again := n > 0 && h.entries[n-1] == entry
	h.remember(entry)
	return !again && entry[0] != ' ' && h.path != ""
}

// Len returns the number of entries.
func (h *History) Len() int { return len(h.entries) }

// At returns an entry, 0 being the oldest.
func (h *History) At(i int) string { return h.entries[i] }

// Path returns the file, "" if there is none.
func (h *History) Path() string { return h.path }

// Search returns the index of the latest entry before index from that begins with
// prefix and differs from not, or -1.
func (h *History) Search(from int, prefix, not string) int {
	for i := min(from, len(h.entries)) - 1; i >= 0; i-- {
		if e := h.entries[i]; strings.HasPrefix(e, prefix) && e != not {
			return i
		}
	}
	return -1
}

// SearchForward is Search in the other direction: the first entry after from, or
// -1.
func (h *History) SearchForward(from int, prefix, not string) int {
	for i := max(from+1, 0); i < len(h.entries); i++ {
		if e := h.entries[i]; strings.HasPrefix(e, prefix) && e != not {
			return i
		}
	}
	return -1
}

// AppendHistory appends an entry to a file in one write, so that entries of
// concurrent sessions do not mix.
func AppendHistory(path, entry string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	line, err := json.Marshal(entry)
	if err == nil {
		_, err = f.Write(append(line, '\n'))
	}
	return errors.Join(err, f.Close())
}
