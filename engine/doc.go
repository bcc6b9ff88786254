// Package engine compiles and runs scripts written in Rhai 1.26.
//
//	eng := engine.New(packages.Standard())
//	ast, err := eng.Compile("price * 1.2")
//	scope := engine.NewScope().Push("price", 100.0)
//	v, err := eng.Run(ctx, scope, ast) // v.Float() is 120
//
// [New] makes an engine with packages, resolver and output; [NewRaw] one that has none
// and costs almost nothing, so that each call of a service can have its own. A host adds
// functions, types and constants to an [Engine] or, to share them among engines, to a
// [Module] or a [Package].
//
// # How a script is run
//
// [Engine.Compile] scans and parses the text to a tree (package syntax), the optimiser
// rewrites the tree so that it does the same with less, and the compiler turns it into
// bytecode of a register machine. All of that is in an [AST]. The first [Engine.Run] on an
// engine links it: each place that calls a function is resolved against the modules
// that the engine has registered. Later runs, on any engine with the same modules, find
// the links there. A run takes a machine from a pool, loads the variables of the [Scope]
// that the script uses into registers, executes the bytecode, and writes variables back,
// also after an error.
//
// # Concurrency
//
// An [AST], a [Package] and a registered [Module] are immutable: any number of goroutines
// and engines may use them at a time. An [Engine] may be used by any number of goroutines
// once it is configured; configure it before, or give each goroutine an [Engine.Clone].
// A [Scope] belongs to one run at a time: a second one that uses it meanwhile fails with
// [ErrDataRace]. Functions of the host are called on the goroutine of the run, and
// concurrently if the engine is used concurrently. A [CallContext], a [Callback] and
// what is lent to a function with them are valid until that function returns.
//
// # Values
//
// A [Dynamic] is a value of 16 bytes. Numbers, booleans, characters and unit are in it;
// everything else is an object behind it that copies share until one of them is written
// to. Whatever crosses the border between a run and its host (results, arguments of the
// host's functions, variables read from a scope) is frozen: the host may keep it, read it
// from any goroutine and give it to any number of runs, and nobody writes to it again.
// So a host never copies defensively. [ToValue], [FromValue] and [As] convert between
// values and Go types.
//
// # Evaluation order and write-back
//
// Operands, arguments, elements and statements are evaluated from left to right.
// Four things are not:
//
//   - A chain such as x.a[i].f(y) evaluates the indexes and arguments of all its steps
//     first, then its root x, and then takes the steps. A chain that ends early, at a
//     unit in front of ?. or ?[, has evaluated the indexes and arguments of the rest too.
//   - An assignment evaluates its right side before the indexes, the root and the steps
//     of the chain that it assigns to. Only that this is not bound is noticed earlier,
//     if this itself is assigned to.
//   - A call f(x, y) whose first argument is a variable, or this, reads that one last.
//   - x in y evaluates y first.
//
// A chain changes something if its last step assigns, or calls what changes its
// receiver. Where the change goes depends on what the steps lead through:
//
//   - An element of an array and a property of a map are changed where they are: in the
//     variable, or this, that the chain begins with. If it begins with anything else the
//     change is lost.
//   - A property that does not exist is made by an assignment, by an op-assignment as
//     unit, on which the operator is tried then. On the way to something else it is a
//     unit that belongs to nothing.
//   - A character, slice, byte, bit or field of bits is written into its whole when it is
//     assigned to, or when a native method changed it. What was changed inside of it is
//     lost.
//   - What a getter or an indexer of the host returned, and a tag, is a copy. After an
//     assignment or a native method the copies on the way go back through the setters,
//     the innermost first. Without a setter the change is lost.
//   - A function of the script has its receiver as this and changes it in its place. It
//     does not change parts of texts, blobs and integers, nor what a getter returned.
//   - A native function in the form f(x, y) changes the variable x, or this, if it
//     changes its first parameter; it gets a copy of a constant, of a variable that a
//     closure captured, and of anything else.
//
// A constant is noticed where it would be changed: whatever else is wrong with the steps
// before comes first, such as an index out of bounds. What getters return of a constant
// is a copy, which may be changed but does not go back.
//
// A variable that a closure captured is in use from when a chain has read it as its root
// to the end of the chain. A closure that touches it meanwhile fails with ErrDataRace,
// and so does x.call(f) if f captured a variable that is in use, such as x.
//
// A step that fails leaves what was done before it, in functions that it called too: what
// arguments did, the changes of elements and of this, the property that an
// op-assignment made. Nothing goes back through setters any more.
//
// # Limits
//
// [Limits] bound what a script may use: operations, depth of calls, sizes of data, memory
// allocated, modules. A run also ends when its context is done, which is noticed within
// some thousand operations and after each call of a Go function. No script can catch
// either. An operation is a unit of work that is the same for a script in every run on
// every machine: an instruction of the bytecode, charged by stretches of straight-line code, and
// 64 bytes of data that something looked at. The count is within a factor of two of
// Rhai's, and a limit may be noticed up to one loop body or call late.
//
// # Errors
//
// Every error of a script is an [*Error]: its kind works with [errors.Is], its text is
// Rhai's, and [Error.Frames] tells the way to it through functions, evaluated text and
// modules. A Go function that panics makes its run fail, not the process.
//
// # Hooks
//
// Hooks are functions of the host that are asked where a script would fail otherwise:
// [Engine.OnVar], [Engine.OnMissingFunc], [Engine.OnMissingProperty] and
// [Engine.OnInvalidIndex]. One that is not set costs nothing. They are called on the
// goroutine of the run, concurrently if the engine is used concurrently, each time that
// the script comes to the place. They may block, but must end when the run's context is
// done; they may call back, and run scripts with that context. Their second result is
// false if they do not know either. What they return is frozen, so that they may return
// it again. An error is raised where the script is, and scripts can catch it, but for that
// of [Terminate]; a panic makes the run fail. What they run counts for the run's limits.
//
// # Stability
//
// Before version 1.0 names may change between minor versions; CHANGELOG.md tells which.
// What scripts see follows Rhai 1.26. RATIONALE.md lists where it differs on purpose.
package engine
