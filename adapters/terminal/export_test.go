package terminal

// Keys lets tests press keys without a terminal.
type Keys struct{ k keys }

// Filter gives what the line editor is to see of the bytes in.
func (k *Keys) Filter(in string) string { return string(k.k.filter([]byte(in))) }

// Blank reports whether the last Ctrl-C met an empty line.
func (k *Keys) Blank() bool { return k.k.blank.Load() }
