"""What tests of several folders share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from postgres_server import Server, required, running


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A real PostgreSQL, started when the first test asks for it; these are of the xdist group `postgres`."""
    with running(required()) as server:
        yield server
