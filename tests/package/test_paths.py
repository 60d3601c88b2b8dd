"""What a path may reach: files of the package and nothing else, whatever lies on the disk or in the archive."""

from __future__ import annotations

import json
import os
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from diplodata import validate
from diplodata.errors import DiplodataError, LimitError, SourceError
from diplodata.model.limits import Limits
from diplodata.model.report import Report
from diplodata.package.containers import UnreadableFileError
from diplodata.package.locate import open_source

SCHEMA = {"fields": [{"name": "a", "type": "integer"}]}
OUTSIDE = "a\nsecret\n"

Put = Callable[[Path, Path], None]


def descriptor(path: str | list[str], **more: object) -> bytes:
    """Return the descriptor of a package with one table."""
    item = {"name": "t", "path": path, "type": "table", "format": "csv", "schema": SCHEMA, **more}
    return json.dumps({"name": "test", "resources": [item]}).encode()


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A folder for a package, beside a file that it must not reach."""
    folder = tmp_path / "package"
    folder.mkdir()
    (tmp_path / "secret.csv").write_text(OUTSIDE)
    return folder


def report_on(folder: Path, path: str | list[str] = "t.csv") -> Report:
    """Validate the package with a table at a path."""
    (folder / "datapackage.json").write_bytes(descriptor(path))
    return validate(folder)


def only_code(report: Report) -> str:
    """Return the code of the one finding, which must not show what lies outside."""
    assert "secret" not in str([item.value for item in report.findings if item.code != "unsafe-path"])
    assert len(report.findings) == 1, report.findings
    return report.findings[0].code


def link_to_inside(folder: Path) -> str:
    (folder / "real.csv").write_text("a\n1\n")
    (folder / "t.csv").symlink_to("real.csv")
    return "t.csv"


def link_to_outside(folder: Path) -> str:
    (folder / "t.csv").symlink_to(folder.parent / "secret.csv")
    return "t.csv"


def link_to_nothing(folder: Path) -> str:
    (folder / "t.csv").symlink_to("nowhere.csv")
    return "t.csv"


def link_to_itself(folder: Path) -> str:
    (folder / "t.csv").symlink_to("t.csv")
    return "t.csv"


def link_to_device(folder: Path) -> str:
    (folder / "t.csv").symlink_to("/dev/zero")
    return "t.csv"


def link_in_the_middle(folder: Path) -> str:
    (folder / "data").symlink_to(folder.parent)
    return "data/secret.csv"


def link_in_the_middle_to_inside(folder: Path) -> str:
    (folder / "real" / "deep").mkdir(parents=True)
    (folder / "real" / "deep" / "t.csv").write_text("a\n1\n")
    (folder / "data").symlink_to("real")
    return "data/deep/t.csv"


@pytest.mark.parametrize(
    "make",
    [
        link_to_inside,
        link_to_outside,
        link_to_nothing,
        link_to_itself,
        link_to_device,
        link_in_the_middle,
        link_in_the_middle_to_inside,
    ],
)
def test_links_are_refused_wherever_they_point(package: Path, make: Callable[[Path], str]) -> None:
    assert only_code(report_on(package, make(package))) == "unsafe-path"


def test_link_is_refused_for_a_schema(package: Path) -> None:
    (package.parent / "schema.json").write_text(json.dumps(SCHEMA))
    (package / "schema.json").symlink_to(package.parent / "schema.json")
    (package / "t.csv").write_text("a\n1\n")
    (package / "datapackage.json").write_bytes(descriptor("t.csv", schema="schema.json"))
    assert "unsafe-path" in {item.code for item in validate(package).findings}


def test_descriptor_that_is_a_link_is_refused(package: Path) -> None:
    (package.parent / "other.json").write_bytes(descriptor("t.csv"))
    (package / "datapackage.json").symlink_to(package.parent / "other.json")
    with pytest.raises(SourceError, match="symbolic link"):
        validate(package)


def test_package_folder_may_be_reached_by_a_link(package: Path) -> None:
    (package / "t.csv").write_text("a\n1\n")
    (package / "datapackage.json").write_bytes(descriptor("t.csv"))
    (package.parent / "link").symlink_to(package)
    assert validate(package.parent / "link").valid


def test_named_pipe_is_not_waited_for(package: Path) -> None:
    os.mkfifo(package / "t.csv")
    assert only_code(report_on(package)) == "scheme-error"


def test_named_pipe_as_descriptor_or_source_is_not_waited_for(package: Path) -> None:
    os.mkfifo(package / "datapackage.json")
    for source in (package, package / "datapackage.json"):
        with pytest.raises(SourceError):
            validate(source)


def test_folder_where_a_file_is_expected(package: Path) -> None:
    (package / "t.csv").mkdir()
    assert only_code(report_on(package)) == "scheme-error"


def test_file_where_a_folder_is_expected(package: Path) -> None:
    (package / "data").write_text("")
    assert only_code(report_on(package, "data/t.csv")) == "scheme-error"


def test_file_that_may_not_be_read(package: Path) -> None:
    (package / "t.csv").write_text("a\n1\n")
    (package / "t.csv").chmod(0)
    wanted = {"scheme-error"} if os.geteuid() else set()
    assert {item.code for item in report_on(package).findings} == wanted


@pytest.mark.parametrize(
    "path",
    [
        "..",
        ".",
        "./t.csv",
        "../secret.csv",
        "data/../../secret.csv",
        "data/../t.csv",
        "/etc/passwd",
        "//server/t.csv",
        "..\\secret.csv",
        "\\\\server\\t.csv",
        "C:t.csv",
        "C:/t.csv",
        "~",
        "~root/t.csv",
        "data/~/t.csv",
        "$HOME/t.csv",
        "${HOME}.csv",
        "%HOME%/t.csv",
        "%2e%2e/secret.csv",
        "file:t.csv",
        "file:///etc/passwd",
        "s3://bucket/t.csv",
        ".hidden.csv",
        "data/.hidden/t.csv",
        "con",
        "NUL.csv",
        "data/Com1.csv",
        "lpt9.tar.csv",
        "t.csv.",
        "t.csv ",
        "data//t.csv",
        "data/",
        "t?.csv",
        "*.csv",
        "t\0.csv",
        "t\n.csv",
        "t\u200b.csv",
        "t\u202e.csv",
        "t\ud800.csv",
    ],
)
def test_unsafe_paths_are_one_finding(package: Path, path: str) -> None:
    (package / "t.csv").write_text("a\n1\n")
    (package / "data").mkdir()
    try:
        report = report_on(package, path)
    except SourceError:
        assert "\ud800" in path, "only a lone surrogate makes the descriptor itself unreadable"
        return
    assert only_code(report) == "unsafe-path"


@pytest.mark.parametrize("path", ["", [], [""], [["t.csv"]], 5, None, {}])
def test_paths_that_are_no_texts_are_findings(package: Path, path: object) -> None:
    (package / "datapackage.json").write_text(json.dumps({"resources": [{"name": "t", "path": path}]}))
    report = validate(package)
    assert not report.valid
    assert {item.code for item in report.findings} <= {"profile-error", "unsafe-path"}


@pytest.mark.parametrize("path", ["a..b.csv", "com10.csv", "console.csv", "data/t (1).csv", "таблица.csv", "a~b.csv"])
def test_safe_paths_are_read(package: Path, path: str) -> None:
    (package / path).parent.mkdir(exist_ok=True)
    (package / path).write_text("a\n1\n")
    assert report_on(package, path).findings == ()


def test_long_path_is_a_finding(package: Path) -> None:
    assert only_code(report_on(package, "x" * 5000 + ".csv")) in ("scheme-error", "unsafe-path")


# Archives


def archive(package: Path, members: list[tuple[str | zipfile.ZipInfo, bytes]], path: str = "t.csv") -> Path:
    """Write an archive with a descriptor and further members."""
    target = package.parent / "package.zip"
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as stream:
        stream.writestr("datapackage.json", descriptor(path))
        for name, data in members:
            stream.writestr(name, data)
    return target


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("twin", ["t.csv", "T.CSV", "datapackage.json"])
def test_archive_with_repeated_names_is_refused(package: Path, twin: str) -> None:
    source = archive(package, [("t.csv", b"a\n1\n"), (twin, b"a\nx\n")])
    with pytest.raises(SourceError, match="two members"):
        validate(source)


def test_archive_with_names_that_differ_in_composition_only_is_refused(package: Path) -> None:
    source = archive(package, [("é.csv", b"a\n1\n"), ("e\u0301.csv", b"a\nx\n")])
    with pytest.raises(SourceError, match="two members"):
        validate(source)


def test_link_in_an_archive_is_refused(package: Path) -> None:
    link = zipfile.ZipInfo("t.csv")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    assert only_code(validate(archive(package, [(link, b"/etc/passwd")]))) == "unsafe-path"


def test_members_that_lead_out_are_never_reached(package: Path) -> None:
    source = archive(package, [("../t.csv", b"a\nx\n"), ("/t.csv", b"a\nx\n"), ("t.csv", b"a\n1\n")])
    assert validate(source).findings == ()
    assert only_code(validate(archive(package, [("../t.csv", b"a\nx\n")], "../t.csv"))) == "unsafe-path"
    assert sorted(path.name for path in package.parent.iterdir()) == ["package", "package.zip", "secret.csv"]


def patched(source: Path, offset_local: int, offset_central: int, value: bytes) -> Path:
    """Change a field in the local and in the central header of the last member."""
    raw = bytearray(source.read_bytes())
    local, central = raw.rindex(b"PK\x03\x04"), raw.rindex(b"PK\x01\x02")
    raw[local + offset_local : local + offset_local + len(value)] = value
    raw[central + offset_central : central + offset_central + len(value)] = value
    source.write_bytes(raw)
    return source


def test_encrypted_member_is_a_finding(package: Path) -> None:
    source = patched(archive(package, [("t.csv", b"a\n1\n")]), 6, 8, b"\x01\x00")
    assert only_code(validate(source)) == "scheme-error"


def test_member_packed_by_an_unknown_method_is_a_finding(package: Path) -> None:
    source = patched(archive(package, [("t.csv", b"a\n1\n")]), 8, 10, b"\x63\x00")
    assert only_code(validate(source)) == "scheme-error"


def test_member_with_a_wrong_checksum_is_a_finding(package: Path) -> None:
    source = patched(archive(package, [("t.csv", b"a\n1\n")]), 14, 16, b"\x00\x00\x00\x00")
    assert only_code(validate(source)) == "source-error"


def test_archive_that_is_cut_off_is_refused(package: Path) -> None:
    source = archive(package, [("t.csv", b"a\n1\n")])
    source.write_bytes(source.read_bytes()[:-10])
    with pytest.raises(SourceError, match="zip"):
        validate(source)


def test_archive_without_descriptor_is_refused(package: Path) -> None:
    source = package.parent / "empty.zip"
    with zipfile.ZipFile(source, "w"):
        pass
    with pytest.raises(SourceError, match=r"datapackage\.json"):
        validate(source)


def test_member_that_unpacks_beyond_the_ratio_stops_the_run(package: Path) -> None:
    source = archive(package, [("t.csv", b"a\n" + b"1\n" * (8 * 1024 * 1024))])
    with pytest.raises(LimitError, match="archive_ratio"):
        validate(source)


def test_member_that_packs_well_below_the_first_mebibyte_is_read(package: Path) -> None:
    source = archive(package, [("t.csv", b"a\n" + b"1\n" * (500 * 1024))])
    assert validate(source).findings == ()


@pytest.mark.parametrize(
    ("limits", "name"),
    [
        (Limits(archive_members=2), "archive_members"),
        (Limits(descriptor_bytes=10), "descriptor_bytes"),
        (Limits(resources=0), "resources"),
    ],
)
def test_limits_are_named_when_they_are_hit(package: Path, limits: Limits, name: str) -> None:
    source = archive(package, [("t.csv", b"a\n1\n"), ("u.csv", b"a\n1\n")])
    with pytest.raises(LimitError, match=name):
        open_source(source, limits)


def test_member_larger_than_allowed_is_named(package: Path) -> None:
    source = archive(package, [("t.csv", b"a\n1\n" * 1000)])
    with open_source(source, Limits(member_bytes=2000)) as opened, pytest.raises(LimitError, match="member_bytes"):
        opened.open("t.csv").read()


@pytest.mark.parametrize("path", ["../secret.csv", "/etc/passwd", "none.csv"])
def test_an_opened_package_refuses_what_is_outside(package: Path, path: str) -> None:
    report_on(package)
    with open_source(package) as opened, pytest.raises(UnreadableFileError):
        opened.open(path)


def test_errors_of_sources_are_errors_of_the_tool() -> None:
    assert issubclass(SourceError, DiplodataError)
    assert issubclass(LimitError, DiplodataError)
