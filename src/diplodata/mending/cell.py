"""A cell as repairs see it: its value, its field, and what was found in it."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from diplodata.model.schema import Field

#: Kinds of field of the standard that hold text; the rules on characters are asked of them.
TEXTS = ("label", "text", "value")

#: Rules on characters.
RULES = frozenset({"invisible-character", "not-nfc", "untrimmed-text"})

#: Fields that hold what a source says as it says it.
_OF_SOURCES = ("asserted_value", "quote")


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that may be mended."""

    field: Field
    value: str
    #: Codes of the findings in it.
    codes: frozenset[str] = frozenset()

    @property
    def is_standard(self) -> bool:
        """Whether the standard says what the field holds."""
        return self.field.annotations.kind is not None

    @property
    def is_text(self) -> bool:
        """Whether the standard says that the field holds text."""
        return self.field.annotations.kind in TEXTS

    @property
    def repeats_source(self) -> bool:
        """Whether it is left as written unless a rule says that it is wrong."""
        return self.is_text and (self.field.name.endswith("_as_given") or self.field.name in _OF_SOURCES)

    @property
    def is_open(self) -> bool:
        """Whether its characters may be mended: by the standard, and in what repeats a source by a finding alone."""
        return self.is_standard and (not self.repeats_source or bool(self.codes & RULES))

    @property
    def is_normal(self) -> bool:
        """Whether it is in the Unicode normal form C."""
        return unicodedata.is_normalized("NFC", self.value)
