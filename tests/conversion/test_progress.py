"""Long work says on a terminal how far it is; short work, other outputs and ``--quiet`` stay silent."""

import io
import sys
from pathlib import Path

import pytest

from diplodata.cli import progress
from diplodata.cli.progress import Progress
from diplodata.conversion import convert
from target_names import target_name


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def shown(monkeypatch: pytest.MonkeyPatch, stream: io.StringIO, *, quiet: bool, seconds: float) -> str:
    """What is said when a tenth of the work is done after each of ten equal times."""
    now = [0.0]
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])
    with Progress("Converting", quiet=quiet) as tell:
        for step in range(1, 11):
            now[0] = step * seconds / 10
            tell(step * 10_000_000, 100_000_000)
    return stream.getvalue()


def test_long_work_is_shown_with_its_rate_and_wiped_off(monkeypatch: pytest.MonkeyPatch) -> None:
    said = shown(monkeypatch, Terminal(), quiet=False, seconds=10)
    assert "Converting" in said
    assert "50 of 100 MB, 10 MB/s" in said
    assert said.endswith("\r\033[K\033[?25h")


@pytest.mark.parametrize(
    ("stream", "quiet", "seconds"), [(Terminal(), False, 0.9), (Terminal(), True, 10), (io.StringIO(), False, 10)]
)
def test_nothing_is_shown_of_short_work_or_where_nobody_looks(
    stream: io.StringIO, quiet: bool, seconds: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert shown(monkeypatch, stream, quiet=quiet, seconds=seconds) == ""


@pytest.mark.parametrize("to", ["json", "parquet", "sqlite"])
def test_all_that_is_to_be_read_has_been_read_at_the_end(to: str, small: Path, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    convert(small, tmp_path / target_name("there", to), to, tell=lambda done, whole: told.append((done, whole)))
    size = sum(path.stat().st_size for path in (small / "data").glob("*.csv"))
    done, whole = told[-1]
    assert [pair[0] for pair in told] == sorted(pair[0] for pair in told)
    assert all(read <= wanted for read, wanted in told)
    assert whole >= size * (2 if to == "sqlite" else 1)
    assert done >= size
