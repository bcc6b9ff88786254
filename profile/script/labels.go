package script

import (
	"context"
	"maps"
	"slices"
	"strings"
)

// labelKey is the key of the labels in a context, as text.
type labelKey struct{}

// WithLabels returns a context whose runs have labels on their samples, given as keys and
// values in turn, in addition to those that it has already. Contexts that are made once
// and used for many runs cost nothing. Labels with many values make large profiles:
// beyond a few thousand stacks samples are no longer told apart.
func WithLabels(ctx context.Context, keysAndValues ...string) context.Context {
	if len(keysAndValues)%2 != 0 {
		panic("script: WithLabels needs a value for each key")
	}
	m := map[string]string{}
	for i := 0; i < len(keysAndValues); i += 2 {
		m[keysAndValues[i]] = keysAndValues[i+1]
	}
	old, _ := ctx.Value(labelKey{}).(string)
	return context.WithValue(ctx, labelKey{}, joinLabels(old, labelText(m)))
}

// Labels are kept as text, so that equal ones are found by comparison: keys and values,
// each behind a zero byte.

// labelText returns the text of labels, sorted by key.
func labelText(m map[string]string) string {
	var b strings.Builder
	for _, k := range slices.Sorted(maps.Keys(m)) {
		b.WriteString("\x00" + plainLabel(k) + "\x00" + plainLabel(m[k]))
	}
	return b.String()
}

// plainLabel makes a text one that can be told from others.
func plainLabel(s string) string { return clip(strings.ReplaceAll(s, "\x00", " ")) }

// joinLabels puts labels together; of the same key those of b win.
func joinLabels(a, b string) string {
	switch {
	case a == "":
		return b
	case b == "":
		return a
	}
	m := labelsOf(a)
	maps.Copy(m, labelsOf(b))
	return labelText(m)
}

// labelsOf is the inverse of labelText.
func labelsOf(text string) map[string]string {
	m := map[string]string{}
	parts := strings.Split(text, "\x00")
	for i := 1; i+1 < len(parts); i += 2 {
		m[parts[i]] = parts[i+1]
	}
	return m
}
