"""Questions of a user about tables that are open already."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pyarrow as pa

from diplodata.errors import UsageError

#: Settings that keep a question to the tables: it reads no file and no variable of the program.
_LOCKED = {
    "enable_external_access": "false",
    "python_enable_replacements": "false",
    "lock_configuration": "true",
}


def ask(query: str, tables: Mapping[str, Callable[[], pa.Table]]) -> pa.Table:
    """Return what a query in the SQL of DuckDB gives.

    Args:
        query: one statement.
        tables: name -> what reads the table; only those that the query names are read.

    Raises:
        UsageError: the query cannot be understood, or names other tables.
    """
    import duckdb

    with duckdb.connect() as connection:
        for name, value in _LOCKED.items():
            connection.execute(f"SET {name} = {value}")
        try:
            kinds = [statement.type for statement in connection.extract_statements(query)]
            if kinds != [duckdb.StatementType.SELECT]:
                raise UsageError("A query is one statement with SELECT.")
            for name in sorted(connection.get_table_names(query) & tables.keys()):
                connection.register(name, tables[name]())
            result: pa.Table = connection.sql(query).to_arrow_table()
        except duckdb.Error as error:
            raise UsageError(f"The query cannot be asked: {error}") from error
        return result
