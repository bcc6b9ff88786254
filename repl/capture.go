package repl

import (
	"strings"
	"sync"
)

// Capture is a Printer that keeps the beginning of the output, for screens that
// look at it while the cell runs.
type Capture struct {
	mu    sync.Mutex
	max   int
	lines []OutputLine
	size  int
	bytes int
}

// OutputLine is a line of output.
type OutputLine struct {
	Text  string
	Debug bool
}

// NewCapture makes a Capture that keeps up to max bytes.
func NewCapture(max int) *Capture { return &Capture{max: max} }

// Print adds what print wrote.
func (c *Capture) Print(text string) { c.add(text, false) }

// Debug adds what debug wrote.
func (c *Capture) Debug(text string) { c.add(text, true) }

func (c *Capture) add(text string, debug bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.bytes += len(text) + 1
	for line := range strings.SplitSeq(text, "\n") {
		room := c.max - c.size
		if room <= 0 {
			return
		}
		if len(line) > room {
			line = strings.ToValidUTF8(line[:room], "")
		}
		c.size += len(line) + 1
		c.lines = append(c.lines, OutputLine{line, debug})
	}
}

// Lines returns what was kept so far, and how many bytes were not.
func (c *Capture) Lines() (lines []OutputLine, dropped int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.lines[:len(c.lines):len(c.lines)], max(c.bytes-c.size, 0)
}
