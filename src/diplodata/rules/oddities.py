"""Relations of what is odd over all tables at once: where one is empty, rules need not ask field by field."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from diplodata.engine import sql
from diplodata.model.schema import Field
from diplodata.standard import registry

if TYPE_CHECKING:
    from diplodata.rules.relations import Relations


def _filled(self: Relations, kind: str) -> Iterator[tuple[str, Field]]:
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
    self.make(["prefixes"])
    parts = [f"SELECT DISTINCT prefix_of(id) AS prefix FROM all_{name}" for name in self.tables]
    self.create(
        f"CREATE TABLE undeclared AS SELECT DISTINCT prefix FROM ({' UNION ALL '.join(parts)}) "
        "WHERE prefix NOT IN (SELECT prefix FROM prefixes) AND EXISTS (SELECT 1 FROM prefixes)"
    )


def odd_codes(self: Relations) -> None:
    """(codelist, code, status) of codes in use that are deprecated, or with status NULL that are not listed."""
    self.make(["codes"])
    lists = registry.codelists(self.inputs.standard)
    parts = ["SELECT NULL::VARCHAR AS codelist, NULL::VARCHAR AS code WHERE false"]
    parts += [
        f"SELECT DISTINCT {sql.literal(item.annotations.codelist)} AS codelist, {item.name} AS code FROM {name}"
        for name, item in _filled(self, "code")
        if lists.get(item.annotations.codelist or "")
    ]
    self.create(
        f"CREATE TABLE odd_codes AS SELECT DISTINCT used.codelist, used.code, codes.status "
        f"FROM ({' UNION ALL '.join(parts)}) AS used LEFT JOIN codes USING (codelist, code) "
        "WHERE used.code IS NOT NULL AND coalesce(codes.status, 'deprecated') = 'deprecated'"
    )


def unknown_tags(self: Relations) -> None:
    """(tag, part) of language tags in use with a part that is not registered."""
    self.make(["subtags"])
    tags = ["SELECT NULL::VARCHAR AS tag WHERE false"]
    for name, item in _filled(self, "language"):
        value = "unnest(string_split(tag, ' '))" if item.annotations.is_list else "tag"
        different = f"SELECT DISTINCT {item.name} AS tag FROM {name} WHERE {item.name} IS NOT NULL"
        tags.append(f"SELECT {value} AS tag FROM ({different})")
    parts = " UNION ALL ".join(
        f"SELECT tag, {sql.literal(kind)} AS type, tag_{kind}(tag) AS part FROM tags"
        for kind in ("language", "script", "region")
    )
    self.create(
        "CREATE TABLE unknown_tags AS "
        f"WITH tags AS MATERIALIZED (SELECT DISTINCT tag FROM ({' UNION ALL '.join(tags)})), "
        f"parts AS ({parts}) SELECT tag, min(part) AS part FROM parts "
        "WHERE NOT is_private_subtag(type, part) AND NOT EXISTS (SELECT 1 FROM subtags "
        "WHERE subtags.type = parts.type AND subtags.subtag = lower(parts.part)) GROUP BY tag"
    )


def foreign_texts(self: Relations) -> None:
    """(record_table, field_name, _row, script) of texts of which most letters are not of the script of their tag.

    * A tag implies its own script, or the one of its language; languages of several scripts imply none.
    * Texts in ASCII that should be Latin are passed over before anything is asked that takes time.
    """
    self.make(["implied"])
    parts = ["SELECT NULL::VARCHAR AS record_table, NULL::VARCHAR AS field_name, NULL::BIGINT AS _row, "]
    parts[0] += "NULL::VARCHAR AS value, NULL::VARCHAR AS tag WHERE false"
    for name, item in _filled(self, "text"):
        tag = item.annotations.language_field
        if tag and tag in self.tables[name].filled:
            parts.append(
                f"SELECT {sql.literal(name)} AS record_table, {sql.literal(item.name)} AS field_name, _row, "
                f"{item.name} AS value, {tag} AS tag FROM {name} "
                f"WHERE NOT is_ascii({item.name}) OR (strpos({tag}, '-') > 0 OR {tag} IN ({_NOT_LATIN}))"
            )
    self.create(
        f"CREATE TABLE foreign_texts AS WITH texts AS MATERIALIZED ({' UNION ALL '.join(parts)}), "
        "scripts AS (SELECT tag, coalesce(tag_script(tag), script) AS script FROM (SELECT DISTINCT tag FROM texts) "
        "LEFT JOIN implied ON implied.language = tag_language(tag)) "
        "SELECT record_table, field_name, _row, script FROM texts JOIN scripts USING (tag) "
        "WHERE is_foreign_to(value, script)"
    )


#: Languages that imply a script which is not Latin.
_NOT_LATIN = "SELECT language FROM implied WHERE script <> 'Latn'"
