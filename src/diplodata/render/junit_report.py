"""The report as JUnit XML: one suite for each resource, one case for each code that was found in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from xml.etree import ElementTree as ET

from diplodata.model.finding import Finding
from diplodata.model.report import Report, Waived
from diplodata.render import wording
from diplodata.render.escaping import MESSAGE_SHOWN, cut, markup_without_commands

#: Name of the suite of findings that are about no resource.
_PACKAGE = "package"


def render(report: Report) -> str:
    """Return the suites; a resource in which nothing was found has one case, which passes."""
    root = ET.Element("testsuites", {"name": report.tool})
    names = dict.fromkeys((None, *(item.name for item in report.resources)))
    found = (*report.findings, *(item.finding for item in report.waived))
    for name in dict.fromkeys((*names, *(item.resource for item in found))):
        suite = _suite(report, name)
        if len(suite):
            root.append(suite)
    _count(root, root.iter("testcase"))
    ET.indent(root)
    text = ET.tostring(root, encoding="unicode", short_empty_elements=True)
    return markup_without_commands(f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n')


def _suite(report: Report, resource: str | None) -> ET.Element:
    name = cut(_PACKAGE if resource is None else resource)
    suite = ET.Element("testsuite", {"name": name})
    findings = [item for item in report.findings if item.resource == resource]
    waived = [item for item in report.waived if item.finding.resource == resource]
    for code in sorted({item.code for item in (*findings, *(item.finding for item in waived))}):
        of_code = [item for item in findings if item.code == code]
        excused = [item for item in waived if item.finding.code == code]
        suite.append(_case(report, name, code, of_code, excused))
    if not len(suite) and resource is not None:
        ET.SubElement(suite, "testcase", {"classname": name, "name": "valid", "time": "0"})
    _count(suite, suite.iter("testcase"))
    return suite


def _case(report: Report, suite: str, code: str, findings: Sequence[Finding], waived: Sequence[Waived]) -> ET.Element:
    """Return the case of a code: failed by new errors, skipped when all is known or waived, else passed."""
    path = (*findings, *(item.finding for item in waived))[0].path
    place = {"classname": suite, "name": code, "file": cut(report.location(path)), "time": "0"}
    case = ET.Element("testcase", place)
    errors = [item for item in findings if item.severity == "error" and not item.known]
    others = [item for item in findings if item not in errors]
    if errors:
        message = cut(errors[0].message, MESSAGE_SHOWN)
        ET.SubElement(case, "failure", {"type": code, "message": message}).text = _text(errors)
    elif all(item.known for item in findings):
        reason = "known from the baseline" if findings else cut(waived[0].reason)
        ET.SubElement(case, "skipped", {"message": reason})
    if others or waived:
        ET.SubElement(case, "system-out").text = _text(others) + "".join(
            f"waived: {_line(item.finding)} ({cut(item.reason)})\n" for item in waived
        )
    return case


def _text(findings: Iterable[Finding]) -> str:
    return "".join(f"{_line(item)}\n" for item in findings)


def _line(finding: Finding) -> str:
    known = " (known)" if finding.known else ""
    text = f"{wording.place(finding)}: {finding.severity}{known}: {cut(finding.message, MESSAGE_SHOWN)}"
    return f"{text} {cut(finding.hint, MESSAGE_SHOWN)}" if finding.hint else text


def _count(element: ET.Element, cases: Iterable[ET.Element]) -> None:
    listed = list(cases)
    numbers = {name: sum(item.find(tag) is not None for item in listed) for name, tag in _COUNTED.items()}
    element.attrib.update({"tests": str(len(listed)), "errors": "0", "time": "0"})
    element.attrib.update({name: str(number) for name, number in numbers.items()})


#: Attribute of a suite -> child of the cases that it counts.
_COUNTED = {"failures": "failure", "skipped": "skipped"}
