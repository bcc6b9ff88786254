package repl

import (
	"strings"
	"sync"
)

// Capture is a Printer that keeps the beginning and the end of the output, for
// screens that look at it while the cell runs.
type Capture struct {
	mu      sync.Mutex
	max     int // lines of each part
	bytes   int // of each part
	head    []OutputLine
	tail    []OutputLine
	used    [2]int // bytes of head and tail
	dropped int
}

// OutputLine is a line of output.
type OutputLine struct {
	Text  string
	Debug bool
}

// maxOutputLine bounds the bytes that are kept of one line.
const maxOutputLine = 8 << 10

// NewCapture makes a Capture that keeps up to lines lines and bytes bytes of the
// beginning, and as much of the end.
func NewCapture(lines, bytes int) *Capture { return &Capture{max: lines, bytes: bytes} }

// Print adds what print wrote.
func (c *Capture) Print(text string) { c.add(text, false) }

// Debug adds what debug wrote.
func (c *Capture) Debug(text string) { c.add(text, true) }

func (c *Capture) add(text string, debug bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for line := range strings.SplitSeq(text, "\n") {
		if cut := len(line) - maxOutputLine; cut > 0 {
			c.dropped += cut
			line = strings.ToValidUTF8(line[:maxOutputLine], "")
		}
		l := OutputLine{line, debug}
		if c.tail == nil && len(c.head) < c.max && c.used[0]+len(line) < c.bytes {
			c.head = append(c.head, l)
			c.used[0] += len(line) + 1
			continue
		}
		c.tail = append(c.tail, l)
		c.used[1] += len(line) + 1
		n := 0
		for len(c.tail)-n > c.max || c.used[1] > c.bytes && n < len(c.tail) {
			c.used[1] -= len(c.tail[n].Text) + 1
			c.dropped += len(c.tail[n].Text) + 1
			n++
		}
		// The array behind the slice is left to those who got a part of it.
		c.tail = c.tail[n:]
	}
}

// Lines returns the output so far: its beginning, how many bytes are missing, and
// its end.
func (c *Capture) Lines() (head []OutputLine, dropped int, tail []OutputLine) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.head[:len(c.head):len(c.head)], c.dropped, append([]OutputLine(nil), c.tail...)
}
