package stats

import "slices"

// ratioWindow is how many rounds the ratio is taken over: minutes of rounds, in
// bounded memory.
const ratioWindow = 8192

// Ratios keeps the ratios of the latest rounds in order of time and of size, so
// that quartiles cost nothing when a snapshot is made. The zero value is empty.
type Ratios struct {
	ring   []float64
	next   int // where the oldest one is once the ring is full
	sorted []float64
}

// Add takes the ratio of one more round.
func (r *Ratios) Add(x float64) {
	if len(r.ring) < ratioWindow {
		r.ring = append(r.ring, x)
	} else {
		old := r.ring[r.next]
		r.ring[r.next] = x
		r.next = (r.next + 1) % ratioWindow
		at, _ := slices.BinarySearch(r.sorted, old)
		r.sorted = slices.Delete(r.sorted, at, at+1)
	}
	at, _ := slices.BinarySearch(r.sorted, x)
	r.sorted = slices.Insert(r.sorted, at, x)
}

// Quartiles returns the lower quartile, the median and the upper quartile; all 0
// if there is no round.
func (r *Ratios) Quartiles() (low, median, high float64) {
	return Quantile(r.sorted, 0.25), Quantile(r.sorted, 0.5), Quantile(r.sorted, 0.75)
}

// Quantile interpolates between the neighbours in a sorted slice; 0 for none.
func Quantile(sorted []float64, q float64) float64 {
	if len(sorted) == 0 {
		return 0
	}
	at := q * float64(len(sorted)-1)
	i := int(at)
	if i+1 >= len(sorted) {
		return sorted[len(sorted)-1]
	}
	part := at - float64(i)
	return sorted[i]*(1-part) + sorted[i+1]*part
}
