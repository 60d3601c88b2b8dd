"""The process that screens a part of the lines of a file beside the one that started it.

* It says a line when it is ready. Then it reads ``start end`` from standard input, and answers with one line of JSON
  for each; it ends with its input.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from diplodata.documents.screening import Screen


def main(path: str) -> None:
    """Screen what is asked for, until nothing more is."""
    screen = Screen()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    with Path(path).open("rb") as stream:
        for line in sys.stdin.buffer:
            start, end = map(int, line.split())
            found = screen.over(stream, start, end)
            suspects = [[item.number, item.offset, item.length] for item in found.suspects]
            answer = json.dumps([found.lines, suspects, sorted(found.versions)])
            sys.stdout.write(answer + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1])
