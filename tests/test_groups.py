"""Tests marked as one group run in one process: pytest and its plugin can part ways over them unseen."""

from __future__ import annotations

import os

import pytest


@pytest.mark.skipif("PYTEST_XDIST_WORKER" not in os.environ, reason="there is one process only")
@pytest.mark.xdist_group("groups")
def test_a_group_is_seen(request: pytest.FixtureRequest) -> None:
    assert request.node.nodeid.endswith("@groups")
