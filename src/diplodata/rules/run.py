"""Ask every rule of the tables of a package."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from diplodata.engine.session import LoadedTable, Session
from diplodata.engine.tally import Tally
from diplodata.model.report import SkippedRule
from diplodata.rules import provenance
from diplodata.rules.asking import PACKAGE, Question, Tables, questions
from diplodata.rules.cells import ask_cells
from diplodata.rules.hits import ask
from diplodata.rules.inputs import Inputs
from diplodata.rules.judging import Judge
from diplodata.rules.relations import Relations
from diplodata.rules.rule import Rule, rules
from diplodata.rules.settings import Settings
from diplodata.standard import registry


@dataclass(frozen=True, slots=True)
class Asked:
    """What rules are asked of.

    Args:
        tables: the tables of the standard that could be read, by name.
        wanted: names of the tables whose findings are wanted.
        unread: names of tables that are in the package and could not be read.
        place: file of the descriptor, for findings about it.
    """

    tables: Tables
    wanted: tuple[str, ...]
    unread: tuple[str, ...]
    place: str


def check_rules(session: Session, asked: Asked, inputs: Inputs, settings: Settings, tally: Tally) -> list[SkippedRule]:
    """Ask all rules; return what had to be skipped.

    Args:
        session: the engine.
        asked: the tables.
        inputs: what rules are given beside them.
        settings: what the package changes.
        tally: where findings go.
    """
    tables, place = asked.tables, asked.place
    tally.add(settings.problems)
    relations = Relations(session, inputs, tables, tuple(sorted(asked.unread)))
    relations.make_views()
    judge = Judge(session, settings, tally)
    wanted = [rule for code, rule in rules().items() if code not in settings.off]
    chosen = [name for name in tables if name in set(asked.wanted)]
    skipped = list(_lacking(wanted, inputs))
    wanted = [rule for rule in wanted if not any(map(inputs.lacks, rule.needs))]
    _ask_kinds(relations, judge, [tables[name] for name in chosen], [rule for rule in wanted if rule.kinds])
    due: list[Question] = []
    for question in (item for rule in wanted for item in questions(rule, tables)):
        reason = _obstacle(question, tables, relations.lost, inputs.standard)
        if reason:
            skipped.append(SkippedRule(question.rule.code, reason))
        elif question.table in (*chosen, PACKAGE) and _can_find(question, tables):
            due.append(question)
    ask(relations, judge, due, place)
    if len(chosen) == len(tables) and not relations.lost:
        judge.say_unused(place, {item.code for item in _lacking(rules().values(), inputs)})
    return skipped


def _lacking(wanted: Iterable[Rule], inputs: Inputs) -> Iterator[SkippedRule]:
    for rule in wanted:
        for reason in filter(None, map(inputs.lacks, rule.needs)):
            yield SkippedRule(rule.code, reason)


def _ask_kinds(relations: Relations, judge: Judge, chosen: Sequence[LoadedTable], wanted: Sequence[Rule]) -> None:
    for rule in wanted:
        relations.make(word for word in rule.expression.split())
    for table in chosen:
        ask_cells(relations, judge, table, wanted)


def _obstacle(question: Question, tables: Tables, lost: Sequence[str], standard: str) -> str | None:
    """Say why a question cannot be asked."""
    known = registry.table_names(standard)
    named = {question.table, *question.names}
    named.update(table for name in question.names for table in provenance.NEEDS.get(name, ()))
    named.update(table for name in question.names for table in provenance.WISHES.get(name, ()) if table in lost)
    for name in sorted(named & set(known), key=lambda name: (name != question.table, name)):
        if name not in tables:
            return f"the table {name} {'could not be read' if name in lost else 'is not in the package'}"
        absent = [field for field in question.rule.names(name) if field not in tables[name].columns]
        if absent:
            return f"the column {name}.{absent[0]} is missing"
    return None


def _can_find(question: Question, tables: Tables) -> bool:
    """Whether there are rows to ask about, and values in the fields without which nothing can be found."""
    # A table without rows may have lost those that it had.
    if question.table != PACKAGE and not tables[question.table].rows and "previous" not in question.names:
        return False
    pairs = (name.partition(".") for name in question.given)
    return all(field in tables[table].filled for table, _, field in pairs if table in tables)
