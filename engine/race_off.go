//go:build !race

package engine

// raceBuild tells that the race detector is built in. It cannot know that the poke of a
// sampler is harmless.
const raceBuild = false
