"""What a user allows or asks of a conversion."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wish:
    """What is allowed and asked beside the format."""

    #: Whether cells that the target cannot hold are lost, and listed, instead of refused.
    allow_loss: bool = False
    #: Whether texts that a spreadsheet takes for formulas get an apostrophe; for delimited text.
    spreadsheet_safe: bool = False
    #: Whether a descriptor is written beside the data, which can say what no value is.
    has_descriptor: bool = True


PLAIN = Wish()
