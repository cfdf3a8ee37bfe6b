from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client

from accord.desk.rights import Role
from accord.desk.teams import invitations, roster
from accord.desk.teams.actions import PersonRefused, change_person, deactivate
from accord.desk.teams.models import AuditEntry, Team, User
from demo_company import demo_workspace, rows

ADDED = {"name": "Nina Neu", "email": "Nina@Northwind.example", "role": "rep", "teams": ["mid-market-reps"]}
As = Callable[[str], Client]


def added(client: Client) -> str:
    """Adds Nina; the path of her link."""
    text = client.post("/people/add", ADDED).content.decode()
    found = re.search(r'value="http://testserver(/welcome/[^"]+)"', text)
    assert found
    return found[1]


def test_a_person_is_added_and_sets_their_own_password_by_a_link_that_works_once(as_role: As) -> None:
    link = added(as_role("operations"))
    nina = User.objects.get(email="nina@northwind.example")
    assert (nina.name, nina.role, [t.slug for t in nina.teams.all()]) == (
        "Nina Neu",
        "rep",
        ["mid-market-reps"],
    )
    assert not nina.has_usable_password()
    client = Client()
    assert "Welcome, Nina Neu" in client.get(link).content.decode()
    assert client.post(link, {"password": "a long enough one"})["Location"] == "/"
    assert client.get("/").status_code == 200
    again = Client().post(link, {"password": "another long one"})
    assert again.status_code == 410
    nina.refresh_from_db()
    assert nina.check_password("a long enough one")


def test_a_bad_password_is_refused_and_the_link_still_works(as_role: As) -> None:
    link = added(as_role("operations"))
    assert Client().post(link, {"password": "short"}).status_code == 422
    assert not User.objects.get(email="nina@northwind.example").has_usable_password()
    assert Client().get(link).status_code == 200


def test_a_link_ends_after_three_days(as_role: As, monkeypatch: pytest.MonkeyPatch) -> None:
    link = added(as_role("operations"))
    for hours, status in ((71, 200), (73, 410)):
        later = datetime.now() + timedelta(hours=hours)
        monkeypatch.setattr(invitations._tokens, "_now", lambda later=later: later)
        assert Client().get(link).status_code == status


def test_a_link_ends_with_the_persons_access(as_role: As) -> None:
    link = added(as_role("operations"))
    deactivate(User.objects.get(email="nina@northwind.example"))
    assert Client().get(link).status_code == 410
    assert Client().get("/welcome/bm9ib2R5/forged").status_code == 410


@pytest.mark.parametrize(
    "mistake",
    [
        {"email": "nobody"},
        {"email": "viewer@northwind.example"},
        {"name": " "},
        {"role": "king"},
        {"teams": ["no-such-team"]},
    ],
)
def test_a_person_with_a_mistake_is_refused_and_nothing_is_added(
    as_role: As, mistake: dict[str, str]
) -> None:
    client, before = as_role("operations"), User.objects.count()
    answer = client.post("/people/add", ADDED | mistake)
    assert answer.status_code == 422
    assert answer.context["given"] == ADDED | mistake
    assert User.objects.count() == before
    assert not AuditEntry.objects.filter(action="person added", user__role="operations").exists()


def test_a_role_and_teams_change_and_count_at_once(as_role: As, cast: dict[str, User]) -> None:
    viewer = as_role("viewer")
    assert viewer.get("/people").status_code == 403
    answer = as_role("operations").post(f"/people/{cast['viewer'].pk}", {"role": "operations", "teams": []})
    assert answer["Location"] == "/people"
    assert viewer.get("/people").status_code == 200
    entry = AuditEntry.objects.get(action="person changed")
    assert (entry.user, entry.about) == (cast["operations"], f"user {cast['viewer'].pk}: operations")


def test_whoever_is_deactivated_is_signed_out_at_once_and_may_come_back(
    as_role: As, cast: dict[str, User]
) -> None:
    client, place = as_role("marketer"), f"/people/{cast['marketer'].pk}/deactivate"
    as_role("operations").post(place)
    assert client.get("/")["Location"].startswith("/sign-in")
    as_role("operations").post(place)
    assert as_role("marketer").get("/").status_code == 200
    assert set(AuditEntry.objects.values_list("action", flat=True)) >= {
        "person deactivated",
        "person activated",
    }


def test_the_last_operations_person_stays(as_role: As, cast: dict[str, User]) -> None:
    last = cast["operations"]
    client = as_role("operations")
    changed = client.post(f"/people/{last.pk}", {"role": "viewer"})
    ended = client.post(f"/people/{last.pk}/deactivate")
    for answer in (changed, ended):
        assert answer.status_code == 422
        assert "the last person with the role operations" in answer.content.decode()
    last.refresh_from_db()
    assert (last.role, last.is_active) == ("operations", True)
    change_person(cast["viewer"], Role.OPERATIONS, [])
    deactivate(last)
    with pytest.raises(PersonRefused):
        deactivate(User.objects.get(pk=cast["viewer"].pk))


def test_a_team_is_added_renamed_and_keeps_its_short_name(as_role: As) -> None:
    client = as_role("operations")
    client.post("/people/teams/add", {"slug": "key-accounts", "name": "Key accounts", "side": "sales"})
    client.post("/people/teams/key-accounts", {"slug": "other", "name": "Big ones", "side": "marketing"})
    team = Team.objects.get(slug="key-accounts")
    assert (team.name, team.side) == ("Big ones", "marketing")
    assert [e.about for e in AuditEntry.objects.filter(action__startswith="team", user__isnull=False)] == [
        "team key-accounts"
    ] * 2


@pytest.mark.parametrize(
    "mistake", [{"slug": "Two words"}, {"slug": "mid-market-reps"}, {"name": ""}, {"side": "x"}]
)
def test_a_team_with_a_mistake_is_refused(as_role: As, mistake: dict[str, str]) -> None:
    given = {"slug": "key-accounts", "name": "Key accounts", "side": "sales"}
    assert as_role("operations").post("/people/teams/add", given | mistake).status_code == 422
    assert set(Team.objects.values_list("slug", flat=True)) == {"mid-market-reps", "far-away"}


def test_a_team_the_agreement_names_and_nobody_made_is_told(as_role: As) -> None:
    page = as_role("operations").get("/people")
    assert page.context["missing_teams"] == ["sdr-pool"]
    assert '<a class="btn" href="/people/teams/add?slug=sdr-pool">' in page.content.decode()


def test_owners_in_the_tools_are_matched_by_email(
    as_role: As, cast: dict[str, User], settings: object
) -> None:
    demo = demo_workspace()
    settings.WORKSPACE = demo.folder  # type: ignore[attr-defined]
    open_leads = {
        row["owner_email"]: row["n"]
        for row in rows(
            demo,
            "SELECT owner_email, count(*) AS n FROM lead_list WHERE closed_at IS NULL GROUP BY owner_email",
        )
    }
    client = as_role("operations")
    before = client.get("/people").context["strangers"]
    assert {owner.email: owner.open_leads for owner in before if owner.open_leads} == {
        email: n for email, n in open_leads.items() if email
    }
    marek = next(owner for owner in before if owner.email == "marek.nowak@northwind.example")
    form = client.get("/people/add", {"owner": marek.key}).context["given"]
    assert (form["name"], form["email"]) == ("Marek Nowak", "marek.nowak@northwind.example")
    client.post("/people/add", {**form, "role": "rep", "teams": []})
    page = client.get("/people")
    assert len(page.context["strangers"]) == len(before) - 1
    member = next(m for m in page.context["members"] if m.person.email == marek.email)
    assert (member.owner.tools, member.owner.open_leads) == ("crm", open_leads[marek.email])


def test_accounts_of_one_address_in_two_tools_are_one_owner() -> None:
    ann = {"email": "ann@acme.example", "name": "Ann", "team": None}
    found = roster.owners(
        [
            ann | {"owner_id": "crm:owner:1", "open_leads": 3},
            ann | {"owner_id": "automation:owner:9:2", "open_leads": 4},
            {"owner_id": "crm:owner:2", "email": None, "name": "2", "team": None, "open_leads": 1},
        ]
    )
    assert [(o.email, o.open_leads, o.tools) for o in found] == [
        ("ann@acme.example", 7, "automation, crm"),
        (None, 1, "crm"),
    ]
    assert found[0].records == [("crm", "1"), ("automation", "9:2")]


def test_the_table_of_people_is_downloaded_and_logged(as_role: As) -> None:
    table = list(
        csv.DictReader(io.StringIO(as_role("operations").get("/people?format=csv").content.decode()))
    )
    assert {row["role"] for row in table} == {*Role.values, ""}
    assert AuditEntry.objects.get(action="exported").about.startswith("people: 9 rows")


def test_a_team_nobody_needs_is_deleted(as_role: As) -> None:
    client = as_role("operations")
    client.post("/people/teams/add", {"slug": "key-accounts", "name": "Key accounts", "side": "sales"})
    assert client.get("/people/teams/key-accounts/delete").status_code == 405
    assert as_role("manager").post("/people/teams/key-accounts/delete").status_code == 403
    assert client.post("/people/teams/key-accounts/delete")["Location"] == "/people"
    assert not Team.objects.filter(slug="key-accounts").exists()
    assert AuditEntry.objects.get(action="team deleted").about == "team key-accounts"


def test_a_team_that_is_needed_stays(as_role: As) -> None:
    Team.objects.create(slug="sdr-pool", name="Pool", side="sales")  # the agreement names it
    client = as_role("operations")
    for slug, why in (
        ("sdr-pool", "The agreement sends leads to sdr-pool"),
        ("far-away", "2 people are in it"),
    ):
        answer = client.post(f"/people/teams/{slug}/delete")
        assert answer.status_code == 422 and why in answer.content.decode()
        assert Team.objects.filter(slug=slug).exists()
    assert client.post("/people/teams/no-such-team/delete").status_code == 404


@pytest.mark.parametrize(
    ("table", "header"),
    [("teams", "slug,name,side,people"), ("owners", "owner,email,tools,team,records,open_leads")],
)
def test_the_other_tables_of_the_page_are_downloaded_too(as_role: As, table: str, header: str) -> None:
    text = as_role("operations").get(f"/people?format=csv&table={table}").content.decode()
    assert text.splitlines()[0] == header and len(text.splitlines()) > 1
    assert AuditEntry.objects.get(action="exported").about.startswith(f"{table}: ")
