"""The folder is the architecture: imports point down, and heavy libraries stay where they belong."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "diplodata"

#: Part -> parts that it may import besides itself; the list is the order of the house, lowest first.
MAY_IMPORT = {
    "errors": (),
    "version": (),
    "strict_json": (),
    "model": (),
    "catalogue": ("model",),
    "standard": ("errors", "model"),
    "formats": ("errors", "strict_json", "model", "catalogue"),
    "package": ("errors", "strict_json", "model", "catalogue", "standard", "formats"),
    "engine": ("errors", "model", "catalogue"),
    "documents": ("errors", "version", "strict_json", "model", "catalogue", "standard", "package", "formats", "engine"),
    "checks": ("errors", "model", "catalogue", "standard", "package", "formats", "engine"),
    "rules": ("errors", "strict_json", "model", "catalogue", "standard", "engine"),
    "mending": ("model", "formats"),
    "templating": (),
    "render": ("errors", "templating", "model", "catalogue", "rules"),
    "explain": ("errors", "catalogue", "rules"),
    "handout": ("errors", "model", "standard", "package", "rules"),
    "rule_inputs": ("errors", "model", "package", "formats", "rules"),
    "baseline": ("errors", "strict_json", "model"),
    "placing": ("model", "package", "formats", "documents", "checks"),
    "validation": (
        "errors",
        "version",
        "model",
        "package",
        "formats",
        "engine",
        "documents",
        "checks",
        "rules",
        "rule_inputs",
        "baseline",
        "placing",
    ),
    "fixing": ("errors", "model", "package", "mending", "validation"),
    "conversion": ("errors", "model", "package", "formats"),
    "comparing": ("errors", "strict_json", "model", "standard", "formats", "package", "engine"),
    "reader": ("errors", "model", "package", "formats", "engine", "conversion"),
    "start": ("errors", "version", "strict_json", "model", "standard", "package", "mending", "conversion"),
    "remote": ("errors", "version", "model"),
    "published": ("errors", "strict_json", "model", "catalogue", "standard", "package", "remote"),
    "verifying": ("errors", "version", "model", "catalogue", "published", "remote"),
    "fetching": (
        "errors",
        "strict_json",
        "model",
        "catalogue",
        "package",
        "reader",
        "remote",
        "published",
        "verifying",
    ),
    "site": (
        "templating",
        "errors",
        "model",
        "catalogue",
        "standard",
        "formats",
        "package",
        "rules",
        "explain",
        "conversion",
        "validation",
    ),
    "release": (
        "errors",
        "version",
        "strict_json",
        "model",
        "standard",
        "package",
        "conversion",
        "validation",
        "comparing",
        "render",
        "published",
        "site",
    ),
    "cli": ("*",),
    "__main__": ("cli",),
    "__init__": ("*",),
}

#: Library -> parts that may import it, whether at the top of a file or inside a function.
LIBRARIES = {
    "duckdb": ("formats", "engine"),
    "pyarrow": ("formats", "engine", "checks", "rules", "mending", "rule_inputs", "conversion", "reader", "release"),
    "frictionless": ("package", "formats", "engine"),
    "jsonschema": ("package", "documents"),
    "jsonschema_rs": ("package", "engine", "documents", "comparing", "published", "release"),
    "jiter": ("strict_json", "formats", "documents"),
    "python_calamine": ("formats",),
    "sqlite3": ("formats",),
    "xlsxwriter": ("formats",),
    "jinja2": ("templating", "render", "site"),
    "markupsafe": ("site",),
    "click": ("cli",),
    "obstore": ("release",),
}


def imports() -> Iterator[tuple[str, str, str]]:
    """Yield (part, file, imported module) for every import, lazy ones included."""
    for path in sorted(SOURCE.rglob("*.py")):
        relative = path.relative_to(SOURCE)
        part = relative.parts[0].removesuffix(".py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                yield from ((part, str(relative), alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                names = [alias.name for alias in node.names] if node.module == "diplodata" else [""]
                yield from ((part, str(relative), f"{node.module}.{name}".rstrip(".")) for name in names)


def test_imports_point_down() -> None:
    wrong = []
    for part, file, module in imports():
        pieces = module.split(".")
        if pieces[0] != "diplodata" or len(pieces) == 1:
            continue
        allowed = MAY_IMPORT[part]
        if pieces[1] != part and pieces[1] not in allowed and "*" not in allowed:
            wrong.append(f"{file} imports {module}: {part} may import {', '.join(allowed) or 'nothing'}")
    assert not wrong, "\n".join(wrong)


def test_the_order_has_no_cycle() -> None:
    order = list(MAY_IMPORT)
    for part, allowed in MAY_IMPORT.items():
        assert all(order.index(other) < order.index(part) for other in allowed if other != "*"), part


@pytest.mark.parametrize("library", sorted(LIBRARIES))
def test_libraries_stay_in_their_parts(library: str) -> None:
    users = {part for part, _, module in imports() if module.split(".")[0] == library}
    assert users <= set(LIBRARIES[library])


def test_every_part_is_in_the_list() -> None:
    parts = {path.name.removesuffix(".py") for path in SOURCE.iterdir() if path.suffix in ("", ".py")}
    assert parts - {"__pycache__", "schemas"} == set(MAY_IMPORT)


def functions() -> Iterator[tuple[str, int]]:
    """Yield (place, length in lines) of every function."""
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                yield f"{path.relative_to(SOURCE)}:{node.lineno} {node.name}", length


def test_functions_and_files_are_small() -> None:
    long_functions = [f"{place}: {length}" for place, length in functions() if length > 60]
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in SOURCE.rglob("*.py")}
    long_files = [f"{path.relative_to(SOURCE)}: {length}" for path, length in lengths.items() if length > 300]
    assert not long_functions + long_files


def test_no_file_is_a_grab_bag() -> None:
    names = {path.stem for path in SOURCE.rglob("*")}
    assert not names & {"utils", "util", "helpers", "helper", "common", "base", "misc"}


def test_every_module_and_public_function_has_a_docstring() -> None:
    missing = []
    for path in sorted(SOURCE.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            is_named = isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
            if (isinstance(node, ast.Module) or (is_named and node in tree.body)) and not ast.get_docstring(node):
                missing.append(f"{path.relative_to(SOURCE)} {getattr(node, 'name', '')}")
    assert not missing
