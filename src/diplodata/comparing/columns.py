"""Which column of the older table is which of the newer one, and by which of them records are told apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from diplodata.comparing.loading import Loaded
from diplodata.engine.session import Session


@dataclass(frozen=True, slots=True)
class Column:
    """A column of either side or of both; None where a side does not have it."""

    old: str | None
    new: str | None

    @property
    def name(self) -> str:
        """The name on the newer side if it is there."""
        return str(self.old if self.new is None else self.new)


@dataclass(frozen=True, slots=True)
class Alignment:
    """How the columns of two tables belong together."""

    key: tuple[Column, ...]
    #: All columns that are not part of the key.
    rest: tuple[Column, ...]
    #: Why records cannot be told apart; None when they can.
    obstacle: str | None = None

    @property
    def shared(self) -> tuple[Column, ...]:
        """The columns beside the key that both sides have."""
        return tuple(item for item in self.rest if item.old is not None and item.new is not None)


def align(session: Session, old: Loaded | None, new: Loaded | None) -> Alignment:
    """Say which columns belong together.

    * Columns of the same name are the same. A column that only the older table has and one that only the newer one
      has are one renamed column when they hold the same in every record of both tables, and not nothing.
    * Part of a key that only one side has is renamed when at least half of the records of the larger table are found
      by it.
    * Records are told apart by the primary key if it has a value in every record and none of them twice.

    Args:
        session: the engine that holds both tables.
        old: the older table; None when there is none.
        new: the newer table; None when there is none.
    """
    key, obstacle = _key(session, old, new)
    if obstacle is None:
        obstacle = _not_unique(session, old, [item.old for item in key]) or _not_unique(
            session, new, [item.new for item in key]
        )
    if obstacle is not None:
        return Alignment((), tuple(_by_name(old, new, ())), obstacle)
    rest = _by_name(old, new, key)
    if old is not None and new is not None:
        rest = _with_renamed(session, old, new, key, rest)
    return Alignment(tuple(key), tuple(rest))


def _by_name(old: Loaded | None, new: Loaded | None, key: Sequence[Column]) -> list[Column]:
    olds = [name for name in (old.columns if old else ()) if name not in {item.old for item in key}]
    news = [name for name in (new.columns if new else ()) if name not in {item.new for item in key}]
    found = [Column(name if name in olds else None, name) for name in news]
    return found + [Column(name, None) for name in olds if name not in news]


def _key(session: Session, old: Loaded | None, new: Loaded | None) -> tuple[list[Column], str | None]:
    olds, news = (old.key if old else ()), (new.key if new else ())
    # A schema that names no key may still be compared by that of the other side.
    olds = olds or tuple(name for name in news if old and name in old.columns)
    news = news or tuple(name for name in olds if new and name in new.columns)
    if old is None or new is None:
        names = olds or news
        key = [Column(name if old else None, name if new else None) for name in names]
        return key, None if key else "no primary key"
    if not olds or len(olds) != len(news):
        return [], _changed(olds, news) if olds != news else "no primary key"
    if set(olds) == set(news):
        return [Column(name, name) for name in sorted(olds)], None
    key = [Column(*pair) for pair in zip(olds, news, strict=True)]
    is_rename = all(
        item.old == item.new or (item.new not in old.columns and item.old not in new.columns) for item in key
    )
    if is_rename and _meet(session, old, new, key):
        return key, None
    return [], _changed(olds, news)


def _changed(olds: Sequence[str], news: Sequence[str]) -> str:
    return f"the primary key is another one: {', '.join(olds) or 'none'} before, {', '.join(news) or 'none'} now"


def _meet(session: Session, old: Loaded, new: Loaded, key: Sequence[Column]) -> bool:
    number = session.value(f"SELECT count(*) FROM {join(old, new, key)}")
    return bool(number) and 2 * number >= max(old.table.rows, new.table.rows)


def _not_unique(session: Session, side: Loaded | None, names: Sequence[str | None]) -> str | None:
    if side is None:
        return None
    cells = [side.cell(name) for name in names]
    filled = " AND ".join(f"{cell} IS NOT NULL" for cell in cells)
    keys = ", ".join(cells)
    rows, whole, hashes = session.rows(
        f"SELECT count(*), count(*) FILTER (WHERE {filled}), count(DISTINCT hash({keys})) FROM {side.table.table}"
    )[0]
    if whole < rows:
        return "the primary key is empty in some records"
    # As many hashes as rows prove that nothing is repeated.
    if (
        hashes == rows
        or session.value(f"SELECT count(*) FROM (SELECT DISTINCT {keys} FROM {side.table.table})") == rows
    ):
        return None
    return "the primary key is not unique"


def join(old: Loaded, new: Loaded, key: Sequence[Column], kind: str = "JOIN", cells: Sequence[Column] = ()) -> str:
    """Return what stands behind FROM: both tables by their key, as ``old`` and ``new`` with columns k0 …, v0 …."""
    on = " AND ".join(f"old.k{place} = new.k{place}" for place in range(len(key)))
    olds = projection(old, [item.old for item in key], [item.old for item in cells])
    news = projection(new, [item.new for item in key], [item.new for item in cells])
    return f"{olds} AS old {kind} {news} AS new ON {on}"


def projection(side: Loaded, key: Sequence[str | None], cells: Sequence[str | None]) -> str:
    """Return one table as a query with the columns _row, k0 …, v0 …."""
    parts = [f"{side.cell(name)} AS k{place}" for place, name in enumerate(key)]
    parts += [f"{side.cell(name)} AS v{place}" for place, name in enumerate(cells)]
    return f"(SELECT {', '.join(['_row', *parts])} FROM {side.table.table})"


def _with_renamed(
    session: Session, old: Loaded, new: Loaded, key: Sequence[Column], rest: Sequence[Column]
) -> list[Column]:
    gone = [item for item in rest if item.new is None]
    come = [item for item in rest if item.old is None]
    if not gone or not come:
        return list(rest)
    pairs = _same_content(session, old, new, key, (gone, come))
    renamed = {new_item: Column(old_item.old, new_item.new) for old_item, new_item in pairs}
    taken = {old_item for old_item, _ in pairs}
    return [renamed.get(item, item) for item in rest if item not in taken]


def _same_content(
    session: Session, old: Loaded, new: Loaded, key: Sequence[Column], sides: tuple[list[Column], list[Column]]
) -> list[tuple[Column, Column]]:
    """Return pairs of columns that hold the same; of several that are alike, the first goes with the first."""
    gone, come = sides
    cells = [*gone, *come]
    owners = ["old"] * len(gone) + ["new"] * len(come)
    numbers = ", ".join(
        f"count({owner}.v{place}), sum(hash({owner}.k0, {owner}.v{place})) FILTER (WHERE {owner}.v{place} IS NOT NULL)"
        for place, owner in enumerate(owners)
    )
    source = join(old, new, key, cells=cells)
    found = session.rows(f"SELECT {numbers} FROM {source}")[0]
    alike: dict[tuple[int, int], tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for place, owner in enumerate(owners):
        number, total = found[2 * place], found[2 * place + 1]
        if number:
            alike[number, total][owner == "new"].append(place)
    pairs = [pair for olds, news in alike.values() for pair in zip(olds, news, strict=False)]
    return [(cells[here], cells[there]) for here, there in pairs if not _differ(session, source, here, there)]


def _differ(session: Session, source: str, here: int, there: int) -> bool:
    query = f"SELECT count(*) FROM {source} WHERE old.v{here} IS DISTINCT FROM new.v{there}"
    return bool(session.value(query))
