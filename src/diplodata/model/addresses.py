"""Where the standard's documents have their addresses; none of them resolves until the base is registered."""

from __future__ import annotations

#: Base of all addresses of the project.
BASE = "https://w3id.org/diplodata/"

#: Base of the addresses of the standard's schemas.
SCHEMAS = f"{BASE}schemas/"

#: Base of the pages that explain the codes, one for each.
CODES = f"{BASE}codes/"
