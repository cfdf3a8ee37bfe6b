"""The command line: `accord init | check | mapping | load | undo | build | show | export`."""

from accord.cli.main import main

__all__ = ["main"]
