"""From a hit of a rule to a finding that is counted, kept or waived."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from diplodata.catalogue import finding
from diplodata.engine import sql
from diplodata.engine.questions import cells
from diplodata.engine.session import LoadedTable, Session
from diplodata.engine.tally import Tally
from diplodata.model.finding import Finding
from diplodata.rules.rule import Rule
from diplodata.rules.settings import Settings, Waiver

#: Hits of which the cells are fetched at once.
_AT_ONCE = 1_000

#: Field and row.
_Place = tuple[str, int | None]


@dataclass(frozen=True, slots=True)
class Hit:
    """A row, or a record that is not there, at which a rule found something."""

    row: int | None
    against: str | None = None
    #: Field where it is not that of the question.
    field: str | None = None
    #: Value where it is not that of the cell.
    value: str | None = None


@dataclass
class Judge:
    """Makes findings of hits as the package wants them."""

    session: Session
    settings: Settings
    tally: Tally
    _used: set[Waiver] = field(default_factory=set)

    def count(self, table: LoadedTable, rule: Rule, name: str, number: int) -> None:
        """Count findings of a rule on a field."""
        if number:
            self.tally.count(self._finding(table, rule, name, None, None, None, None), number)

    def keep(self, table: LoadedTable, rule: Rule, name: str, hits: Sequence[Hit]) -> None:
        """Keep findings that have been counted, as many as there is room for."""
        room = self.tally.room(rule.code)
        for item in self._findings(table, rule, name, hits if room is None else hits[:room]):
            self.tally.keep(item)

    def waive(self, table: LoadedTable, rule: Rule, name: str, hits: Sequence[Hit]) -> None:
        """List findings that the package waives; they are not counted."""
        for item in self._findings(table, rule, name, hits):
            for waiver in self.settings.waivers_of(rule.code):
                if waiver.excuses(item):
                    self._used.add(waiver)
                    self.tally.waive(item, waiver.reason)
                    break

    def waived_rows(self, table: LoadedTable, rule: Rule, name: str) -> list[int]:
        """Return the rows in which the package waives findings of a rule on a field."""
        waivers = [item for item in self.settings.waivers_of(rule.code) if item.field in (None, name)]
        if not waivers or "id" not in table.columns:
            return []
        among = sql.literals(item.record_id for item in waivers)
        return [
            row
            for (row,) in self.session.rows(f"SELECT _row FROM {table.table} WHERE {table.columns['id']} IN ({among})")
        ]

    def say_unused(self, place: str, unasked: Collection[str]) -> None:
        """Report waivers that excused nothing, but for those of rules that could not be asked."""
        for waiver in self.settings.waivers:
            if waiver not in self._used and waiver.code not in unasked:
                where = f"{waiver.record_id}, {waiver.field}" if waiver.field else waiver.record_id
                details = {"problem": f"{waiver.code} on {where}"}
                self.tally.add([finding("waiver-unused", details, path=place, pointer=waiver.pointer)])

    def say(self, rule: Rule, **members: Any) -> None:
        """Report a finding that is about no row."""
        severity = self.settings.severity.get(rule.code)
        self.tally.add([finding(rule.entry, severity=severity, **members)])

    def _findings(self, table: LoadedTable, rule: Rule, name: str, hits: Sequence[Hit]) -> Iterator[Finding]:
        for start in range(0, len(hits), _AT_ONCE):
            chunk = hits[start : start + _AT_ONCE]
            places = [(hit.field or name, hit.row) for hit in chunk]
            known = self._cells(table, places)
            for hit, place in zip(chunk, places, strict=True):
                if hit.row is None:
                    yield self._finding(table, rule, place[0], None, hit.value, hit.against, hit.value)
                elif place in known:
                    value, record_id = known[place]
                    value = value if hit.value is None else hit.value
                    yield self._finding(table, rule, place[0], hit.row, value, hit.against, record_id)

    def _cells(self, table: LoadedTable, places: Sequence[_Place]) -> dict[_Place, tuple[str | None, str | None]]:
        """Return value and record identifier of cells, by field and row."""
        rows: dict[str, list[str]] = defaultdict(list)
        for field_name, row in places:
            if row is not None:
                rows[field_name].append(str(row))
        return {
            (field_name, row): (value, record_id)
            for field_name, numbers in rows.items()
            for row, value, record_id in cells(
                self.session, table, field_name, f"_row IN ({', '.join(numbers)})", len(numbers)
            )
        }

    def _finding(
        self,
        table: LoadedTable,
        rule: Rule,
        name: str,
        row: int | None,
        value: str | None,
        limit: str | None,
        record_id: str | None,
    ) -> Finding:
        return finding(
            rule.entry,
            severity=self.settings.severity.get(rule.code),
            resource=table.resource.name,
            path=table.resource.place,
            row=row,
            column=table.number(name),
            fields=(name,),
            value=value,
            limit=limit,
            record_id=record_id,
        )
