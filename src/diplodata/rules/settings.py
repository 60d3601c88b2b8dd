"""How a package wants its rules: ``diplodata.rules`` of its descriptor."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from diplodata.catalogue import finding
from diplodata.model.finding import SEVERITIES, Finding
from diplodata.model.profile import Profile
from diplodata.rules.rule import rules

_AT = "/diplodata/rules"

_PROFILE_AT = "/diplodata/profile"

#: What a rule can be set to, strictest first.
_LEVELS = (*SEVERITIES, "off")


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


def read(declared: object, place: str, profile: Profile | None = None) -> Settings:
    """Read the settings; what cannot be used becomes a finding and has no effect.

    Args:
        declared: the member ``rules`` of ``diplodata``, None when there is none. Its form is checked by the profile.
        place: file of the descriptor, for findings.
        profile: the profile of the package; its severities may only be raised.
    """
    declared = declared if isinstance(declared, Mapping) else {}
    problems: list[Finding] = []
    asked = _of_profile(profile, problems, place) if profile else {}
    severity = _not_below(asked, _severities(declared.get("severity"), problems, place), problems, place)
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
        if level in _LEVELS:
            chosen[code] = level
    return chosen


def problems_of_profile(profile: Profile) -> Iterator[tuple[str, str]]:
    """Yield (code, problem) for each severity that a profile cannot set: it may not make an error less than one."""
    for code, level in profile.severity.items():
        if code not in rules():
            yield code, f"{code!r} is no rule; only rules can be set, and errors of the schema cannot"
        elif rules()[code].entry.severity == "error" and level != "error":
            yield code, f"{code} is an error in the standard, and a profile cannot make it {level!r}"


def _of_profile(profile: Profile, problems: list[Finding], place: str) -> dict[str, str]:
    """Return the severities that a profile sets and may set."""
    wrong = dict(problems_of_profile(profile))
    for problem in wrong.values():
        said = {"problem": f"In the profile {profile}: {problem}."}
        problems.append(finding("profile-error", said, pointer=_PROFILE_AT, path=place))
    return {code: level for code, level in profile.severity.items() if code not in wrong}


def _not_below(asked: Mapping[str, str], own: Mapping[str, str], problems: list[Finding], place: str) -> dict[str, str]:
    """Return the severities of a package, none of them below what its profile asks for."""
    chosen = {**asked, **own}
    for code in asked.keys() & own.keys():
        if _LEVELS.index(own[code]) > _LEVELS.index(asked[code]):
            problem = f"The package sets {code} to {own[code]!r}, its profile to {asked[code]!r}, which holds."
            problems.append(
                finding("profile-error", {"problem": problem}, pointer=f"{_AT}/severity/{code}", path=place)
            )
            chosen[code] = asked[code]
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
