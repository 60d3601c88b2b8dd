"""The catalogue of codes that are about JSON documents only."""

from __future__ import annotations

from diplodata.catalogue.entry import entry as _entry

#: What strict readers of JSON refuse (I-JSON, RFC 7493), and readers that are not strict misread.
OF_DOCUMENTS = (
    _entry(
        "json-syntax",
        "A text is not JSON.",
        "Correct the text at the place that is named; write JSON with a program, not by hand.",
        "The text is not JSON: {problem}.",
        source="RFC 8259",
    ),
    _entry(
        "json-duplicate-key",
        "An object of a JSON document has a key twice, so that readers disagree about its value.",
        "Leave one of the two members.",
        "The key {value} stands twice in one object.",
        source="RFC 7493, 2.3",
    ),
    _entry(
        "json-number",
        "A number of a JSON document is NaN or infinite, or has more digits than every reader keeps.",
        "Leave the member out, or write the number with at most 15 digits, or as a text where the schema takes one.",
        "{value} is no number that every reader reads as it is written: {problem}.",
        source="RFC 7493, 2.2",
    ),
    _entry(
        "json-surrogate",
        "A text of a JSON document holds half of a surrogate pair, which is no character.",
        "Write the character itself in UTF-8.",
        "A text holds half of a surrogate pair: {problem}.",
        source="RFC 7493, 2.1",
    ),
)
