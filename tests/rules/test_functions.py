"""Rules use few functions, so that another engine can run them: those listed here, and the macros of the engine."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import resources

import pytest
import sqlglot
from sqlglot import expressions as exp

from diplodata.rules.rule import Rule, rules

#: Functions that DuckDB, Spark SQL and PostgreSQL have, or that sqlglot can translate, by sqlglot's names.
ALLOWED = frozenset(
    """and case cast coalesce concat count exists explode if length lower max min nullif or regexp_like regexp_replace
    split starts_with str_position sum try_cast""".split()
)

MACROS = frozenset(
    name.lower()
    for name in re.findall(
        r"CREATE MACRO (\w+)", resources.files("diplodata.engine").joinpath("macros.sql").read_text(encoding="utf-8")
    )
)


def statements(rule: Rule) -> Iterator[str]:
    """Yield the SQL of a rule with something put in for what is filled in later."""
    texts = [part.query for part in rule.parts] or [f"SELECT {rule.expression}"]
    for text in texts:
        filled = re.sub(r"\{(codelist|references)\}", "'x'", text)
        yield re.sub(r"\{(\w+)\}", r"\1_", filled)


def functions(statement: str) -> Iterator[str]:
    """Yield the names of the functions in a statement, as sqlglot reads it."""
    for node in sqlglot.parse_one(statement, read="duckdb").find_all(exp.Func):
        yield (node.name if isinstance(node, exp.Anonymous) else node.sql_name()).lower()


@pytest.mark.parametrize("code", rules())
def test_rules_use_portable_functions_and_macros(code: str) -> None:
    used = {name for statement in statements(rules()[code]) for name in functions(statement)}
    assert used <= ALLOWED | MACROS, f"{code} uses {', '.join(sorted(used - ALLOWED - MACROS))}"


def test_a_function_of_one_engine_is_seen() -> None:
    assert "transform" in set(functions("SELECT list_transform(a, x -> x), lower(b) FROM t"))
    assert "lower" in set(functions("SELECT list_transform(a, x -> x), lower(b) FROM t"))


def test_no_function_is_allowed_in_vain() -> None:
    used = {name for rule in rules().values() for statement in statements(rule) for name in functions(statement)}
    assert used >= ALLOWED, f"no rule uses {', '.join(sorted(ALLOWED - used))}"
