package engine

import (
	"github.com/rhai-tui/rhai-tui/engine/internal/object"
	"github.com/rhai-tui/rhai-tui/engine/internal/raw"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

// Whatever crosses the border between a run and its host is frozen on the way (see
// [value.Freeze]): results, thrown values, variables that are read from a scope,
// arguments and results of the host's functions. So the host may keep it, use it
// from any goroutine and give it to any number of runs, and the run goes on to use
// it too: whoever writes to it makes a copy first, and variables that closures
// share are locked by whoever uses them. What is frozen once is not looked at
// again.
//
// Functions that say [Borrows] are spared that.

// lend freezes the arguments of a function of the host. Receivers of host types are
// left alone: a pointer to one is only valid during the call, and to mark it would
// make the next method that changes it work on a copy.
func lend(fn *Func, args []value.Value) {
	for i := range args {
		k := raw.Kind(&args[i])
		if k < object.Fn || i == 0 && k == object.Host && fn.Receiver != ReceiverCopied {
			continue
		}
		value.Freeze(args[i])
	}
}

// receive freezes what a function of the host returned and put into its receiver.
func receive(fn *Func, args []value.Value, v value.Value) value.Value {
	if fn.guarded() && len(args) > 0 && raw.Kind(&args[0]) != object.Host {
		value.Freeze(args[0])
	}
	return value.Freeze(v)
}

// publish freezes the values that an error carries to the host.
func publish(err *Error) *Error {
	for e := err; e != nil; e = e.Inner {
		value.Freeze(e.Value)
		for i := range e.detail {
			value.Freeze(e.detail[i].val)
		}
	}
	return err
}
