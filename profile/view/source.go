package view

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// SourceLine is a line of a file with what it costs.
type SourceLine struct {
	No   int64
	Text string // "" if the text is not known
	Cost
	Heat float64 // its share of the flat cost of the hottest line, 0 to 1
	Func FuncID  // of the cost; -1 for a line without cost
}

// Source is a file, or the part of it that a function is, with what its lines cost.
//
// Flat costs add up to those of the functions. The cumulative costs of the lines of a
// function add up to that of the function, as a sample counts for the line where the
// innermost call of the function was.
type Source struct {
	File    string
	Lines   []SourceLine
	Cost           // of all lines together, in Cum what has one of the functions on the stack
	Warning string // why the text may be wrong, or is missing
	// Hot is the index of the line with the largest flat cost, -1 if there is none.
	Hot int
}

// maxSource bounds files of source.
const maxSource = 16 << 20

// Source annotates a file. read gives its text; nil stands for reading the file of that
// name. If there is no text, there are only the lines with costs.
func (ix *Index) Source(file string, read func(file string) ([]byte, error)) *Source {
	return ix.source(file, func(f *Func) bool { return f.File == file }, read)
}

// SourceOf annotates the lines of one function and some around them.
func (ix *Index) SourceOf(id FuncID, around int, read func(file string) ([]byte, error)) *Source {
	f := ix.Func(id)
	s := ix.source(f.File, func(o *Func) bool { return o == f }, read)
	low, high := int64(0), int64(0)
	for _, l := range s.Lines {
		if l.Func >= 0 {
			if low == 0 {
				low = l.No
			}
			high = l.No
		}
	}
	if f.StartLine > 0 && (low == 0 || f.StartLine < low) {
		low = f.StartLine
	}
	keep := s.Lines[:0:0]
	s.Hot = -1
	for _, l := range s.Lines {
		if l.No >= low-int64(around) && l.No <= max(high, low)+int64(around) {
			if l.Heat == 1 && s.Hot < 0 {
				s.Hot = len(keep)
			}
			keep = append(keep, l)
		}
	}
	s.Lines = keep
	return s
}

func (ix *Index) source(file string, is func(*Func) bool, read func(string) ([]byte, error)) *Source {
	s := &Source{File: file, Hot: -1}
	mine := make([]bool, len(ix.funcs))
	buildID := ""
	for i := range ix.funcs {
		f := &ix.funcs[i]
		if ix.seen[i] && f.Kind != Tag && is(f) {
			mine[i] = true
			if f.Kind == Script {
				buildID = f.BuildID
			}
			s.Flat.add(ix.byFunc[i].Flat)
			s.Ops.add(ix.byFunc[i].Ops)
			s.Time.add(ix.byFunc[i].Time)
		}
	}
	ix.walk(func(w *weight, path []int32) {
		for _, l := range path {
			if mine[ix.lines[l].fn] {
				s.Cum.add(w.value)
				return
			}
		}
	})
	byLine := map[int64]*SourceLine{}
	costs := ix.lineCosts()
	for i, l := range ix.lines {
		c := costs[i]
		if !mine[l.fn] || c == (Cost{}) {
			continue
		}
		x := byLine[l.no]
		if x == nil {
			x = &SourceLine{No: l.no, Func: l.fn}
			byLine[l.no] = x
		}
		if width(c.Cum) > width(x.Cum) {
			x.Func = l.fn
		}
		x.Cost.add(c)
	}
	ix.cumByLine(mine, byLine)
	text, warning := loadSource(file, buildID, read)
	s.Warning = warning
	for i, t := range text {
		no := int64(i + 1)
		x := byLine[no]
		if x == nil {
			x = &SourceLine{No: no, Func: -1}
		}
		x.Text = t
		s.Lines = append(s.Lines, *x)
		delete(byLine, no)
	}
	if len(text) > 0 && len(byLine) > 0 && s.Warning == "" {
		for no := range byLine {
			if no > int64(len(text)) {
				s.Warning = "the file has fewer lines than the profile: it changed since"
			}
		}
	}
	for _, x := range byLine {
		s.Lines = append(s.Lines, *x)
	}
	slices.SortFunc(s.Lines, func(a, b SourceLine) int { return cmp.Compare(a.No, b.No) })
	hottest := int64(0)
	for i, l := range s.Lines {
		if v := magnitude(l.Flat.Value); v > hottest {
			hottest, s.Hot = v, i
		}
	}
	if hottest > 0 {
		for i := range s.Lines {
			s.Lines[i].Heat = float64(magnitude(s.Lines[i].Flat.Value)) / float64(hottest)
		}
	}
	return s
}

func (c *Cost) add(b Cost) {
	c.Flat.add(b.Flat)
	c.Cum.add(b.Cum)
	c.Ops.add(b.Ops)
	c.Time.add(b.Time)
}

// loadSource reads the text of a file by lines and says what is wrong with it.
func loadSource(file, buildID string, read func(string) ([]byte, error)) (lines []string, warning string) {
	if file == "" {
		return nil, "the profile does not name the file"
	}
	if read == nil {
		read = ReadSource
	}
	text, err := read(file)
	if err != nil {
		var path *fs.PathError
		if errors.As(err, &path) {
			err = path.Err
		}
		return nil, fmt.Sprintf("the source is not shown (%v): go to the directory that %s is named from", err, file)
	}
	if len(text) > maxSource || bytes.IndexByte(text[:min(len(text), 512)], 0) >= 0 {
		return nil, "the source is not shown: " + file + " is no text"
	}
	// A script's mapping has the hash of its source.
	if sum := sha256.Sum256(text); len(buildID) == 2*len(sum) && !strings.EqualFold(buildID, hex.EncodeToString(sum[:])) {
		warning = "the source changed since the profile was made: lines may be others"
	}
	return strings.Split(strings.TrimSuffix(string(text), "\n"), "\n"), warning
}

// ReadSource reads a file of source, as far as it is one: no directory, no device, and of
// a reasonable size.
func ReadSource(file string) ([]byte, error) {
	st, err := os.Stat(file)
	if err != nil {
		return nil, err
	}
	if !st.Mode().IsRegular() || st.Size() > maxSource {
		return nil, errors.New("no file of source")
	}
	return os.ReadFile(file)
}

// SourceIn makes a reader that also looks for files in directories: under their whole
// names, and under ever shorter ends of them.
func SourceIn(dirs ...string) func(file string) ([]byte, error) {
	return func(file string) ([]byte, error) {
		text, err := ReadSource(file)
		if err == nil {
			return text, nil
		}
		for _, dir := range dirs {
			parts := strings.Split(filepath.ToSlash(file), "/")
			for i := range parts {
				end := filepath.FromSlash(strings.Join(parts[i:], "/"))
				if !filepath.IsLocal(end) {
					continue
				}
				if text, e := ReadSource(filepath.Join(dir, end)); e == nil {
					return text, nil
				}
			}
		}
		return nil, err
	}
}

// Files lists the files that functions are in, the one with the largest flat cost first.
func (ix *Index) Files() []string {
	sums := map[string]int64{}
	for i := range ix.funcs {
		if ix.seen[i] && ix.funcs[i].File != "" {
			sums[ix.funcs[i].File] += width(ix.byFunc[i].Flat)
		}
	}
	files := sortedKeys(sums)
	slices.SortStableFunc(files, func(a, b string) int { return cmp.Compare(sums[b], sums[a]) })
	return files
}

// cumByLine sums up what each line of some functions led to. A sample counts once for a
// line, also if several functions on it called each other, and once for a function.
func (ix *Index) cumByLine(mine []bool, byLine map[int64]*SourceLine) {
	for _, x := range byLine {
		x.Cum = Amount{}
	}
	funcs, lines := make([]int32, len(ix.funcs)), map[int64]int32{}
	serial := int32(0)
	ix.walk(func(w *weight, path []int32) {
		serial++
		for i := len(path) - 1; i >= 0; i-- {
			l := ix.lines[path[i]]
			if !mine[l.fn] || funcs[l.fn] == serial {
				continue
			}
			funcs[l.fn] = serial
			if x := byLine[l.no]; x != nil && lines[l.no] != serial {
				lines[l.no] = serial
				x.Cum.add(w.value)
			}
		}
	})
}
