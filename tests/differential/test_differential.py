"""On random packages diplodata finds what the reference finds: the same codes in the same rows and fields.

A seed gives a package (``generator``); the reference is asked about the same package with what the specification
means written out (``rewriting``), in a process of its own (``oracle``); every difference that is left has to be
one of the listed deviations (``deviations``), or the test fails and prints its seed.

One seed, with the package kept in a folder to look at::

    DIPLODATA_SEED=4711 python -m pytest tests/differential -s -k seeds --basetemp=build/differential
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from differential import deviations, rewriting
from differential.comparison import compare_all
from differential.generator import make_package
from differential.oracle import Oracle
from differential.writing import write

#: Packages in ``make check``, and in ``make deep``.
PACKAGES = {False: 300, True: 10_000}

#: Differences shown when the test fails.
SHOWN = 40


@pytest.fixture(scope="module")
def oracle() -> Iterator[Oracle]:
    """The reference, started once."""
    with Oracle() as running:
        yield running


def seeds(scale: int) -> range:
    """Return the seeds to try: one that is asked for, or as many as the run wants."""
    asked = os.environ.get("DIPLODATA_SEED")
    return range(int(asked), int(asked) + 1) if asked else range(PACKAGES[scale > 1])


def test_seeds(scale: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tried = seeds(scale)
    found, met = compare_all(tried, tmp_path)
    with capsys.disabled():
        print(f"\nseeds {tried.start} to {tried.stop - 1}; deviations met: {dict(met.most_common())}")  # noqa: T201
    assert not found, f"{len(found)} differences\n" + "\n\n".join(map(str, found[:SHOWN]))


def test_a_seed_gives_the_same_package() -> None:
    assert make_package(1) == make_package(1)


def test_the_packages_are_worth_comparing() -> None:
    """Every type, format of file, constraint and member of a dialect is generated."""
    tables = [table for seed in range(200) for table in make_package(seed).tables]
    fields = [item for table in tables for item in table.fields]
    assert {item["type"] for item in fields} == {
        *("any", "array", "boolean", "date", "datetime", "duration", "geojson", "geopoint", "integer", "list"),
        *("number", "object", "string", "time", "year", "yearmonth"),
    }
    assert {keyword for item in fields for keyword in item.get("constraints", {})} == {
        *("enum", "exclusiveMaximum", "exclusiveMinimum", "jsonSchema", "maxLength", "maximum", "minLength"),
        *("minimum", "pattern", "required", "unique"),
    }
    assert {table.form.format for table in tables} == {"csv", "inline", "json", "ndjson", "tsv"}
    assert {key for table in tables for key in table.dialect} == {
        *("commentChar", "commentRows", "delimiter", "doubleQuote", "escapeChar", "header", "headerJoin"),
        *("headerRows", "quoteChar", "skipInitialSpace"),
    }
    assert {table.fields_match for table in tables} == {"equal", "exact", "partial", "subset", "superset"}
    assert {table.form.encoding for table in tables} == {"latin-1", "utf-16", "utf-8"}


def test_the_reference_finds_every_code(tmp_path: Path, oracle: Oracle) -> None:
    """The packages have every defect that a table can have in the reference's words."""
    codes: set[str] = set()
    for seed in range(60):
        package = rewriting.asked(make_package(seed))
        write(package, tmp_path / str(seed))
        oracle.ask(tmp_path / str(seed))
        verdicts = oracle.verdicts([table.name for table in package.tables])
        codes |= {code for verdict in verdicts.values() for code, _, _ in verdict.findings}
    assert codes >= {
        *("blank-row", "constraint-error", "extra-cell", "extra-label", "foreign-key", "incorrect-label"),
        *("missing-cell", "missing-label", "primary-key", "type-error", "unique-error"),
    }


#: The tables that docs/conformance.md is made of.
LISTED = Path(__file__).parents[1] / "conformance" / "deviations"


def test_every_deviation_is_listed() -> None:
    listed = {entry["id"] for path in LISTED.glob("*.json") for entry in json.loads(path.read_text(encoding="utf-8"))}
    used = {*rewriting.REWRITINGS, *deviations.TABLES, *deviations.FINDINGS, *deviations.SAID_BESIDES.values()}
    assert used <= listed, f"not in docs/conformance.md: {sorted(used - listed)}"


def test_every_deviation_gives_its_reason() -> None:
    known = (*rewriting.REWRITINGS.items(), *deviations.TABLES.items(), *deviations.FINDINGS.items())
    assert all((holds.__doc__ or "").strip() for _, holds in known)
