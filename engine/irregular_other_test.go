//go:build !unix

package engine_test

import "testing"

func makeIrregular(t *testing.T, _ string) { t.Helper() }
