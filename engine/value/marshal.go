package value

import "fmt"

// What one value may become as JSON for Go: a script can make small values that are
// endless or enormous as text, through variables that closures share and through
// parts that occur many times.
const (
	maxJSONValues = 1 << 22
	maxJSONText   = 1 << 28
)

// MarshalJSON returns the value as JSON text, as [ToJSON] does. It fails, before any
// text is made, for a value that has more than 4 million parts or 256 MB of text, each
// part counted as often as it occurs, which includes values that contain themselves.
func (v Value) MarshalJSON() ([]byte, error) {
	if err := checkJSON(v); err != nil {
		return nil, err
	}
	text, err := ToJSON(v)
	return []byte(text), err
}

// UnmarshalJSON sets v to the value that a JSON text stands for, as [ParseJSON] does.
// null is the unit value.
func (v *Value) UnmarshalJSON(data []byte) error {
	x, err := ParseJSON(string(data))
	if err != nil {
		return err
	}
	*v = x
	return nil
}

// checkJSON counts what ToJSON would write. The parts are visited without recursion
// and no more of them than there may be.
func checkJSON(v Value) error {
	values, text := 1, 0
	work := []Value{v}
	for len(work) > 0 {
		x := work[len(work)-1].Flat().Plain()
		work = work[:len(work)-1]
		switch x.Kind() {
		case KindString:
			text += x.StrLen()
		case KindBlob:
			text += 4 * len(x.Blob().Bytes)
		case KindArray:
			if values += len(x.Array().Items); values <= maxJSONValues {
				work = append(work, x.Array().Items...)
			}
		case KindMap:
			m := x.Map()
			if values += m.Len(); values > maxJSONValues {
				break
			}
			for i := range m.Len() {
				k, item := m.At(i)
				text += len(k)
				work = append(work, item)
			}
		}
		switch {
		case values > maxJSONValues:
			return fmt.Errorf("value has more than %d parts, or contains itself, which is too much for JSON", maxJSONValues)
		case text > maxJSONText:
			return fmt.Errorf("value has more than %d bytes of text, which is too much for JSON", maxJSONText)
		}
	}
	return nil
}
