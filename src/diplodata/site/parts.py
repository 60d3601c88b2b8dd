"""The parts of a site, each a function that writes its pages."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from diplodata import conversion
from diplodata.errors import ConversionError
from diplodata.explain import entries
from diplodata.package.opened import OpenedPackage
from diplodata.site import columns, dictionary, explore, home, listings, pictures, versions, views, wording
from diplodata.site.columns import Column, Table
from diplodata.site.contents import Contents
from diplodata.site.look import Look
from diplodata.site.pages import Pages
from diplodata.site.shown import Shown
from diplodata.site.versions import Download, Version
from diplodata.site.writing import Writer
from diplodata.standard import registry

#: Columns of a table that its page shows, when it is none of the standard.
_SHOWN = 8

_HOME = Shown("Home", "index.html")


@dataclass(frozen=True, slots=True)
class Work:
    """What the parts of a site are made from."""

    opened: OpenedPackage
    contents: Contents
    look: Look
    pages: Pages
    writer: Writer
    target: Path
    versions: tuple[Version, ...]
    has_pictures: bool

    @property
    def rows(self) -> dict[str, int]:
        """Rows of each table."""
        return {name: len(found) for name, found in self.contents.tables.items()}

    def put(self, template: str, path: str, heading: str, **values: Any) -> None:
        """Render a page and write it; a page without breadcrumbs of its own has those of the first level."""
        values.setdefault("crumbs", (_HOME, Shown(heading)))
        self.writer.text(path, self.pages.page(template, path, heading, **values))


def records(work: Work) -> None:
    """Write a page for each record that has one, with the record as JSON beside it, and the lists of them."""
    for table, title in views.LISTS.items():
        if not work.contents.rows(table):
            continue
        index = f"{table}/index.html"
        for view in views.views(work.contents, table):
            beside = view.path.removesuffix(".html") + ".json"
            page = work.pages.page(
                "record.html", view.path, view.title.text, active=index, document=beside.rpartition("/")[2], view=view
            )
            work.writer.text(view.path, page)
            work.writer.text(beside, views.document(work.contents, table, view.identifier))
        found = listings.sections(work.contents, table)
        searched = (
            f"explore/{table}.html"
            if table in {"meetings", "statements"}
            else "explore/participants.html"
            if table == "persons"
            else ""
        )
        there = bool(searched) and bool(work.contents.rows(searched.removeprefix("explore/").removesuffix(".html")))
        work.put(
            "list.html",
            index,
            title,
            active=index,
            lead=listings.LEADS[table],
            sections=found,
            explore=searched if there else "",
        )


def tables(work: Work) -> None:
    """Write a page with each table that can be searched: three of the standard, and all that are none of it."""
    made = explore.tables(work.contents) if work.opened.package.standard else []
    tabs = [(f"explore/{table.name}.html", table, wording.capital(table.name)) for table in made]
    own = [item for item in work.opened.package.resources if not item.is_standard and item.name in work.contents.tables]
    for item in own:
        names = item.schema.names if item.schema else ()
        path = f"tables/{dictionary.slug(work.opened.package, item.name)}.html"
        title = wording.clean(str(item.descriptor.get("title") or item.name))
        tabs.append((path, _own_table(item.name, names, work.contents), title))
    shown = tuple(Shown(title, path) for path, _, title in tabs)
    for path, table, title in tabs:
        _table(work, path, table, title, shown)


def _own_table(name: str, names: Sequence[str], contents: Contents) -> Table:
    rows = contents.tables[name]
    fields = tuple(dict.fromkeys([*names, *(key for row in rows for key in row)]))
    shown = tuple(Column(field, field, field) for field in fields[:_SHOWN])
    return Table(wording.clean(name), "rows", rows, fields, shown, (), fields)


def _table(work: Work, path: str, table: Table, title: str, tabs: tuple[Shown, ...]) -> None:
    heading = f"Explore {title.lower()}" if path.startswith("explore/") else title
    everything = (
        Shown(f"all {table.noun} are in the list", f"{table.name}/index.html") if table.name in views.LISTS else None
    )
    if table.name == "participants":
        everything = Shown("participants stand on the pages of the meetings", "meetings/index.html")
    searched = "titles, names in any script, other names" if path.startswith("explore/") else "all columns"
    name = path.rpartition("/")[2].removesuffix(".html")
    work.put("explore.html", path, heading, active=tabs[0].to, name=name, table=columns.view(table), tabs=tabs,
             here=path, everything=everything, searched=searched)  # fmt: skip
    work.writer.text(path.removesuffix(".html") + ".js", columns.script(table))


def charts(work: Work) -> None:
    """Write the page of pictures, when there is something to see."""
    if work.has_pictures:
        found = pictures.pictures(work.contents)
        lead = "Counts of what this package holds, a selection by the sources at hand and no sample of all diplomacy."
        work.put("pictures.html", "pictures.html", "Pictures", active="pictures.html", pictures=found, lead=lead)


def words(work: Work) -> None:
    """Write the data dictionary and a page for each code."""
    package, index = work.opened.package, "dictionary/index.html"
    version = package.standard
    lead = (
        f"Tables, fields, codes and rules of the diplodata standard {registry.full_version(version)}."
        if version
        else "Tables and fields."
    )
    lead += " Findings of the tool link to the pages of the codes."
    sections = dictionary.overview(package, work.rows)
    sections += [item for item in dictionary.codes_sections() if item.anchor == "tool" or version is None]
    work.put("list.html", index, "Data dictionary", active=index, lead=lead, sections=sections, explore="")
    _dictionary_tables(work)
    trail = (_HOME, Shown("Data dictionary", index))
    codes = dictionary.codes_sections()
    lead = "Every code that a finding can have. A code keeps its name for ever."
    work.put(
        "list.html",
        "codes/index.html",
        "Codes",
        active=index,
        lead=lead,
        sections=codes,
        explore="",
        crumbs=(*trail, Shown("Codes")),
    )
    for code in entries():
        crumbs = (*trail, Shown("Codes", "codes/index.html"), Shown(code))
        work.put(
            "code.html",
            f"codes/{code}.html",
            code,
            active=index,
            view=dictionary.code_view(code, version),
            crumbs=crumbs,
        )


def _dictionary_tables(work: Work) -> None:
    package, index = work.opened.package, "dictionary/index.html"
    trail = (_HOME, Shown("Data dictionary", index))
    for item in dictionary.own_tables(package):
        title = wording.clean(item.name)
        lead = wording.clean(str(item.descriptor.get("description") or "A table of this package, with its own schema."))
        path = f"dictionary/tables/{dictionary.slug(package, item.name)}.html"
        work.put("fields.html", path, title, active=index, lead=lead,
                 notes=(), sections=dictionary.fields_of_own(item), crumbs=(*trail, Shown(title)))  # fmt: skip
    version = package.standard
    if version is None:
        return
    for name in registry.table_names(version):
        schema = registry.json_schema(version, name)
        notes = (
            ("Level", schema["x-level"]),
            ("Identifiers", f"prefix:{schema['x-type-code']}-…"),
            ("Mapping", " ".join(schema.get("x-mapping", ())) or "none"),
        )
        sections = (*dictionary.fields_of_standard(version, name), *dictionary.rules_section(name))
        lead = schema["description"]
        work.put("fields.html", f"dictionary/tables/{name}.html", name, active=index, lead=lead, notes=notes,
                 sections=sections, crumbs=(*trail, Shown(name)))  # fmt: skip
    for name, is_open in registry.codelists(version).items():
        lead = (
            "An open list: a package may add codes of its own."
            if is_open
            else "A closed list: only these codes are allowed."
        )
        work.put("fields.html", f"dictionary/codelists/{name}.html", name, active=index, lead=lead, notes=(),
                 sections=dictionary.codes_of(version, name), crumbs=(*trail, Shown(name)))  # fmt: skip


def releases(work: Work) -> None:
    """Write the page of all releases."""
    work.put("versions.html", "releases.html", "Releases", active="releases.html", versions=work.versions)


def first_page(work: Work) -> None:
    """Write the first page, and the tables as files when no release of this version lies beside the site."""
    package = work.opened.package
    here = versions.of_package(work.versions, str(package.descriptor.get("version") or ""))
    folder = work.target / here.path if here else work.writer.folder / "downloads"
    prefix = here.path if here else "downloads/"
    found = versions.downloads(folder, prefix) if here else _write_downloads(work)
    created = str(package.descriptor.get("created") or (here.created if here else ""))[:10]
    is_standard = package.standard is not None
    work.put(
        "home.html", "index.html", work.look.title, summary=work.look.description[:300],
        description=work.look.description, counts=home.counts(work.contents),
        explore="explore/meetings.html" if is_standard and work.contents.rows("meetings") else "",
        has_pictures=work.has_pictures,
        meetings=home.newest(work.contents, "meetings", "start_date"),
        statements=home.newest(work.contents, "statements", "adoption_date"),
        downloads=[_download(work, name, files) for name, files in found.items()],
        forms=sorted({file.form for files in found.values() for file in files}),
        whole=versions.whole(folder, prefix) if here else [],
        release=here, standard=registry.full_version(package.standard) if package.standard else "", created=created,
        changes=home.last_change(work.versions, here), first=len(work.versions) == 1,
        licences=home.links(package.descriptor, "licenses"), sources=home.links(package.descriptor, "sources"),
        citation=home.citation(package, work.look, created), contact=home.contact(package, work.look),
    )  # fmt: skip


def _download(work: Work, name: str, files: list[Download]) -> dict[str, Any]:
    rows = work.rows.get(name)
    return {"name": wording.clean(name), "rows": f"{rows:,}" if rows is not None else "", "files": files}


def _write_downloads(work: Work) -> dict[str, list[Download]]:
    """Write the tables as CSV and JSON; not where two of them share a file, or hold what has no such file."""
    folder = work.writer.folder / "downloads"
    try:
        for form in ("csv", "json"):
            conversion.write_data(work.opened, folder, form)
    except ConversionError:
        shutil.rmtree(folder, ignore_errors=True)
        return {}
    return versions.files_in(folder, "downloads/")


def look_of(work: Work, assets: Mapping[str, bytes]) -> None:
    """Write style, colours, script and logo."""
    for name, data in assets.items():
        work.writer.data(f"assets/{name}", data)
    work.writer.text("assets/colours.css", work.look.style)
    if work.look.logo:
        work.writer.data(f"assets/{work.look.logo[0]}", work.look.logo[1])
