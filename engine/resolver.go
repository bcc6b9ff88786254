package engine

import "context"

// Resolver finds the module for an import. It may be called concurrently. A
// module that does not exist is an error of kind ErrModuleNotFound.
type Resolver interface {
	Resolve(ctx context.Context, e *Engine, path string) (*Module, error)
}

type sourceResolver map[string]string

// SourceResolver makes a resolver of scripts in memory, by import path.
func SourceResolver(scripts map[string]string) Resolver { return sourceResolver(scripts) }

func (s sourceResolver) Resolve(ctx context.Context, e *Engine, path string) (*Module, error) {
	return nil, &Error{Kind: ErrModuleNotFound, Text: "Module not found: " + path, Func: path}
}
