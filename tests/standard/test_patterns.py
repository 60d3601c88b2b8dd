"""Patterns of the standard mean the same to Python, RE2, Rust, ECMAScript and DuckDB, shown by probes."""

import csv
import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import jsonschema_rs
import pytest
import re2
import regress

from diplodata.standard import registry, tables

VERSION = "1.0"
PROBES = Path(__file__).with_name("pattern_probes.csv")

#: Classes, anchors and groups that engines judge differently.
_DIVERGENT = re.compile(r"\\[A-Za-z0-9]|\(\?")

#: Escaped characters and classes, in which a dot is a plain dot.
_LITERAL = re.compile(r"\\.|\[[^\]]*\]")

#: How extension columns are named; names have no group of their own.
_EXTENSION = "^x_[a-z0-9]+(_[a-z0-9]+)*$"


@cache
def shared() -> Mapping[str, str]:
    """The patterns of the shared definitions, by name."""
    definitions = registry.json_schema(VERSION, "common")["$defs"]
    return {name: item["pattern"] for name, item in definitions.items() if "pattern" in item}


@cache
def probes() -> tuple[tuple[str, str, bool], ...]:
    with PROBES.open(encoding="utf-8", newline="") as stream:
        return tuple((row["pattern"], row["value"], row["valid"] == "true") for row in csv.DictReader(stream))


def patterns_in(item: object) -> Iterator[str]:
    if isinstance(item, Mapping):
        for key, value in item.items():
            if key in ("pattern", "patternProperties"):
                yield from [value] if isinstance(value, str) else value
            yield from patterns_in(value)
    elif isinstance(item, list):
        for part in item:
            yield from patterns_in(part)


@cache
def patterns_of_lists() -> Mapping[tuple[str, str], tuple[str, str]]:
    """Fields that hold lists: (table, field) -> (pattern of the cell, pattern of one item)."""
    found = {}
    for table in registry.table_names(VERSION):
        path = registry.folder(VERSION) / "tables" / f"{table}.json"
        written = {field["name"]: field for field in json.loads(path.read_text(encoding="utf-8"))["fields"]}
        for name, item in tables.properties(VERSION, table).items():
            if item["type"] == "array":
                found[table, name] = (written[name]["constraints"]["pattern"], item["items"]["pattern"])
    return found


def by_python(pattern: str, value: str) -> bool:
    return re.fullmatch(pattern, value) is not None


def by_re2(pattern: str, value: str) -> bool:
    return re2.fullmatch(pattern, value) is not None and re2.search(pattern, value) is not None


def by_rust(pattern: str, value: str) -> bool:
    return jsonschema_rs.Draft202012Validator({"pattern": pattern}).is_valid(value)


def by_rust_in_linear_time(pattern: str, value: str) -> bool:
    options = jsonschema_rs.RegexOptions()
    return jsonschema_rs.Draft202012Validator({"pattern": pattern}, pattern_options=options).is_valid(value)


def by_ecmascript(pattern: str, value: str) -> bool:
    return regress.Regex(pattern, flags="u").find(value) is not None


@cache
def database() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


def by_duckdb(pattern: str, value: str) -> bool:
    return bool(database().execute("SELECT regexp_full_match(?, ?)", [value, pattern]).fetchall()[0][0])


ENGINES: Mapping[str, Callable[[str, str], bool]] = {
    "python": by_python,
    "re2": by_re2,
    "rust": by_rust,
    "rust-linear": by_rust_in_linear_time,
    "ecmascript": by_ecmascript,
    "duckdb": by_duckdb,
}


def disagreements(engine: str, pattern: str, verdicts: Mapping[str, bool]) -> list[str]:
    judge = ENGINES[engine]
    return [value for value, valid in verdicts.items() if judge(pattern, value) != valid]


def test_every_pattern_has_accepted_and_rejected_probes() -> None:
    seen = {(name, valid) for name, _, valid in probes()}
    assert seen == {(name, valid) for name in shared() for valid in (True, False)}


def test_no_probe_stands_twice() -> None:
    values = [(name, value) for name, value, _ in probes()]
    assert len(values) == len(set(values))


@pytest.mark.parametrize("name", sorted(shared()))
@pytest.mark.parametrize("engine", sorted(ENGINES))
def test_engines_agree_with_the_probes(engine: str, name: str) -> None:
    verdicts = {value: valid for probed, value, valid in probes() if probed == name}
    assert disagreements(engine, shared()[name], verdicts) == []


def test_searching_is_matching_in_python() -> None:
    """Patterns carry their anchors; a final newline alone is let through by the ``$`` of Python."""
    for name, value, valid in probes():
        found = re.search(shared()[name], value) is not None
        assert found == (valid or by_python(shared()[name], value.removesuffix("\n"))), (name, value)


@pytest.mark.parametrize("place", sorted(patterns_of_lists()), ids=".".join)
@pytest.mark.parametrize("engine", sorted(ENGINES))
def test_engines_agree_about_lists(engine: str, place: tuple[str, str]) -> None:
    pattern, item = patterns_of_lists()[place]
    owner = next(name for name, text in shared().items() if text == item)
    good = [value for name, value, valid in probes() if name == owner and valid]
    bad = [value for name, value, valid in probes() if name == owner and not valid]
    joined = [" ".join(good[:2]), " ".join(good), f" {good[0]}", f"{good[0]} ", "  ".join(good[:2]), ""]
    joined += [*good, *bad, *(f"{good[0]} {value}" for value in bad), *(f"{value} {good[0]}" for value in bad)]
    verdicts = {value: all(by_python(item, part) for part in value.split(" ")) for value in joined}
    assert set(verdicts.values()) == {True, False}
    assert disagreements(engine, pattern, verdicts) == []


def schemas() -> Iterator[tuple[str, Any]]:
    for path in sorted(registry.folder(VERSION).rglob("*.json")):
        yield path.relative_to(registry.folder(VERSION)).as_posix(), json.loads(path.read_text(encoding="utf-8"))


def all_patterns() -> Iterator[tuple[str, str]]:
    for place, schema in schemas():
        yield from ((place, pattern) for pattern in patterns_in(schema))


def test_every_pattern_is_one_anchored_group() -> None:
    lists = {pattern for pattern, _ in patterns_of_lists().values()}
    wrong = [
        f"{place}: {pattern}"
        for place, pattern in all_patterns()
        if not re.fullmatch(r"\^\(.+\)\$", pattern) and pattern not in lists and pattern != _EXTENSION
    ]
    assert not wrong, "\n".join(wrong)


def test_patterns_use_nothing_that_engines_judge_differently() -> None:
    wrong = []
    for place, pattern in all_patterns():
        bare = _LITERAL.sub("", pattern)
        if _DIVERGENT.search(pattern) or "." in bare or not pattern.isascii():
            wrong.append(f"{place}: {pattern}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("engine", sorted(ENGINES))
def test_engines_agree_about_names_of_extension_columns(engine: str) -> None:
    verdicts = {"x_note": True, "x_a1_b2": True, "x_1": True, "x_": False, "x_Note": False, "ax_note": False}
    verdicts |= {"x_a__b": False, "x_a_": False, "x-note": False, "note": False, "": False}
    assert disagreements(engine, _EXTENSION, verdicts) == []
