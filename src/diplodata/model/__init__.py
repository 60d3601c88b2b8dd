"""Frozen values without I/O: package, schema, finding, report, release."""
