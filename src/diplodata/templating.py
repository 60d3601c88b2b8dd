"""How HTML is made of templates: every value is escaped, and a name that is not given is an error."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping
from typing import Any

import jinja2


def environment(package: str, filters: Mapping[str, Callable[..., Any]]) -> jinja2.Environment:
    """Return what renders the templates of a part.

    Args:
        package: the part, such as ``diplodata.render``; its templates lie in ``templates/``.
        filters: name -> what templates can do with a value.
    """
    made = jinja2.Environment(
        loader=jinja2.PackageLoader(package),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= filters
    return made


def style(made: jinja2.Environment, name: str) -> dict[str, str]:
    """Return a style that stands in a page, and its digest: the page may use this style and no other.

    The digest is a hash source of Content Security Policy 3.
    """
    text = made.loader.get_source(made, name)[0] if made.loader else ""
    return {"style": text, "digest": base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}
