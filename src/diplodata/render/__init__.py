"""From a report to text for people and machines."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from diplodata.model.report import Report
from diplodata.render import json_report, text_report

#: format -> how a report is written.
RENDERERS: Mapping[str, Callable[[Report], str]] = {
    "json": json_report.render,
    "text": text_report.render,
}
