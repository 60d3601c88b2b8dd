"""``diplodata completion``."""

from __future__ import annotations

import click


@click.command("completion")
@click.argument("shell", type=click.Choice(["bash", "fish", "zsh"]))
def command(shell: str) -> None:
    """Print the completion script for SHELL; for bash: eval "$(diplodata completion bash)"."""
    from click.shell_completion import get_completion_class

    from diplodata.cli.root import root

    maker = get_completion_class(shell)
    assert maker is not None
    click.echo(maker(root, {}, "diplodata", "_DIPLODATA_COMPLETE").source())
