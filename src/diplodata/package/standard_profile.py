"""The profile of the standard that ``diplodata.profile`` of a descriptor names: read, and held to its form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from diplodata import strict_json
from diplodata.model.limits import DEFAULT_LIMITS
from diplodata.model.profile import Profile
from diplodata.package import paths
from diplodata.package.containers import UnreadableFileError
from diplodata.package.gathering import Reading
from diplodata.standard import narrowing, registry

if TYPE_CHECKING:
    from jsonschema_rs import Validator

#: Where the profile is declared, as a JSON Pointer into the descriptor.
POINTER = "/diplodata/profile"


def read(descriptor: Mapping[str, Any], standard: str | None, reading: Reading) -> Profile | None:
    """Return the profile that a descriptor names or holds; what is wrong with it becomes a ``profile-error``.

    Args:
        descriptor: the descriptor as parsed.
        standard: version of the standard that it declares, None when it is unknown.
        reading: what is gathered; a profile that was read from the package becomes one of its attachments.
    """
    declared = descriptor.get("diplodata")
    value = declared.get("profile") if isinstance(declared, Mapping) else None
    if standard is None or not isinstance(value, str | Mapping) or not value:
        return None
    source = value if isinstance(value, Mapping) else _named(value, reading)
    if source is None:
        return None
    name = "of the descriptor" if isinstance(value, Mapping) else value
    profile, problems = checked(source)
    if profile is not None and profile.standard != standard:
        problems, profile = (f"it narrows the standard {profile.standard}, the package declares {standard}",), None
    for problem in problems:
        _say(reading, f"The profile {name} was not used: {problem}.")
    return profile


def checked(source: object) -> tuple[Profile | None, tuple[str, ...]]:
    """Return a profile, or None with what is wrong with it.

    Args:
        source: the profile as parsed.
    """
    found = tuple(_of_form(source))
    if found or not isinstance(source, Mapping):
        return None, found
    profile = Profile.from_source(source)
    found = (*(f"{problem} (at {at})" for at, problem in narrowing.problems(profile)), *_of_patterns(profile))
    return (None, found) if found else (profile, ())


def quietly(value: object) -> Profile | None:
    """Return the profile that a document holds, None where there is none that can be used; ``read`` says why."""
    return checked(value)[0] if isinstance(value, Mapping) else None


def parsed(raw: bytes) -> tuple[Any, str | None]:
    """Return what the bytes of a profile hold, or what is wrong with them."""
    if len(raw) > DEFAULT_LIMITS.descriptor_bytes:
        return None, f"it is larger than {DEFAULT_LIMITS.descriptor_bytes} bytes, the limit descriptor_bytes"
    try:
        found = strict_json.plain(strict_json.parse(raw))
    except strict_json.JsonProblemError as error:
        return None, f"it is not JSON: {error.problem}"
    return (found, None) if isinstance(found, dict) else (None, "it holds no object")


def _named(name: str, reading: Reading) -> Any:
    """Read what a path in the package or an address of the wheel names; nothing is fetched."""
    if paths.is_remote(name):
        file = registry.PROFILES.get(name)
        if file is None:
            said = f"The profile {name} is not in the package, and nothing is fetched: it was not used."
            _say(reading, said, "Put the profile into the package and name it by its path.")
            return None
        raw = (registry.root() / file).read_bytes()
    else:
        try:
            with reading.container.open(name) as stream:
                raw = stream.read(DEFAULT_LIMITS.descriptor_bytes + 1)
        except UnreadableFileError as error:
            if error.code == "unsafe-path":
                details = {"problem": error.problem}
                reading.say(error.code, details=details, value=name, pointer=POINTER, path=reading.place)
            else:
                _say(reading, f"The profile {name} cannot be opened: {error.problem}.")
            return None
        reading.attachments[name] = raw
    source, problem = parsed(raw)
    if problem is not None:
        _say(reading, f"The profile {name} was not used: {problem}.")
    return source


def _say(reading: Reading, problem: str, hint: str | None = None) -> None:
    hint = hint or "Correct the profile; docs/profiles.md of the tool says what one may ask."
    reading.say("profile-error", details={"problem": problem}, hint=hint, pointer=POINTER, path=reading.place)


def _of_form(source: object) -> Iterator[str]:
    for error in _form().iter_errors(source):
        pointer = "".join(f"/{part}" for part in error.instance_path)
        yield f"at {pointer or 'the top'}, {error.message[:300]}"


@cache
def _form() -> Validator:
    import jsonschema_rs

    return jsonschema_rs.validator_for(registry.profile_schema(), validate_formats=True)


def _of_patterns(profile: Profile) -> Iterator[str]:
    """Yield patterns that a linear engine does not understand, as other tools would not."""
    from jsonschema_rs import Draft202012Validator, RegexOptions, ValidationError

    for table in profile.tables:
        for name, asked in profile.fields(table).items():
            try:
                Draft202012Validator({"pattern": asked.get("pattern", "")}, pattern_options=RegexOptions())
            except (ValidationError, ValueError):
                yield f"the pattern {asked['pattern']!r} of {table}.{name} is not understood"
