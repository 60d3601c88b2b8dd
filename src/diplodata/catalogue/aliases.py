"""Names of rules that are reported under other codes."""

from __future__ import annotations

#: Names of rules that are reported under the code of tables.
ALIASES = {
    "id-not-unique": "primary-key",
    "reference-missing": "foreign-key",
}

#: Names of rules that stand for several codes.
FAMILIES = {
    "file-format": (
        "blank-label",
        "blank-row",
        "byte-order-mark",
        "dialect-assumed",
        "duplicate-label",
        "encoding-error",
        "extra-cell",
        "extra-label",
        "incorrect-label",
        "line-ends",
        "missing-cell",
        "missing-label",
        "nul-in-cell",
        "source-error",
        "stray-quote",
        "unmatched-header",
        "unterminated-quote",
    ),
}
