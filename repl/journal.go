package repl

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"time"
)

// A journal is a file with the cells of a session, written while they run: whatever
// ends the program, they are on disk. A session that ends in order removes its file.
// While it runs it holds a lock on it, which the system releases with the process;
// a file without a lock is what a session left that ended otherwise.
type journal struct {
	f *os.File
}

// The steps of a journal.
const (
	stepRun   = "run"   // a cell begins to run
	stepOK    = "ok"    // it succeeded
	stepFail  = "fail"  // it failed, or was stopped
	stepUndo  = "undo"  // the last cell that succeeded was taken back
	stepReset = "reset" // all were
)

// step is a line of a journal.
type step struct {
	Step string `json:"step"`
	Cell string `json:"cell,omitempty"`
}

// journalSuffix ends the names of journals.
const journalSuffix = ".cells"

// maxJournal bounds the journals that are kept in a directory.
const maxJournal = 20

// JournalDir is the usual directory for the cells of sessions, "" if there is no home
// directory.
func JournalDir() string {
	dir := StateDir()
	if dir == "" {
		return ""
	}
	return filepath.Join(dir, "sessions")
}

// newJournal makes the file of a session.
func newJournal(dir string) (*journal, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	name := time.Now().UTC().Format("20060102-150405.000000") + "-*" + journalSuffix
	f, err := os.CreateTemp(dir, name)
	if err != nil {
		return nil, err
	}
	if err := lockFile(f); err != nil {
		return nil, errors.Join(err, f.Close(), os.Remove(f.Name()))
	}
	return &journal{f}, nil
}

// write appends a step. It is in the hands of the system when write returns, so that
// it outlives the process.
func (j *journal) write(s step) error {
	line, err := json.Marshal(s)
	if err != nil {
		return err
	}
	_, err = j.f.Write(append(line, '\n'))
	return err
}

// close ends the journal; keep leaves the file for the next session.
func (j *journal) close(keep bool) error {
	var removed error
	if !keep {
		removed = os.Remove(j.f.Name())
	}
	return errors.Join(removed, j.f.Close())
}

// Left is what a session left that did not end in order.
type Left struct {
	Path  string
	Time  time.Time // of its last cell
	Cells []string  // those that succeeded and were not taken back
	// Unfinished is the cell that ran when the program ended, "" if none did.
	Unfinished string
}

// String says what there is, in one line.
func (l Left) String() string {
	n := fmt.Sprintf("%d cells", len(l.Cells))
	if len(l.Cells) == 1 {
		n = "1 cell"
	}
	text := n + " of " + l.Time.Format("2006-01-02 15:04:05")
	if l.Unfinished != "" {
		first, _, _ := strings.Cut(strings.TrimSpace(l.Unfinished), "\n")
		text += ", ended while running: " + first
	}
	return text
}

// Leftovers returns what sessions left in a directory that did not end in order, the
// latest first. Empty ones, and those beyond a number, are removed.
func Leftovers(dir string) []Left {
	names, err := filepath.Glob(filepath.Join(dir, "*"+journalSuffix))
	if err != nil {
		return nil
	}
	sort.Sort(sort.Reverse(sort.StringSlice(names))) // names begin with the time
	var out []Left
	for _, name := range names {
		l, ok := readJournal(name)
		switch {
		case !ok:
		case len(l.Cells) == 0 && l.Unfinished == "" || len(out) >= maxJournal:
			os.Remove(name)
		default:
			out = append(out, l)
		}
	}
	return out
}

// readJournal reads what a session left; ok is false if it still runs or the file
// cannot be read.
func readJournal(path string) (l Left, ok bool) {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return l, false
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() || lockFile(f) != nil {
		return l, false
	}
	l = Left{Path: path, Time: info.ModTime()}
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 2*maxFile)
	for sc.Scan() {
		var s step
		if json.Unmarshal(sc.Bytes(), &s) != nil {
			continue // torn by the end of the process
		}
		switch s.Step {
		case stepRun:
			l.Unfinished = s.Cell
		case stepOK:
			l.Cells, l.Unfinished = append(l.Cells, l.Unfinished), ""
		case stepFail:
			l.Unfinished = ""
		case stepUndo:
			l.Cells = l.Cells[:max(len(l.Cells)-1, 0)]
		case stepReset:
			l.Cells = nil
		}
	}
	return l, true
}

// HistoryPath is the usual place of the history of inputs: in $XDG_STATE_HOME, by default
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
