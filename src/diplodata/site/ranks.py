"""The rank of a speaker, read from the post as it is given in English."""

from __future__ import annotations

import re

#: Rank -> words of posts; the first that fits decides, so that a deputy is no prime minister.
_RANKS = (
    ("Deputy head", (r"(vice|deputy)[- ]*(president|prime|premier|chancellor|head of)", r"crown prince", r"heir")),
    (
        "Head of state",
        (
            r"\bpresident\b(?! of the (council of ministers|government|general|national|assembly|senate|european))",
            r"head of (the )?state",
            r"\b(king|queen|[ae]mir|sultan|emperor|sovereign|pope)\b",
            r"captains? regent",
            r"chair\w* of the presidency",
        ),
    ),
    (
        "Head of government",
        (
            r"prime[- ]minister",
            r"premier|chancellor|taoiseach",
            r"head of (the )?government",
            r"president of the (council of ministers|government)",
        ),
    ),
    (
        "Foreign minister",
        (
            r"(?<!deputy )(minister|secretary)\b.*\b(foreign|external|international)",
            r"secretary of state",
            r"foreign (minister|secretary)",
        ),
    ),
    ("Others with a post", (r".",)),
)

_PATTERNS = tuple((name, re.compile("|".join(words), re.IGNORECASE)) for name, words in _RANKS)

#: For those without a post.
UNSTATED = "No post stated"

#: All ranks, in the order in which pictures stack them.
ORDER = ("Head of state", "Head of government", "Deputy head", "Foreign minister", "Others with a post", UNSTATED)


def rank(post: str) -> str:
    """Return the rank of a post; no post is a rank of its own."""
    return next((name for name, pattern in _PATTERNS if pattern.search(post)), UNSTATED)
