"""The peer of conversion to Parquet: DuckDB's own COPY of each table, with the types given in code.

python tests/bench/peer_duckdb.py FOLDER TARGET
"""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb
from packages import SCHEMAS

_TYPES = {"string": "VARCHAR", "integer": "BIGINT", "boolean": "BOOLEAN", "date": "DATE"}


def main(source: Path, target: Path) -> None:
    """Copy the tables of a benchmark package."""
    target.mkdir()
    connection = duckdb.connect()
    for name, schema in SCHEMAS.items():
        columns = ", ".join(f"'{item['name']}': '{_TYPES[item.get('type', 'string')]}'" for item in schema["fields"])
        read = f"read_csv('{source / name}.csv', header = true, delim = ',', quote = '\"', columns = {{{columns}}})"
        connection.execute(f"COPY (FROM {read}) TO '{target / name}.parquet' (FORMAT parquet, COMPRESSION zstd)")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
