"""Sign-in by a real OpenID Connect provider on this machine, and by tokens that none would give."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from django.test import Client
from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey
from oidc_provider_mock import User as Account
from oidc_provider_mock import run_server_in_thread

from accord.desk.signin import oidc, oidc_views
from accord.desk.signin.models import Identity
from accord.desk.teams.models import AuditEntry, User
from accord.settings import Settings

As = Callable[[str], Client]
EMAIL = "rep@northwind.example"
ACCOUNTS = (
    Account(sub="17", claims={"email": "Rep@Northwind.example", "email_verified": True}),
    Account(sub="18", claims={"email": EMAIL, "email_verified": True}),
    Account(sub="unproven", claims={"email": EMAIL, "email_verified": False}),
    Account(sub="silent", claims={"email": EMAIL}),
    Account(sub="nameless", claims={}),
    Account(sub="stranger", claims={"email": "eve@elsewhere.example", "email_verified": True}),
)


@dataclass
class Company:
    """The settings of the workspace, and where the provider is."""

    issuer: str
    more: dict[str, Any] = field(default_factory=dict)

    def settings(self, *_: object) -> Settings:
        own = {"issuer": self.issuer, "client_id": "accord", "label": "Sign in with Northwind"} | self.more
        return Settings(oidc=own, reach=("localhost",), address="http://testserver")  # type: ignore[arg-type]


@pytest.fixture
def company(monkeypatch: pytest.MonkeyPatch) -> Iterator[Company]:
    with run_server_in_thread(user_claims=ACCOUNTS, require_nonce=True) as server:
        made = Company(f"http://localhost:{server.server_port}")
        monkeypatch.setattr("accord.desk.signin.oidc_views.settings_of", made.settings)
        monkeypatch.setenv(oidc.SECRET, "a secret: with signs & umlauts ä")
        yield made


def set_out(client: Client, next_: str = "/leads") -> str:
    """Where the desk sends the browser."""
    answer = client.get(f"/sign-in/oidc?next={next_}")
    assert answer.status_code == 302
    return str(answer["Location"])


def at_provider(address: str, sub: str, **form: str) -> str:
    """Somebody chooses their account there; where the provider sends the browser."""
    answer = httpx.post(address, data={"sub": sub, **form}, trust_env=False)
    parts = urlsplit(answer.headers["location"])
    assert parts.netloc == "testserver"
    return f"{parts.path}?{parts.query}"


def sign_in(client: Client, sub: str) -> Any:
    return client.get(at_provider(set_out(client), sub))


def test_the_sign_in_page_offers_it(cast: dict[str, User], company: Company) -> None:
    text = Client().get("/sign-in?next=/leads").content.decode()
    assert "Sign in with Northwind" in text and "/sign-in/oidc?next=/leads" in text


def test_somebody_known_comes_in_and_gets_where_they_were_going(
    cast: dict[str, User], company: Company
) -> None:
    client = Client()
    asked = parse_qs(urlsplit(set_out(client)).query)
    assert asked["code_challenge_method"] == ["S256"] and len(asked["nonce"][0]) > 40
    answer = sign_in(client, "17")
    assert (answer.status_code, answer["Location"]) == (302, "/leads")
    assert client.get("/leads").status_code == 200
    assert Identity.objects.get().subject == "17"
    assert AuditEntry.objects.filter(user=cast["rep"], action="signed in").exists()


def test_a_changed_address_at_the_provider_stays_the_same_person(
    cast: dict[str, User], company: Company
) -> None:
    Identity.objects.create(user=cast["viewer"], issuer=company.issuer, subject="stranger")
    client = Client()
    assert sign_in(client, "stranger").status_code == 302
    assert AuditEntry.objects.get(action="signed in").user == cast["viewer"]


@pytest.mark.parametrize(
    ("sub", "told"),
    [
        ("unproven", "does not vouch for your e-mail address"),
        ("silent", "does not vouch for your e-mail address"),
        ("nameless", "does not vouch for your e-mail address"),
        ("stranger", "Nobody here has your e-mail address."),
    ],
)
def test_whom_the_provider_does_not_prove_or_nobody_added_stays_out(
    cast: dict[str, User], company: Company, sub: str, told: str
) -> None:
    client = Client()
    answer = sign_in(client, sub)
    assert answer.status_code == 403 and told in answer.content.decode()
    assert client.get("/leads").status_code == 302
    assert not User.objects.filter(email="eve@elsewhere.example").exists()


def test_a_provider_that_proves_addresses_without_saying_so_may_be_trusted(
    cast: dict[str, User], company: Company
) -> None:
    company.more = {"trust_email": True}
    assert sign_in(Client(), "silent").status_code == 302
    assert sign_in(Client(), "unproven").status_code == 403


def test_another_account_with_the_same_address_stays_out_until_operations_forget_the_former(
    cast: dict[str, User], company: Company, as_role: As
) -> None:
    assert sign_in(Client(), "17").status_code == 302
    assert "belongs to another account" in sign_in(Client(), "18").content.decode()
    address = f"/people/{cast['rep'].pk}/forget-identity"
    assert as_role("manager").post(address).status_code == 403
    assert (
        "Forget the former account" in as_role("operations").get(f"/people/{cast['rep'].pk}").content.decode()
    )
    as_role("operations").post(address)
    assert sign_in(Client(), "18").status_code == 302
    assert Identity.objects.get().subject == "18"


def test_who_was_deactivated_stays_out(cast: dict[str, User], company: Company) -> None:
    User.objects.filter(pk=cast["rep"].pk).update(is_active=False)
    assert "You can no longer sign in here." in sign_in(Client(), "17").content.decode()


def test_nobody_comes_back_who_did_not_set_out_or_twice_or_too_late(
    cast: dict[str, User], company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, other = Client(), Client()
    back = at_provider(set_out(client), "17")
    set_out(other)
    assert other.get(back).status_code == 403  # somebody else's way back
    assert client.get(back).status_code == 302
    assert Client().get(back).status_code == 403
    assert client.get(back).status_code == 403
    late = Client()
    back = at_provider(set_out(late), "17")
    monkeypatch.setattr(oidc_views, "PATIENCE", -1)
    assert "took too long" in late.get(back).content.decode()


def test_who_says_no_at_the_provider_is_told(cast: dict[str, User], company: Company) -> None:
    client = Client()
    back = at_provider(set_out(client), "17", action="deny")
    state = parse_qs(urlsplit(set_out(client)).query)["state"][0]
    assert "error=access_denied" in back
    assert (
        "did not let you in"
        in client.get(f"/sign-in/oidc/back?error=access_denied&state={state}").content.decode()
    )


def test_it_never_leads_to_another_site(cast: dict[str, User], company: Company) -> None:
    client = Client()
    assert client.get(at_provider(set_out(client, "https://evil.example/"), "17"))["Location"] == "/"


def test_a_provider_that_is_not_there_or_another_is_told(cast: dict[str, User], company: Company) -> None:
    real = company.issuer
    company.issuer = "http://localhost:1"
    assert "cannot be asked" in Client().get("/sign-in/oidc").content.decode()
    company.issuer = f"{real}/"
    assert "calls itself" in Client().get("/sign-in/oidc").content.decode()


def test_without_a_provider_there_is_none(cast: dict[str, User], served: Path) -> None:
    assert Client().get("/sign-in/oidc").status_code == 403
    assert "oidc" not in Client().get("/sign-in").content.decode()


KEY = RSAKey.generate_key(2048, parameters={"kid": "1"})
RIGHT = {
    "iss": "http://login.example",
    "aud": "accord",
    "sub": "17",
    "nonce": "n",
    "email": EMAIL,
    "email_verified": True,
}


def token(key: Any = KEY, alg: str = "RS256", **claims: Any) -> str:
    now = int(time.time())
    told = {"iat": now, "exp": now + 300, **RIGHT, **claims}
    told = {name: value for name, value in told.items() if value is not None}
    return jwt.encode({"alg": alg, "kid": "1"}, told, key, algorithms=[alg])


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> oidc.Provider:
    """A provider with the key above, asked nothing over the network."""
    about = {"issuer": RIGHT["iss"], "jwks_uri": "keys"}
    keys = KeySet([KEY]).as_dict(private=False)
    monkeypatch.setattr(oidc.Provider, "_get", lambda self, url: dict(keys) if url == "keys" else about)
    return oidc.Provider(Settings(oidc={"issuer": RIGHT["iss"], "client_id": "accord"}))  # type: ignore[arg-type]


WRONG: dict[str, Callable[[], str]] = {
    "another issuer": lambda: token(iss="http://evil.example"),
    "another audience": lambda: token(aud="other"),
    "another authorised party": lambda: token(aud=["accord", "other"], azp="other"),
    "another nonce": lambda: token(nonce="m"),
    "no nonce": lambda: token(nonce=None),
    "run out": lambda: token(exp=int(time.time()) - 120),
    "without an end": lambda: token(exp=None),
    "of the future": lambda: token(iat=int(time.time()) + 600),
    "without a subject": lambda: token(sub=None),
    "another key": lambda: token(RSAKey.generate_key(2048, parameters={"kid": "1"})),
    "signed with a secret everybody knows": lambda: token(
        OctKey.import_key(KEY.as_dict(private=False)["n"]), "HS256"
    ),
    "not signed": lambda: ".".join(["eyJhbGciOiJub25lIn0", token().split(".")[1], ""]),
    "no token": lambda: "token",
    "nothing": lambda: "",
}


def test_the_right_token_is_believed(provider: oidc.Provider) -> None:
    assert provider._checked(token(), "n") == oidc.Claimed("http://login.example", "17", EMAIL)
    assert provider._checked(token(aud=["accord", "other"], azp="accord"), "n").subject == "17"


@pytest.mark.parametrize("how", WRONG)
def test_a_token_that_is_wrong_is_not(provider: oidc.Provider, how: str) -> None:
    with pytest.raises(oidc.SignInRefused):
        provider._checked(WRONG[how](), "n")


@pytest.mark.parametrize(
    ("takes", "fields", "headers"),
    [
        (None, {}, {"authorization": "Basic YWNjb3JkOmElM0Fi"}),
        (["client_secret_basic", "client_secret_post"], {}, {"authorization": "Basic YWNjb3JkOmElM0Fi"}),
        (["client_secret_post"], {"client_id": "accord", "client_secret": "a:b"}, {}),
    ],
)
def test_the_client_proves_itself_as_the_provider_takes_it(
    provider: oidc.Provider, monkeypatch: pytest.MonkeyPatch, takes: Any, fields: Any, headers: Any
) -> None:
    monkeypatch.setenv(oidc.SECRET, "a:b")
    if takes:
        provider._about[oidc.WAYS] = takes
    assert provider._proof() == (fields, headers)
