package profilepane

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/draw"
	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/list"
	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/pane"
	"github.com/rhai-tui/rhai-tui/internal/figures"
	"github.com/rhai-tui/rhai-tui/profile/driver"
	"github.com/rhai-tui/rhai-tui/profile/export"
	"github.com/rhai-tui/rhai-tui/profile/view"
)

// savedMsg brings the profiles in the directory.
type savedMsg struct {
	files []saved
	base  bool // to compare with
	err   error
}

// saved is a profile in the directory.
type saved struct {
	path string
	size int64
}

// maxSaved bounds the list of saved profiles: the latest ones.
const maxSaved = 500

// findSaved lists the profiles in the directory, the latest first.
func findSaved(dir string, base bool) tea.Cmd {
	return func() tea.Msg {
		var files []saved
		err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
			switch {
			case err != nil && path == dir && !errors.Is(err, fs.ErrNotExist):
				return err
			case err != nil:
				return nil
			case e.IsDir() && strings.Count(strings.TrimPrefix(path, dir), string(filepath.Separator)) > 2:
				return fs.SkipDir
			case e.Type().IsRegular() && strings.HasSuffix(path, string(export.PprofFormat)):
				x := saved{path: path}
				if info, err := e.Info(); err == nil {
					x.size = info.Size()
				}
				files = append(files, x)
			}
			return nil
		})
		slices.Reverse(files) // names begin with the time
		return savedMsg{files[:min(len(files), maxSaved)], base, err}
	}
}

// askSaved lists the saved profiles, to open one of them.
func (p *Pane) askSaved() pane.Request {
	if p.opts.Dir == "" {
		return pane.Notify("there is no directory for profiles")
	}
	return pane.Commands(findSaved(p.opts.Dir, false))
}

// askBase lists what the profile can be compared with.
func (p *Pane) askBase() pane.Request {
	if p.own == nil {
		return pane.Notify("no profile is open: P captures, l lists what is saved")
	}
	if p.opts.Dir == "" {
		return p.listSaved(savedMsg{base: true})
	}
	return pane.Commands(findSaved(p.opts.Dir, true))
}

// listSaved shows the list.
func (p *Pane) listSaved(msg savedMsg) pane.Request {
	if msg.err != nil {
		return pane.Notify("cannot list " + p.opts.Dir + ": " + msg.err.Error())
	}
	c := &list.List{Title: "Saved profiles"}
	acts := map[string]func() pane.Request{}
	add := func(left, right string, f func() pane.Request) {
		id := fmt.Sprint(len(c.Items))
		acts[id] = f
		c.Items = append(c.Items, list.Item{ID: id, Left: draw.Clean(left), Right: draw.Clean(right)})
	}
	if msg.base {
		c.Title = "Compare with"
		if p.against != "" {
			add("nothing", "show the profile alone", p.alone)
			word := "compare shares, not amounts"
			if p.query.Normalize {
				word = "compare amounts, not shares"
			}
			add("the same", word, func() pane.Request {
				p.query.Normalize = !p.query.Normalize
				return p.reindex()
			})
		}
		values, _ := p.own.LabelValues(strategyLabel)
		for i, base := range values[:min(len(values), 6)] {
			for k, now := range values[:min(len(values), 6)] {
				if i != k {
					add(now+" against "+base, "the sides of this profile", func() pane.Request { return p.splitSides(base, now) })
				}
			}
		}
	}
	for _, f := range msg.files {
		short := strings.TrimPrefix(strings.TrimPrefix(f.path, p.opts.Dir), string(filepath.Separator))
		add(short, figures.Pprof(f.size, "bytes"), func() pane.Request { return pane.Commands(p.load(f.path, msg.base)) })
	}
	if len(c.Items) == 0 {
		return pane.Notify("no profile is saved in " + p.opts.Dir)
	}
	c.Settle()
	return pane.Request{Open: &pane.Overlay{List: c, Take: func() pane.Request {
		if f := acts[c.Chosen()]; f != nil {
			return f()
		}
		return pane.Request{Keep: true}
	}}}
}

// alone ends a comparison.
func (p *Pane) alone() pane.Request {
	p.base, p.split, p.against, p.query.Normalize = nil, [2]string{}, "", false
	if n, _ := p.own.Sides(); n == 2 {
		return pane.Notify("the profile was opened as a comparison: open it without --base")
	}
	return p.open(p.own, p.title, p.path)
}

// compareWith compares the profile with another one.
func (p *Pane) compareWith(base *view.Data, title string) pane.Request {
	if p.own == nil {
		return pane.Request{}
	}
	if _, err := view.Compare(base, p.own); err != nil {
		return pane.Notify(err.Error())
	}
	p.base, p.split, p.against, p.sort = base, [2]string{}, title, view.ByDelta
	return p.open(p.own, p.title, p.path)
}

// splitSides compares the sides of the profile.
func (p *Pane) splitSides(base, now string) pane.Request {
	if _, err := p.own.Split(strategyLabel, base, now); err != nil {
		return pane.Notify(err.Error())
	}
	p.base, p.split, p.against, p.sort = nil, [2]string{base, now}, base, view.ByDelta
	return p.open(p.own, p.title, p.path)
}

// about tells what the profile is of, and what the figures mean.
func (p *Pane) about() pane.Request {
	if p.ix == nil {
		return pane.Notify("no profile is open")
	}
	h := p.shown.Header()
	c := &list.List{Title: "About the profile", Items: []list.Item{{Left: "The profile"}}}
	add := func(left, right string) {
		if right != "" {
			c.Items = append(c.Items, list.Item{ID: fmt.Sprint(len(c.Items)), Left: left, Right: draw.Clean(right)})
		}
	}
	add("file", p.path)
	if h.TimeNanos > 0 {
		add("taken", time.Unix(0, h.TimeNanos).UTC().Format(time.DateTime)+" UTC")
	}
	if h.DurationNanos > 0 {
		add("for", figures.Pprof(h.DurationNanos, "nanoseconds"))
	}
	if h.PeriodType != nil && h.Period > 0 {
		add("period", fmt.Sprintf("%s of %s", figures.Pprof(h.Period, h.PeriodType.Unit), h.PeriodType.Type))
	}
	how := "sampled: the total is known to ±" + figures.Share(p.ix.Noise())
	if p.ix.Exact() {
		how = "counted: the same on every run"
	}
	add("values", how)
	add("compared with", p.against)
	for _, w := range p.shown.Warnings() {
		add("warning", w)
	}
	for _, comment := range h.Comments {
		add("comment", comment)
	}
	for _, m := range h.Mapping[:min(len(h.Mapping), 20)] {
		add("of", m.File)
	}
	c.Items = append(c.Items, list.Item{Left: "The figures"})
	add("flat", "spent in the function itself")
	add("cum", "with what it calls; a sample counts once, also in recursion")
	add("cum of a line", "where the innermost call was: lines add up to the function")
	add("ns/op", "time of an operation of the script: high where natives work")
	add("everywhere", "all boxes of the function together")
	add("▲ ▼ =", "more, less, or within three standard errors")
	add("kB MB", "1024 bytes and 1024 kB, as go tool pprof has it")
	c.Settle()
	return pane.Request{Open: &pane.Overlay{List: c, Close: []string{"I"}, Take: func() pane.Request { return pane.Request{} }}}
}

// askExport lists the formats.
func (p *Pane) askExport() pane.Request {
	if p.ix == nil {
		return pane.Notify("there is nothing to export")
	}
	if p.opts.Dir == "" {
		return pane.Notify("there is no directory for exports")
	}
	c := &list.List{Title: "Export what is shown"}
	for _, f := range export.Formats {
		c.Items = append(c.Items, list.Item{ID: string(f.Format), Left: string(f.Format), Right: f.About})
	}
	c.Settle()
	return pane.Request{Open: &pane.Overlay{List: c, Take: func() pane.Request {
		f := export.Format(c.Chosen())
		if f == "" {
			return pane.Request{Keep: true}
		}
		return pane.Commands(p.write(f))
	}}}
}

// write writes what is shown to a new file in the directory.
func (p *Pane) write(f export.Format) tea.Cmd {
	dir, ix, title, flipped := p.opts.Dir, p.ix, p.title, p.shape == inverted
	stem := strings.TrimSuffix(filepath.Base(title), string(export.PprofFormat))
	name := filepath.Join(dir, p.opts.Now().Format("20060102-150405")+"-"+tame(stem))
	return func() tea.Msg {
		err := os.MkdirAll(dir, 0o755)
		path := ""
		for err == nil {
			path = unused(name, string(f))
			var file *os.File
			// Nothing is overwritten, even if the name was taken just now.
			if file, err = os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644); errors.Is(err, fs.ErrExist) {
				err = nil
				continue
			} else if err != nil {
				break
			}
			if f == export.SVGFormat {
				err = export.SVG(file, ix, export.SVGOptions{Title: title, Inverted: flipped})
			} else {
				err = export.Write(file, f, ix, title)
			}
			if e := file.Close(); err == nil {
				err = e
			}
			break
		}
		if err != nil {
			return pane.NoticeMsg{Text: "the export failed: " + err.Error()}
		}
		return pane.NoticeMsg{Text: "written: " + path}
	}
}

// tame makes a text fit for the name of a file.
func tame(s string) string {
	s = strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_' || r == '.' {
			return r
		}
		return '-'
	}, s)
	return strings.TrimLeft(s[:min(len(s), 60)], ".-") + ""
}

// Copy is what the pane puts on the clipboard: the address of the web interface just
// started, else the function under the cursor with its figures, else the path of a file.
func (p *Pane) Copy() string {
	id := p.under()
	if id < 0 {
		if p.profile != nil && len(p.profile.Files) > 0 {
			return p.profile.Files[0].Path
		}
		return ""
	}
	f, c, unit := p.ix.Func(id), p.ix.Cost(id), p.ix.Type().Unit
	text := f.Name
	if f.File != "" {
		line := f.StartLine
		if p.focus == sourceView {
			line = p.line
		}
		text += fmt.Sprintf(" %s:%d", f.File, line)
	}
	text += fmt.Sprintf(" flat %s (%s) cum %s (%s)", figures.Pprof(c.Flat.Value, unit), figures.Share(max(p.ix.Share(c.Flat.Value), 0)), figures.Pprof(c.Cum.Value, unit), figures.Share(max(p.ix.Share(c.Cum.Value), 0)))
	return text
}

// edit opens the user's editor at the line under the cursor.
func (p *Pane) edit() pane.Request {
	id := p.under()
	if id < 0 {
		return pane.Request{}
	}
	f := p.ix.Func(id)
	line := f.StartLine
	if p.line > 0 && id == p.sel {
		line = p.line
	}
	if f.File == "" {
		return pane.Notify(f.Name + " is in no file")
	}
	if t, ok := p.texts[f.File]; ok && t.err != nil {
		return pane.Notify("cannot open " + f.File + ": " + t.err.Error())
	}
	cmd, err := pane.Editor(p.opts.Editor, f.File, line)
	if err != nil {
		return pane.Notify(err.Error())
	}
	file := f.File
	return pane.Commands(tea.ExecProcess(cmd, func(err error) tea.Msg { return editedMsg{file, err} }))
}

// editedMsg tells that the editor is closed.
type editedMsg struct {
	file string
	err  error
}

// edited reads the file again: lines may be others now.
func (p *Pane) edited(msg editedMsg) pane.Request {
	if msg.err != nil {
		return pane.Notify("the editor failed: " + msg.err.Error())
	}
	delete(p.texts, msg.file)
	r := p.wantSource()
	r.Notice = "edited " + msg.file
	return r
}

// servedMsg brings the web interface.
type servedMsg struct {
	server *driver.Server
	err    error
}

// serve starts pprof's web interface, or ends it.
func (p *Pane) serve() pane.Request {
	if p.server != nil {
		server := p.server
		p.server = nil
		return pane.Commands(func() tea.Msg {
			if err := server.Close(); err != nil {
				return pane.NoticeMsg{Text: err.Error()}
			}
			return pane.NoticeMsg{Text: "pprof's web interface is closed"}
		})
	}
	if p.own == nil {
		return pane.Notify("there is nothing to serve")
	}
	own, base := p.own, p.base
	return pane.Commands(func() tea.Msg {
		if base != nil {
			s, err := driver.Serve(own.Profile(), base.Profile())
			return servedMsg{s, err}
		}
		s, err := driver.Serve(own.Profile(), nil)
		return servedMsg{s, err}
	})
}

// served tells where the web interface is.
func (p *Pane) served(msg servedMsg) pane.Request {
	if msg.err != nil {
		return pane.Notify("no web interface: " + msg.err.Error())
	}
	if p.server != nil { // asked for twice
		server := msg.server
		return pane.Commands(func() tea.Msg {
			_ = server.Close()
			return nil
		})
	}
	p.server = msg.server
	return pane.Notify("pprof's web interface is at " + p.server.URL + " until w is pressed again")
}
