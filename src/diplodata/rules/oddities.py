"""Relations of what is odd over all tables at once: where one is empty, rules need not ask field by field."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from diplodata.engine import sql
from diplodata.model.schema import Field
from diplodata.standard import registry

if TYPE_CHECKING:
    from diplodata.rules.relations import Relations


def filled(self: Relations, kind: str) -> Iterator[tuple[str, Field]]:
    """Yield (table, field) of every field of a kind that has a value."""
    for name, table in self.tables.items():
        for item in table.resource.schema.fields if table.resource.schema else ():
            if item.annotations.kind == kind and item.name in table.filled:
                yield name, item


def omitted(self: Relations) -> None:
    """(record_table) of tables of the standard that the package leaves out."""
    present = {*self.tables, *self.lost}
    self.fill("omitted", {"record_table": [n for n in registry.table_names(self.inputs.standard) if n not in present]})


def undeclared(self: Relations) -> None:
    """(prefix) of identifiers that the package does not declare; none when it declares no prefix at all."""
    declared = self.inputs.prefixes
    has_declared = " OR ".join(f"starts_with(id, {sql.literal(prefix + ':')})" for prefix in declared)
    parts = [f"SELECT id FROM all_{name} WHERE NOT ({has_declared or 'true'})" for name in self.tables]
    self.create(
        f"CREATE TABLE undeclared AS SELECT DISTINCT prefix_of(id) AS prefix FROM ({' UNION ALL '.join(parts)}) "
        f"WHERE prefix_of(id) NOT IN ({sql.literals(declared) or 'NULL'})"
    )


def odd_codes(self: Relations) -> None:
    """(codelist, code, status) of codes in use that are deprecated, or with status NULL that are not listed."""
    self.make(["codes"])
    lists = registry.codelists(self.inputs.standard)
    parts = ["SELECT NULL::VARCHAR AS codelist, NULL::VARCHAR AS code WHERE false"]
    parts += [
        f"SELECT {sql.literal(item.annotations.codelist)} AS codelist, {item.name} AS code "
        f"FROM ({self.tables[name].texts(item.name, name)})"
        for name, item in filled(self, "code")
        if lists.get(item.annotations.codelist or "")
    ]
    self.create(
        f"CREATE TABLE odd_codes AS SELECT DISTINCT used.codelist, used.code, codes.status "
        f"FROM ({' UNION ALL '.join(parts)}) AS used LEFT JOIN codes USING (codelist, code) "
        "WHERE used.code IS NOT NULL AND coalesce(codes.status, 'deprecated') = 'deprecated'"
    )
