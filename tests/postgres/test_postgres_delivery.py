"""On PostgreSQL, too, a message that one worker has claimed is sent by no other."""

from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path

import psycopg
import pytest

from desk.handoff_world import make_workspace
from desk.workers import Desk
from postgres_server import Server

pytestmark = pytest.mark.xdist_group("postgres")

NOW = datetime(2026, 4, 20, 13)
PATIENCE_SECONDS = 30

TELL = """
from datetime import UTC
from handoff_world import people
from accord.desk.notify.actions.telling import tell
from accord.desk.notify.models import Kind, Preference
from accord.desk.notify.news import News
ann = people()["ann"]
Preference.objects.create(user=ann, kind=Kind.WIN, how=sys.argv[3])
at = datetime(2026, 4, 20, 11, tzinfo=UTC)
tell(News(Kind.WIN, f"won:{n}", (ann,), at, "{lead} is won") for n in range(3))
"""
DELIVER = """
from datetime import UTC
from accord.desk.notify.delivery import deliver
deliver(moment.replace(tzinfo=UTC))
"""
WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"
OTHER = (
    "UPDATE notify_message SET leased_until = '2026-04-20 13:03Z', tries = 1, parcel = coalesce(parcel, %s)"
)
PARCELS = "SELECT parcel::text FROM notify_message ORDER BY id"
PARCEL = "00000000-0000-4000-8000-000000000001"


@pytest.mark.parametrize("how", ["now", "hourly"])
def test_a_worker_that_waited_for_a_claimed_message_leaves_it(
    how: str, postgres: Server, tmp_path: Path
) -> None:
    make_workspace(tmp_path / "company")
    desk = Desk(tmp_path / "company", postgres.database())
    desk.run(TELL, NOW, how)
    before = desk.ask(PARCELS)
    with psycopg.connect(desk.address) as other:
        other.execute(OTHER, [PARCEL])
        late = desk.start(DELIVER, NOW)
        until = time.monotonic() + PATIENCE_SECONDS
        while desk.ask(WAITING) == [(0,)] and time.monotonic() < until:
            time.sleep(0.02)
        assert desk.ask(WAITING) != [(0,)]
        other.commit()
        assert late.wait() == 0, late.errors
    assert desk.ask("SELECT DISTINCT state, tries FROM notify_message") == [("waiting", 1)]
    assert desk.ask(PARCELS) == (before if how == "now" else [(PARCEL,)] * 3)
    assert not list(tmp_path.rglob("*.eml"))
