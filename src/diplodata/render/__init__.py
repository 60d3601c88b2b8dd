"""From a report to text for people and machines."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module

from diplodata.model.report import Report

#: format -> module and function that write it; a module is loaded when it is asked for.
_WRITERS: Mapping[str, tuple[str, str]] = {
    "concise": ("concise_report", "render"),
    "github": ("github_report", "render"),
    "gitlab": ("gitlab_report", "render"),
    "html": ("html_report", "render"),
    "json": ("json_report", "render"),
    "junit": ("junit_report", "render"),
    "markdown": ("markdown_report", "render"),
    "ndjson": ("json_report", "render_lines"),
    "sarif": ("sarif_report", "render"),
    "text": ("text_report", "render"),
}

#: Formats that show the whole of the rows that findings are about.
WITH_ROWS = ("html",)


def _writer(module: str, function: str) -> Callable[[Report], str]:
    def render(report: Report) -> str:
        write: Callable[[Report], str] = getattr(import_module(f"diplodata.render.{module}"), function)
        return write(report)

    return render


#: format -> how a report is written.
RENDERERS: Mapping[str, Callable[[Report], str]] = {name: _writer(*place) for name, place in _WRITERS.items()}
