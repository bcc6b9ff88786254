// Package history keeps the inputs of sessions: whole cells, with what each cost. Several
// sessions may write to one file at a time; each has its own inputs last, so that they
// come first when going back.
package history

import (
	"bufio"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Entry is an input.
type Entry struct {
	Text    string
	At      time.Time // when it ran, the zero time if that is not known
	Elapsed time.Duration
	Ops     uint64
	Failed  bool
	Ran     bool // Elapsed, Ops and Failed are known
	Own     bool // it is of this session
}

// History is the list of inputs that a session recalls: its own last, and before them
// those of earlier and other sessions. It is not safe for concurrent use.
type History struct {
	path    string
	entries []Entry
}

// maxEntries bounds how many entries are kept in memory.
const maxEntries = 5000

// line is a line of the file. One that is only a string is an input whose cost is not
// known (yet): the line with the cost comes when it has run.
type line struct {
	Input  string `json:"input"`
	At     int64  `json:"at,omitempty"` // seconds since 1970
	NS     int64  `json:"ns"`
	Ops    uint64 `json:"ops"`
	Failed bool   `json:"failed,omitempty"`
}

// Load reads the history in a file; "" stands for one that is not kept. A file that does
// not exist is an empty history. On an error the history is usable, but empty.
func Load(path string) (*History, error) {
	h := &History{path: path}
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
		if e, ok := parse(sc.Bytes()); ok {
			h.remember(e)
		}
	}
	return h, sc.Err()
}

// parse reads a line. One that was torn by a crash is no entry.
func parse(data []byte) (e Entry, ok bool) {
	if json.Unmarshal(data, &e.Text) == nil {
		return e, e.Text != ""
	}
	var l line
	if json.Unmarshal(data, &l) != nil || l.Input == "" {
		return e, false
	}
	e = Entry{Text: l.Input, Elapsed: time.Duration(l.NS), Ops: l.Ops, Failed: l.Failed, Ran: true}
	if l.At > 0 {
		e.At = time.Unix(l.At, 0)
	}
	return e, true
}

// remember adds an entry at the end. The cost of an input that is among the latest ones
// goes to it.
func (h *History) remember(e Entry) {
	if e.Ran {
		// Other sessions may have written between.
		for i := len(h.entries) - 1; i >= max(len(h.entries)-10, 0); i-- {
			if x := &h.entries[i]; x.Text == e.Text && x.Own == e.Own {
				e.Own = x.Own
				*x = e
				return
			}
		}
	}
	if n := len(h.entries); n > 0 && h.entries[n-1].Text == e.Text && h.entries[n-1].Own == e.Own {
		return
	}
	h.entries = append(h.entries, e)
	if len(h.entries) > 2*maxEntries {
		h.entries = append(h.entries[:0:0], h.entries[len(h.entries)-maxEntries:]...)
	}
}

// Add remembers an input of this session, without saving it, and reports whether it should
// be saved: not if it begins with a space, and not twice in a row.
func (h *History) Add(text string) (save bool) {
	if strings.TrimSpace(text) == "" {
		return false
	}
	n := len(h.entries)
	again := n > 0 && h.entries[n-1].Text == text
	h.remember(Entry{Text: text, Own: true})
	return !again && h.saves(text)
}

// Ran remembers what an input of this session cost, and reports whether that should be
// saved.
func (h *History) Ran(e Entry) (save bool) {
	if strings.TrimSpace(e.Text) == "" {
		return false
	}
	e.Own, e.Ran = true, true
	h.remember(e)
	return h.saves(e.Text)
}

func (h *History) saves(text string) bool { return text[0] != ' ' && h.path != "" }

// Take takes over the own entries of another history, such as those that were made while
// this one was read.
func (h *History) Take(other *History) {
	for _, e := range other.entries {
		if e.Own {
			h.entries = append(h.entries, e)
		}
	}
}

// Len returns the number of entries.
func (h *History) Len() int { return len(h.entries) }

// At returns the text of an entry, 0 being the oldest.
func (h *History) At(i int) string { return h.entries[i].Text }

// Path returns the file, "" if there is none.
func (h *History) Path() string { return h.path }

// Search returns the index of the latest entry before index from that begins with
// prefix and differs from not, or -1.
func (h *History) Search(from int, prefix, not string) int {
	for i := min(from, len(h.entries)) - 1; i >= 0; i-- {
		if e := h.entries[i].Text; strings.HasPrefix(e, prefix) && e != not {
			return i
		}
	}
	return -1
}

// SearchForward is Search in the other direction: the first entry after from, or
// -1.
func (h *History) SearchForward(from int, prefix, not string) int {
	for i := max(from+1, 0); i < len(h.entries); i++ {
		if e := h.entries[i].Text; strings.HasPrefix(e, prefix) && e != not {
			return i
		}
	}
	return -1
}

// Order is the order of a list of entries.
type Order uint8

// The orders: by time, own entries first; or what cost the most first.
const (
	ByTime Order = iota
	ByCost
)

// List returns the entries, each text once, the latest of this session first.
func (h *History) List(o Order) []Entry {
	var out []Entry
	seen := map[string]int{}
	add := func(own bool) {
		for i := len(h.entries) - 1; i >= 0; i-- {
			e := h.entries[i]
			if e.Own != own {
				continue
			}
			if k, ok := seen[e.Text]; ok {
				// The cost may be known of an earlier run only.
				if !out[k].Ran && e.Ran {
					e.Own = out[k].Own
					out[k] = e
				}
				continue
			}
			seen[e.Text] = len(out)
			out = append(out, e)
		}
	}
	add(true)
	add(false)
	if o == ByCost {
		slices.SortStableFunc(out, func(a, b Entry) int { return int(min(max(b.Elapsed-a.Elapsed, -1), 1)) })
	}
	return out
}

// Append appends an entry to a file in one write, so that entries of concurrent sessions
// do not mix.
func Append(path string, e Entry) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	var data []byte
	var err error
	if e.Ran {
		l := line{Input: e.Text, NS: int64(e.Elapsed), Ops: e.Ops, Failed: e.Failed}
		if !e.At.IsZero() {
			l.At = e.At.Unix()
		}
		data, err = json.Marshal(l)
	} else {
		data, err = json.Marshal(e.Text)
	}
	if err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(append(data, '\n'))
	return errors.Join(err, f.Close())
}
