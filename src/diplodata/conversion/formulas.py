"""Texts that spreadsheets take for formulas."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

#: Begins a cell that is no formula, whatever follows.
MARK = "'"

#: What begins a formula (OWASP, CSV injection). Marked texts are marked once more, so that taking one mark away from
#: every cell that would be marked gives the data back.
_FORMULA = r"^'*[=+\-@\t\r]"

#: Numbers are no formulas.
_NUMBER = r"^[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$"


def found(values: pa.Array) -> pa.Array:
    """Return which texts are taken for formulas."""
    is_formula = pc.match_substring_regex(values, _FORMULA)
    is_number = pc.match_substring_regex(values, _NUMBER)
    return pc.fill_null(pc.and_(is_formula, pc.invert(is_number)), False)


def marked(values: pa.Array) -> pa.Array:
    """Return texts of which none is taken for a formula."""
    return pc.if_else(found(values), pc.binary_join_element_wise(MARK, values, ""), values)
