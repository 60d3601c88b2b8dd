"""The data dictionary: every table, field, codelist, code and rule."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from typing import Any

from diplodata.explain import entries
from diplodata.model.package import Package, Resource
from diplodata.rules.inputs import OPTIONS
from diplodata.rules.rule import Rule, rules
from diplodata.site import wording
from diplodata.site.records.lists import code as coded
from diplodata.site.shown import Cell, Row, Section, Shown, limited
from diplodata.standard import registry, tables

_SAFE = re.compile(r"[a-z0-9]+([._-][a-z0-9]+)*", re.ASCII)

#: Limits of a field that the dictionary names, in this order.
_LIMITS = ("minLength", "maxLength", "minimum", "maximum", "pattern", "enum", "format", "unique")

#: No table of the dictionary is cut.
_ALL = 100_000


def slug(package: Package, name: str) -> str:
    """Return the file name of a table; a name that could be something else in an address becomes a number."""
    if _SAFE.fullmatch(name) and name != "index" and len(name) <= 100:
        return name
    return f"_{package.names.index(name) + 1}"


def text(value: object, kind: str = "") -> Cell:
    """Return a text as a cell; nothing for no text."""
    return (Shown(wording.clean(str(value)), kind=kind),) if value not in (None, "", []) else ()


def own_tables(package: Package) -> list[Resource]:
    """Return the tables of the package that are none of the standard, and have fields."""
    return [item for item in package.resources if not item.is_standard and item.schema_descriptor is not None]


def overview(package: Package, rows: Mapping[str, int]) -> list[Section]:
    """Return the tables of the first page of the dictionary."""
    found = [*_tables(package, rows)]
    if package.standard is not None:
        lists = [
            _codelist_row(package.standard, name, is_open)
            for name, is_open in registry.codelists(package.standard).items()
        ]
        found += limited("Codelists", "codelists", ("Codelist", "Codes", "Kind"), lists, _ALL, numbers=frozenset({1}))
        found += rules_section(None)
        found += _vocabularies(package.standard)
    return found


def _tables(package: Package, rows: Mapping[str, int]) -> Iterator[Section]:
    found = []
    if package.standard is not None:
        for name in registry.table_names(package.standard):
            schema = registry.json_schema(package.standard, name)
            number = f"{rows[name]:,}" if name in rows else "left out"
            facts = (schema["x-level"], len(schema["properties"]), number)
            found.append(_table_row(name, f"dictionary/tables/{name}.html", schema["description"], facts))
    for item in own_tables(package):
        own = item.schema_descriptor or {}
        said = item.descriptor.get("description") or own.get("description") or item.descriptor.get("title") or ""
        facts = ("own", len(own.get("fields") or ()), f"{rows[item.name]:,}" if item.name in rows else "–")
        found.append(_table_row(item.name, f"dictionary/tables/{slug(package, item.name)}.html", said, facts))
    columns = ("Table", "Level", "Fields", "Rows here")
    yield from limited("Tables", "tables", columns, found, _ALL, numbers=frozenset({2, 3}))


def _table_row(name: str, to: str, said: object, facts: tuple[object, ...]) -> Row:
    head = (Shown(wording.clean(name), to, kind="code"), *text(said, "under soft"))
    return Row((head, *(text(fact) for fact in facts)))


def _codelist_row(version: str, name: str, is_open: bool) -> Row:
    shown = Shown(name, f"dictionary/codelists/{name}.html", kind="code")
    kind = "open: others may be added" if is_open else "closed"
    return Row(((shown,), text(len(registry.codes(version, name))), text(kind)))


def rules_section(table: str | None) -> tuple[Section, ...]:
    """Return the rules of the standard, or those that read a table."""
    chosen = [item for item in rules().values() if table is None or table in item.tables or "*" in item.tables]
    rows = [_code_row(item.code) for item in chosen]
    return limited("Rules", "rules", ("Rule", "Severity", "Says"), rows, _ALL)


def _code_row(code: str) -> Row:
    entry = entries()[code]
    return Row(((Shown(code, f"codes/{code}.html", kind="code"),), text(entry.severity), text(entry.summary)), code)


def _vocabularies(version: str) -> tuple[Section, ...]:
    raw = (registry.folder(version) / "vocabularies.csv").read_text(encoding="utf-8")
    rows = [
        Row(
            (
                text(item["prefix"], "code"),
                text(item["name"]),
                text({"yes": "compared with the published text"}.get(item["checked"], item["checked"])),
            )
        )
        for item in csv.DictReader(io.StringIO(raw, newline=""))
    ]
    return limited("Vocabularies of the mappings", "vocabularies", ("Prefix", "Vocabulary", "Checked"), rows, _ALL)


def fields_of_standard(version: str, table: str) -> tuple[Section, ...]:
    """Return the fields of a table of the standard."""
    schema = registry.json_schema(version, table)
    rows = []
    for name, written in tables.properties(version, table).items():
        spec = {**written.get("items", {}), **written}
        example = next((str(item) for item in spec.get("examples", ())), "")
        field = (Shown(name, kind="code"), *text("required" if name in schema["required"] else "", "under soft"))
        said = (*text(spec["title"]), *text(spec["description"], "under soft"))
        last = (*text(example, "code"), *text(" ".join(spec.get("x-mapping", ())), "under soft code"))
        rows.append(Row((field, said, tuple(_form(spec)), last), name.replace("_", "-")))
    return limited("Fields", "fields", ("Field", "Meaning", "Form", "Example and mapping"), rows, _ALL)


def _form(spec: Mapping[str, Any]) -> Iterator[Shown]:
    """Yield what a value may be."""
    kind = spec.get("x-kind", "")
    words = f"list of {kind}" if spec["type"] == "array" else kind
    if kind in {"reference", "record"}:
        yield Shown("identifiers of" if spec["type"] == "array" else "identifier of")
        for name in spec.get("x-references", ()):
            yield Shown("any table") if name == "*" else Shown(name, f"dictionary/tables/{name}.html", kind="code")
    elif "x-codelist" in spec:
        yield Shown("code of")
        yield Shown(spec["x-codelist"], f"dictionary/codelists/{spec['x-codelist']}.html", kind="code")
    else:
        yield Shown(wording.code(words))
    if "maxLength" in spec:
        yield Shown(f"at most {spec['maxLength']} characters", kind="under soft")


def fields_of_own(resource: Resource) -> tuple[Section, ...]:
    """Return the fields of a table from the schema that the package gives it."""
    schema = resource.schema_descriptor or {}
    rows = []
    for item in schema.get("fields") or ():
        limits = item.get("constraints") if isinstance(item.get("constraints"), Mapping) else {}
        form = [*text(item.get("type", "string")), *text("required" if limits.get("required") else "", "under soft")]
        form += [
            part for key in _LIMITS if key in limits for part in text(f"{key}: {_limit(limits[key])}", "under soft")
        ]
        said = (*text(item.get("title")), *text(item.get("description"), "under soft" if item.get("title") else ""))
        example = next((str(item[key]) for key in ("example", "examples") if item.get(key)), "")
        rows.append(Row((text(item.get("name", ""), "code"), said, tuple(form), text(example, "code"))))
    return limited("Fields", "fields", ("Field", "Meaning", "Form", "Example"), rows, _ALL)


def _limit(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def codes_of(version: str, codelist: str) -> tuple[Section, ...]:
    """Return the codes of a codelist."""
    found = list(csv.DictReader(io.StringIO(registry.codelist_text(version, codelist), newline="")))
    rows = [
        Row((
            text(item["code"], "code"), text(item["description"]), text(item.get("mapping") or _validity(item), "code"),
            coded(item["status"]), text(item["added_in"]),
        ), item["code"])
        for item in found
    ]  # fmt: skip
    third = "Valid" if codelist == "country" else "Mapping"
    return limited("Codes", "codes", ("Code", "Meaning", third, "Status", "Since"), rows, _ALL)


def _validity(item: Mapping[str, str]) -> str:
    if "valid_from" not in item:
        return ""
    return (
        f"{item['valid_from']}–{item.get('valid_to') or ''}".strip("–")
        if item.get("valid_to")
        else f"from {item['valid_from']}"
    )


def codes_sections() -> list[Section]:
    """Return all codes that a finding can have, rules first."""
    known = entries()
    of_rules = [_code_row(code) for code in known if code in rules()]
    others = [_code_row(code) for code in known if code not in rules()]
    columns = ("Code", "Severity", "Says")
    return [
        *limited("Rules of the standard", "rules", columns, of_rules, _ALL),
        *limited("Codes of the tool", "tool", columns, others, _ALL),
    ]


def code_view(code: str, version: str | None) -> dict[str, Any]:
    """Return what the page of a code says; fields are links where the site has the tables of the standard."""
    entry, rule = entries()[code], rules().get(code)
    facts: list[tuple[str, Cell]] = [
        ("Severity", text(entry.severity)),
        ("Since", text(f"{'standard' if rule else 'tool'} {entry.since}")),
    ]
    if entry.source:
        facts.append(("Source", text(entry.source)))
    if rule:
        facts += _of_rule(rule, version)
    return {"entry": entry, "facts": facts, "query": query(rule) if rule else ""}


def _of_rule(rule: Rule, version: str | None) -> Iterator[tuple[str, Cell]]:
    yield (
        "Reads",
        tuple(_field(name, version) for name in rule.fields)
        or text(", ".join(f"every {wording.code(kind)}" for kind in rule.kinds)),
    )
    if rule.exempt:
        yield "Leaves alone", tuple(Shown(name, kind="code") for name in rule.exempt)
    options = [OPTIONS[name] for name in rule.needs if name in OPTIONS]
    if options:
        yield "Asked only with", tuple(Shown(name, kind="code") for name in options)


def _field(name: str, version: str | None) -> Shown:
    table, _, field = name.partition(".")
    known = version is not None and table in registry.table_names(version)
    return Shown(name, f"dictionary/tables/{table}.html#{field.replace('_', '-')}" if known else "", kind="code")


def query(rule: Rule) -> str:
    """Return the rule as it is asked."""
    return "\n\n".join([*([rule.expression] if rule.expression else []), *(part.query for part in rule.parts)])
