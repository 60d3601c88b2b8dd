"""The only place that knows DuckDB: load text tables, then ask."""
