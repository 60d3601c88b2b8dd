"""Run the command line as ``python -m diplodata``."""

from diplodata.cli import main

main()
