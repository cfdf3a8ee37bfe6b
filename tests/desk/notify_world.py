"""The company of the handoff tests with everybody who is told something, and what they were told."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from handoff_world import MONDAY, demo_requests, people

from accord.desk.handoff.models import Handoff
from accord.desk.handoff.settling import settle
from accord.desk.notify.models import Message
from accord.desk.rights import Role
from accord.desk.teams.actions import add_person, add_team
from accord.desk.teams.models import Team, User
from desk_cast import PASSWORD

TWO_MINUTES = timedelta(minutes=2)


@pytest.fixture
def company(live_company: Path, tmp_path: Path, db: None, settings: object) -> Iterator[Path]:
    """The live company, served."""
    folder = Path(shutil.copytree(live_company, tmp_path / "company"))
    settings.WORKSPACE = folder  # type: ignore[attr-defined]
    yield folder


@pytest.fixture
def cast(company: Path) -> dict[str, User]:
    """Two reps, their manager, a key accounts rep, marketing and operations."""
    add_team("marketing", "Marketing", Team.Side.MARKETING)
    others = {
        name: add_person(f"{name}@northwind.example", name.title(), role, password=PASSWORD, teams=[team])
        for name, role, team in (
            ("mia", Role.MARKETER, "marketing"),
            ("meg", Role.MARKETING_MANAGER, "marketing"),
        )
    }
    oli = add_person("oli@northwind.example", "Oli", Role.OPERATIONS, password=PASSWORD)
    return people() | others | {"oli": oli}


def handed_over(company: Path, *persons: int, late: timedelta = TWO_MINUTES) -> list[Handoff]:
    """People ask for a demo on Monday; their leads are handed over so much later."""
    space = demo_requests(company, MONDAY, *persons)
    settle(space, space.agreement, MONDAY + late)
    return list(Handoff.objects.order_by("decided_at", "person"))


def told(*kinds: str) -> list[tuple[str, str, str]]:
    """Who was told what about whom, of these kinds or of any; in the order it was written."""
    rows = Message.objects.select_related("to__user").order_by("pk")
    return [
        (row.to.user.name if row.to.user else row.to.address, row.kind, row.about)
        for row in rows
        if not kinds or row.kind in kinds
    ]
