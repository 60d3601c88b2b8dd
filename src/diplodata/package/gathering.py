"""What is gathered while a descriptor is read: findings, files that it names, profiles that it has been checked by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from diplodata.catalogue import finding
from diplodata.model.finding import Finding
from diplodata.model.profile import Profile
from diplodata.package import versions
from diplodata.package.containers import Container, UnreadableFileError
from diplodata.package.profiles import Profiles, UnusableProfileError


@dataclass
class Reading:
    """What is gathered while a descriptor is read, and what has to be known of it everywhere."""

    container: Container
    version: versions.Version
    #: File of the descriptor, for findings.
    place: str
    #: Tables of the standard in the package; an address of the standard gives schemas without keys to any other.
    present: frozenset[str] = frozenset()
    #: What narrows the tables of the standard.
    profile: Profile | None = None
    findings: list[Finding] = field(default_factory=list)
    attachments: dict[str, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._profiles = Profiles(self.container, self.attachments)

    @property
    def is_v2(self) -> bool:
        """Whether what v2 brought is allowed."""
        return self.version != "v1"

    def say(self, code: str, **members: Any) -> None:
        """Add a finding."""
        self.findings.append(finding(code, **members))

    def ask_profile(self, member: str, descriptor: Mapping[str, Any], at: str, **members: Any) -> None:
        """Check a descriptor by the profile that it declares, if that is one of somebody's own.

        Args:
            member: ``$schema`` or ``profile``; a value that is no text is said of elsewhere.
            descriptor: what declares the profile and is checked by it.
            at: where the descriptor stands in its file, as a JSON Pointer.
            members: members of the findings.
        """
        profile = descriptor.get(member)
        if not (isinstance(profile, str) and profile):
            return
        declared = f"{at}/{member}"
        try:
            for pointer, problem in self._profiles.problems(profile, descriptor):
                self.say("profile-error", details={"problem": problem}, pointer=at + pointer, **members)
        except UnusableProfileError as error:
            self.say("profile-error", details={"problem": error.problem}, hint=error.hint, pointer=declared, **members)
        except UnreadableFileError as error:
            self.say(error.code, details={"problem": error.problem}, value=profile, pointer=declared, **members)
