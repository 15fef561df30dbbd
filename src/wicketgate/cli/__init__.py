"""The command line."""

from wicketgate.cli.main import main

__all__ = ["main"]
