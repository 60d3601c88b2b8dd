"""Whatever stops a conversion, the target is whole or is not there at all."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from diplodata.conversion import convert
from target_names import target_name

#: Sets a limit to what a file can grow to, as on a disk that is full, and runs the tool.
LIMITED = (
    "import resource, signal, sys; from diplodata.cli import main\n"
    "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
    "resource.setrlimit(resource.RLIMIT_FSIZE, (500, 500))\n"
    "main(sys.argv[1:])"
)


@pytest.mark.parametrize("to", ["csv", "json", "parquet", "nested", "one table"])
def test_a_full_disk_is_one_line_and_leaves_nothing(to: str, small: Path, tmp_path: Path) -> None:
    form = "json" if to == "one table" else to
    target = tmp_path / target_name("there", form)
    one = ["--resource", "meetings"] if to == "one table" else []
    call = [sys.executable, "-B", "-c", LIMITED, "convert", str(small), str(target), "--to", form, *one]
    done = subprocess.run(call, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1), done.stderr
    assert "defect" not in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("source") / "t.csv"
    path.write_text("a,b\n" + "".join(f"{number},text {number}\n" for number in range(40_000)), encoding="utf-8")
    return path


@pytest.mark.parametrize("to", ["csv", "parquet", "sqlite", "duckdb", "xlsx", "one table"])
def test_a_kill_leaves_no_target_or_a_whole_one(to: str, source: Path, tmp_path: Path) -> None:
    """The process is killed as soon as it has begun to write."""
    form = "ndjson" if to == "one table" else to
    target = tmp_path / target_name("there", form)
    one = ["--resource", "t"] if to == "one table" else []
    call = [sys.executable, "-m", "diplodata", "convert", str(source), str(target), "--to", form, *one]
    with subprocess.Popen(call, stderr=subprocess.DEVNULL) as process:
        end = time.monotonic() + 60
        while not list(tmp_path.iterdir()) and process.poll() is None and time.monotonic() < end:
            time.sleep(0.001)
        process.kill()
    assert list(tmp_path.iterdir())
    if target.exists():
        direct = tmp_path / target_name("direct", form)
        convert(source, direct, form)
        assert target.is_dir() or target.stat().st_size == direct.stat().st_size
        return
    # What was begun lies beside, under a name of its own, and is in nobody's way.
    assert all(path.name.startswith(".there") for path in tmp_path.iterdir())
    assert subprocess.run(call, stderr=subprocess.DEVNULL, timeout=60, check=False).returncode == 0
    assert target.exists()
