"""What is compared may be broken, wide, or large: each ends in changes or in one refusal."""

import json
from pathlib import Path
from typing import Any

import pytest

from diplodata.comparing import compare, content, content_hash, packages
from diplodata.errors import ComparisonError, MemoryShortageError
from diplodata.package.locate import open_source

CASES = Path(__file__).parents[1] / "cases_diff"


def package(folder: Path, resource: dict[str, Any], **files: str) -> Path:
    folder.mkdir()
    descriptor = {"name": "x", "resources": [{"name": "things", "type": "table"} | resource]}
    (folder / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    "resource",
    [
        {"path": "absent.csv"},
        {"path": "https://example.org/things.csv"},
        {"path": "../things.csv"},
        {"path": "things.csv", "schema": {"fields": [{"type": "string"}]}},
        {"path": "things.csv", "schema": {"fields": "id"}},
        {"path": "things.csv", "schema": "absent.json"},
        {"path": "things.csv", "schema": {"fields": [{"name": "id"}], "foreignKeys": [{}]}},
        {"path": "things.csv", "dialect": {"delimiter": ""}},
    ],
)
def test_a_broken_package_is_refused(resource: dict[str, Any], tmp_path: Path) -> None:
    broken = package(tmp_path / "broken", resource, things="id\na\n")
    good = package(tmp_path / "good", {"path": "things.csv"}, things="id\na\n")
    for pair in ((good, broken), (broken, good)):
        with pytest.raises(ComparisonError, match="is not compared"):
            compare(*pair)


def test_tables_may_have_hundreds_of_columns(tmp_path: Path) -> None:
    names = [f"c{number}" for number in range(300)]
    schema = {"fields": [{"name": name, "type": "string"} for name in names], "primaryKey": "c0"}
    lines = [names, ["k", *("x" for _ in names[1:])], ["l", *("x" for _ in names[1:])]]
    old = package(
        tmp_path / "old", {"path": "t.csv", "schema": schema}, t="".join(",".join(line) + "\n" for line in lines)
    )
    lines[1][150], lines[2][0] = "y", "m"
    new = package(
        tmp_path / "new", {"path": "t.csv", "schema": schema}, t="".join(",".join(line) + "\n" for line in lines)
    )
    changes = compare(old, new)
    assert changes.tables[0].counts == {"removed": 0, "added": 0, "re-identified": 1, "changed": 1}
    assert [item.field for item in list(changes.tables[0].records)[1].values] == ["c150"]
    with open_source(old) as one, open_source(new) as other:
        assert content_hash(one) != content_hash(other)


@pytest.mark.parametrize("case", ["record-re-identified", "no-key", "column-renamed", "table-added"])
def test_tables_on_disk_are_compared_alike(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    sides = CASES / case / "old", CASES / case / "new"
    in_memory = compare(*sides)
    monkeypatch.setattr(packages, "_LARGE", 0)
    on_disk = compare(*sides)
    assert on_disk == in_memory
    assert [[*item.records] for item in on_disk.tables] == [[*item.records] for item in in_memory.tables]


def test_the_content_hash_is_what_its_description_says() -> None:
    """Computed here once more, from the text of the docstring."""
    import hashlib

    def cell(name: str, text: str) -> str:
        return f"{len(name.encode())}:{name}={len(text.encode())}:{text},"

    rows = [
        {"id": "a", "name": "Alpha", "size": "1"},
        {"id": "b", "name": "Beta", "size": "2"},
        {"id": "c", "name": "Gamma", "size": "3"},
    ]
    records = sorted(
        hashlib.sha256("".join(cell(*item) for item in sorted(row.items())).encode()).hexdigest() for row in rows
    )
    table = hashlib.sha256("".join(records).encode()).hexdigest()
    whole = hashlib.sha256(f"6:things={table}\n".encode()).hexdigest()
    for side in ("old", "new"):
        with open_source(CASES / "equal-formats" / side) as opened:
            assert content_hash(opened) == f"sha256:{whole}"


def test_the_content_hash_is_counted_on_disk_where_memory_is_short(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[bool] = []

    class Small(content.Session):
        def __init__(self, *, on_disk: bool, whole: bool) -> None:
            made.append(on_disk)
            super().__init__(on_disk=on_disk, whole=whole)
            if not on_disk:
                raise MemoryShortageError("The engine needs more memory.")

    with open_source(CASES / "no-key" / "new") as opened:
        expected = content_hash(opened)
        monkeypatch.setattr(content, "Session", Small)
        assert content_hash(opened) == expected
    assert made == [False, True]


def test_records_can_be_gone_through_at_once_and_again(tmp_path: Path) -> None:
    lines = "".join(f"{number},{'x' * 100}\n" for number in range(20_000))
    schema = {"fields": [{"name": "id"}, {"name": "a"}], "primaryKey": "id"}
    old = package(tmp_path / "old", {"path": "t.csv", "schema": schema}, t="id,a\n")
    new = package(tmp_path / "new", {"path": "t.csv", "schema": schema}, t="id,a\n" + lines)
    records = compare(old, new).tables[0].records
    first, second = iter(records), iter(records)
    pairs = list(zip(first, second, strict=True))
    assert len(pairs) == len(records) == 20_000
    assert all(one == other for one, other in pairs)
    keys = [item.key[0][1] for item, _ in pairs]
    assert keys == sorted(str(number) for number in range(20_000))
