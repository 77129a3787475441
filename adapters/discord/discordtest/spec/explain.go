package spec

import (
	"errors"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

// explain gives the innermost causes, deepest in the body first and five at most.
func explain(e *jsonschema.ValidationError) error {
	var leaves []*jsonschema.ValidationError
	var walk func(*jsonschema.ValidationError)
	walk = func(e *jsonschema.ValidationError) {
		if len(e.Causes) == 0 {
			leaves = append(leaves, e)
		}
		for _, cause := range meant(e) {
			walk(cause)
		}
	}
	walk(e)
	slices.SortStableFunc(leaves, func(a, b *jsonschema.ValidationError) int {
		return len(b.InstanceLocation) - len(a.InstanceLocation)
	})
	printer := message.NewPrinter(language.English)
	var says []string
	for _, leaf := range leaves {
		line := "/" + strings.Join(leaf.InstanceLocation, "/") + " " + leaf.ErrorKind.LocalizedString(printer)
		if !slices.Contains(says, line) && len(says) < 5 {
			says = append(says, line)
		}
	}
	return errors.New(strings.Join(says, "; "))
}

// meant gives the causes that are worth telling: of alternatives those of the type that the body has, if there are any,
// and of those the nearest miss.
func meant(e *jsonschema.ValidationError) []*jsonschema.ValidationError {
	switch e.ErrorKind.(type) {
	case *kind.OneOf, *kind.AnyOf:
	default:
		return e.Causes
	}
	others := slices.DeleteFunc(slices.Clone(e.Causes), func(cause *jsonschema.ValidationError) bool {
		return otherType(cause, e.InstanceLocation)
	})
	if len(others) == 0 {
		others = e.Causes
	}
	if len(others) == 0 {
		return nil // several alternatives fit where one may
	}
	nearest := slices.MinFunc(others, func(a, b *jsonschema.ValidationError) int { return size(a) - size(b) })
	return []*jsonschema.ValidationError{nearest}
}

// size counts what is wrong.
func size(e *jsonschema.ValidationError) int {
	n := 0
	for _, cause := range e.Causes {
		n += size(cause)
	}
	return max(n, 1)
}

// otherType says whether an alternative failed since it is of another type than the body at that place.
func otherType(e *jsonschema.ValidationError, at []string) bool {
	here, inside := slices.Equal(e.InstanceLocation, at), slices.Equal(e.InstanceLocation, append(slices.Clone(at), "type"))
	switch e.ErrorKind.(type) {
	case *kind.Type:
		return here
	case *kind.Enum, *kind.Const:
		return inside
	case *kind.OneOf, *kind.AnyOf:
		return len(e.Causes) > 0 && !slices.ContainsFunc(e.Causes, func(c *jsonschema.ValidationError) bool { return !otherType(c, at) })
	}
	return slices.ContainsFunc(e.Causes, func(c *jsonschema.ValidationError) bool { return otherType(c, at) })
}
