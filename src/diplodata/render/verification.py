"""What came of a verification, for people and for programs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from diplodata.model.finding import Finding
from diplodata.model.verification import Verification
from diplodata.render import json_report, wording
from diplodata.render.escaping import MESSAGE_SHOWN, cut, line


def text(done: Verification) -> str:
    """Return a verification as text that ends with its verdict."""
    return findings(done.findings) + "".join(f"{line(item)}\n" for item in _summary(done))


def findings(found: Sequence[Finding]) -> str:
    """Return findings as text: where, what, what to do."""
    return "".join(f"{line(item)}\n" for one in found for item in _finding(one))


def _finding(one: Finding) -> Iterator[str]:
    yield f"{wording.place(one)}: {one.severity} {one.code}"
    yield f"    {cut(one.message, MESSAGE_SHOWN)}"
    if one.hint:
        yield f"    → {cut(one.hint, MESSAGE_SHOWN)}"


def _summary(done: Verification) -> Iterator[str]:
    number = len(done.versions)
    which = f" ({', '.join(done.versions)})" if number else ""
    yield (
        f"{cut(done.place)}: {wording.counted(number, 'release')}{cut(which)}, "
        f"{wording.counted(done.files, 'file')}, {wording.counted(done.bytes, 'byte')}."
    )
    if not done.is_signed:
        yield "Signatures were not checked, because no signers were given (--signers): nothing shows who made this."
    if not done.is_listed:
        yield "Files that are not listed were not looked for: a web server does not say what it holds."
    errors, warnings = (done.counts[level] for level in ("error", "warning"))
    verdict = "Verified" if done.verified else "Not verified"
    yield f"{verdict}: {wording.counted(errors, 'error')}, {wording.counted(warnings, 'warning')}."


def as_json(done: Verification) -> str:
    """Return a verification as JSON."""
    return json_report.text_of(done.to_dict(), indent=2) + "\n"


#: format -> how a verification is written.
VERIFICATION_RENDERERS: Mapping[str, Callable[[Verification], str]] = {"json": as_json, "text": text}
