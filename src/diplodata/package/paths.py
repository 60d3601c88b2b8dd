"""The grammar of paths inside a package: decided on the text alone, the same on every machine."""

from __future__ import annotations

import re

_RESERVED = re.compile(r"^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?$", re.IGNORECASE)


def is_remote(path: str) -> bool:
    """Whether a path is an http or https address."""
    return path.lower().startswith(("http://", "https://"))


def problem(path: str) -> str | None:
    """Say why a path is not a plain relative path inside the package; None when it is.

    Nothing is decoded, expanded or looked up (Data Package v2, "path": relative POSIX children only).
    """
    if not path:
        return "it is empty"
    if path.startswith("/"):
        return "it is absolute"
    if any(not char.isprintable() for char in path):
        return "it holds a character that cannot be printed"
    for char in "\\:$%*?":
        if char in path:
            return f"it holds {char}"
    return next((reason for part in path.split("/") if (reason := _part_problem(part))), None)


def _part_problem(part: str) -> str | None:
    if part == "..":
        return "it leads upwards"
    if part in ("", "."):
        return "it has an empty part"
    if part.startswith((".", "~")):
        return "a part of it is hidden or begins with ~"
    if part.endswith((".", " ")):
        return "a part of it ends with a dot or a space"
    return "a part of it is a reserved name" if _RESERVED.match(part) else None
