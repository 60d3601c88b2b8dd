"""What targets of conversions are called in tests."""

from diplodata.conversion import DOCUMENTS
from diplodata.formats import WHOLE_WRITERS


def target_name(stem: str, to: str) -> str:
    """Name a target so that its ending is that of its format; a folder has none."""
    ending = ".json" if to in DOCUMENTS else f".{to}" if to in WHOLE_WRITERS else ""
    return f"{stem}{ending}"
