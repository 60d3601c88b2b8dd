"""What the pictures of a site count: meetings by body, format and year, and who speaks by rank."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from diplodata.site import drawing, ranks, wording
from diplodata.site.contents import Contents, Record
from diplodata.site.drawing import Picture
from diplodata.site.records.values import linked

#: Bodies that the matrix shows.
_ROWS = 30

#: Meetings and participants from which on ranks over the years are worth a picture.
_MEETINGS, _PARTICIPANTS = 8, 100

#: Sources that a picture names; it says how many more there are.
_SOURCES = 3

#: The turn to screens first, then what was usual.
_FORMATS = ("in_person", "hybrid", "videoconference", "telephone", "correspondence", "unknown")


def pictures(contents: Contents) -> tuple[Picture, ...]:
    """Return the pictures for which there are data."""
    meetings = [item for item in contents.current("meetings") if _year(item)]
    if not meetings:
        return ()
    return (
        *_bodies(contents, meetings),
        _formats(contents, meetings),
        *_matrix(contents, meetings),
        *_ranks(contents, meetings),
    )


def _year(item: Record) -> str:
    return wording.year(str(item.get("start_date", "")))


def _body(contents: Contents, item: Record) -> str:
    body = str(item.get("organization_id", ""))
    if not body:
        return "No standing body"
    top = contents.body(body)
    return wording.clean(str(contents.record(top).get("short_name") or contents.title(top)))


def _counted(pairs: Iterable[tuple[str, str]]) -> dict[str, dict[str, int]]:
    counts: dict[str, Counter[str]] = {}
    for name, year in pairs:
        counts.setdefault(name, Counter())[year] += 1
    return {
        name: dict(found) for name, found in sorted(counts.items(), key=lambda pair: (-sum(pair[1].values()), pair[0]))
    }


def _with_sources(contents: Contents, picture: Picture, rows: Iterable[Record]) -> Picture:
    """Name the sources from which most of the counted rows come."""
    found = Counter(str(item.get("source_id", "")) for item in rows)
    most = [linked(contents, name) for name, _ in found.most_common(_SOURCES) if name in contents.by_id]
    rest = len(found) - len(most)
    more = f" Sources: {wording.counted(len(found), 'source')} of this package, for most rows"
    caption = picture.caption + (more if rest > 0 else f" {'Sources' if len(most) > 1 else 'Source'}:")
    return replace(picture, caption=caption, sources=tuple(most))


def _bodies(contents: Contents, meetings: list[Record]) -> Iterator[Picture]:
    by_body = _counted((_body(contents, item), _year(item)) for item in meetings)
    if len(by_body) < 2:
        return
    names = [name for name in by_body if name != "No standing body"][: drawing.SERIES - 1]
    counts = {name: by_body[name] for name in names}
    rest = _counted(("All others", year) for name, found in by_body.items() if name not in names
                    for year, number in found.items() for _ in range(number))  # fmt: skip
    says = (
        f"A column for each year. The body with the most meetings here: {names[0]}."
        if names
        else "A column for each year."
    )
    caption = f"{len(meetings):,} meetings of this package, by the year of their first day and the body at the top."
    yield _with_sources(
        contents, drawing.stacked("by-body", "Meetings over time", says, caption, counts | rest, "meetings"), meetings
    )


def _formats(contents: Contents, meetings: list[Record]) -> Picture:
    pairs = _counted((str(item.get("format", "unknown")), _year(item)) for item in meetings)
    known = [name for name in _FORMATS if name in pairs] + [name for name in pairs if name not in _FORMATS]
    counts = {wording.capital(wording.clean(wording.code(name))): pairs[name] for name in known[: drawing.SERIES]}
    says = _turn(pairs.get("videoconference", {}))
    caption = f"{len(meetings):,} meetings of this package, by how they were held."
    return _with_sources(
        contents, drawing.stacked("by-format", "How meetings were held", says, caption, counts, "meetings"), meetings
    )


def _turn(videoconferences: dict[str, int]) -> str:
    """Say in which year most meetings were held by video."""
    if not videoconferences:
        return "No meeting here was held by videoconference."
    year, number = max(videoconferences.items(), key=lambda pair: (pair[1], pair[0]))
    total = sum(videoconferences.values())
    verb = "was" if number == 1 else "were"
    return f"Of {wording.counted(total, 'meeting')} by videoconference, {number:,} {verb} held in {year}."


def _matrix(contents: Contents, meetings: list[Record]) -> Iterator[Picture]:
    counts = _counted((_body(contents, item), _year(item)) for item in meetings)
    if len(counts) < 2:
        return
    kept = dict(list(counts.items())[:_ROWS])
    left = len(counts) - len(kept)
    caption = (
        f"A row for each body, with its organs, the most frequent first{f'; {left:,} are left out' if left else ''}."
    )
    says = f"{len(counts):,} bodies with meetings between {min(map(_year, meetings))} and {max(map(_year, meetings))}."
    yield _with_sources(
        contents, drawing.matrix("matrix", "Bodies and years", says, caption, kept, "meetings"), meetings
    )


def _ranks(contents: Contents, meetings: list[Record]) -> Iterator[Picture]:
    """Yield who speaks by rank, for the body with most meetings, where it has enough of them."""
    by_body = Counter(str(item["organization_id"]) for item in meetings if item.get("organization_id"))
    body, number = by_body.most_common(1)[0] if by_body else ("", 0)
    years = {str(item["id"]): _year(item) for item in meetings if item.get("organization_id") == body}
    rows = [item for item in contents.current("participants") if item.get("meeting_id") in years]
    if number < _MEETINGS or len(rows) < _PARTICIPANTS:
        return
    pairs = _counted((ranks.rank(str(item.get("title_as_given", ""))), years[str(item["meeting_id"])]) for item in rows)
    counts = {name: pairs[name] for name in ranks.ORDER if name in pairs}
    title = f"Who speaks, by rank: {wording.clean(contents.title(body))}"
    unstated = sum(pairs.get(ranks.UNSTATED, {}).values())
    says = f"{len(rows):,} participants in {number:,} meetings; for {unstated:,} of them no post is stated."
    caption = (
        "The rank is read from the post as the source gives it. Only years in which posts are stated can be compared."
    )
    yield _with_sources(contents, drawing.stacked("by-rank", title, says, caption, counts, "participants"), rows)
