"""The root command, and the one place where exceptions become text and exit codes."""

from __future__ import annotations

import importlib
import os
import sys

import click

from diplodata.errors import DiplodataError

#: command -> module that defines it; a command is imported when it is asked for.
COMMANDS = {
    "adopt": "diplodata.cli.adopt",
    "completion": "diplodata.cli.completion",
    "convert": "diplodata.cli.convert",
    "diff": "diplodata.cli.diff",
    "explain": "diplodata.cli.explain",
    "fetch": "diplodata.cli.fetch",
    "fix": "diplodata.cli.fix",
    "init": "diplodata.cli.init",
    "publish": "diplodata.cli.publish",
    "schema": "diplodata.cli.schema",
    "site": "diplodata.cli.site",
    "template": "diplodata.cli.template",
    "validate": "diplodata.cli.validate",
    "verify": "diplodata.cli.verify",
    "yank": "diplodata.cli.yank",
}


class LazyGroup(click.Group):
    """A group whose commands are imported on use, so that ``--version`` stays quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(COMMANDS[cmd_name]).command
        return command


def _show_version(ctx: click.Context, _: click.Parameter, value: bool) -> None:
    if value:
        from diplodata.version import tool_version

        click.echo(f"diplodata {tool_version()}")
        ctx.exit()


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_show_version, help="Show the version."
)
def root() -> None:
    """Validate, convert and publish data on diplomatic meetings, and any other data package.

    Exit codes: 0 nothing wrong, 1 findings, 2 the tool could not do its work.
    """


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and leave with an exit code; a traceback is shown only with DIPLODATA_DEBUG set."""
    try:
        code = root.main(args=arguments, prog_name="diplodata", standalone_mode=False)
    except click.exceptions.Abort:
        code = 130
    except click.ClickException as error:
        error.show()
        code = 2
    except DiplodataError as error:
        code = _fail(str(error))
    except BrokenPipeError:
        # Whoever read our output has had enough; leave without a word.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except OSError as error:
        code = _fail(f"{error.filename or 'input or output'}: {error.strerror or error}.")
    except Exception as error:
        if os.environ.get("DIPLODATA_DEBUG"):
            raise
        code = _fail(f"This is a defect of the tool, not of your data: {type(error).__name__}: {error}")
    sys.exit(code if isinstance(code, int) else 0)


def _fail(message: str) -> int:
    from diplodata.render.escaping import line

    click.echo(line(f"diplodata: {' '.join(message.split())}"), err=True)
    return 2
