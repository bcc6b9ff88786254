package repl

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A transcript is a session as text: the inputs, each with what it printed, gave and
// cost. It is written by :save, for people to read and change, and replayed as a test:
//
//	rhai> let x = 40; print("hi"); x + 2
//	| hi
//	= 42 : i64
//	# 9 ops
//
// Further lines of an input begin with four blanks and >, what it printed with |, its
// value with =, an error with !, the answer of a command with :. Empty lines and those
// that begin with // mean nothing. An input without operations may cost any number.

// Exchange is an input with what came of it.
type Exchange struct {
	Input  string
	Output []string // lines
	Value  string   // debug form, "" for ()
	Type   string
	Error  string // message without places, "" if it did not fail
	Text   string // the answer of a command
	Ops    int64  // below 0 if they are not known
	Line   int    // where it begins in the text, from 1
}

// TranscriptEnding is how the names of files with transcripts end.
const TranscriptEnding = ".rhai-test"

const (
	transcriptHead     = "// A session of rhai-tui: rhai-tui test replays it.\n"
	promptFirst        = "rhai> "
	promptMore         = "    > "
	maxTranscript      = 10_000 // exchanges that a session remembers
	maxTranscriptBytes = 16 << 20
	maxOutputOfCell    = 64 << 10 // bytes of output that are remembered
)

// FormatTranscript writes a transcript.
func FormatTranscript(list []Exchange) string {
	var b strings.Builder
	b.WriteString(transcriptHead)
	for _, x := range list {
		b.WriteByte('\n')
		for i, l := range strings.Split(x.Input, "\n") {
			prompt := promptMore
			if i == 0 {
				prompt = promptFirst
			}
			b.WriteString(strings.TrimRight(prompt+l, " ") + "\n")
		}
		b.WriteString(x.Outcome())
	}
	return b.String()
}

// Outcome is what came of the input, as it stands in a transcript.
func (x *Exchange) Outcome() string {
	var b strings.Builder
	lines := func(mark string, text string) {
		for l := range strings.SplitSeq(text, "\n") {
			b.WriteString(strings.TrimRight(mark+" "+escapeControls(l), " ") + "\n")
		}
	}
	for _, l := range x.Output {
		lines("|", l)
	}
	if x.Value != "" {
		lines("=", x.Value+" : "+x.Type)
	}
	if x.Error != "" {
		lines("!", x.Error)
	}
	if x.Text != "" {
		lines(":", x.Text)
	}
	if x.Ops >= 0 {
		fmt.Fprintf(&b, "# %d ops\n", x.Ops)
	}
	return b.String()
}

// escapeControls makes visible what an editor would change or hide.
func escapeControls(s string) string {
	if !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f || r == utf8.RuneError }) {
		return s
	}
	q := strconv.Quote(s)
	return q[1 : len(q)-1]
}

// ParseTranscript reads a transcript: its inputs, and for each the outcome as it is
// written, to compare with [Exchange.Outcome].
func ParseTranscript(text string) ([]Exchange, []string, error) {
	var list []Exchange
	var outcomes []string
	text = strings.ReplaceAll(text, "\r\n", "\n")
	n := 0
	inInput := false
	for l := range strings.SplitSeq(text, "\n") {
		n++
		last := len(list) - 1
		switch {
		case strings.HasPrefix(l, strings.TrimRight(promptFirst, " ")):
			list = append(list, Exchange{Input: strings.TrimPrefix(strings.TrimPrefix(l, "rhai>"), " "), Ops: -1, Line: n})
			outcomes = append(outcomes, "")
			inInput = true
		case inInput && strings.HasPrefix(l, strings.TrimRight(promptMore, " ")):
			list[last].Input += "\n" + strings.TrimPrefix(strings.TrimPrefix(l, "    >"), " ")
		case strings.TrimSpace(l) == "", strings.HasPrefix(l, "//"):
			inInput = false
		case last >= 0 && strings.ContainsRune("|=!:#", rune(l[0])):
			inInput = false
			if ops, ok := strings.CutPrefix(l, "# "); ok {
				number, unit, _ := strings.Cut(ops, " ")
				k, err := strconv.ParseInt(number, 10, 64)
				if err != nil || k < 0 || unit != "ops" {
					return nil, nil, fmt.Errorf("line %d: want # N ops", n)
				}
				list[last].Ops = k
			}
			outcomes[last] += strings.TrimRight(l, " ") + "\n"
		default:
			return nil, nil, fmt.Errorf("line %d: want an input that begins with %q, or an outcome that begins with one of | = ! : #", n, promptFirst)
		}
	}
	return list, outcomes, nil
}

// Replay runs the inputs of a transcript in a session, up to the end of the context.
func Replay(ctx context.Context, s *Session, list []Exchange) []Exchange {
	var out []Exchange
	for _, x := range list {
		if ctx.Err() != nil {
			break
		}
		rec := &recorder{}
		got := exchangeOf(x.Input, s.Run(ctx, x.Input, rec), rec)
		got.Line = x.Line
		if x.Ops < 0 {
			got.Ops = -1
		}
		out = append(out, got)
	}
	return out
}

// recorder keeps what a cell prints, and passes it on.
type recorder struct {
	next  Printer
	lines []string
	bytes int
}

func (r *recorder) Print(text string) {
	r.add(text)
	if r.next != nil {
		r.next.Print(text)
	}
}

func (r *recorder) Debug(text string) {
	r.add(text)
	if r.next != nil {
		r.next.Debug(text)
	}
}

func (r *recorder) add(text string) {
	if r.bytes > maxOutputOfCell {
		return
	}
	if r.bytes += len(text) + 1; r.bytes > maxOutputOfCell {
		text = "… more than " + sizeText(maxOutputOfCell)
	}
	r.lines = append(r.lines, strings.Split(text, "\n")...)
}

func exchangeOf(input string, r Result, rec *recorder) Exchange {
	x := Exchange{Input: input, Output: rec.lines, Value: r.Value, Type: r.Type, Error: r.Error, Text: r.Text, Ops: -1}
	if r.Cut {
		x.Value += "…"
	}
	if r.Failure != nil {
		x.Error = r.Failure.Message
	}
	if r.Cell > 0 && !IsCommand(input) {
		x.Ops = int64(r.Ops)
	}
	return x
}

// note adds an input to the transcript of the session. Of commands only those are
// there that change it, as the others tell what is different every time.
func (s *Session) note(input string, r Result, rec *recorder) {
	if r.Incomplete || r.Stopped || len(s.transcript) >= maxTranscript || s.transcriptBytes > maxTranscriptBytes {
		return
	}
	if IsCommand(input) {
		name, _, _ := strings.Cut(strings.TrimSpace(input)[1:], " ")
		c := find(name)
		if c == nil || !c.changes {
			return
		}
	}
	s.transcriptBytes += len(input) + rec.bytes + len(r.Value) + len(r.Text) + len(r.Error)
	s.transcript = append(s.transcript, exchangeOf(strings.TrimSpace(input), r, rec))
}
