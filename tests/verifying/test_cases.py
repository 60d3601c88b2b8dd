"""Every folder of tests/cases_verify changes a tree of releases, and says which findings must come of it."""

from __future__ import annotations

import datetime
import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

import published_tree as trees
from diplodata.catalogue.release_entries import OF_RELEASES
from diplodata.fetching import RefusedError, Wish, fetch_release
from diplodata.fetching.target import count
from diplodata.model.finding import Finding
from diplodata.remote.clock import SystemClock
from diplodata.verifying import verify

HERE = Path(__file__).parents[1] / "cases_verify"
CASES = {folder.name: folder for folder in sorted(HERE.iterdir()) if folder.is_dir()}
CODES = [entry.code for entry in OF_RELEASES]

Expected = Mapping[str, Any]


def read_expected(case: str) -> Expected:
    data: Expected = json.loads((CASES[case] / "expected.json").read_text(encoding="utf-8"))
    return data


def params() -> list[Any]:
    """Return all cases; those with signatures need ssh-keygen."""
    return [pytest.param(name, marks=pytest.mark.system if "signers" in read_expected(name) else ()) for name in CASES]


class At(SystemClock):
    """A clock that stands at one moment."""

    def __init__(self, moment: str) -> None:
        self._moment = datetime.datetime.fromisoformat(moment)

    def now(self) -> datetime.datetime:
        return self._moment


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tree of releases. Do not change it."""
    return trees.make_tree(tmp_path_factory.mktemp("tree") / "site")


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Give keys by name; each is made once."""
    folder = tmp_path_factory.mktemp("keys")

    def key(name: str) -> Path:
        path = folder / name
        return path if path.exists() else trees.make_key(folder, name)

    return key


def change(root: Path, edit: Mapping[str, Any], keys: Callable[[str], Path]) -> None:
    """Do one edit."""
    path = root / edit["path"]
    if "remove" in edit or "link" in edit:
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    if "link" in edit:
        path.symlink_to(edit["link"])
    elif "sign_as" in edit:
        trees.sign(keys("own"), path.with_suffix(""), edit["sign_as"])
    elif "copy" in edit:
        shutil.copyfile(root / edit["copy"], path)
    elif "remove" not in edit:
        path.parent.mkdir(parents=True, exist_ok=True)
        before = path.read_bytes() if path.exists() else b""
        path.write_bytes(changed(before, edit))


#: What an edit does with the bytes of a file; any other edit changes members of a JSON file.
EDITS: Mapping[str, Callable[[bytes, Any], bytes]] = {
    "write": lambda _, text: str(text).encode(),
    "append": lambda raw, text: raw + str(text).encode(),
    "append_latin1": lambda raw, text: raw + str(text).encode("latin-1"),
    "cut": lambda raw, number: raw[: -int(number)],
    "replace": lambda raw, pair: replaced(raw, *(text.encode() for text in pair)),
    "drop_line": lambda raw, text: replaced(raw, next(line for line in lines_of(raw) if text.encode() in line), b""),
    "reverse_lines": lambda raw, _: b"".join(reversed(lines_of(raw))),
}


def lines_of(raw: bytes) -> list[bytes]:
    return raw.splitlines(keepends=True)


def replaced(raw: bytes, old: bytes, new: bytes) -> bytes:
    assert old in raw, old
    return raw.replace(old, new)


def changed(raw: bytes, edit: Mapping[str, Any]) -> bytes:
    """Return the bytes of a file after an edit."""
    for name, do in EDITS.items():
        if name in edit:
            return do(raw, edit[name])
    return trees.as_json(changed_json(json.loads(raw), edit))


def changed_json(data: dict[str, Any], edit: Mapping[str, Any]) -> dict[str, Any]:
    """Return the content of a JSON file after an edit; REMOVE removes a member."""
    if "drop_entry" in edit:
        del data["releases"][edit["drop_entry"]]
    elif "duplicate_entry" in edit:
        data["releases"].append(data["releases"][edit["duplicate_entry"]])
    elif "entry" in edit:
        item = data["releases"][edit["entry"]]
        item[edit["member"]] = item[edit["member"]] | edit["set_in"] if "set_in" in edit else edit["set"]
    else:
        data = {name: value for name, value in (data | edit["members"]).items() if value != "REMOVE"}
    return data


def reindex(root: Path) -> None:
    """Give the index the digests that SHA256SUMS of each release has."""
    releases = trees.read_index(root)["releases"]
    for item in releases:
        raw = (root / item["path"] / "SHA256SUMS").read_bytes()
        item["checksums"] = {"bytes": len(raw), "sha256": trees.sha256(raw)}
    trees.change_index(root, releases=releases)


def lay_out(expected: Expected, tree: Path, target: Path, keys: Callable[[str], Path]) -> Path:
    """Put the tree of a case together."""
    root = shutil.copytree(tree, target)
    if expected.get("signed") == "first":
        trees.sign_tree(root, keys("own"))
    for edit in expected.get("edits", ()):
        change(root, edit, keys)
    for folder in expected.get("reseal", ()):
        trees.seal(root / folder)
    if expected.get("reindex"):
        reindex(root)
    return root


def signers_of(expected: Expected, folder: Path, keys: Callable[[str], Path]) -> Path | None:
    """Write the file of signers of a case."""
    who = expected.get("signers")
    if who is None:
        return None
    lines = {
        "own": lambda: trees.signers_of(keys("own")),
        "other": lambda: trees.signers_of(keys("other")),
        "both": lambda: trees.signers_of(keys("other")) + trees.signers_of(keys("own"), name="a@example.org,b@x"),
        "git": lambda: trees.signers_of(keys("own"), "git"),
    }
    path = folder / "signers"
    path.write_text(lines[who](), encoding="utf-8")
    return path


def remember(expected: Expected, root: Path, path: Path) -> None:
    """Write what a fetch remembers."""
    raw = (root / "index.json").read_bytes()
    versions = {item["version"]: item["checksums"]["sha256"] for item in json.loads(raw)["releases"]}
    told = dict(expected["remembers"])
    versions |= told.pop("versions", {})
    data = {"state_version": "1.0", "serial": 1, "index": trees.sha256(raw), "versions": versions} | told
    path.write_bytes(trees.as_json(data))


def run(case: str, tree: Path, folder: Path, keys: Callable[[str], Path]) -> tuple[Finding, ...]:
    """Return the findings of a case."""
    expected = read_expected(case)
    root = lay_out(expected, tree, folder / "site", keys)
    signers = signers_of(expected, folder, keys)
    options = expected.get("options", {})
    if expected.get("command") != "fetch":
        return verify(root / expected.get("place", "."), signers, **options).findings
    dest, state = folder / "copy", folder / "copy.fetched.json"
    if "remembers" in expected:
        remember(expected, root, state)
    before = state.read_bytes() if state.exists() else None
    clock = At(expected["now"]) if "now" in expected else None
    try:
        fetch_release(root, dest, Wish(**options), signers=signers, clock=clock)
    except RefusedError as error:
        # Nothing was written, and nothing was learnt from what was refused.
        assert not dest.exists()
        assert (state.read_bytes() if state.exists() else None) == before
        assert list(folder.glob(".*")) == []
        return error.findings
    assert count(dest)
    return ()


@pytest.mark.parametrize("case", params())
def test_case(case: str, tree: Path, keys: Callable[[str], Path], tmp_path: Path) -> None:
    expected = read_expected(case)
    found = [as_members(item) for item in run(case, tree, tmp_path, keys)]
    assert described(found) == described(expected["findings"]), expected["about"]
    for wanted in expected["findings"]:
        pair = next((item for item in found if all(item.get(key) == value for key, value in wanted.items())), None)
        assert pair, f"{wanted} is not among {found}"
        found.remove(pair)


def as_members(finding: Finding) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(json.dumps(finding.to_dict()))
    return data


def described(findings: Sequence[Mapping[str, Any]]) -> list[str]:
    return sorted(f"{item['code']} {item.get('path')}" for item in findings)


def code_of(case: str) -> str:
    """Return the code that a case is named for: the longest that begins its name."""
    return max((code for code in CODES if case.startswith(f"{code}-")), key=len, default="")


@pytest.mark.parametrize("code", CODES)
def test_every_code_has_a_failing_and_a_passing_case(code: str) -> None:
    findings = [read_expected(case)["findings"] for case in CASES if code_of(case) == code]
    fails = [any(item["code"] == code for item in items) for items in findings]
    assert True in fails, f"{code} has no failing case"
    assert False in fails, f"{code} has no passing case"


@pytest.mark.parametrize("case", CASES)
def test_every_case_is_named_for_a_code(case: str) -> None:
    assert code_of(case), f"{case} begins with no code about releases"
