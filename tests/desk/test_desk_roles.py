"""Who may open which page: the table of roles and pages."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from accord.desk.teams.models import AuditEntry
from desk_people import known_names

ALL = {"operations", "marketer", "marketing_manager", "rep", "manager", "viewer"}
EXPORTERS = {"operations", "marketer", "marketing_manager", "manager"}
KEEPERS = {"operations", "marketing_manager", "manager"}

PAGES = {
    "/queue": {"operations", "rep", "manager"},
    "/several": {"operations", "rep", "manager"},
    "/several?status=open": {"operations", "rep", "manager"},
    "/queue/list": {"operations", "rep", "manager"},
    "/live": {"operations"},
    "/live?how=fresh&days=7": {"operations"},
    "/team": KEEPERS,
    "/team/list": KEEPERS,
    "/team?format=csv": KEEPERS,
    "/": ALL,
    "/promises": ALL,
    "/promises?period=2026-08&at=2026-08-15T12:00": ALL,
    "/promises?format=csv": EXPORTERS,
    "/promises/now": ALL,
    "/promises/leads?promise=marketing-0": ALL,
    "/promises/leads?promise=accept&format=csv": EXPORTERS,
    "/numbers/mql": ALL,
    "/numbers/mql?format=csv": EXPORTERS,
    "/?format=csv": EXPORTERS,
    "/sealed": ALL,
    "/sealed?format=csv": EXPORTERS,
    "/leads": ALL,
    "/leads/add": ALL - {"viewer"},
    "/leads?status=open&sort=-score": ALL,
    "/leads?format=csv": EXPORTERS,
    "/agreement": ALL,
    "/proposals": ALL,
    "/lessons": ALL,
    "/plan": ALL,
    "/plan?period=2026Q2": ALL,
    "/plan?period=2026Q2&format=csv": EXPORTERS,
    "/proposals/add": ALL - {"viewer"},
    "/proposals/guided": ALL - {"viewer"},
    "/agreement?format=csv&table=stages": EXPORTERS,
    "/agreement.yaml": ALL,
    "/start": {"operations"},
    "/import": {"operations"},
    "/connections": {"operations"},
    "/import/loads": {"operations"},
    "/import/loads?format=csv": {"operations"},
    "/me": ALL,
    "/me/notifications": ALL,
    "/me/sign-in": ALL,
    "/messages": {"operations"},
    "/channels": {"operations"},
    "/channels/slack": {"operations"},
    "/hours": KEEPERS,
    "/hours?format=csv": KEEPERS,
    "/people": {"operations"},
    "/people?format=csv": {"operations"},
    "/people?format=csv&table=owners": {"operations"},
    "/people/load": {"operations"},
    "/people/files/people.csv": {"operations"},
    "/people/add": {"operations"},
    "/people/teams/add": {"operations"},
    "/people/teams/mid-market-reps": {"operations"},
    "/accounts/crm:account:100": ALL,
    "/deals/crm:deal:d1": ALL,
    "/search?q=ada": ALL,
    "/journey": ALL,
    "/journey?by=campaign&table=split&format=csv": EXPORTERS,
    "/content": ALL,
    "/content?format=csv": EXPORTERS,
    "/campaigns": ALL,
    "/campaigns?campaign=robot-cells&period=2026Q1": ALL,
    "/campaigns?format=csv": EXPORTERS,
    "/campaigns/decision?by=campaign": ALL,
    "/campaigns/decision?format=csv": EXPORTERS,
    "/campaigns/influence?by=person&period=2026Q1": ALL,
    "/campaigns/influence?format=csv": EXPORTERS,
    "/campaigns/cohorts?period=2026Q1": ALL,
    "/campaigns/cohorts?format=csv": EXPORTERS,
    "/campaigns/said?field=timeline&period=2026Q1": ALL,
    "/campaigns/said?format=csv": EXPORTERS,
    "/campaigns/unmatched?period=2026Q1": ALL,
    "/campaigns/unmatched?format=csv": EXPORTERS,
}
"""Which roles open each address; everybody else is refused."""


@pytest.mark.parametrize("role", [*sorted(ALL), "outsider"])
@pytest.mark.parametrize("address", PAGES)
def test_a_page_opens_for_its_roles_alone(as_role: Callable[[str], Client], address: str, role: str) -> None:
    expected = 200 if role in PAGES[address] else 403
    assert as_role(role).get(address).status_code == expected


@pytest.mark.parametrize("address", PAGES)
def test_a_rep_of_another_team_sees_none_of_its_people(
    as_role: Callable[[str], Client], address: str
) -> None:
    """The pages that open for reps tell one of another team no name of the example's contacts or owners."""
    answer = as_role("other_team").get(address)
    text = b"".join(answer).decode() if answer.streaming else answer.content.decode()
    assert [name for name in known_names() if name in text] == []


@pytest.mark.parametrize("address", PAGES)
def test_nobody_sees_anything_without_signing_in(db: None, address: str) -> None:
    assert Client().get(address)["Location"].startswith("/sign-in?next=")


def test_an_export_is_logged_without_its_content(as_role: Callable[[str], Client]) -> None:
    as_role("marketer").get("/?format=csv&period=2026Q1")
    entry = AuditEntry.objects.get(action="exported")
    assert entry.user.role == "marketer"
    assert entry.about.startswith("scoreboard-2026Q1: 37 rows of build ")


def test_a_refused_export_is_not_logged(as_role: Callable[[str], Client]) -> None:
    as_role("viewer").get("/?format=csv")
    assert not AuditEntry.objects.filter(action="exported").exists()
