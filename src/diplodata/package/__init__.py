"""Locate a source, read its descriptor strictly, and prove that every path is inside."""
