"""Every code the tool can say: severity, summary, how to fix; rules add their own from their files."""

from diplodata.catalogue.aliases import ALIASES, FAMILIES
from diplodata.catalogue.entries import ENTRIES
from diplodata.catalogue.entry import Entry
from diplodata.catalogue.wording import finding, shown

__all__ = ["ALIASES", "ENTRIES", "FAMILIES", "Entry", "finding", "shown"]
