package replpane

import (
	"fmt"
	"strings"
	"testing"

	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/draw"
	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/repl"
)

func testPane(t *testing.T) *Pane {
	return New(t.Context(), repl.New(repl.Options{Engine: engine.NewRaw()}), Options{})
}

// TestPanic: a panic that the engine does not see ends its input and not the session.
func TestPanic(t *testing.T) {
	p := testPane(t)
	run := p.begin("1", func() {})
	msg := evaluate(t.Context(), p.session, nil, "1")().(DoneMsg) // there is no run to write to
	msg.Run = run
	if _, ok := p.Update(msg); !ok {
		t.Fatal("the pane does not take its message")
	}
	const want = "internal error: runtime error: invalid memory address or nil pointer dereference"
	if r := p.Last(); r.Error != want || r.Failure != nil || p.Running() != nil {
		t.Errorf("result is %+v", r)
	}
	next := p.begin("2", func() {})
	p.Update(evaluate(t.Context(), p.session, next, "1 + 1")())
	if r := p.Last(); r.Value != "2" || r.Error != "" {
		t.Errorf("afterwards: %+v", r)
	}
}

// TestViewWritesNothing draws at many sizes: only Settle changes what is scrolled.
func TestViewWritesNothing(t *testing.T) {
	p := testPane(t)
	th := draw.NewTheme(true, false, true)
	for range 30 {
		run := p.begin("1", func() {})
		p.Update(DoneMsg{run, p.session.Run(t.Context(), "1", run.capture)})
	}
	p.SetText(strings.Repeat("let x = 1;\n", 50))
	p.Settle(th, 80, 20)
	p.scroll = 1000
	before := fmt.Sprintf("%+v", *p)
	drawn := p.log[0].drawn
	for w := 20; w < 200; w += 7 {
		for h := 3; h < 60; h += 5 {
			p.View(th, w, h)
		}
	}
	if fmt.Sprintf("%+v", *p) != before || len(p.log[0].drawn) != len(drawn) {
		t.Error("drawing changed the state")
	}
	p.Settle(th, 80, 20)
	if p.scroll >= 1000 {
		t.Error("Settle does not bound what is scrolled")
	}
}

// strangeText are texts that are hard to measure.
const strangeText = "字幕👩‍👩‍👧é\u0301\t\x1b[31m\u202e\u200d\u200bñ🇩🇪\ufe0f x"

// TestStrangeCompletions lists completions of wide and broken text: lines stay exact.
func TestStrangeCompletions(t *testing.T) {
	p := testPane(t)
	p.SetText(strings.Repeat(strangeText, 4) + "\nlet a = \"" + strangeText)
	p.list = []repl.Candidate{{Text: strangeText, Kind: strangeText}, {Text: "a", Detail: strangeText}}
	th := draw.NewTheme(true, false, true)
	for w := 20; w <= 130; w += 3 {
		for h := 5; h <= 40; h += 4 {
			p.Settle(th, w, h)
			lines, _, _ := p.View(th, w, h)
			for i, l := range lines {
				if draw.Width(l) != w || len(lines) != h {
					t.Fatalf("%dx%d: %d lines, line %d has %d cells", w, h, len(lines), i, draw.Width(l))
				}
			}
		}
	}
}

// TestEveryQuestionIsAnswered: the pane does something for all that commands ask for.
func TestEveryQuestionIsAnswered(t *testing.T) {
	for k := range repl.AskKinds {
		r := testPane(t).asked(repl.Ask{Kind: k, Text: "1 + 1", Path: "a.rhai", Input: ":reload"})
		if r.Cmd == nil && r.Open == nil && !r.Help && r.Debug == "" {
			t.Errorf("kind %d asks in vain", k)
		}
	}
}
