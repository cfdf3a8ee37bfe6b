"""Two people answer the same leads at the same moment: of each lead one wins, and the other is told."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from handoff_world import MONDAY, demo_requests, live_company
from test_crossing_killed import DRAIN, HAND_OVER, PEOPLE, ledger
from workers import Desk

__all__ = ["live_company"]

LEADS = range(1, 8)
LATER = MONDAY + timedelta(minutes=5)
ANSWER = """
import time
from accord.desk.handoff.actions.verdicts import AnswerRefused, accept
from accord.desk.handoff.models import Handoff
from accord.desk.reading import agreement_of
from accord.desk.teams.models import User
me, agreement = User.objects.get(email=f"{sys.argv[3]}@northwind.example"), agreement_of(folder)
leads = list(Handoff.objects.order_by("pk"))
print("ready", flush=True)
while not (folder / "go").exists():
    time.sleep(0.001)
for lead in leads:
    try:
        accept(lead, me, moment, agreement)
    except AnswerRefused as refused:
        print("refused", refused)
    else:
        print("accepted")
"""


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.xdist_group("postgres"))])
def desk(request: pytest.FixtureRequest, live_company: Path, tmp_path: Path) -> Iterator[Desk]:
    """A company whose leads wait for an answer."""
    folder = Path(shutil.copytree(live_company, tmp_path / "company"))
    address = request.getfixturevalue("postgres").database() if request.param == "postgres" else ""
    demo_requests(folder, MONDAY, *LEADS)
    made = Desk(folder, address)
    made.run(PEOPLE, LATER)
    made.run(HAND_OVER, LATER)
    return made


def test_of_two_who_accept_at_once_one_wins_and_the_other_is_told(desk: Desk) -> None:
    both = [desk.start(ANSWER, LATER, name) for name in ("ann", "ben")]
    assert all(one.until("ready") for one in both)
    (desk.folder / "go").touch()
    assert [one.wait() for one in both] == [0, 0], [one.errors for one in both]
    said = [line for one in both for line in one.said if line != "ready\n"]
    assert said.count("accepted\n") == len(LEADS)
    assert len([line for line in said if line.startswith("refused")]) == len(LEADS)
    assert all("answered" in line for line in said if line.startswith("refused"))
    desk.run(DRAIN, LATER)
    verdicts = "SELECT actor, count(*) FROM facts.feedback WHERE verdict = 'accepted' GROUP BY actor"
    assert [n for _, n in ledger(desk.folder, verdicts)] == [1] * len(LEADS)
