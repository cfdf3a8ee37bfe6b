"""The command line of a workspace."""

from accord.cli.main import main

__all__ = ["main"]
