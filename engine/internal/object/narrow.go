//go:build 386 || arm || mips || mipsle

package object

// A value keeps its payload and the length of texts in words of 64 bits, and the stack
// counts on registers of 16 bytes: on processors of 32 bits nothing of it would hold.
var _ = the_engine_needs_a_processor_of_64_bits
