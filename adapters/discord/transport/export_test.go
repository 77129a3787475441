package transport

import "net"

// Listen makes a connection that was not dialled the line's, and gives what the library would read of it.
func (l *Line) Listen(conn net.Conn) net.Conn { return l.listen(conn) }
