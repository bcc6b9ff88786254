package value

import (
	"fmt"
	"reflect"
	"sync"
	"sync/atomic"

	"github.com/rhai-tui/rhai-tui/engine/internal/object"
)

// Host is the object behind a value of a Go type that Rhai does not have. A
// pointer to a struct stands for the struct: it is cloned before it is written,
// unless the type is a reference ([HostType.Declare]) or holds a lock.
type Host struct {
	h    header
	Type *HostType
	V    any
}

// HostType describes a Go type; there is one per reflect.Type and process.
type HostType struct {
	ID   TypeID
	Go   reflect.Type
	Name string // what type_of shows unless a module registers another name
	// clone makes an independent copy of a value; nil if values are immutable, or
	// hold a lock.
	clone func(any) any
	role  atomic.Int32
}

// Role is what scripts hold when they hold a Go type that is registered.
type Role int32

// The roles of a type.
const (
	Undeclared Role = iota
	ByValue         // a value: copied before its first change
	ByRef           // a handle of the host's object: never copied
)

// Declare sets the role of a pointer type for the whole process. It fails if the
// type has the other role already, or is to be a value and cannot be copied.
func (h *HostType) Declare(r Role) error {
	if field := LockIn(h.Go.Elem()); r == ByValue && field != "" {
		return fmt.Errorf("%s cannot be copied, as %s is a lock; register it with RegisterRef", h.Go.Elem(), field)
	}
	if !h.role.CompareAndSwap(int32(Undeclared), int32(r)) && h.Role() != r {
		return fmt.Errorf("%s is registered both as a value (RegisterType) and as a reference (RegisterRef)", h.Go.Elem())
	}
	return nil
}

// Role returns the role of a type.
func (h *HostType) Role() Role { return Role(h.role.Load()) }

// Copy returns an independent copy of a Go value of the type, or the value itself
// if such values are not copied.
func (h *HostType) Copy(x any) any {
	if h.clone == nil || h.Role() == ByRef {
		return x
	}
	return h.clone(x)
}

// RoleOf returns the role of a Go type, Undeclared if nobody declared one.
func RoleOf(t reflect.Type) Role {
	hostTypes.RLock()
	h := hostTypes.byGo[t]
	hostTypes.RUnlock()
	if h == nil {
		return Undeclared
	}
	return h.Role()
}

// TypeID identifies a type for overload resolution: the builtin kinds, and one
// per host type. 0 stands for any type.
type TypeID uint16

// The type ids of the builtin kinds; host types follow.
const (
	TypeAny  TypeID = 0
	TypeUnit TypeID = iota
	TypeBool
	TypeInt
	TypeFloat
	TypeChar
	TypeString
	TypeRange
	TypeRangeInclusive
	TypeTime
	TypeFn
	TypeArray
	TypeBlob
	TypeMap
	firstHostType TypeID = 32
)

// Type returns the type id of v.
func (v Value) Type() TypeID {
	if v.p == nil {
		return TypeUnit
	}
	if v.p.Kind < object.Host {
		return TypeID(v.p.Kind) + 1
	}
	return v.typeSlow()
}

// typeSlow is apart so that Type is inlined.
func (v Value) typeSlow() TypeID {
	switch v.p.Kind {
	case object.Host:
		return v.Host().Type.ID
	case object.Tagged:
		return v.Plain().Type()
	case object.Cell:
		return v.Flat().Type()
	}
	return TypeID(v.p.Kind) + 1
}

var hostTypes struct {
	sync.RWMutex
	byGo map[reflect.Type]*HostType
	byID []*HostType
}

// HostTypeOf returns the description of a Go type, making it on first use.
func HostTypeOf(t reflect.Type) *HostType {
	hostTypes.RLock()
	h := hostTypes.byGo[t]
	hostTypes.RUnlock()
	if h != nil {
		return h
	}
	hostTypes.Lock()
	defer hostTypes.Unlock()
	if h = hostTypes.byGo[t]; h != nil {
		return h
	}
	h = &HostType{ID: firstHostType + TypeID(len(hostTypes.byID)), Go: t, Name: hostTypeName(t)}
	if t.Kind() == reflect.Pointer && t.Elem().Kind() == reflect.Struct {
		h.clone = cloner(t)
	}
	if hostTypes.byGo == nil {
		hostTypes.byGo = map[reflect.Type]*HostType{}
	}
	hostTypes.byGo[t] = h
	hostTypes.byID = append(hostTypes.byID, h)
	return h
}

// hostTypeName is the name a Go type shows by default: Rhai's own names for the
// sized integers and f32, the Go name otherwise.
func hostTypeName(t reflect.Type) string {
	if t.PkgPath() == "" {
		switch t.Kind() {
		case reflect.Int8:
			return "i8"
		case reflect.Int16:
			return "i16"
		case reflect.Int32:
			return "i32"
		case reflect.Uint8:
			return "u8"
		case reflect.Uint16:
			return "u16"
		case reflect.Uint32:
			return "u32"
		case reflect.Uint64:
			return "u64"
		case reflect.Float32:
			return "f32"
		}
	}
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t.String()
}

// HostTypeByID returns the description behind a type id, nil for builtin ids.
func HostTypeByID(id TypeID) *HostType {
	hostTypes.RLock()
	defer hostTypes.RUnlock()
	if i := int(id) - int(firstHostType); i >= 0 && i < len(hostTypes.byID) {
		return hostTypes.byID[i]
	}
	return nil
}

// NewHost wraps a Go value as it is. An object that can be written counts as held by
// the host too: scripts copy it before they write it.
func NewHost(x any) Value {
	t := HostTypeOf(reflect.TypeOf(x))
	return Value{p: &(&Host{header{Kind: object.Host, Shared: t.clone != nil}, t, x}).h}
}

// OwnHost returns the host object in v for writing, cloning it first if it has
// other holders and is no reference. v must be of KindHost.
func (v *Value) OwnHost() *Host {
	if v.p != nil && v.p.Kind == object.Tagged {
		return v.inside().OwnHost()
	}
	h := v.Host()
	if h.h.Shared && h.Type.clone != nil && h.Type.Role() != ByRef {
		h = &Host{header{Kind: object.Host}, h.Type, h.Type.clone(h.V)}
		v.p = &h.h
	}
	return h
}

// typeNames are the names of the builtin types, by type id.
var typeNames = [...]string{
	TypeUnit: "()", TypeBool: "bool", TypeInt: "i64", TypeFloat: "f64", TypeChar: "char",
	TypeString: "string", TypeRange: "range", TypeRangeInclusive: "range=", TypeTime: "timestamp",
	TypeFn: "Fn", TypeArray: "array", TypeBlob: "blob", TypeMap: "map",
}

// Name returns the name of the type as type_of shows it, "?" for any type.
func (t TypeID) Name() string {
	if t != TypeAny && int(t) < len(typeNames) {
		return typeNames[t]
	}
	if h := HostTypeByID(t); h != nil {
		return h.Name
	}
	return "?"
}

// TypeName returns the name of v's type.
func (v Value) TypeName() string { return v.Type().Name() }
