"""Keep data from being read as commands or markup by whatever shows a report."""

from __future__ import annotations

import re

#: Characters that a text for people shows of one name or value.
SHOWN = 200

#: Characters that it shows of one message.
MESSAGE_SHOWN = 1000

#: What begins a command of a build server anywhere in a line (Azure Pipelines, TeamCity, early GitHub Actions).
_COMMAND = re.compile(r"##(?=\w*\[)")

#: What begins a command of GitHub Actions: the first signs of a line.
_COMMAND_LINE = re.compile(r"^(\s*)::", re.MULTILINE)

#: ASCII characters that Markdown could read as markup, mentions or references.
_MARKUP = re.compile(r"[!#$%&*<>@\[\\\]^_`{|}~]|:(?=\S)|(?<=www)\.", re.IGNORECASE)

#: Those of them that GitHub and GitLab look for in the text that the entities have become, but not across elements.
_REFERENCES = "!#$%&@~"


def printable(text: str) -> str:
    """Return text in which nothing can move the cursor, change the terminal, or turn the order of what is read."""
    return text if text.isprintable() else "".join(map(_escape, text))


def _escape(char: str) -> str:
    return char if char.isprintable() else f"\\u{ord(char):04x}"


def cut(text: str, length: int = SHOWN) -> str:
    """Return text for people: printable, and no longer than so many characters, with a note of how long it is."""
    if len(text) <= length:
        return printable(text)
    return f"{printable(text[:length])}… ({len(text):,} characters)"


def line(text: str) -> str:
    """Return one line for a terminal or the log of a build server, in which no command can begin.

    * GitHub Actions reads a line that begins with ``::``, after any space, as a command; others look for ``##[``.
    """
    text = without_commands(printable(text))
    rest = text.lstrip()
    return f"{text[: len(text) - len(rest)]}\\u003a{rest[1:]}" if rest.startswith("::") else text


def without_commands(text: str) -> str:
    """Return JSON, or text for a terminal, without the signs that begin a command within a line."""
    return _COMMAND.sub(r"#\\u0023", text)


def markup_without_commands(text: str) -> str:
    """Return HTML or XML in which no command begins, within a line or at the start of one."""
    return _COMMAND_LINE.sub(r"\1&#58;:", _COMMAND.sub("#&#35;", text))


def markdown(text: str, length: int = MESSAGE_SHOWN) -> str:
    """Return text for Markdown: printable, and without markup, links, mentions or references (CommonMark, GFM)."""
    return _MARKUP.sub(_entity, cut(text, length))


def _entity(match: re.Match[str]) -> str:
    entity = f"&#{ord(match[0])};"
    return f"<span>{entity}</span>" if match[0] in _REFERENCES else entity


def command_text(text: str) -> str:
    """Return the message of a workflow command (GitHub Actions, toolkit, command)."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def command_property(text: str) -> str:
    """Return a property of a workflow command, in which colons and commas mean something."""
    return command_text(text).replace(":", "%3A").replace(",", "%2C")
