package spec

import "regexp"

// What Discord does not only show: mentions, emoji, times, commands, invitations, addresses.
var active = regexp.MustCompile(`(?i)@everyone|@here|<@|<#|<:|<a:|<t:|</|<id:|discord\.gg|[a-z]://`)

// maskedLink is a link with a text of its own, or one that an escape does not reach.
var maskedLink = regexp.MustCompile(`(^|[^\\])(\\\\)*\]\(`)

// Active gives the first that Discord would act on in a text which people see; "" where it only shows the text.
func Active(text string) string { return active.FindString(text) }

// MaskedLink says whether markdown hides an address behind a text of its own.
func MaskedLink(markdown string) bool { return maskedLink.MatchString(markdown) }
