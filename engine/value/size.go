package value

// Sizes counts what the limits on the size of data are about, nested values
// included: the elements of arrays and bytes of blobs, the properties of maps,
// and the bytes of strings. Shared parts count as often as they occur; the count
// stops growing at a million visits of containers, by which every limit that can
// be exceeded cheaply is.
func Sizes(v Value) (arrays, maps, strings int) {
	const maxVisits = 1 << 20
	var work []Value
	x := v
	for visits := 0; visits < maxVisits; visits++ {
		switch x = x.Flat().Plain(); x.Kind() {
		case KindString:
			strings += x.StrLen()
		case KindBlob:
			arrays += len(x.Blob().Bytes)
		case KindArray:
			items := x.Array().Items
			arrays += len(items)
			for i := range items {
				if k := items[i].Kind(); k == KindString {
					strings += items[i].StrLen()
				} else if k >= KindArray {
					work = append(work, items[i])
				}
			}
		case KindMap:
			m := x.Map()
			maps += m.Len()
			for i := range m.entries {
				switch e := &m.entries[i].val; {
				case e.IsString():
					strings += e.StrLen()
				case !e.IsPlain():
					work = append(work, *e)
				}
			}
		}
		if len(work) == 0 {
			return arrays, maps, strings
		}
		x = work[len(work)-1]
		work = work[:len(work)-1]
	}
	return arrays, maps, strings
}
