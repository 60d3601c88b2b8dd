"""Files over HTTP: addresses that may be dialled, connections to them, bytes that are resumed and counted."""
