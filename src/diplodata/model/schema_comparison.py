"""What is different between two schemas, and what that does to data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from diplodata.model.changes import STEPS, SchemaChange, Step

#: Whether data that are valid by one schema are valid by the other.
Stays = Literal["yes", "no", "cannot tell"]

Verdict = Literal["equal", "compatible", "widening", "narrowing", "breaking", "cannot tell"]


@dataclass(frozen=True, slots=True)
class SchemaComparison:
    """The comparison of two schemas.

    * equal: they are the same.
    * compatible: they differ, and all data of the older one stay valid; that more is taken was not found.
    * widening: all data of the older one stay valid, and more is taken.
    * narrowing: some data of the older one are refused, and nothing more is taken.
    * breaking: some data of the older one are refused, and more is taken or may be.
    * cannot tell: neither is known of data of the older one.
    """

    name: str
    #: ``table-schema`` or ``json-schema``.
    kind: str
    verdict: Verdict
    #: Whether data of the older schema are valid by the newer one.
    forward: Stays
    #: Whether data of the newer schema are valid by the older one.
    backward: Stays
    #: The step of the version that it asks for.
    step: Step
    changes: tuple[SchemaChange, ...]
    #: (``forward`` or ``backward``, value) of values that are valid by one and not by the other.
    examples: tuple[tuple[str, Any], ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the form of the JSON document."""
        return {
            "name": self.name,
            "kind": self.kind,
            "verdict": self.verdict,
            "forward": self.forward,
            "backward": self.backward,
            "step": self.step,
            "changes": [item.to_dict() for item in self.changes],
            "examples": dict(self.examples),
        }


@dataclass(frozen=True, slots=True)
class SchemaSetComparison:
    """The comparison of all schemas of two versions, or of a single pair."""

    old: str
    new: str
    schemas: tuple[SchemaComparison, ...]
    #: Names of schemas that only the newer version has.
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    @property
    def equal(self) -> bool:
        """Whether nothing is different."""
        return not (self.added or self.removed) and all(item.verdict == "equal" for item in self.schemas)

    @property
    def step(self) -> Step:
        """The step of the version that all of it asks for."""
        asked: list[Step] = [item.step for item in self.schemas]
        asked += ["minor" for _ in self.added]
        asked += ["major" for _ in self.removed]
        return max(asked, key=STEPS.index, default="none")

    def to_dict(self) -> dict[str, Any]:
        """Return the form of the JSON document."""
        return {
            "old": self.old,
            "new": self.new,
            "equal": self.equal,
            "step": self.step,
            "added": list(self.added),
            "removed": list(self.removed),
            "schemas": [item.to_dict() for item in self.schemas],
        }
