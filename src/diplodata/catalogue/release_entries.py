"""The catalogue of codes that are about published releases: those of ``verify`` and ``fetch``."""

from __future__ import annotations

from diplodata.catalogue.entry import entry as _entry

#: What can be wrong with a release as it lies somewhere, and with the index that leads to it.
OF_RELEASES = (
    _entry(
        "release-file-missing",
        "A file that a release lists, or that every release has, is not there.",
        "Take the release again from where it was published.",
        "{path} is not there.",
    ),
    _entry(
        "release-file-unlisted",
        "A file lies in a release that its SHA256SUMS does not list.",
        "Remove the file, or take the release again from where it was published.",
        "{path} is not listed in SHA256SUMS.",
    ),
    _entry(
        "release-file-different",
        "A file of a release has other bytes than are listed.",
        "Take the file again from where it was published; if it stays so, ask the publisher.",
        "{path} has {value}; {source} has {limit}.",
    ),
    _entry(
        "release-path-unsafe",
        "A path in a release leads out of it, is hidden or reserved, or goes through a symbolic link.",
        "Do not use the release; ask the publisher for one with plain relative paths.",
        "The path {value} is not followed: {problem}.",
        source="Data Package v2, path",
    ),
    _entry(
        "release-path-repeated",
        "Two paths of a release are the same, or are so to some file systems.",
        "Do not use the release; ask the publisher for one whose paths differ in more than case.",
        "The path {value} and {other} cannot both be written.",
    ),
    _entry(
        "release-checksums-malformed",
        "SHA256SUMS cannot be read.",
        "Take the file again from where it was published.",
        "{where} cannot be read: {problem}.",
    ),
    _entry(
        "release-index-malformed",
        "index.json does not have the form of an index of releases, or contradicts itself.",
        "Take the file again from where it was published; a newer form may need a newer version of the tool.",
        "index.json is not used: {problem}.",
        source="schemas/release/1.0/index.schema.json",
    ),
    _entry(
        "release-record-malformed",
        "release.json does not have the form of a record of a release.",
        "Take the file again from where it was published; a newer form may need a newer version of the tool.",
        "{path} is not used: {problem}.",
        source="schemas/release/1.0/release.schema.json",
    ),
    _entry(
        "release-record-different",
        "release.json and index.json say different things of one release.",
        "Do not use the release; one of the two files belongs to another one.",
        "{path} has the {member} {value}; index.json has {limit}.",
    ),
    _entry(
        "release-signature-missing",
        "Signers were given, and a file that has to be signed has no signature.",
        "Ask the publisher for a signed release; without --signers no signature is asked for.",
        "{path} is not there, so nothing shows who made {limit}.",
    ),
    _entry(
        "release-signature-wrong",
        "A signature is not one of the file by one of the signers.",
        "Do not use the release until the publisher says why; the key may be a new one.",
        "The signature {path} is refused: {problem}.",
    ),
    _entry(
        "release-chain-broken",
        "A release follows one that is not there, or that has other bytes than it had.",
        "Do not use the release until the publisher says why.",
        "The release {value} follows {limit}, {problem}.",
    ),
    _entry(
        "release-not-published",
        "A folder lies among the releases that the index does not list.",
        "Nothing to do: it counts as not published. The next publish uses it or removes it.",
        "{path} is not in index.json, so it counts as not published.",
        severity="info",
    ),
    _entry(
        "release-yanked",
        "A release was withdrawn by its publisher.",
        "Use another release; fetch takes a withdrawn one only when it is named exactly.",
        "The release {value} was withdrawn on {date}: {limit}.",
        severity="info",
    ),
    _entry(
        "release-rolled-back",
        "The index is older than the one that was seen before.",
        "Try again later; if it stays so, somebody may be hiding newer releases. Ask the publisher.",
        "index.json has the serial {value}; when it was fetched before it had {limit}.",
        source="TUF specification, rollback attack",
    ),
    _entry(
        "release-replaced",
        "What was published under one version or serial is no longer what it was.",
        "Do not use it until the publisher says why. To fetch something else, choose another DEST.",
        "{what} is no longer what it was when it was fetched before: {problem}.",
        source="diplodata: a version never changes",
    ),
    _entry(
        "release-index-old",
        "The index is older than --max-age allows.",
        "Ask the publisher whether nothing is new; somebody may be hiding newer releases. Or allow a longer time.",
        "index.json is of {value}, {days} days ago; --max-age is {limit}.",
        source="TUF specification, freeze attack",
    ),
)
