package assist

import "slices"

// Declared returns the names of the variables and parameters that a text declares.
func Declared(src string) []string {
	var out []string
	for _, l := range read(&Env{}, src).locals {
		out = append(out, l.name)
	}
	return out
}

// Declares reports whether a text declares a variable or parameter.
func Declares(src, name string) bool { return slices.Contains(Declared(src), name) }

// Properties yields the names of the properties in a value; it reports whether to go on.
func Properties(s *Shape, yield func(string) bool) bool {
	if s == nil {
		return true
	}
	for _, f := range s.Fields {
		if !yield(f.Name) || !Properties(f.Shape, yield) {
			return false
		}
	}
	return Properties(s.Elem, yield)
}

// Properties yields the names of the properties that types have.
func (n *Natives) Properties(yield func(string) bool) {
	for _, i := range n.getters {
		if !yield(n.list[i].Name) {
			return
		}
	}
}
