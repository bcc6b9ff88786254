package view

import (
	"math"
	"strconv"
)

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

// roundLabel is the label that tells repetitions of the same work apart.
const roundLabel = "round"

// What is needed for rounds to say something: enough of them, and not one per sample.
const (
	minRounds = 4
	maxRounds = 1 << 12
)

// rounds adds samples up by their round: how much the sums vary tells of noise that is not
// that of sampling, such as another program on the machine.
type rounds struct {
	number []int32 // of a label set, -1 for none
	sums   [2][]float64
	known  [2]float64 // the variance that sampling explains
}

func newRounds(d *Data) *rounds {
	r := &rounds{number: make([]int32, len(d.labels))}
	numbers := map[string]int32{}
	for i, l := range d.labels {
		r.number[i] = -1
		v := l.Text[roundLabel]
		if len(v) == 0 {
			for _, n := range l.Num[roundLabel] {
				v = append(v, strconv.FormatInt(n, 10))
			}
		}
		if len(v) != 1 {
			continue
		}
		n, ok := numbers[v[0]]
		if !ok {
			n = int32(len(numbers))
			numbers[v[0]] = n
		}
		r.number[i] = n
	}
	if len(numbers) < minRounds || len(numbers) > maxRounds {
		return nil
	}
	for side := range r.sums {
		r.sums[side] = make([]float64, len(numbers))
	}
	return r
}

func (r *rounds) add(s sample, v, variance float64) {
	if r == nil || r.number[s.label] < 0 {
		return
	}
	r.sums[s.side][r.number[s.label]] += v
	r.known[s.side] += variance
}

// factor is how many times the variance of sampling the rounds vary, at least once.
func (r *rounds) factor() float64 {
	factor := 1.0
	if r == nil {
		return factor
	}
	for side, sums := range r.sums {
		var n, sum, squares float64
		for _, x := range sums {
			if x != 0 {
				n++
				sum += x
			}
		}
		if n < minRounds || r.known[side] <= 0 {
			continue
		}
		for _, x := range sums {
			if x != 0 {
				squares += (x - sum/n) * (x - sum/n)
			}
		}
		// The variance of the sum of all rounds.
		factor = max(factor, n*squares/(n-1)/r.known[side])
	}
	return factor
}
