"""Profiles of somebody's own: a JSON Schema in the package or the wheel that a descriptor has to match.

jsonschema-rs decides and explains. It bounds what patterns and circular references may cost; a profile comes from the
package, so the time it takes has to be bounded as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from diplodata import strict_json
from diplodata.model.limits import DEFAULT_LIMITS
from diplodata.package import versions
from diplodata.package.containers import Container, UnreadableFileError
from diplodata.standard import export, registry

if TYPE_CHECKING:
    from jsonschema_rs import Validator

#: What an official profile stands for inside another one: its rules are asked of the reference.
_ASKED_ELSEWHERE: Mapping[str, Any] = {}

#: Names of profiles of v1 that the reference fetches.
_ELSEWHERE = ("fiscal-data-package",)

#: Longest message; a message repeats the value that it is about.
_SHOWN = 300


class UnusableProfileError(Exception):
    """A profile cannot be asked; says why, and what to do when that is not plain."""

    def __init__(self, problem: str, hint: str | None = None) -> None:
        super().__init__(problem)
        self.problem = problem
        self.hint = hint


class Profiles:
    """The profiles that a package declares; each is read once."""

    def __init__(self, container: Container, attachments: dict[str, bytes]) -> None:
        self._container = container
        self._attachments = attachments
        self._validators: dict[str, Validator] = {}

    def problems(self, profile: str, descriptor: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        """Yield (JSON Pointer, problem) for each rule of a profile that a descriptor breaks (Data Package v2, $schema).

        Raises:
            UnusableProfileError: the profile cannot be asked.
            UnreadableFileError: its path is not safe.
        """
        if versions.is_official(profile):
            return
        if profile not in self._validators:
            self._validators[profile] = _validator(profile, self._schema(profile))
        for error in self._validators[profile].iter_errors(descriptor):
            pointer = "".join(f"/{_escaped(part)}" for part in error.instance_path)
            message = error.message if len(error.message) <= _SHOWN else f"{error.message[:_SHOWN]}…"
            yield pointer, f"By the profile {profile}, at {pointer or 'the top'}: {message}."

    def _schema(self, profile: str) -> Any:
        schema = _of_the_standard(profile)
        if schema is not None:
            return schema
        if ":" in profile or profile in _ELSEWHERE:
            raise UnusableProfileError(
                f"The profile {profile} is not in the package, and nothing is fetched: the descriptor was not checked.",
                "Put the JSON Schema into the package and name it by its path.",
            )
        raw = self._read(profile)
        try:
            schema = strict_json.plain(strict_json.parse(raw))
        except strict_json.JsonProblemError as error:
            raise UnusableProfileError(f"The profile {profile} is not JSON: {error.problem}.") from error
        if not isinstance(schema, dict):
            raise UnusableProfileError(f"The profile {profile} holds no object, so it is no JSON Schema.")
        self._attachments[profile] = raw
        return schema

    def _read(self, path: str) -> bytes:
        limit = DEFAULT_LIMITS.descriptor_bytes
        try:
            with self._container.open(path) as stream:
                raw = stream.read(limit + 1)
        except UnreadableFileError as error:
            if error.code == "unsafe-path":
                raise
            raise UnusableProfileError(f"The profile {path} cannot be opened: {error.problem}.") from error
        if len(raw) > limit:
            raise UnusableProfileError(f"The profile {path} is larger than {limit} bytes, the limit descriptor_bytes.")
        return raw


def _of_the_standard(address: str) -> Any:
    """Return a JSON Schema of the standard, from the wheel; None for any other address."""
    version, file = registry.version_of_address(address) or ("", "")
    name = file.removesuffix(".schema.json")
    if version in registry.versions() and name != file and name in registry.schema_names(version):
        return export.as_json_schema(version, name)
    return None


def _validator(profile: str, schema: Any) -> Validator:
    import jsonschema_rs

    try:
        return jsonschema_rs.validator_for(schema, retriever=_retrieve)
    except (jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError, ValueError) as error:
        reason = str(error).strip().splitlines()[0]
        raise UnusableProfileError(
            f"The profile {profile} cannot be used: {reason}.",
            "A profile is a JSON Schema that refers to nothing outside itself but official profiles.",
        ) from error


def _retrieve(address: str) -> Any:
    """Give jsonschema-rs what a profile refers to; nothing is fetched."""
    if versions.is_official(address):
        return dict(_ASKED_ELSEWHERE)
    schema = _of_the_standard(address)
    if schema is None:
        raise ValueError(f"{address} is not fetched")
    return schema


def _escaped(part: object) -> str:
    return str(part).replace("~", "~0").replace("/", "~1")
