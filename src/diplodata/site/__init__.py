"""Pages that people read; publish calls it."""
