"""Look up what a code means."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from diplodata.catalogue import ALIASES, ENTRIES, FAMILIES, Entry
from diplodata.errors import UsageError
from diplodata.rules.inputs import OPTIONS
from diplodata.rules.rule import Rule, rules


def entries() -> dict[str, Entry]:
    """Return every entry of the catalogue and of the rules, by code, sorted."""
    return dict(sorted((ENTRIES | {code: rule.entry for code, rule in rules().items()}).items()))


def explain(code: str) -> tuple[Entry, ...]:
    """Return the entries of a code, of an alias, or of all codes of a family.

    Raises:
        UsageError: the code is unknown.
    """
    known = entries()
    names = FAMILIES.get(code, (ALIASES.get(code, code),))
    if names[0] in known:
        return tuple(known[name] for name in names)
    close = difflib.get_close_matches(code, [*known, *ALIASES, *FAMILIES], n=3)
    guess = f" Did you mean {' or '.join(close)}?" if close else " `diplodata explain` lists all codes."
    raise UsageError(f"Unknown code {code!r}.{guess}")


def pages() -> dict[str, str]:
    """Return a page in Markdown for each code, and one that lists them: file name -> text."""
    known = entries()
    found = {f"{code}.md": "\n".join(_page(entry)) + "\n" for code, entry in known.items()}
    of_rules = [entry for code, entry in known.items() if code in rules()]
    others = [entry for code, entry in known.items() if code not in rules()]
    head = ["# Codes", "", "Every code that a finding can have. A code keeps its name for ever.", ""]
    table = ["## Rules of the standard", "", *_table(of_rules), "", "## Codes of the tool", "", *_table(others)]
    names = [f"* `{name}` is reported as `{code}`." for name, code in ALIASES.items()]
    names += [f"* `{name}` stands for {', '.join(f'`{code}`' for code in codes)}." for name, codes in FAMILIES.items()]
    return found | {"README.md": "\n".join([*head, *table, "", "## Other names", "", *names]) + "\n"}


def _table(of: list[Entry]) -> list[str]:
    rows = [f"| [`{item.code}`]({item.code}.md) | {item.severity} | {item.summary} |" for item in of]
    return ["| Code | Severity | Says |", "|---|---|---|", *rows]


def _page(entry: Entry) -> Iterator[str]:
    rule = rules().get(entry.code)
    yield from (f"# `{entry.code}`", "", entry.summary, "", f"**To fix:** {entry.fix}", "")
    yield f"* Severity: {entry.severity}"
    yield f"* Since: {'standard' if rule else 'tool'} {entry.since}"
    if entry.source:
        yield f"* Source: {entry.source}"
    if rule:
        yield from _page_of_rule(rule)


def _page_of_rule(rule: Rule) -> Iterator[str]:
    read = [f"`{name}`" for name in rule.fields] or [f"every field of the kind {kind}" for kind in rule.kinds]
    yield f"* Reads: {', '.join(read)}"
    if rule.exempt:
        yield f"* Leaves alone: {', '.join(f'`{name}`' for name in rule.exempt)}"
    options = [f"`{OPTIONS[name]}`" for name in rule.needs if name in OPTIONS]
    if options:
        yield f"* Asked only with {', '.join(options)}"
    yield f"* In SQL: [{rule.code}.sql](../../src/diplodata/rules/{rule.code}.sql)"
    yield ""
    yield "A package may [set its severity, switch it off, or waive single findings](../own-package.md)."
