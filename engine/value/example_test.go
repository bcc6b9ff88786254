package value_test

import (
	"encoding/json"
	"fmt"

	"github.com/rhai-tui/rhai-tui/engine/value"
)

// Values are made from Go and read back; a method As tells whether a value is of its type,
// and the one without As panics if it is not.
func ExampleValue() {
	v := value.NewArray([]value.Value{value.Int(1), value.Float(2.5), value.String("three")})
	for _, x := range v.Array().Items {
		if n, ok := x.AsInt(); ok {
			fmt.Println("an integer:", n)
		} else {
			fmt.Println(x.TypeName(), x)
		}
	}
	text, err := json.Marshal(v)
	fmt.Println(string(text), err)
	// Output:
	// an integer: 1
	// f64 2.5
	// string three
	// [1,2.5,"three"] <nil>
}

// Maps keep their properties in the order of their names.
func ExampleMap() {
	m := value.NewMap(2)
	m.Set("b", value.Int(2))
	m.Set("a", value.Int(1))
	fmt.Println(value.Debug(m.Value()))
	// Output: #{"a": 1, "b": 2}
}
