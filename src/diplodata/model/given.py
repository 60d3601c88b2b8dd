"""What a user gives rules beside the package."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Given:
    """Where the inputs are; None is what was not given."""

    #: An earlier release of the package: anything that can be validated.
    previous: str | Path | None = None
    #: A folder with the kept texts of sources, each in ``<identifier with _ for :>.txt``.
    snapshots: str | Path | None = None
    #: A CSV file of registered prefixes.
    registry: str | Path | None = None
    #: A package with the project's own records.
    shared: str | Path | None = None
