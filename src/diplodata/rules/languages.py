"""Relations on language tags: their parts, the scripts they imply, and texts that are in another script."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from diplodata import strict_json
from diplodata.engine import sql
from diplodata.rules.oddities import filled

if TYPE_CHECKING:
    from diplodata.rules.relations import Relations


@cache
def _registered() -> list[dict[str, str]]:
    """Return the records of the IANA Language Subtag Registry that are about subtags."""
    file = resources.files("language_tags").joinpath("data/json/registry.json")
    return [item for item in strict_json.parse(file.read_bytes()) if "Subtag" in item]


@cache
def _subtags() -> frozenset[tuple[str, str]]:
    """Return (type, subtag) of the IANA Language Subtag Registry, in lower case."""
    return frozenset((item["Type"], item["Subtag"].lower()) for item in _registered())


@cache
def _scripts() -> dict[str, str]:
    """Return the script of each language that is written in one (IANA, Suppress-Script)."""
    found = {
        item["Subtag"]: item["Suppress-Script"]
        for item in _registered()
        if item["Type"] == "language" and "Suppress-Script" in item
    }
    # The registry has none for Chinese, as it tells the forms of its one script apart.
    return found | {"zh": "Hani"}


def implied(self: Relations) -> None:
    """(language, script) of languages that are written in one script."""
    self.fill("implied", {"language": _scripts().keys(), "script": _scripts().values()})


def unknown_tags(self: Relations) -> None:
    """(tag, part) of language tags in use with a part that is not registered."""
    tags = ["SELECT NULL::VARCHAR AS tag WHERE false"]
    for name, item in filled(self, "language"):
        value = "unnest(string_split(tag, ' '))" if item.annotations.is_list else "tag"
        different = self.tables[name].texts(item.name, name)
        tags.append(f"SELECT {value} AS tag FROM (SELECT {item.name} AS tag FROM ({different})) WHERE tag IS NOT NULL")
    parts = " UNION ALL ".join(
        f"SELECT tag, {sql.literal(kind)} AS type, tag_{kind}(tag) AS part FROM tags"
        for kind in ("language", "script", "region")
    )
    self.create(
        "CREATE TABLE tag_parts AS "
        f"WITH tags AS MATERIALIZED (SELECT DISTINCT tag FROM ({' UNION ALL '.join(tags)})), parts AS ({parts}) "
        "SELECT tag, type, part FROM parts WHERE NOT is_private_subtag(type, part)"
    )
    used = self.session.rows("SELECT DISTINCT type, part FROM tag_parts")
    unknown = [(kind, part) for kind, part in used if (kind, part.lower()) not in _subtags()]
    self.fill("unregistered", {"type": [kind for kind, _ in unknown], "part": [part for _, part in unknown]})
    self.session.execute(
        "CREATE TABLE unknown_tags AS "
        "SELECT tag, min(part) AS part FROM tag_parts JOIN unregistered USING (type, part) GROUP BY tag"
    )


def foreign_texts(self: Relations) -> None:
    """(record_table, field_name, _row, script) of texts of which most letters are not of the script of their tag.

    * A tag implies its own script, or the one of its language; languages of several scripts imply none.
    * Texts in ASCII that should be Latin are passed over before anything is asked that takes time.
    """
    self.make(["implied"])
    parts = ["SELECT NULL::VARCHAR AS record_table, NULL::VARCHAR AS field_name, NULL::BIGINT AS _row, "]
    parts[0] += "NULL::VARCHAR AS value, NULL::VARCHAR AS tag WHERE false"
    for name, item in filled(self, "text"):
        tag = item.annotations.language_field
        if tag and tag in self.tables[name].filled and not _is_latin(self, name, item.name, tag):
            may_be_foreign = f"NOT is_ascii({item.name}) OR {_may_not_be_latin(self, name, tag)}"
            parts.append(
                f"SELECT {sql.literal(name)} AS record_table, {sql.literal(item.name)} AS field_name, _row, "
                f"{item.name} AS value, {tag} AS tag FROM {name} WHERE {may_be_foreign}"
            )
    self.create(
        f"CREATE TABLE foreign_texts AS WITH texts AS MATERIALIZED ({' UNION ALL '.join(parts)}), "
        "scripts AS (SELECT tag, coalesce(tag_script(tag), script) AS script FROM (SELECT DISTINCT tag FROM texts) "
        "LEFT JOIN implied ON implied.language = tag_language(tag)) "
        "SELECT record_table, field_name, _row, script FROM texts JOIN scripts USING (tag) "
        "WHERE is_foreign_to(value, script)"
    )


def _is_latin(self: Relations, table: str, field: str, tag: str) -> bool:
    """Whether the texts of a field are known, and have neither other letters nor tags of other languages than Latin."""
    texts = self.tables[table].values.get(field)
    is_ascii = texts is not None and all(text.isascii() for text in texts)
    return is_ascii and _may_not_be_latin(self, table, tag) == f"{tag} IN (NULL)"


def _may_not_be_latin(self: Relations, table: str, tag: str) -> str:
    """Return the condition that a tag has more than a language, or one that implies a script which is not Latin."""
    others = [language for language, script in _scripts().items() if script != "Latn"]
    known = self.tables[table].values.get(tag)
    if known is not None and tag not in self.tables[table].plan.missing:
        return f"{tag} IN ({sql.literals(sorted(item for item in known if '-' in item or item in others)) or 'NULL'})"
    return f"(strpos({tag}, '-') > 0 OR {tag} IN ({sql.literals(others)}))"
