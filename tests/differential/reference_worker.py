"""The reference in a process of its own: a folder a line comes in, its findings as JSON go out.

Run as ``python -m differential.reference_worker``; the reference may raise, hang or crash, and nothing else stops.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from typing import Any

import frictionless


def judge(folder: str) -> dict[str, Any]:
    """Return the reference's findings of each resource, as ``frictionless validate`` makes them one by one."""
    path = os.path.join(folder, "datapackage.json")  # noqa: PTH118 - a text, as the reference wants it
    try:
        package = frictionless.Package(path)
        package.to_descriptor(validate=True)
    except frictionless.FrictionlessException as error:
        return {"refused": [item.note for item in (error.reasons or [error.error])], "resources": {}}
    return {"refused": [], "resources": {item.name: judge_resource(item) for item in package.resources}}


def judge_resource(resource: Any) -> dict[str, Any]:
    """Return the findings of one resource, or what the reference raised."""
    try:
        report = resource.validate(limit_errors=0)
    except Exception as error:  # noqa: BLE001 - whatever it raises is its verdict
        return {"crash": f"{type(error).__name__}: {error}", "findings": []}
    errors = [error for task in report.tasks for error in task.errors]
    return {"crash": None, "findings": list(map(list, findings(errors)))}


def findings(errors: list[Any]) -> Iterator[tuple[str, int | None, str | None]]:
    """Yield (code, row, field) of each error; of an extra label the label is the field."""
    for error in errors:
        names = getattr(error, "field_names", None) or [getattr(error, "field_name", None)]
        name = getattr(error, "label", None) if error.type == "extra-label" else names[0]
        yield error.type, getattr(error, "row_number", None), name or None


def main() -> None:
    """Answer until the input ends."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    for line in sys.stdin:
        print(json.dumps(judge(json.loads(line))), file=answers, flush=True)


if __name__ == "__main__":
    main()
