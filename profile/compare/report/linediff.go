package report

import "strings"

// linePair is a line of two texts: of both, or of one of them, the other being 0. Lines
// are counted from 1.
type linePair struct{ a, b int }

// mostDiffed bounds the table that lines are compared in; larger texts that differ in
// more than that are taken for wholly different in their middle.
const mostDiffed = 4 << 20

// diffLines aligns two texts by their longest common subsequence of lines. Blanks at the
// ends of lines do not count. Lines of A come before those of B where both differ.
func diffLines(a, b []string) []linePair {
	same := func(i, j int) bool { return strings.TrimSpace(a[i]) == strings.TrimSpace(b[j]) }
	head := 0
	for head < len(a) && head < len(b) && same(head, head) {
		head++
	}
	tail := 0
	for tail < len(a)-head && tail < len(b)-head && same(len(a)-1-tail, len(b)-1-tail) {
		tail++
	}
	out := make([]linePair, 0, len(a)+len(b))
	for i := range head {
		out = append(out, linePair{i + 1, i + 1})
	}
	n, m := len(a)-head-tail, len(b)-head-tail
	switch {
	case n*m > mostDiffed || n == 0 || m == 0:
		for i := range n {
			out = append(out, linePair{head + i + 1, 0})
		}
		for j := range m {
			out = append(out, linePair{0, head + j + 1})
		}
	default:
		// longest[i][j] is how long the common subsequence from line i and j on is.
		longest := make([][]int32, n+1)
		for i := range longest {
			longest[i] = make([]int32, m+1)
		}
		for i := n - 1; i >= 0; i-- {
			for j := m - 1; j >= 0; j-- {
				if same(head+i, head+j) {
					longest[i][j] = longest[i+1][j+1] + 1
				} else {
					longest[i][j] = max(longest[i+1][j], longest[i][j+1])
				}
			}
		}
		for i, j := 0, 0; i < n || j < m; {
			switch {
			case i < n && j < m && same(head+i, head+j):
				out = append(out, linePair{head + i + 1, head + j + 1})
				i, j = i+1, j+1
			case j == m || i < n && longest[i+1][j] >= longest[i][j+1]:
				out = append(out, linePair{head + i + 1, 0})
				i++
			default:
				out = append(out, linePair{0, head + j + 1})
				j++
			}
		}
	}
	for i := range tail {
		out = append(out, linePair{len(a) - tail + i + 1, len(b) - tail + i + 1})
	}
	return out
}

// textLines are the lines of a text without their ends.
func textLines(text string) []string {
	if text == "" {
		return nil
	}
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	for i := range lines {
		lines[i] = strings.TrimSuffix(lines[i], "\r")
	}
	return lines
}
