"""``diplodata fix``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from diplodata.fixing.fix import FileMended, Fixing
    from diplodata.mending.cells import Mend
    from diplodata.mending.shape import Repair

#: Places shown for each kind of repair in a file.
_SHOWN = 3


@click.command("fix")
@click.argument("source", default=".")
@click.option("--diff", is_flag=True, help="Show what would change, record by record, and write nothing.")
@click.option("--unsafe", is_flag=True, help="Also replace values that nearly are a code of a closed list.")
@click.option("--schema", metavar="SCHEMA", help="Table Schema of a bare table: a file, or a table of the standard.")
def command(source: str, diff: bool, unsafe: bool, schema: str | None) -> None:
    """Mend what is mechanical in the CSV files of SOURCE: a folder, its datapackage.json, or a bare CSV file.

    SOURCE is the current folder when it is left out. What is mended, and what never is: docs/fix.md.
    """
    from diplodata.fixing.fix import fix
    from diplodata.render.escaping import printable

    done = fix(source, unsafe=unsafe, schema=schema, write=not diff)
    for line in done.diff:
        click.echo(printable(line))
    for line in _lines(done, is_written=not diff):
        click.echo(printable(line), err=diff)
    click.get_current_context().exit(0 if done.after.valid else 1)


def _lines(done: Fixing, *, is_written: bool) -> Iterator[str]:
    from diplodata.render.wording import counted, counts

    for file in done.files:
        yield from _of_file(file)
    for path, reason in done.left.items():
        yield f"{path}: left alone, {reason}."
    number = sum(sum(item.number for item in file.repairs) + len(file.cells) for file in done.files)
    verb = "made" if is_written else "to make"
    yield f"{done.subject}: {counted(number, 'repair')} {verb} in {counted(len(done.files), 'file')}."
    left = ", ".join(f"{code} {count:,}" for code, count in done.after.by_code.items())
    yield f"Left to do by hand: {counts(done.after)}{f' ({left})' if left else ''}."


def _of_file(file: FileMended) -> Iterator[str]:
    yield f"{file.path}:"
    for repair in file.repairs:
        yield f"    {repair.kind}{_number(repair.number)}: {_of_repair(repair)}"
    by_kind: defaultdict[str, list[Mend]] = defaultdict(list)
    for mend in file.cells:
        for kind in mend.kinds:
            by_kind[kind].append(mend)
    for kind, mends in by_kind.items():
        places = "; ".join(_of_cell(item) for item in mends[:_SHOWN])
        more = f"; and {len(mends) - _SHOWN:,} more" if len(mends) > _SHOWN else ""
        yield f"    {kind}{_number(len(mends))}: {places}{more}"


def _number(number: int) -> str:
    return f" ({number:,} times)" if number > 1 else ""


def _of_repair(repair: Repair) -> str:
    where = f"row {repair.row}, " if repair.row else ""
    return f"{where}{repair.before} → {repair.after}"


def _of_cell(mend: Mend) -> str:
    from diplodata.catalogue import shown

    return f"row {mend.row}, {mend.field}, {shown(mend.before)} → {shown(mend.after)}"
