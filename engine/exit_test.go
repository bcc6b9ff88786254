package engine_test

import "testing"

// TestExit checks that exit ends a run from wherever it is called.
func TestExit(t *testing.T) {
	eng := newStandard()
	for _, script := range []string{
		"exit(5); 1", "fn f() { exit(5); 1 } f(); 2", "[1].map(|v| exit(5)); 2", "[2, 1].sort(|x, y| exit(5)); 2",
		`eval("exit(5)"); 2`, "try { exit(5) } catch { 3 }", `[1].map(|v| eval("exit(5)")); 2`,
	} {
		v, err := eng.Eval(t.Context(), script)
		if err != nil || !v.IsInt() || v.Int() != 5 {
			t.Errorf("%s gives %v %v", script, v.TypeName(), err)
		}
	}
	ast, err := eng.Compile("fn f() { exit(5); 1 } fn g() { [1].map(|v| exit(5)); 2 }")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"f", "g"} {
		v, err := eng.CallFunc(t.Context(), nil, ast, name)
		if err != nil || !v.IsInt() || v.Int() != 5 {
			t.Errorf("%s gives %v %v", name, v.TypeName(), err)
		}
	}
}
