"""What the tool could not do; never a word about data (that is a finding)."""

from __future__ import annotations


class DiplodataError(Exception):
    """The tool could not do its work; the command line prints it and ends with exit code 2."""


class UsageError(DiplodataError, ValueError):
    """A request makes no sense: an unknown format, option, code or table."""


class MissingExtraError(DiplodataError):
    """A format needs a package that is not installed."""


class SourceError(DiplodataError):
    """The source cannot be located or read as a package."""


class UnsafePathError(SourceError):
    """A path leaves the package, is hidden, or goes through a symbolic link."""


class StandardError(DiplodataError):
    """A version, table or schema of the standard is unknown or damaged."""


class ConversionError(DiplodataError):
    """A package cannot be written in the target format without loss."""


class StagingError(DiplodataError):
    """Files cannot be replaced; none of them was."""


class MendingError(DiplodataError):
    """A source cannot be mended, or would have more findings than before."""


class ComparisonError(DiplodataError):
    """Two packages or schemas cannot be compared."""


class ReleaseError(DiplodataError):
    """A release cannot be built, verified or published."""


class FetchError(DiplodataError):
    """Files of a release cannot be reached, read or received."""


class AbsentError(FetchError):
    """A place answers, and has no such file."""


class SizeError(FetchError):
    """A file has more or fewer bytes than were promised, however often it was asked for."""


class LimitError(DiplodataError):
    """Input is larger or deeper than a limit allows; the message names the limit."""


class MemoryShortageError(LimitError):
    """The engine needs more memory than it is allowed."""
