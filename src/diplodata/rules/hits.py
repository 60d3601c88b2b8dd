"""Ask the questions of rules, several at once where tables are small, and count what they find."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from diplodata.catalogue import finding
from diplodata.engine import sql
from diplodata.engine.session import LoadedTable, Session
from diplodata.model.finding import Finding
from diplodata.rules.asking import PACKAGE, Question
from diplodata.rules.judging import Hit, Judge
from diplodata.rules.relations import Relations

#: Rows of the largest table up to which several questions are asked at once.
_SMALL = 100_000

#: Questions that are then asked at once.
_AT_ONCE = 4

#: Threads in which they are asked.
_THREADS = 2

#: Hits of one asking that are looked at in Python; more are counted by the engine.
_FEW = 10_000

#: What every question gives; what a query leaves out is NULL.
_HIT = """SELECT NULL::INTEGER AS part, NULL::BIGINT AS _row, NULL::VARCHAR AS against, NULL::VARCHAR AS field,
    NULL::VARCHAR AS value WHERE false"""


def ask(relations: Relations, judge: Judge, due: Sequence[Question], place: str) -> None:
    """Ask questions and judge what they find.

    Args:
        relations: what is asked; what a question names is made before.
        judge: where hits go.
        due: the questions.
        place: file of the descriptor, for findings about it.
    """
    due = [question for question in due if not any(map(relations.is_empty, question.some))]
    is_small = max((table.rows for table in relations.tables.values()), default=0) <= _SMALL
    size = _AT_ONCE if is_small else 1
    chunks = [due[start : start + size] for start in range(0, len(due), size)]
    for question in due:
        relations.make(sorted(question.names))
        relations.session.define(question.query)
    # The engine plans a question in one thread, and small tables take no longer than that.
    with ThreadPoolExecutor(max_workers=_THREADS if is_small else 1) as pool:
        for chunk, found in zip(chunks, pool.map(partial(_found, relations.session), chunks), strict=True):
            for number, question in enumerate(chunk):
                hits = None if found is None else found[number]
                if question.table == PACKAGE:
                    _judge_package(judge, question, hits or (), place)
                else:
                    _judge_table(relations, judge, question, hits)


def _query(chunk: Sequence[Question]) -> str:
    parts = [f"SELECT {number} AS part, * FROM ({question.query})" for number, question in enumerate(chunk)]
    return f"SELECT part, _row, against, field, value FROM ({' UNION ALL BY NAME '.join([_HIT, *parts])})"


def _found(session: Session, chunk: Sequence[Question]) -> dict[int, list[Hit]] | None:
    """Return the hits of each question by its number; None when there are many."""
    found: dict[int, list[Hit]] = defaultdict(list)
    for number, portion in enumerate(session.portions(_query(chunk), _FEW)):
        if number:
            return None
        for part, *members in portion:
            found[part].append(Hit(*members))
    return found


def _judge_package(judge: Judge, question: Question, hits: Sequence[Hit], place: str) -> None:
    pointer = "/resources" if question.field == "resources" else f"/diplodata/{question.field}"
    for hit in sorted(hits, key=lambda hit: hit.value or ""):
        judge.say(question.rule, path=place, pointer=pointer, value=hit.value, limit=hit.against)


def _judge_table(relations: Relations, judge: Judge, question: Question, hits: Sequence[Hit] | None) -> None:
    table = relations.tables[question.table]
    if hits is None:
        _judge_many(judge, table, question)
    elif hits:
        _judge_few(judge, table, question, hits)
    if relations.lost and "unread" in question.names and _refers_to_unread(relations, question):
        judge.tally.add([_unchecked(table, question, relations.lost)])


def _judge_few(judge: Judge, table: LoadedTable, question: Question, hits: Sequence[Hit]) -> None:
    """Count and keep hits; rows of which a cell that the rule reads has already failed are passed over."""
    failed = _failed_rows(judge.session, table, question)
    # A row that joins two records with one identifier is still one row.
    once: dict[Any, Hit] = {hit.value if hit.row is None else hit.row: hit for hit in hits if hit.row not in failed}
    by_field: dict[str, list[Hit]] = defaultdict(list)
    for hit in sorted(once.values(), key=lambda hit: (hit.row or 0, hit.value or "")):
        by_field[hit.field or question.field].append(hit)
    for name, some in by_field.items():
        waived = set(judge.waived_rows(table, question.rule, name))
        counted = [hit for hit in some if hit.row not in waived]
        judge.count(table, question.rule, name, len(counted))
        judge.keep(table, question.rule, name, counted)
        judge.waive(table, question.rule, name, [hit for hit in some if hit.row in waived])


def _judge_many(judge: Judge, table: LoadedTable, question: Question) -> None:
    """The same where the hits of all questions would take much memory: the engine sorts and counts them."""
    session = judge.session
    rest = f"SELECT * FROM ({_query([question])}) WHERE {_unfailed(table, question)}"
    once = f"SELECT DISTINCT ON (coalesce(CAST(_row AS VARCHAR), value)) * FROM ({rest})"
    session.execute(f"CREATE OR REPLACE TEMP TABLE many AS {once}")
    own = sql.literal(question.field)
    counted = session.rows(f"SELECT coalesce(field, {own}), count(*) FROM many GROUP BY 1 ORDER BY 1")
    for name, number in counted:
        waived = judge.waived_rows(table, question.rule, name)
        of_field = f"coalesce(field, {own}) = {sql.literal(name)}"
        among = f"{of_field} AND _row IN ({', '.join(map(str, waived)) or 'NULL'})"
        excused = [Hit(*row) for row in session.rows(f"SELECT _row, against, field, value FROM many WHERE {among}")]
        judge.count(table, question.rule, name, number - len(excused))
        room = judge.tally.room(question.rule.code)
        first = f"SELECT _row, against, field, value FROM many WHERE {of_field} AND NOT coalesce({among}, false)"
        first += " ORDER BY _row, value" + (f" LIMIT {room}" if room is not None else "")
        judge.keep(table, question.rule, name, [Hit(*row) for row in session.rows(first)])
        judge.waive(table, question.rule, name, excused)


def _failed_query(table: LoadedTable, question: Question) -> str | None:
    names = [name for name in question.reads if name in table.marked]
    where = f"resource = {sql.literal(table.resource.name)} AND field IN ({sql.literals(names)})"
    return f"SELECT DISTINCT row FROM failed WHERE {where}" if names else None


def _failed_rows(session: Session, table: LoadedTable, question: Question) -> set[int]:
    query = _failed_query(table, question)
    return {row for (row,) in session.rows(query)} if query else set()


def _unfailed(table: LoadedTable, question: Question) -> str:
    query = _failed_query(table, question)
    return f"(_row IS NULL OR _row NOT IN ({query}))" if query else "true"


def _refers_to_unread(relations: Relations, question: Question) -> bool:
    """Whether a record is named by its table, or a list may hold records of a table, that could not be read."""
    schema = relations.tables[question.table].resource.schema
    described = schema.field(question.field) if schema else None
    if described is None or described.annotations.kind not in ("reference", "record"):
        return False
    if described.annotations.kind == "reference":
        return bool(set(described.annotations.references) & set(relations.lost))
    source = f"all_{question.table} WHERE record_table IN (SELECT record_table FROM unread)"
    return bool(relations.session.value(f"SELECT count(*) FROM {source}"))


def _unchecked(table: LoadedTable, question: Question, lost: Sequence[str]) -> Finding:
    problem = f"{question.table}.{question.field} was not checked against {', '.join(lost)}, which could not be read."
    members = {"resource": table.resource.name, "path": table.resource.place}
    return finding("unchecked", {"problem": problem}, fields=(question.field,), **members)
