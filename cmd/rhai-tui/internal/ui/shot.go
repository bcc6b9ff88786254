package ui

import (
	"context"
	"errors"
	"fmt"
	"html"
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
)

// Shot is a picture of the screen: lines of text with the escape codes of a terminal.
type Shot struct {
	lines []string
	w     int
}

// TakeShot runs the screen without a terminal until the comparison has ended and takes a
// picture of it, w cells by h, after the keys. The keys are by name, such as l or f4.
func TakeShot(ctx context.Context, opts Options, w, h int, keys []string) (*Shot, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	m := newModel(ctx, opts)
	defer func() { _ = m.close() }()
	messages := make(chan tea.Msg)
	var begin func(cmd tea.Cmd)
	begin = func(cmd tea.Cmd) {
		if cmd == nil {
			return
		}
		go func() {
			msg := cmd()
			if list, ok := msg.(tea.BatchMsg); ok {
				for _, c := range list {
					begin(c)
				}
				return
			}
			select {
			case messages <- msg:
			case <-ctx.Done():
			}
		}()
	}
	update := func(msg tea.Msg) {
		_, cmd := m.Update(msg)
		begin(cmd)
	}
	update(tea.WindowSizeMsg{Width: w, Height: h})
	begin(m.Init())
	for {
		select {
		case msg := <-messages:
			if msg != nil {
				update(msg)
			}
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
		f, ok := m.compare.Snapshot()
		if lost := m.compare.Lost(); lost != "" {
			return nil, errors.New(lost)
		}
		if ok && (f.State == wire.Failed || f.Series != nil && f.Series.Ended != "") {
			break
		}
	}
	for _, key := range keys {
		k := tea.Key{Text: key}
		if r := []rune(key); len(r) == 1 {
			k.Code = r[0]
		} else if n, err := strconv.Atoi(strings.TrimPrefix(key, "f")); err == nil && n >= 1 && n <= 12 {
			k = tea.Key{Code: tea.KeyF1 + rune(n-1)}
		} else {
			return nil, fmt.Errorf("%q is no key: want a letter, or f1 to f12", key)
		}
		update(tea.KeyPressMsg(k))
		// What the key asks for comes at once or not at all.
		for wait := time.After(200 * time.Millisecond); wait != nil; {
			select {
			case msg := <-messages:
				if msg != nil {
					update(msg)
				}
			case <-wait:
				wait = nil
			}
		}
	}
	content, _, _ := m.screen(w, h)
	return &Shot{strings.Split(content, "\n"), w}, nil
}

// Text is the picture without colours.
func (s *Shot) Text() string {
	var b strings.Builder
	for _, l := range s.lines {
		b.WriteString(strings.TrimRight(ansi.Strip(l), " ") + "\n")
	}
	return b.String()
}

// Sizes of a cell of the SVG.
const (
	cellW, cellH = 8.4, 18.0
	shotMargin   = 12.0
)

// ink is how a piece of a line is drawn.
type ink struct {
	fore, back    string // colours, "" for those of the page
	bold, reverse bool
}

// SVG is the picture as a file without references to others.
func (s *Shot) SVG() string {
	const fore, back = "#eef2f7", "#14181f"
	width, height := 2*shotMargin+float64(s.w)*cellW, 2*shotMargin+float64(len(s.lines))*cellH
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %.0f %.0f" width="%.0f" height="%.0f" role="img">`+"\n", width, height, width, height)
	b.WriteString(`<title>rhai-tui</title>` + "\n" + `<style>text { font: 14px ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; white-space: pre; }</style>` + "\n")
	fmt.Fprintf(&b, `<rect width="100%%" height="100%%" rx="8" fill="%s"/>`+"\n", back)
	for y, l := range s.lines {
		top := shotMargin + float64(y)*cellH
		x := 0
		eachPiece(l, func(text string, i ink) {
			w := ansi.StringWidth(text)
			at := shotMargin + float64(x)*cellW
			x += w
			f, bg := i.fore, i.back
			if f == "" {
				f = fore
			}
			if i.reverse {
				if bg == "" {
					bg = back
				}
				f, bg = bg, f
			}
			if bg != "" {
				fmt.Fprintf(&b, `<rect x="%.1f" y="%.0f" width="%.1f" height="%.0f" fill="%s"/>`, at, top, float64(w)*cellW, cellH, bg)
			}
			if strings.TrimSpace(text) == "" {
				return
			}
			weight := ""
			if i.bold {
				weight = ` font-weight="bold"`
			}
			// The length keeps columns where they are, whatever the font is.
			fmt.Fprintf(&b, `<text x="%.1f" y="%.0f" fill="%s"%s textLength="%.1f" lengthAdjust="spacingAndGlyphs" xml:space="preserve">%s</text>`,
				at, top+13, f, weight, float64(w)*cellW, html.EscapeString(text))
		})
		b.WriteByte('\n')
	}
	b.WriteString("</svg>\n")
	return b.String()
}

// eachPiece calls f with the parts of a line that are drawn alike.
func eachPiece(line string, f func(text string, i ink)) {
	var i ink
	for line != "" {
		at := strings.Index(line, "\x1b[")
		if at < 0 {
			f(line, i)
			return
		}
		if at > 0 {
			f(line[:at], i)
		}
		end := strings.IndexByte(line[at:], 'm')
		if end < 0 {
			return
		}
		i.take(strings.Split(line[at+2:at+end], ";"))
		line = line[at+end+1:]
	}
}

// take changes the ink by the parameters of an escape code.
func (i *ink) take(params []string) {
	for k := 0; k < len(params); k++ {
		n, _ := strconv.Atoi(params[k])
		switch {
		case n == 0:
			*i = ink{}
		case n == 1:
			i.bold = true
		case n == 22:
			i.bold = false
		case n == 7:
			i.reverse = true
		case n == 27:
			i.reverse = false
		case n == 39:
			i.fore = ""
		case n == 49:
			i.back = ""
		case (n == 38 || n == 48) && k+4 < len(params) && params[k+1] == "2":
			var c [3]int
			for j := range c {
				c[j], _ = strconv.Atoi(params[k+2+j])
			}
			colour := fmt.Sprintf("#%02x%02x%02x", c[0]&255, c[1]&255, c[2]&255)
			if n == 38 {
				i.fore = colour
			} else {
				i.back = colour
			}
			k += 4
		}
	}
}
