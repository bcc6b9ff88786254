// Package profilepane is the screen of profiles: it captures some of the run, and shows
// any profile as a flame graph, a table of functions, a call tree, annotated source and
// callers, alone or compared with another one.
//
// The state of the screen is in this package; what it shows of a profile is computed by
// profile/view, in a command if the profile is large.
package profilepane

import (
	"path/filepath"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/google/pprof/profile"

	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/draw"
	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/pane"
	"github.com/rhai-tui/rhai-tui/internal/figures"
	"github.com/rhai-tui/rhai-tui/profile/driver"
	"github.com/rhai-tui/rhai-tui/profile/view"
)

// Options is what the pane works with.
type Options struct {
	// Dir is where captures go, each to a directory of its own, and where saved profiles
	// are looked for; "" for nowhere.
	Dir string
	// Now is the clock for names of files.
	Now func() time.Time
	// Source reads a file of source; nil stands for the file of that name, from the working
	// directory.
	Source func(file string) ([]byte, error)
	// Editor is the command of the user's editor; "" stands for vi.
	Editor string
	// Alone is set if there is nothing to capture and no other screen.
	Alone bool
	// Query is what is shown at first.
	Query view.Query
}

// viewKind is one of the views.
type viewKind uint8

const (
	flameView viewKind = iota
	topView
	treeView
	peekView
	sourceView
	viewKinds
)

var viewNames = [...]string{flameView: "Flame", topView: "Top", treeView: "Tree", peekView: "Peek", sourceView: "Source"}

// shape is how the flame graph stands.
type shape uint8

const (
	icicle shape = iota
	inverted
	sandwich
)

// name names a function across profiles.
type name struct{ name, file string }

// Pane is the screen of profiles.
type Pane struct {
	opts Options
	recorder

	// What is open.
	loading string     // what is being read, "" for nothing
	title   string     // of the profile, "" if none is open
	path    string     // of its file, "" if there is none
	own     *view.Data // the profile itself
	shown   *view.Data // own, or its comparison with another one
	taken   string     // how many samples or stacks it has
	against string     // what it is compared with, "" for nothing
	base    *view.Data // the profile that it is compared with, nil for a label or nothing
	split   [2]string  // the values of the label strategy that are compared, base first
	frozen  bool
	waiting *view.Data // what came while frozen

	query view.Query
	gen   int // of the latest index that was asked for
	ix    *view.Index

	// What is on the screen.
	focus viewKind
	lower viewKind // the latest view that was not the flame graph
	side  viewKind // the latest of tree, peek and source
	w, h  int      // of the pane, as it was settled last
	sel   view.FuncID
	sort  view.Column

	rows   []view.Row // of the table
	shape  shape
	trees  [2]*view.Tree // the flame graph: one tree, or callers and callees
	zoom   int32         // the node of trees[0] that has the whole width
	outer  []int32       // the zooms before
	at     place         // the node under the cursor
	calls  *view.Tree    // the call tree of the tree view
	opened map[string]bool
	branch int32 // the node under the cursor of the tree view
	line   int64 // the line under the cursor of the source
	peek   *view.Peek
	edge   int // the caller or callee under the cursor: callers, the function, callees
	source *view.Source
	spans  []draw.Span     // of the source of a script
	starts []int           // where its lines start
	texts  map[string]text // sources that were read
	tops   [viewKinds]int  // the first line in view of each

	search  string
	matches *view.Matches
	prompt  *prompt // nil if nothing is being typed

	server *driver.Server
}

// place is a node of one of the trees.
type place struct {
	tree int
	node int32
}

// text is a file of source, or why there is none.
type text struct {
	data []byte
	err  error
}

// New makes the pane.
func New(o Options) *Pane {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Source == nil {
		o.Source = view.ReadSource
	}
	return &Pane{
		opts: o, query: o.Query, recorder: recorder{seconds: durations[0]}, lower: topView, side: sourceView,
		opened: map[string]bool{}, texts: map[string]text{}, w: 120, h: 33,
	}
}

// Scopes are where keys count while the pane is on the screen.
func (p *Pane) Scopes() []pane.Scope {
	if p.prompt != nil {
		return []pane.Scope{pane.InLine}
	}
	return []pane.Scope{pane.InProfile, pane.InNav, pane.Always}
}

// LoadedMsg brings a profile that was read.
type LoadedMsg struct {
	Path string
	Data *view.Data
	Err  error
	Base bool // to compare with
}

// indexedMsg brings what was added up.
type indexedMsg struct {
	gen int
	ix  *view.Index
	err error
}

// detailMsg brings what is known of the selected function of a large profile.
type detailMsg struct {
	ix     *view.Index
	sel    view.FuncID
	peek   view.Peek
	source *view.Source
}

// shapedMsg brings the trees of another shape of the flame graph of a large profile.
type shapedMsg struct {
	ix    *view.Index
	sel   view.FuncID // what a sandwich is around
	shape shape
	trees [2]*view.Tree
}

// sourceMsg brings a file of source.
type sourceMsg struct {
	file string
	text text
}

// load reads a profile in a command.
func (p *Pane) load(path string, base bool) tea.Cmd {
	p.loading = filepath.Base(path)
	return func() tea.Msg {
		d, err := view.Open(path)
		return LoadedMsg{path, d, err, base}
	}
}

// Update takes a message; it reports whether it was for this pane.
func (p *Pane) Update(msg tea.Msg) (pane.Request, bool) {
	switch msg := msg.(type) {
	case DirMsg:
		return p.order(msg), true
	case LoadedMsg:
		return p.loaded(msg), true
	case indexedMsg:
		if msg.gen != p.gen {
			return pane.Request{}, true // something else was asked for since
		}
		p.loading = ""
		return p.take(msg.ix, msg.err), true
	case sourceMsg:
		p.texts[msg.file] = msg.text
		return p.refresh(), true
	case detailMsg:
		if msg.ix == p.ix && msg.sel == p.sel {
			p.detail(msg.peek, msg.source)
		}
		return pane.Request{}, true
	case shapedMsg:
		p.loading = ""
		if msg.ix == p.ix {
			p.turn(msg)
		}
		return pane.Request{}, true
	case liveMsg:
		return p.grow(msg), true
	case editedMsg:
		return p.edited(msg), true
	case savedMsg:
		return p.listSaved(msg), true
	case servedMsg:
		return p.served(msg), true
	}
	return pane.Request{}, false
}

// loaded shows a profile that was read, or says why not.
func (p *Pane) loaded(msg LoadedMsg) pane.Request {
	p.loading = ""
	if msg.Err != nil {
		return pane.Notify("cannot open " + msg.Err.Error())
	}
	if msg.Base {
		return p.compareWith(msg.Data, filepath.Base(msg.Path))
	}
	p.frozen, p.waiting = false, nil
	return p.open(msg.Data, filepath.Base(msg.Path), msg.Path)
}

// Open shows a profile: path is that of its file, "" if it has none. Selection, zoom and
// filters stay, as far as the profile has them.
func (p *Pane) Open(d *view.Data, title, path string) pane.Request { return p.open(d, title, path) }

// OpenWith shows a profile that comes with the texts of its files.
func (p *Pane) OpenWith(x *pane.Profile) pane.Request {
	for name, data := range x.Files {
		p.texts[name] = text{data: []byte(data)}
	}
	p.frozen, p.waiting, p.base = false, nil, nil
	return p.open(x.Data, x.Title, "")
}

// Show shows a profile that is still growing: each call brings all of it anew. Selection,
// zoom and filters stay. While the screen is frozen it waits. The profile must not be
// changed afterwards.
func (p *Pane) Show(x *profile.Profile, title string) pane.Request {
	d, err := view.New(x)
	if err != nil {
		return pane.Notify(err.Error())
	}
	if p.frozen {
		p.waiting, p.title = d, title
		return pane.Request{}
	}
	return p.open(d, title, "")
}

// open makes a profile the one on the screen. A comparison goes on with it.
func (p *Pane) open(d *view.Data, title, path string) pane.Request {
	p.own, p.title, p.path = d, title, path
	p.shown = d
	switch {
	case p.base != nil:
		if joined, err := view.Compare(p.base, d); err == nil {
			p.shown = joined
		} else {
			p.base, p.against = nil, ""
		}
	case p.split[0] != "":
		if joined, err := d.Split(strategyLabel, p.split[0], p.split[1]); err == nil {
			p.shown = joined
		} else {
			p.split, p.against = [2]string{}, ""
		}
	case d != nil:
		if n, names := d.Sides(); n == 2 {
			p.against = names[1]
		}
	}
	if _, err := p.shown.TypeIndex(p.query.Type); err != nil {
		p.query.Type = ""
	}
	return p.reindex()
}

// strategyLabel is the label that tells the sides of a capture apart.
const strategyLabel = "strategy"

// freeze stops the screen from following a profile that grows, or lets it go on.
func (p *Pane) freeze() pane.Request {
	p.frozen = !p.frozen
	if d := p.waiting; !p.frozen && d != nil {
		p.waiting = nil
		return p.open(d, p.title, "")
	}
	return pane.Request{}
}

// countOf says how many samples were taken, or, if the profile does not tell, how many
// stacks there are.
func countOf(d *view.Data) string {
	if n, ok := d.Taken(); ok {
		return figures.Plural(int(n), "sample", "samples")
	}
	return figures.Plural(d.Samples(), "stack", "stacks")
}

// large is how many samples are too many to add up between two frames.
const large = 20_000

// reindex adds the profile up anew: at once, or in a command if it is large.
func (p *Pane) reindex() pane.Request {
	if p.shown == nil {
		return pane.Request{}
	}
	p.taken = countOf(p.shown)
	p.gen++
	d, q, gen := p.shown, p.query, p.gen
	if d.Samples() <= large {
		ix, err := d.Index(q)
		return p.take(ix, err)
	}
	p.loading = p.title
	flipped := p.shape == inverted
	return pane.Commands(func() tea.Msg {
		ix, err := d.Index(q)
		if err == nil {
			ix.Tree()
			if flipped {
				ix.Inverted()
			}
		}
		return indexedMsg{gen, ix, err}
	})
}

// take shows an index in place of the one before: what was selected is looked for in it.
func (p *Pane) take(ix *view.Index, err error) pane.Request {
	if err != nil {
		return pane.Notify(err.Error())
	}
	var sel name
	var at, zoom, branch []name
	if p.ix != nil {
		f := p.ix.Func(p.sel)
		sel = name{f.Name, f.File}
		if p.trees[p.at.tree] != nil {
			at = names(p.trees[p.at.tree], p.at.node)
			zoom = names(p.trees[0], p.zoom)
		}
		branch = names(p.calls, p.branch)
	}
	p.ix = ix
	p.query.Type = ix.Type().Name
	p.outer = nil
	id, ok := ix.Find(sel.name, sel.file)
	if !ok && sel.name != "" && p.shape == sandwich {
		p.shape = icicle
	}
	if rows := ix.Top(p.sort); !ok && len(rows) > 0 {
		id = rows[0].ID
	}
	p.sel, p.line = id, 0
	p.plant()
	p.calls = ix.Tree()
	p.branch = find(p.calls, branch)
	p.zoom = find(p.trees[0], zoom)
	p.at = place{p.at.tree, find(p.trees[p.at.tree], at)}
	if !ok && p.shape != sandwich {
		// Of what was selected nothing is there: begin where most of the cost is.
		p.at = place{0, hottest(p.trees[0])}
		if p.at.node > 0 {
			p.sel = p.trees[0].Nodes[p.at.node].Func
		}
	}
	p.research()
	return pane.Commands(p.refresh().Cmd, p.wantSource().Cmd)
}

// names is the path of a node by names.
func names(t *view.Tree, n int32) (path []name) {
	if t == nil || int(n) >= len(t.Nodes) {
		return nil
	}
	for _, id := range t.Path(n) {
		f := t.Index().Func(id)
		path = append(path, name{f.Name, f.File})
	}
	return path
}

// find finds the node with a path, or the deepest one on the way.
func find(t *view.Tree, path []name) int32 {
	var ids []view.FuncID
	for _, x := range path {
		id, ok := t.Index().Find(x.name, x.file)
		if !ok {
			break
		}
		ids = append(ids, id)
	}
	n, _ := t.At(ids)
	return n
}

// hottest is the node with the largest flat cost.
func hottest(t *view.Tree) int32 {
	best, most := int32(0), int64(0)
	for i := range t.Nodes {
		if v := max(t.Nodes[i].Flat.Value, t.Nodes[i].Flat.Base); v > most && t.Nodes[i].Func >= 0 {
			best, most = int32(i), v
		}
	}
	return best
}

// plant makes the trees of the flame graph.
func (p *Pane) plant() {
	p.trees = [2]*view.Tree{}
	switch p.shape {
	case icicle:
		p.trees[0] = p.ix.Tree()
	case inverted:
		p.trees[0] = p.ix.Inverted()
	case sandwich:
		if p.shown.Samples() > large {
			p.shape, p.trees[0] = icicle, p.ix.Tree() // that it takes a while must be asked for
			break
		}
		p.trees[0], p.trees[1] = p.ix.Around(p.sel)
	}
	if p.trees[p.at.tree] == nil {
		p.at.tree = 0
	}
	p.at.node = min(p.at.node, int32(len(p.trees[p.at.tree].Nodes)-1))
	p.zoom = min(p.zoom, int32(len(p.trees[0].Nodes)-1))
}

// refresh makes anew what hangs on the selection: at once, or in a command if the profile is
// large.
func (p *Pane) refresh() pane.Request {
	if p.ix == nil {
		return pane.Request{}
	}
	p.rows = p.ix.Top(p.sort)
	ix, sel, file := p.ix, p.sel, p.ix.Func(p.sel).File
	t, read := p.texts[file]
	compute := func() (peek view.Peek, source *view.Source) {
		if file != "" && read {
			source = ix.Source(file, func(string) ([]byte, error) { return t.data, t.err })
		}
		return ix.Peek(sel), source
	}
	if p.shown.Samples() <= large {
		p.detail(compute())
		return pane.Request{}
	}
	row := view.Row{ID: sel, Func: ix.Func(sel), Cost: ix.Cost(sel)}
	if p.peek == nil || p.peek.ID != sel || p.peek.Func != row.Func {
		p.detail(view.Peek{Row: row}, nil)
	}
	return pane.Commands(func() tea.Msg {
		peek, source := compute()
		return detailMsg{ix, sel, peek, source}
	})
}

// detail takes what is known of the selected function.
func (p *Pane) detail(peek view.Peek, source *view.Source) {
	if p.peek == nil || p.peek.Row.Func != peek.Row.Func || len(p.peek.Callers) == 0 {
		p.edge = len(peek.Callers)
	}
	p.edge = min(max(p.edge, 0), len(peek.Callers)+len(peek.Callees))
	p.peek, p.source, p.spans, p.starts = &peek, source, nil, nil
	if source != nil {
		p.spans, p.starts = highlight(source)
		if p.line == 0 {
			p.line = p.lineOf(p.sel)
		}
	}
}

// lineOf is the hottest line of a function.
func (p *Pane) lineOf(id view.FuncID) int64 {
	line, most := p.ix.Func(id).StartLine, int64(-1)
	for _, l := range p.source.Lines {
		if l.Func == id && l.Cum.Value > most {
			line, most = l.No, l.Cum.Value
		}
	}
	return max(line, 1)
}

// wantSource asks for the text of the selected function's file, if it was not read yet.
func (p *Pane) wantSource() pane.Request {
	if p.ix == nil {
		return pane.Request{}
	}
	file := p.ix.Func(p.sel).File
	if _, ok := p.texts[file]; ok || file == "" {
		return pane.Request{}
	}
	read := p.opts.Source
	return pane.Commands(func() tea.Msg {
		data, err := read(file)
		return sourceMsg{file, text{data, err}}
	})
}

// choose selects a function and shows it in every view.
func (p *Pane) choose(id view.FuncID) pane.Request {
	if p.ix == nil || id == p.sel || id < 0 {
		return pane.Request{}
	}
	p.sel, p.line = id, 0
	if p.focus != flameView && p.shape != sandwich {
		if n := largest(p.trees[0], id, p.zoom); n > 0 {
			p.at = place{0, n}
		}
	}
	return pane.Commands(p.refresh().Cmd, p.wantSource().Cmd)
}

// largest is the node of a function that costs most, one below from if there is any; 0 if
// the function is not in the tree.
func largest(t *view.Tree, id view.FuncID, from int32) (best int32) {
	most, inside := int64(-1), false
	for i := 1; i < len(t.Nodes); i++ {
		n := &t.Nodes[i]
		if n.Func != id {
			continue
		}
		cost, in := n.Cum.Value+n.Cum.Base, below(t, int32(i), from)
		if in && !inside || in == inside && cost > most {
			best, most, inside = int32(i), cost, in
		}
	}
	return best
}

// below reports whether a node is another one or below it.
func below(t *view.Tree, n, from int32) bool {
	for n > from {
		n = t.Nodes[n].Parent
	}
	return n == from
}

// Close ends what the pane started.
func (p *Pane) Close() error {
	if p.server == nil {
		return nil
	}
	return p.server.Close()
}
