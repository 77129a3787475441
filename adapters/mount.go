package adapters

import "net/http"

// Mounter is an [Adapter] that is called over HTTP: it brings routes, and the process that serves it brings the
// server, with its address, TLS and time limits. One server holds the routes of every Mounter.
type Mounter interface {
	// Mount adds the adapter's routes to mux: once, before the server starts. Requests that come before Run
	// has begun or after its ctx has ended are refused in words, not left waiting.
	Mount(mux *http.ServeMux)
}
