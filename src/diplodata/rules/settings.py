"""How a package wants its rules: ``diplodata.rules`` of its descriptor."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from diplodata.catalogue import finding
from diplodata.model.finding import SEVERITIES, Finding
from diplodata.rules.rule import rules

_AT = "/diplodata/rules"


@dataclass(frozen=True, slots=True)
class Waiver:
    """A finding that the package excuses, with its reason."""

    code: str
    record_id: str
    reason: str
    #: Field of the finding; None excuses the rule's findings on all fields of the record.
    field: str | None = None
    #: Where it stands in the descriptor, as a JSON Pointer.
    pointer: str = ""

    def excuses(self, item: Finding) -> bool:
        """Whether a finding is the one that is meant."""
        is_field = self.field is None or self.field == item.field
        return self.code == item.code and self.record_id == item.record_id and is_field


@dataclass(frozen=True, slots=True)
class Settings:
    """What a package changes."""

    #: code -> severity instead of the rule's own.
    severity: Mapping[str, str] = field(default_factory=dict)
    #: Codes of rules that are not asked.
    off: frozenset[str] = frozenset()
    waivers: tuple[Waiver, ...] = ()
    #: What cannot be used of the settings.
    problems: tuple[Finding, ...] = ()

    def waivers_of(self, code: str) -> tuple[Waiver, ...]:
        """Return the waivers of findings of a rule."""
        return tuple(item for item in self.waivers if item.code == code)


def read(declared: object, place: str) -> Settings:
    """Read the settings; what cannot be used becomes a finding and has no effect.

    Args:
        declared: the member ``rules`` of ``diplodata``, None when there is none. Its form is checked by the profile.
        place: file of the descriptor, for findings.
    """
    if not isinstance(declared, Mapping):
        return Settings()
    problems: list[Finding] = []
    severity = _severities(declared.get("severity"), problems, place)
    return Settings(
        severity={code: level for code, level in severity.items() if level != "off"},
        off=frozenset(code for code, level in severity.items() if level == "off"),
        waivers=tuple(_waivers(declared.get("waive"), problems, place)),
        problems=tuple(problems),
    )


def _severities(declared: object, problems: list[Finding], place: str) -> dict[str, str]:
    chosen: dict[str, str] = {}
    for code, level in declared.items() if isinstance(declared, Mapping) else ():
        if not _is_rule(code, f"{_AT}/severity/{code}", problems, place):
            continue
        if level in (*SEVERITIES, "off"):
            chosen[code] = level
    return chosen


def _waivers(declared: object, problems: list[Finding], place: str) -> Iterator[Waiver]:
    items = declared if isinstance(declared, Sequence) and not isinstance(declared, str) else ()
    for number, item in enumerate(items):
        pointer = f"{_AT}/waive/{number}"
        if _is_complete(item) and _is_rule(item["code"], f"{pointer}/code", problems, place):
            yield Waiver(item["code"], item["record_id"], item["reason"], item.get("field"), pointer)


def _is_complete(item: Any) -> bool:
    """Whether a waiver has its members; the profile has said so where it has not."""
    return isinstance(item, Mapping) and all(
        isinstance(item.get(name), str) and item[name].strip() for name in ("code", "record_id", "reason")
    )


def _is_rule(code: Any, pointer: str, problems: list[Finding], place: str) -> bool:
    if code in rules():
        return True
    problem = f"{code!r} is no rule; only rules can be set or waived, and errors of the schema cannot."
    problems.append(finding("profile-error", {"problem": problem}, pointer=pointer, path=place))
    return False
