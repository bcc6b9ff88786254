package names

import (
	"fmt"
	"math/rand"
	"slices"
	"testing"
)

// TestStack compares a stack with a search through all names.
func TestStack(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	var s Stack
	var all []string
	for range 20_000 {
		switch name := fmt.Sprint(r.Intn(100)); r.Intn(400) {
		case 0:
			n := r.Intn(len(all) + 1)
			all = all[:n]
			s.Truncate(n)
		default:
			all = append(all, name)
			s.Push(name)
		}
		name := fmt.Sprint(r.Intn(100))
		want := -1
		for i, x := range slices.Backward(all) {
			if x == name {
				want = i
				break
			}
		}
		if got := s.Find(name); got != want || s.Len() != len(all) {
			t.Fatalf("%s is at %d of %d, want %d of %d", name, got, s.Len(), want, len(all))
		}
	}
}
