from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accord.desk.signin.attempts import ALLOWED, PAUSE
from accord.desk.signin.models import Try
from accord.desk.teams.actions import first_account_token
from accord.desk.teams.models import AuditEntry, User
from desk_cast import PASSWORD

RIGHT = {"email": "Operations@Northwind.example", "password": PASSWORD}


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


def guess(times: int, email: str = RIGHT["email"], **where: str) -> str:
    """What the page says to the last of some wrong passwords."""
    for _ in range(times):
        answer = Client().post("/sign-in", {"email": email, "password": "wrong"}, **where)
    return answer.content.decode()


def test_guessing_is_stopped_even_with_the_right_password(cast: dict[str, User]) -> None:
    assert "do not belong together" in guess(ALLOWED["account"])
    client = Client()
    assert "Too many tries" in client.post("/sign-in", RIGHT).content.decode()
    assert client.get("/").status_code == 302


def test_guesses_at_other_accounts_do_not_make_a_blocked_one_forgotten(cast: dict[str, User]) -> None:
    guess(ALLOWED["account"])
    for number in range(8):
        guess(40, f"nobody{number}@elsewhere.example", REMOTE_ADDR=f"203.0.113.{number}")
    assert "Too many tries" in Client().post("/sign-in", RIGHT).content.decode()


def test_one_address_may_not_try_account_after_account(cast: dict[str, User]) -> None:
    for number in range(ALLOWED["address"]):
        guess(1, f"nobody{number}@elsewhere.example")
    assert "Too many tries" in Client().post("/sign-in", RIGHT).content.decode()
    assert Client().post("/sign-in", RIGHT, REMOTE_ADDR="203.0.113.9").status_code == 302


def test_addresses_of_one_line_count_as_one_and_a_proxy_is_looked_through(
    cast: dict[str, User], settings: Any
) -> None:
    for number in range(ALLOWED["address"]):
        guess(1, f"nobody{number}@elsewhere.example", REMOTE_ADDR=f"2001:db8:1:2::{number:x}")
    assert "Too many tries" in guess(1, "a@elsewhere.example", REMOTE_ADDR="2001:db8:1:2:ffff::1")
    assert "belong together" in guess(1, "a@elsewhere.example", REMOTE_ADDR="2001:db8:1:3::1")
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    told = "2001:db8:1:2::1, 198.51.100.7"
    assert "belong together" in guess(1, "a@elsewhere.example", HTTP_X_FORWARDED_FOR=told)


def test_a_pause_ends_also_for_whom_somebody_else_goes_on_trying(cast: dict[str, User]) -> None:
    guess(ALLOWED["account"])
    Try.objects.update(at=timezone.now() - PAUSE + timedelta(minutes=1))
    guess(5)
    assert "Too many tries" in Client().post("/sign-in", RIGHT).content.decode()
    Try.objects.update(at=timezone.now() - PAUSE)
    assert Client().post("/sign-in", RIGHT).status_code == 302


def test_signing_in_forgets_the_tries_of_the_account_not_those_of_the_address(cast: dict[str, User]) -> None:
    guess(ALLOWED["account"] - 1)
    guess(3, "nobody@elsewhere.example")
    assert Client().post("/sign-in", RIGHT).status_code == 302
    assert Try.objects.filter(kind="account").count() == 3
    assert Try.objects.filter(kind="address").count() == ALLOWED["account"] - 1 + 3


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
