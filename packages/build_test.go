package packages

import (
	"testing"

	"github.com/rhai-tui/rhai-tui/engine"
)

// BenchmarkBuild measures what the first engine of a process pays: making every
// function of the standard library.
func BenchmarkBuild(b *testing.B) {
	examples()
	b.ReportAllocs()
	for b.Loop() {
		for _, p := range All() {
			buildAgain(p).SharedModule()
		}
	}
}

// buildAgain returns a package that has the functions of p but is not built yet.
func buildAgain(p *engine.Package) *engine.Package {
	return engine.NewPackage(p.Name(), registers[p.Name()])
}

var registers = map[string]func(*engine.Module){
	"LanguageCorePackage": registerLanguage, "ArithmeticPackage": registerArithmetic,
	"BasicStringPackage": registerBasicString, "BasicIteratorPackage": registerIterators,
	"BasicFnPackage": registerFn, "BitFieldPackage": registerBitField, "LogicPackage": registerLogic,
	"BasicMathPackage": registerMath, "BasicArrayPackage": registerArray, "BasicBlobPackage": registerBlob,
	"BasicMapPackage": registerMap, "BasicTimePackage": registerTime, "MoreStringPackage": registerMoreString,
	"DebuggingPackage": registerDebugging,
}

// BenchmarkNew measures an engine with the whole library after the first one.
func BenchmarkNew(b *testing.B) {
	Standard().SharedModule()
	b.ReportAllocs()
	for b.Loop() {
		engine.New(Standard())
	}
}

// BenchmarkRegister measures registering packages in a raw engine, one by one.
func BenchmarkRegister(b *testing.B) {
	all := All()
	for _, p := range all {
		p.SharedModule()
	}
	b.ReportAllocs()
	for b.Loop() {
		e := engine.NewRaw()
		for _, p := range all {
			e.RegisterGlobalModule(p.SharedModule())
		}
	}
}

// TestNewAllocates: an engine is two small objects at most, however many packages
// it has.
func TestNewAllocates(t *testing.T) {
	all := All()
	many := func() {
		e := engine.NewRaw()
		for _, p := range all {
			e.RegisterGlobalModule(p.SharedModule())
		}
	}
	for name, f := range map[string]func(){
		"engine.New(Standard())": func() { engine.New(Standard()) },
		"engine.New(All()...)":   func() { engine.New(all...) },
		"a raw engine with all":  many,
	} {
		f()
		if n := testing.AllocsPerRun(100, f); n > 2 {
			t.Errorf("%s allocates %v objects", name, n)
		}
	}
}
