package engine

import (
	"context"
	"strings"
	"sync"
)

// load is a module that is being compiled and run for an import. The context of the
// run has it, so that imports inside of the module know what they are part of.
type load struct {
	owner  Resolver
	key    any // of the module in owner
	path   string
	parent *load // the load in which this one was asked for, nil if in none

	// For those that wait for it: closed at the end; mod is nil if it failed.
	done chan struct{}
	mod  *Module
	// waits is the load of another goroutine that this one, or a load inside of it,
	// waits for; guarded by loadMu.
	waits *load
}

type loadKey struct{}

// loadMu guards which loads are in progress and wait for each other, over all
// resolvers: two modules that import each other may be asked for by two goroutines,
// which must not wait for each other.
var loadMu sync.Mutex

// loading returns the load that a run belongs to, nil if it belongs to none.
func loading(ctx context.Context) *load {
	l, _ := ctx.Value(loadKey{}).(*load)
	return l
}

// cyclic returns an error if l is part of itself.
func (l *load) cyclic() error {
	for p := l.parent; p != nil; p = p.parent {
		if p.owner == l.owner && p.key == l.key {
			return l.cycle(p)
		}
	}
	return nil
}

// cycle is the error of the load that would close a cycle to a load around it.
func (l *load) cycle(to *load) error {
	names := []string{l.path}
	for p := l.parent; p != nil; p = p.parent {
		names = append(names, p.path)
		if p == to {
			break
		}
	}
	for i, j := 0, len(names)-1; i < j; i, j = i+1, j-1 {
		names[i], names[j] = names[j], names[i]
	}
	return systemError("Cyclic import: "+strings.Join(names, " -> "), nil)
}

// wait notes that l and the loads around it wait for another one, nil for none any
// more. It returns an error if that one waits for them.
func (l *load) wait(other *load) error {
	for x := other; x != nil; x = x.waits {
		for p := l.parent; p != nil; p = p.parent {
			if x == p {
				return l.cycle(p)
			}
		}
	}
	for p := l.parent; p != nil; p = p.parent {
		p.waits = other
	}
	return nil
}

// ok reports whether the load has ended with a module.
func (l *load) ok() bool {
	select {
	case <-l.done:
		return l.mod != nil
	default:
		return false
	}
}
