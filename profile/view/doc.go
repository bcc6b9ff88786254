// Package view holds the models behind the views of a profile: the table of
// functions, the call tree, the flame graph, callers and callees, annotated source and
// the difference of two profiles. It draws nothing and knows no engine: whatever
// writes the pprof format can be viewed, Go's own profiles too.
//
// [Open] and [Read] read a file into a [Data], and [New] takes a profile that is in
// memory. A Data is immutable and holds every sample type. [Data.Index] adds it up for
// one sample type under a list of filters; all views are methods of the [Index]:
//
//	data, err := view.Open("cpu.pb.gz")
//	ix, err := data.Index(view.Query{Filters: []view.Filter{{Kind: view.Focus, Pattern: "price"}}})
//	rows := ix.Top(view.ByFlat)
//	tree := ix.Tree()
//
// [Compare] joins two profiles, and [Data.Split] the two sides of one, to a Data whose
// views show one against the other.
//
// A sample counts once for a function, however often the function is on its stack. Of
// the lines of a function it counts for one: where the innermost call of the function
// was. So the lines of a recursive function add up to the function, never to more.
//
// Everything here may be used by several goroutines at once.
package view
