"""One file a kind of source: request + parse → Items, no I/O of its own."""
