from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client

from accord.desk.teams.actions import first_account_token
from accord.desk.teams.attempts import ALLOWED
from accord.desk.teams.models import AuditEntry, User
from desk_cast import PASSWORD

RIGHT = {"email": "Operations@Northwind.example", "password": PASSWORD}


@pytest.fixture(autouse=True)
def no_tries_yet() -> None:
    cache.clear()


def test_whoever_is_not_signed_in_is_sent_to_sign_in(cast: dict[str, User]) -> None:
    answer = Client().get("/?period=2026Q1")
    assert answer.status_code == 302
    assert answer["Location"] == "/sign-in?next=/%3Fperiod%3D2026Q1"


def test_signing_in_leads_to_where_one_was_going_and_is_logged(cast: dict[str, User]) -> None:
    answer = Client().post("/sign-in?next=/%3Fperiod%3D2026Q1", RIGHT)
    assert (answer.status_code, answer["Location"]) == (302, "/?period=2026Q1")
    assert AuditEntry.objects.get(action="signed in").user == cast["operations"]


def test_signing_in_never_leads_to_another_site(cast: dict[str, User]) -> None:
    assert Client().post("/sign-in?next=https://evil.example/", RIGHT)["Location"] == "/"


def test_a_wrong_password_says_so_and_changes_nothing(cast: dict[str, User]) -> None:
    client = Client()
    answer = client.post("/sign-in", RIGHT | {"password": "wrong"})
    assert answer.status_code == 422
    assert "do not belong together" in answer.content.decode()
    assert client.get("/").status_code == 302


def test_guessing_is_stopped_even_with_the_right_password(cast: dict[str, User]) -> None:
    client = Client()
    for _ in range(ALLOWED):
        client.post("/sign-in", RIGHT | {"password": "wrong"})
    assert "Too many tries" in client.post("/sign-in", RIGHT).content.decode()
    assert client.get("/").status_code == 302


def test_signing_out_ends_the_session_and_needs_a_post(as_role: object) -> None:
    client = as_role("viewer")
    assert client.get("/sign-out").status_code == 405
    assert client.get("/").status_code == 200
    client.post("/sign-out")
    assert client.get("/").status_code == 302


def test_the_first_account_is_operations_and_its_link_works_once(db: None) -> None:
    link = f"/first-account/{first_account_token()}"
    given = {"name": "Priya Raman", "email": "priya@northwind.example", "password": "a long enough one"}
    client = Client()
    assert client.post(link, given)["Location"] == "/"
    assert User.objects.get().role == "operations"
    assert client.get("/").status_code == 200
    again = Client().post(link, given | {"email": "mallory@elsewhere.example"})
    assert "There are accounts already" in again.content.decode()
    assert User.objects.count() == 1


@pytest.mark.parametrize("mistake", [{"password": "short"}, {"email": "nobody"}, {"name": " "}])
def test_a_first_account_with_a_mistake_is_refused(db: None, mistake: dict[str, str]) -> None:
    given = {"name": "Priya Raman", "email": "priya@northwind.example", "password": "a long enough one"}
    assert Client().post(f"/first-account/{first_account_token()}", given | mistake).status_code == 422
    assert not User.objects.exists()


def test_a_forged_first_account_link_is_refused(db: None) -> None:
    given = {"name": "Mallory", "email": "mallory@elsewhere.example", "password": "a long enough one"}
    assert Client().post("/first-account/forged", given).status_code == 422
    assert not User.objects.exists()
