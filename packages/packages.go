// Package packages is the standard library of Rhai, as packages that engines
// share: each is built once, on first use, and registering it is one pointer. [Standard]
// holds what a script may expect, [Core] what it cannot do without; the others are their
// parts, for hosts that want to choose. All are safe for concurrent use, and none touches
// files, the network or the environment.
//
//	eng := engine.New(packages.Standard())
//	raw := engine.NewRaw().RegisterGlobalModule(packages.Core().SharedModule())
package packages

import "github.com/rhai-tui/rhai-tui/engine"

var (
	languageCore  = engine.NewPackage("LanguageCorePackage", registerLanguage)
	arithmetic    = engine.NewPackage("ArithmeticPackage", registerArithmetic)
	basicString   = engine.NewPackage("BasicStringPackage", registerBasicString)
	basicIterator = engine.NewPackage("BasicIteratorPackage", registerIterators)
	basicFn       = engine.NewPackage("BasicFnPackage", registerFn)
	core          = engine.NewPackage("CorePackage", nil, languageCore, arithmetic, basicString, basicIterator, basicFn)

	bitField   = engine.NewPackage("BitFieldPackage", registerBitField)
	logic      = engine.NewPackage("LogicPackage", registerLogic)
	basicMath  = engine.NewPackage("BasicMathPackage", registerMath)
	basicArray = engine.NewPackage("BasicArrayPackage", registerArray)
	basicBlob  = engine.NewPackage("BasicBlobPackage", registerBlob)
	basicMap   = engine.NewPackage("BasicMapPackage", registerMap)
	basicTime  = engine.NewPackage("BasicTimePackage", registerTime)
	moreString = engine.NewPackage("MoreStringPackage", registerMoreString)
	debugging  = engine.NewPackage("DebuggingPackage", registerDebugging)
	standard   = engine.NewPackage("StandardPackage", nil,
		core, bitField, logic, basicMath, basicArray, basicBlob, basicMap, basicTime, moreString)
)

// Standard is the whole standard library: Core, BitField, Logic, BasicMath,
// BasicArray, BasicBlob, BasicMap, BasicTime and MoreString.
func Standard() *engine.Package { return standard }

// Core is what nearly every script needs: LanguageCore, Arithmetic, BasicString,
// BasicIterator and BasicFn.
func Core() *engine.Package { return core }

// LanguageCore has exit, take, tags, sleep, parse_json and the list of functions.
func LanguageCore() *engine.Package { return languageCore }

// Arithmetic has the operators of the sized integers and of f32, signs and parity.
func Arithmetic() *engine.Package { return arithmetic }

// BasicString has print, debug, to_string, to_debug and number formats.
func BasicString() *engine.Package { return basicString }

// BasicIterator has range, chars, bits and the properties of ranges.
func BasicIterator() *engine.Package { return basicIterator }

// BasicFn has the properties of function pointers.
func BasicFn() *engine.Package { return basicFn }

// BitField reads and writes bits of integers.
func BitField() *engine.Package { return bitField }

// Logic has min, max and the comparisons of the sized integers and of f32.
func Logic() *engine.Package { return logic }

// BasicMath has functions of floats and the conversions between numbers.
func BasicMath() *engine.Package { return basicMath }

// BasicArray has the functions of arrays.
func BasicArray() *engine.Package { return basicArray }

// BasicBlob has the functions of blobs.
func BasicBlob() *engine.Package { return basicBlob }

// BasicMap has the functions of object maps.
func BasicMap() *engine.Package { return basicMap }

// BasicTime has timestamps.
func BasicTime() *engine.Package { return basicTime }

// MoreString has the functions of strings beyond formatting.
func MoreString() *engine.Package { return moreString }

// Debugging has back_trace. It is in none of the other packages.
func Debugging() *engine.Package { return debugging }
