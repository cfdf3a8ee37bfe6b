"""Who may open which page: the table of roles and pages."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from accord.desk.teams.models import AuditEntry

ALL = {"operations", "marketer", "rep", "manager", "viewer"}
EXPORTERS = {"operations", "marketer", "manager"}

PAGES = {
    "/queue": {"operations", "rep", "manager"},
    "/queue/list": {"operations", "rep", "manager"},
    "/": ALL,
    "/numbers/mql": ALL,
    "/numbers/mql?format=csv": EXPORTERS,
    "/?format=csv": EXPORTERS,
    "/leads": ALL,
    "/leads?status=open&sort=-score": ALL,
    "/leads?format=csv": EXPORTERS,
    "/agreement": ALL,
    "/agreement.yaml": ALL,
    "/start": {"operations"},
    "/import": {"operations"},
    "/import/loads": {"operations"},
    "/import/loads?format=csv": {"operations"},
    "/people": {"operations"},
    "/people?format=csv": {"operations"},
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
}
"""Which roles open each address; everybody else is refused."""


@pytest.mark.parametrize("role", [*sorted(ALL), "outsider"])
@pytest.mark.parametrize("address", PAGES)
def test_a_page_opens_for_its_roles_alone(as_role: Callable[[str], Client], address: str, role: str) -> None:
    expected = 200 if role in PAGES[address] else 403
    assert as_role(role).get(address).status_code == expected


@pytest.mark.parametrize("address", PAGES)
def test_nobody_sees_anything_without_signing_in(db: None, address: str) -> None:
    assert Client().get(address)["Location"].startswith("/sign-in?next=")


def test_an_export_is_logged_without_its_content(as_role: Callable[[str], Client]) -> None:
    as_role("marketer").get("/?format=csv&period=2026Q1")
    entry = AuditEntry.objects.get(action="exported")
    assert entry.user.role == "marketer"
    assert entry.about.startswith("scoreboard-2026Q1: 35 rows of build ")


def test_a_refused_export_is_not_logged(as_role: Callable[[str], Client]) -> None:
    as_role("viewer").get("/?format=csv")
    assert not AuditEntry.objects.filter(action="exported").exists()
