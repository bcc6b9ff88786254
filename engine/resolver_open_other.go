//go:build !unix

package engine

// openNonblock is not needed where files that wait to be opened have no names.
const openNonblock = 0
