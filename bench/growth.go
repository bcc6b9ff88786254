package main

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// size matches where a script says how much there is to do.
var size = regexp.MustCompile(`(\bn = |\b0\.\.|pad\()([0-9][0-9_]{3,})\b`)

// scaled returns a script whose first size is divided by n, false if it has none that can
// be set.
func scaled(src string, n int) (string, bool) {
	at := size.FindStringSubmatchIndex(src)
	if at == nil {
		return "", false
	}
	v, err := strconv.Atoi(strings.ReplaceAll(src[at[4]:at[5]], "_", ""))
	if err != nil || v/n < 100 {
		return "", false
	}
	return src[:at[4]] + strconv.Itoa(v/n) + src[at[5]:], true
}

// growth prints for each script whose size can be set the exponent with which our time
// grows from an eighth of its size to all of it, the least of some runs for each.
func growth(rounds int, only string) error {
	names, err := workloads(only)
	if err != nil {
		return err
	}
	for _, name := range names {
		src, err := scripts.ReadFile("scripts/" + name + ".rhai")
		if err != nil {
			return err
		}
		var x, y []float64
		for _, part := range []int{8, 4, 2, 1} {
			text, ok := scaled(string(src), part)
			if !ok {
				break
			}
			j, err := subjects[0].begin(text)
			if err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			least := time.Duration(math.MaxInt64)
			if _, _, err := j.run(); err != nil {
				break // it has a second size, which must fit
			}
			for range rounds {
				_, took, err := j.run()
				if err != nil {
					return fmt.Errorf("%s: %w", name, err)
				}
				least = min(least, took)
			}
			x, y = append(x, math.Log(1/float64(part))), append(y, math.Log(float64(max(least, 1))))
		}
		if len(x) == 4 {
			fmt.Printf("%-10s %6.2f\n", name, slope(x, y))
		}
	}
	return nil
}

// slope is that of the line through points that is nearest to them.
func slope(x, y []float64) float64 {
	var sx, sy, sxx, sxy float64
	for i := range x {
		sx, sy, sxx, sxy = sx+x[i], sy+y[i], sxx+x[i]*x[i], sxy+x[i]*y[i]
	}
	n := float64(len(x))
	return (n*sxy - sx*sy) / (n*sxx - sx*sx)
}
