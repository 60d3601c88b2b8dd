"""The record of a page as schema.org JSON-LD, for search engines."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from diplodata.site import addresses
from diplodata.site.contents import Contents, Record
from diplodata.site.records.values import country
from diplodata.site.shown import Shown

_CONTEXT = "https://schema.org"

#: Participants that the JSON-LD of a meeting names; the page has all.
_ATTENDEES = 40

#: What schema.org takes for a date: whole days, months or years without doubt.
_PLAIN = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?", re.ASCII)

_MODES = {
    "in_person": "OfflineEventAttendanceMode",
    "videoconference": "OnlineEventAttendanceMode",
    "telephone": "OnlineEventAttendanceMode",
    "hybrid": "MixedEventAttendanceMode",
}

_STATUS = {
    "announced": "EventScheduled",
    "held": "EventScheduled",
    "postponed": "EventPostponed",
    "cancelled": "EventCancelled",
    "rescheduled": "EventRescheduled",
}

_ORGANIZATIONS = {
    "state": "Country",
    "ministry": "GovernmentOrganization",
    "diplomatic_mission": "GovernmentOrganization",
}

Node = dict[str, Any]


def text(contents: Contents, table: str, record: Record, trail: Sequence[Shown]) -> str:
    """Return the JSON-LD of a record and of the way to its page; nothing in it can end the element it stands in."""
    graph = [_filled(_NODES[table](contents, record)), _breadcrumbs(trail)]
    return safe(json.dumps({"@context": _CONTEXT, "@graph": graph}, ensure_ascii=False, separators=(",", ":")))


def safe(text: str) -> str:
    """Return JSON in which no character can end or begin an element, or a line of a script (HTML, script data)."""
    for char, escape in (
        ("<", "\\u003c"),
        (">", "\\u003e"),
        ("&", "\\u0026"),
        ("\u2028", "\\u2028"),
        ("\u2029", "\\u2029"),
    ):
        text = text.replace(char, escape)
    return text


def _filled(node: Node) -> Node:
    return {key: value for key, value in node.items() if value not in (None, "", [], {})}


def _breadcrumbs(trail: Sequence[Shown]) -> Node:
    items = [{"@type": "ListItem", "position": number, "name": item.text} for number, item in enumerate(trail, 1)]
    return {"@type": "BreadcrumbList", "itemListElement": items}


def _plain(value: object) -> str:
    return str(value) if _PLAIN.fullmatch(str(value or "")) else ""


def _thing(contents: Contents, identifier: object, kind: str) -> Node | None:
    """Return a short node for a record that another one names."""
    item = contents.record(str(identifier or ""))
    if not item:
        return None
    return {"@type": kind, "name": contents.title(str(identifier)), "identifier": str(identifier)}


def _meeting(contents: Contents, record: Record) -> Node:
    mode = _MODES.get(str(record.get("format")))
    status = _STATUS.get(str(record.get("status")))
    parts = [str(record[name]) for name in ("venue", "city") if record.get(name)]
    code = str(record.get("country_code", ""))
    place: Node = {"@type": "Place", "name": ", ".join(parts) or country(contents, code)}
    if code:
        place["address"] = {"@type": "PostalAddress", "addressCountry": country(contents, code)}
    rows = contents.referring("participants", "meeting_id", str(record["id"]))
    names = [str(item["name_as_given"]) for item in rows if item.get("name_as_given") and item.get("person_id")]
    return {
        "@type": "Event",
        "identifier": record["id"],
        "name": record.get("title"),
        "inLanguage": record.get("title_language"),
        "startDate": _plain(record.get("start_date")),
        "endDate": _plain(record.get("end_date")),
        "eventAttendanceMode": f"{_CONTEXT}/{mode}" if mode else "",
        "eventStatus": f"{_CONTEXT}/{status}" if status else "",
        "location": place if parts or code else None,
        "organizer": _thing(contents, record.get("organization_id"), "Organization"),
        "superEvent": _thing(contents, record.get("parent_id"), "Event"),
        "attendee": [{"@type": "Person", "name": name} for name in names[:_ATTENDEES]],
        "url": addresses.web(record.get("url")),
    }


def _statement(contents: Contents, record: Record) -> Node:
    return {
        "@type": "CreativeWork",
        "identifier": [record["id"], record["symbol"]] if record.get("symbol") else record["id"],
        "name": record.get("title"),
        "alternateName": [item["value"] for item in contents.names(str(record["id"])) if item.get("value")],
        "inLanguage": record.get("languages"),
        "dateCreated": _plain(record.get("adoption_date")),
        "datePublished": _plain(record.get("publication_date")),
        "author": _thing(contents, record.get("organization_id"), "Organization"),
        "recordedAt": _thing(contents, record.get("meeting_id"), "Event"),
        "url": addresses.web(record.get("url")),
    }


def _person(contents: Contents, record: Record) -> Node:
    return {
        "@type": "Person",
        "identifier": record["id"],
        "name": record.get("name"),
        "familyName": record.get("family_name"),
        "givenName": record.get("given_name"),
        "alternateName": [item["value"] for item in contents.names(str(record["id"])) if item.get("value")],
        "sameAs": _same(record),
    }


def _organization(contents: Contents, record: Record) -> Node:
    return {
        "@type": _ORGANIZATIONS.get(str(record.get("classification")), "Organization"),
        "identifier": record["id"],
        "name": record.get("name"),
        "alternateName": [
            *([record["short_name"]] if record.get("short_name") else []),
            *(item["value"] for item in contents.names(str(record["id"])) if item.get("value")),
        ],
        "foundingDate": _plain(record.get("founding_date")),
        "dissolutionDate": _plain(record.get("dissolution_date")),
        "parentOrganization": _thing(contents, record.get("parent_id"), "Organization"),
        "url": addresses.web(record.get("url")),
        "sameAs": _same(record),
    }


def _source(contents: Contents, record: Record) -> Node:
    return {
        "@type": "CreativeWork",
        "identifier": record["id"],
        "name": contents.title(str(record["id"])),
        "inLanguage": record.get("language"),
        "datePublished": _plain(record.get("published_date")),
        "publisher": {"@type": "Organization", "name": record["publisher_name"]}
        if record.get("publisher_name")
        else None,
        "url": addresses.web(record.get("url")),
    }


def _same(record: Record) -> list[str]:
    found = [addresses.web(item) for item in record.get("same_as", ())]
    if record.get("wikidata_id"):
        found.append(f"https://www.wikidata.org/entity/{record['wikidata_id']}")
    return [item for item in found if item]


_NODES: Mapping[str, Callable[[Contents, Record], Node]] = {
    "meetings": _meeting,
    "organizations": _organization,
    "persons": _person,
    "sources": _source,
    "statements": _statement,
}
