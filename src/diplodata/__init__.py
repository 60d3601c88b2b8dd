"""diplodata: validate, mend, convert and publish data on diplomatic meetings, and any other data package."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from diplodata.comparing import compare as compare
    from diplodata.conversion import convert as convert
    from diplodata.fetching import fetch as fetch
    from diplodata.fixing.fix import fix as fix
    from diplodata.reader import open_package as open_package
    from diplodata.release.publish import Wishes as Wishes
    from diplodata.release.publish import publish as publish
    from diplodata.release.yank import yank as yank
    from diplodata.validation import Options as Options
    from diplodata.validation import validate as validate
    from diplodata.verifying import verify as verify

#: public name -> module; a module is imported when its name is used, so that ``import diplodata`` stays quick.
_PUBLIC = {
    "Options": "diplodata.validation",
    "Wishes": "diplodata.release.publish",
    "compare": "diplodata.comparing",
    "convert": "diplodata.conversion",
    "fetch": "diplodata.fetching",
    "fix": "diplodata.fixing.fix",
    "open_package": "diplodata.reader",
    "publish": "diplodata.release.publish",
    "validate": "diplodata.validation",
    "verify": "diplodata.verifying",
    "yank": "diplodata.release.yank",
}

__all__ = [
    "Options",
    "Wishes",
    "compare",
    "convert",
    "fetch",
    "fix",
    "open_package",
    "publish",
    "validate",
    "verify",
    "yank",
]


def __getattr__(name: str) -> Any:
    if name not in _PUBLIC:
        raise AttributeError(f"module 'diplodata' has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(_PUBLIC[name]), name)
