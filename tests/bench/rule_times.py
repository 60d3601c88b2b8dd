"""Validate a package in this process, and say how long each rule's questions took.

Usage: python tests/bench/rule_times.py datapackage.json; prints JSON: seconds by rule.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from collections.abc import Sequence

from diplodata import validate
from diplodata.rules import cells, hits
from diplodata.rules.asking import Question
from diplodata.rules.judging import Judge
from diplodata.rules.relations import Relations


def main() -> None:
    """Ask the rules of the package whose descriptor is named, one question at a time."""
    spent: Counter[str] = Counter()
    ask, counts = hits.ask, cells.counts

    def one_by_one(relations: Relations, judge: Judge, due: Sequence[Question], place: str) -> None:
        for question in due:
            start = time.perf_counter()
            ask(relations, judge, [question], place)
            spent[question.rule.code] += time.perf_counter() - start

    def timed(*arguments: object) -> list[int]:
        start = time.perf_counter()
        try:
            return counts(*arguments)  # type: ignore[arg-type]
        finally:
            spent["rules on kinds of field, in one pass"] += time.perf_counter() - start

    from diplodata.rules import run

    run.ask, cells.counts = one_by_one, timed
    report = validate(sys.argv[1])
    print(json.dumps({"seconds": dict(spent.most_common()), "counts": report.by_code}))


if __name__ == "__main__":
    main()
