"""The command line: options, one library call, rendering."""

from diplodata.cli.root import main

__all__ = ["main"]
