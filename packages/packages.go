// Package packages is the standard library as packages that engines share.
package packages

import "github.com/rhai-tui/rhai-tui/engine"

var standard = engine.NewPackage("standard", nil)

// Standard is the whole standard library.
func Standard() *engine.Package { return standard }
