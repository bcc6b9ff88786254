package view

import "math"

// Mark says how a difference stands to the noise.
type Mark uint8

// The marks of differences.
const (
	Unmarked Mark = iota // nothing is compared
	Same                 // equal, or within the noise
	More
	Less
	Added // only on this side
	Gone  // only on the side that is compared with
)

// String is a word for the mark.
func (m Mark) String() string {
	return [...]string{"", "same", "more", "less", "new", "gone"}[m]
}

// certainty is how many standard errors a difference must have to be outside the
// noise. A table has many rows, so the usual two would mark some of them by chance.
const certainty = 3

// Error is the standard error of the difference of the two sides: that of the value, if
// there is one side only. It is 0 for what is counted exactly, and if nothing is known of how
// the profile was sampled.
//
// A value that n samples add up to is known to one part in the root of n.
func (a Amount) Error() float64 { return math.Sqrt(a.variance) }

// Mark compares the two sides. What is sampled differs if the difference is more than
// three standard errors; what is counted exactly differs if it is not equal.
func (a Amount) Mark() Mark {
	delta := float64(a.Delta())
	switch {
	case delta == 0, math.Abs(delta) <= certainty*a.Error():
		return Same
	case a.Base == 0:
		return Added
	case a.Value == 0:
		return Gone
	case delta > 0:
		return More
	}
	return Less
}

// Mark is the mark of an amount of this index: [Unmarked] if nothing is compared.
func (ix *Index) Mark(a Amount) Mark {
	if !ix.Compared() {
		return Unmarked
	}
	return a.Mark()
}

// Noise is how far the total can be off by chance, as a part of it, for the difference to
// be marked; 0 for exact counts.
func (ix *Index) Noise() float64 {
	v := math.Max(math.Abs(float64(ix.all.Value)), math.Abs(float64(ix.all.Base)))
	if v == 0 {
		return 0
	}
	return certainty * ix.all.Error() / v
}

// Exact reports whether the values were counted, and are the same on every run, or
// sampled.
func (ix *Index) Exact() bool { return ix.d.exact() }
