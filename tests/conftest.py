"""What tests of several folders share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from postgres_server import Server, required, running

LONGEST = ("spark", "postgres")
"""Folders whose tests take minutes each: begun first, so that no process waits for another's at the end."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of one file of the desk run in one process, where what its companies began with is made once."""
    for item in items:
        if item.path.parent.name == "desk" and item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(item.path.name))
    items.sort(key=lambda item: item.path.parent.name not in LONGEST)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A real PostgreSQL, started when the first test asks for it; these are of the xdist group `postgres`."""
    with running(required()) as server:
        yield server
