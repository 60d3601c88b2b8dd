"""The standard: its schemas, codelists and tables, by version."""
