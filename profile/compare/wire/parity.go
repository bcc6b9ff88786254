package wire

import "slices"

// Parity is one thing that the engines of two sides may differ in.
type Parity struct {
	What string `json:"what"` // packages, resolver, print handler, limits, optimisation; others if a side has them
	A    string `json:"a"`    // how it is on each side, for people
	B    string `json:"b"`
}

// Same reports whether it is the same on both sides. Functions, such as the print
// handlers of a program, are the same if their code is: what a closure holds
// cannot be seen.
func (p Parity) Same() bool { return p.A == p.B }

// Differences returns what differs, in order.
func Differences(list []Parity) []Parity {
	return slices.DeleteFunc(slices.Clone(list), Parity.Same)
}
