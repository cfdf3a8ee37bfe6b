"""The second factor by the pages, with a real authenticator's codes at a moment of the test's choice."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from django.test import Client

from accord.desk.signin import entering
from accord.desk.signin.attempts import ALLOWED
from accord.desk.signin.models import SecondFactor
from accord.desk.teams import actions
from accord.desk.teams.models import AuditEntry, User
from accord.desk.vault.models import Secret
from accord.desk.vault.secrets import taken_out
from desk_cast import PASSWORD

As = Callable[[str], Client]
RIGHT = {"email": "rep@northwind.example", "password": PASSWORD}


class Phone:
    """The clock everybody goes by, and an app that shows the codes of one key."""

    def __init__(self) -> None:
        self.now = datetime(2026, 8, 3, 9, 0, 5, tzinfo=UTC)
        self.seed = ""

    def code(self, late: int = 0) -> str:
        return pyotp.TOTP(self.seed).at(self.now - timedelta(seconds=late))

    def wait(self, seconds: int = 30) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def phone(monkeypatch: pytest.MonkeyPatch) -> Phone:
    phone = Phone()
    monkeypatch.setattr("accord.desk.signin.second_factor.timezone.now", lambda: phone.now)
    return phone


@pytest.fixture
def recovery(as_role: As, phone: Phone) -> list[str]:
    """The recovery codes of the rep, who has just turned the second factor on."""
    client = as_role("rep")
    shown = client.post("/me/sign-in/on").content.decode()
    phone.seed = re.search(r"<code>([A-Z2-7 ]+)</code>", shown).group(1).replace(" ", "")  # type: ignore[union-attr]
    told = client.post("/me/sign-in/on", {"code": phone.code()}).content.decode()
    phone.wait()
    return re.findall(r"<code>([a-z2-7-]{19})</code>", told)


def half_way_in() -> Client:
    client = Client()
    answer = client.post("/sign-in?next=/leads", RIGHT)
    assert answer["Location"] == "/sign-in/code?next=%2Fleads"
    return client


def test_a_code_is_asked_for_after_the_password(recovery: list[str], phone: Phone) -> None:
    client = half_way_in()
    assert client.get("/leads").status_code == 302
    refused = client.post("/sign-in/code?next=/leads", {"code": "000000"})
    assert refused.status_code == 422
    assert "wrong, or was used already" in refused.content.decode()
    code = phone.code()
    answer = client.post("/sign-in/code?next=/leads", {"code": f"{code[:3]} {code[3:]}"})
    assert (answer.status_code, answer["Location"]) == (302, "/leads")
    assert client.get("/leads").status_code == 200


def test_a_code_is_taken_once_and_an_earlier_one_never_again(recovery: list[str], phone: Phone) -> None:
    code = phone.code()
    assert half_way_in().post("/sign-in/code", {"code": code}).status_code == 302
    assert half_way_in().post("/sign-in/code", {"code": code}).status_code == 422
    assert half_way_in().post("/sign-in/code", {"code": phone.code(late=30)}).status_code == 422


def test_a_phone_half_a_minute_off_still_gets_in_and_two_minutes_do_not(
    recovery: list[str], phone: Phone
) -> None:
    phone.wait(300)
    assert half_way_in().post("/sign-in/code", {"code": phone.code(late=120)}).status_code == 422
    assert half_way_in().post("/sign-in/code", {"code": phone.code(late=30)}).status_code == 302


def test_a_recovery_code_replaces_the_phone_once(recovery: list[str]) -> None:
    assert len(set(recovery)) == 10
    assert half_way_in().post("/sign-in/code", {"code": recovery[3].upper()}).status_code == 302
    assert half_way_in().post("/sign-in/code", {"code": recovery[3]}).status_code == 422
    assert AuditEntry.objects.get(action="recovery code used").about == "9 left"


def test_codes_cannot_be_guessed_from_many_places(recovery: list[str], phone: Phone) -> None:
    for number in range(ALLOWED["account"]):
        half_way_in().post("/sign-in/code", {"code": "000000"}, REMOTE_ADDR=f"203.0.113.{number}")
    answer = half_way_in().post("/sign-in/code", {"code": phone.code()})
    assert "Too many tries" in answer.content.decode()


def test_a_shown_password_counts_for_ten_minutes_and_only_while_it_is_the_password(
    recovery: list[str], phone: Phone, cast: dict[str, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = half_way_in()
    cast["rep"].set_password("another long one")
    cast["rep"].save()
    assert client.post("/sign-in/code", {"code": phone.code()})["Location"] == "/sign-in"
    assert Client().get("/sign-in/code")["Location"] == "/sign-in"
    monkeypatch.setattr(entering, "PATIENCE_SECONDS", -1)
    RIGHT_NOW = RIGHT | {"password": "another long one"}
    client = Client()
    client.post("/sign-in", RIGHT_NOW)
    assert client.post("/sign-in/code", {"code": phone.code()})["Location"] == "/sign-in"


def test_a_link_to_a_new_password_does_not_go_round_it(recovery: list[str], cast: dict[str, User]) -> None:
    client = Client()
    link = actions.invite(cast["rep"])
    answer = client.post(link, {"password": "a brand new long one"})
    assert answer["Location"].startswith("/sign-in/code")
    assert client.get("/leads").status_code == 302


def test_it_is_not_on_before_the_first_code_is_right(
    as_role: As, phone: Phone, cast: dict[str, User]
) -> None:
    client = as_role("rep")
    client.post("/me/sign-in/on")
    assert client.post("/me/sign-in/on", {"code": "123"}).status_code == 422
    assert Client().post("/sign-in", RIGHT)["Location"] == "/"
    factor = SecondFactor.objects.get()
    assert factor.confirmed_at is None
    assert taken_out(factor.secret) not in Secret.objects.get().sealed


def test_its_owner_turns_it_off_with_a_code(recovery: list[str], phone: Phone) -> None:
    client = half_way_in()
    client.post("/sign-in/code", {"code": phone.code()})
    assert client.post("/me/sign-in/off", {"code": "000000"}).status_code == 422
    assert SecondFactor.objects.exists()
    assert client.post("/me/sign-in/off", {"code": recovery[0]}).status_code == 302
    assert not SecondFactor.objects.exists()
    assert not Secret.objects.exists()
    assert Client().post("/sign-in", RIGHT)["Location"] == "/"


def test_operations_turns_it_off_for_a_lost_phone_and_nobody_else(
    recovery: list[str], as_role: As, cast: dict[str, User]
) -> None:
    address = f"/people/{cast['rep'].pk}/second-factor"
    for role in ("manager", "rep", "marketing_manager", "outsider"):
        assert as_role(role).post(address).status_code == 403
    assert SecondFactor.objects.exists()
    assert (
        "Turn off the second factor"
        in as_role("operations").get(f"/people/{cast['rep'].pk}").content.decode()
    )
    assert as_role("operations").post(address).status_code == 302
    assert not SecondFactor.objects.exists()
    assert AuditEntry.objects.get(action="second factor off").user == cast["operations"]
