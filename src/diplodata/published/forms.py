"""The forms of index.json and release.json: strict JSON, held to their published JSON Schemas."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from diplodata import strict_json
from diplodata.catalogue import finding
from diplodata.model.finding import Finding
from diplodata.standard import registry

if TYPE_CHECKING:
    from jsonschema_rs import Draft202012Validator

#: Findings of one file; more would say nothing new.
_MOST = 20

#: Longest text of a problem.
_LONGEST = 300


def judged(raw: bytes, name: str, place: str, code: str) -> tuple[dict[str, Any] | None, tuple[Finding, ...]]:
    """Return the content of a file, and how it departs from its form.

    Args:
        raw: the bytes.
        name: ``index`` or ``release``.
        place: path of the file, for findings.
        code: code of the findings.
    """
    try:
        data = strict_json.plain(strict_json.parse(raw))
    except (strict_json.JsonProblemError, RecursionError, OverflowError) as error:
        problem = error.problem if isinstance(error, strict_json.JsonProblemError) else "it is too deep or too large"
        return None, (finding(code, {"problem": f"it is no strict JSON: {problem}"}, path=place),)
    findings: list[Finding] = []
    for wrong in _validator(name).iter_errors(data):
        pointer = "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in wrong.instance_path)
        text = wrong.message if len(wrong.message) <= _LONGEST else f"{wrong.message[:_LONGEST]}…"
        details = {"problem": f"at {pointer[:_LONGEST] or 'its top'}, {text}"}
        findings.append(finding(code, details, path=place, pointer=pointer[:_LONGEST] or None))
        if len(findings) == _MOST:
            break
    return data if isinstance(data, dict) else None, tuple(findings)


@cache
def _validator(name: str) -> Draft202012Validator:
    from jsonschema_rs import Draft202012Validator

    return Draft202012Validator(registry.release_schema(name), validate_formats=True)
