// Package syntax reads Rhai scripts: a scanner, a parser, the tree they make, and a
// printer that turns a tree into text again.
//
// [Parse] makes the tree of a script, or an [*Error] with the position and Rhai's text
// for it. Every node keeps its position; [Walk] visits all of them, and [Print] writes a
// script that parses to the same tree. [Tokens] gives the words of a text that need not
// be a script, for highlighting and completion.
//
// A tree belongs to whoever parsed it: the engine's optimiser rewrites it in place, so
// nobody else may hold it then. Parsing has no global state and any number of goroutines
// may parse at a time. Time and memory grow with the length of the text; the depth of
// expressions is bounded by [Options].
package syntax
