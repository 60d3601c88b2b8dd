"""Hand out the standard's schemas as files, and tell whether files are up to date."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from diplodata.errors import UsageError
from diplodata.model.profile import Profile
from diplodata.rules import settings
from diplodata.rules.rule import rules
from diplodata.standard import export, registry


@dataclass(frozen=True, slots=True)
class Handout:
    """What is asked for."""

    #: Schemas; ``report``, ``changes`` and ``profile`` are no part of the standard and handed out only when named.
    names: tuple[str, ...] = ()
    #: Key of export.EXPORTS.
    form: str = "json-schema"
    #: Tables of the package, joined by commas, or ``required``; None for all.
    tables: str | None = None
    #: The generated files of the standard itself instead.
    generated: bool = False
    standard: str | None = None
    #: File of a profile, or a package that declares one, whose compiled schemas are wanted.
    profile: str | Path | None = None


def files(wanted: Handout) -> dict[str, str]:
    """Return the files: path -> text.

    Raises:
        UsageError: a name, form or table is unknown.
        StandardError: the version is unknown.
    """
    if wanted.profile is not None:
        return _compiled(wanted, wanted.profile)
    version = wanted.standard or registry.latest()
    registry.folder(version)
    if wanted.generated:
        return export.generated(version) | {"rules.json": _rules()}
    of_output = [name for name in wanted.names if name in registry.OF_OUTPUT]
    if wanted.form == "json-schema" and of_output:
        others = tuple(name for name in wanted.names if name not in of_output)
        rest = files(replace(wanted, names=others)) if others else {}
        # They have versions of their own, and refer to nothing outside.
        return rest | {f"{name}.schema.json": export.text_of(registry.OF_OUTPUT[name]()) for name in of_output}
    return export.export(version, wanted.form, wanted.names, _present(version, wanted.tables))


def _compiled(wanted: Handout, source: str | Path) -> dict[str, str]:
    """Return schemas with a profile worked in."""
    from diplodata.standard import compiled

    profile = profile_of(source)
    if wanted.standard not in (None, profile.standard):
        raise UsageError(f"The profile narrows the standard {profile.standard}; leave out --standard.")
    return compiled.files(profile, wanted.form, wanted.names, _present(profile.standard, wanted.tables))


def profile_of(source: str | Path) -> Profile:
    """Return the profile in a file, or the one that a package declares.

    Raises:
        UsageError: it cannot be used, or the package declares none.
        SourceError: neither is there.
    """
    from diplodata.package import standard_profile
    from diplodata.package.locate import open_source

    path = Path(source)
    if path.is_file() and path.suffix == ".json":
        found, problem = standard_profile.parsed(path.read_bytes())
        if problem is None and isinstance(found, Mapping) and not {"diplodata", "resources"} & found.keys():
            return _usable(*standard_profile.checked(found), source)
    with open_source(source) as opened:
        if opened.package.profile is not None:
            return _usable(opened.package.profile, (), source)
        wrong = [item.message for item in opened.findings if item.pointer == standard_profile.POINTER]
        raise UsageError(wrong[0] if wrong else f"{source} declares no profile of the standard.")


def _usable(profile: Profile | None, problems: Sequence[str], source: str | Path) -> Profile:
    """Return a profile if its rules can be set as well."""
    of_rules = [] if profile is None else [problem for _, problem in settings.problems_of_profile(profile)]
    for problem in (*problems, *of_rules):
        raise UsageError(f"The profile {source} cannot be used: {problem}.")
    if profile is None:
        raise UsageError(f"{source} is no profile.")
    return profile


def _present(version: str, tables: str | None) -> list[str] | None:
    if tables is None:
        return None
    known = registry.table_names(version)
    if tables == "required":
        return [name for name in known if registry.json_schema(version, name)["x-level"] == "required"]
    names = [name.strip() for name in tables.split(",")]
    unknown = [name for name in names if name not in known]
    if unknown:
        raise UsageError(f"Unknown table {unknown[0]!r}; known: {', '.join(known)}.")
    return names


def _rules() -> str:
    """Return the catalogue of rules as JSON, for people and tools that do not run them."""
    catalogue = [
        {
            "code": rule.code,
            "severity": rule.entry.severity,
            "since": rule.entry.since,
            "tables": list(rule.tables),
            "fields": list(rule.fields) or [f"kind:{kind}" for kind in rule.kinds],
            "summary": rule.entry.summary,
            "fix": rule.entry.fix,
        }
        for rule in rules().values()
    ]
    return json.dumps(catalogue, ensure_ascii=False, indent=2) + "\n"


def differences(found: Mapping[str, str], folder: str | Path) -> list[str]:
    """Return a line for each file in the folder that is absent or differs."""
    lines = []
    for name, text in found.items():
        path = Path(folder) / name
        if not path.is_file():
            lines.append(f"{path} is absent.")
        elif path.read_text(encoding="utf-8") != text:
            lines.append(f"{path} is out of date.")
    return lines


def write(found: Mapping[str, str], folder: str | Path) -> None:
    """Write the files, each beside its place and then renamed."""
    for name, text in found.items():
        path = Path(folder) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{path.name}.part")
        beside.write_text(text, encoding="utf-8")
        beside.replace(path)
