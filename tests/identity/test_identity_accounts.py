"""Which company a person belongs to, and which account records are one company."""

from __future__ import annotations

from identity_world import resolved

from accord.ledger.engine import DuckDBEngine
from world import rows


def person(number: int, **more: object) -> dict[str, object]:
    return {"source_id": str(number), "actor": f"crm:person:{number}", **more}


def account(number: int, source: str = "crm", **more: object) -> dict[str, object]:
    return {"source_id": str(number), "source": source, **more}


def belongs(engine: DuckDBEngine) -> dict[str, str | None]:
    return dict(
        rows(
            engine,
            "SELECT people.person_id, accounts.account_id FROM people "
            "LEFT JOIN accounts ON people.account = accounts.account",
        )
    )


def test_the_crm_link_comes_before_the_domain() -> None:
    engine = resolved(
        people=[
            person(1, email="ann@acme.example", account_id="crm:account:2"),
            person(2, email="b@acme.example"),
        ],
        accounts=[account(1, domain="acme.example"), account(2, domain="other.example")],
    )
    assert belongs(engine) == {"crm:person:1": "crm:account:2", "crm:person:2": "crm:account:1"}
    assert sorted(rows(engine, "SELECT a, b, rule, evidence FROM links WHERE kind = 'account'")) == [
        ("crm:person:1", "crm:account:2", "crm_link", "the record names crm:account:2"),
        ("crm:person:2", "crm:account:1", "mail_domain", "the e-mail address is of acme.example"),
    ]


def test_a_free_mail_address_says_nothing_of_the_company() -> None:
    engine = resolved(
        people=[person(1, email="ann@gmail.com")], accounts=[account(1, domain="gmail.com", name="A club")]
    )
    assert belongs(engine) == {"crm:person:1": None}
    assert rows(engine, "SELECT email_domain, free_mail FROM people") == [("gmail.com", True)]


def test_a_domain_without_a_record_makes_one_account_for_its_people() -> None:
    engine = resolved(people=[person(1, email="ann@new.example"), person(2, email="bob@new.example")])
    assert belongs(engine) == {"crm:person:1": "domain:new.example", "crm:person:2": "domain:new.example"}
    assert rows(engine, "SELECT account, account_id, domain FROM accounts") == [
        (1, "domain:new.example", "new.example")
    ]


def test_a_subdomain_belongs_to_the_nearest_parent_on_record_else_to_the_widest_one_in_use() -> None:
    engine = resolved(
        people=[
            person(1, email="a@mail.eu.acme.example"),
            person(2, email="b@shop.acme.example"),
            person(3, email="c@lab.uni.example"),
            person(4, email="d@uni.example"),
            person(5, email="e@x.lone.example"),
        ],
        accounts=[account(1, domain="acme.example"), account(2, domain="www.EU.acme.example")],
    )
    assert belongs(engine) == {
        "crm:person:1": "crm:account:2",
        "crm:person:2": "crm:account:1",
        "crm:person:3": "domain:uni.example",
        "crm:person:4": "domain:uni.example",
        "crm:person:5": "domain:x.lone.example",
    }


def test_records_of_two_tools_with_one_domain_are_one_company_but_two_of_one_tool_are_not() -> None:
    engine = resolved(
        accounts=[
            account(
                1, domain="acme.example", industry="steel", created_at="2024-01-01", occurred_at="2026-01-01"
            ),
            account(2, domain="acme.example", created_at="2025-01-01"),
            account(
                5, "hub", domain="acme.example", employees=50, industry="metal", occurred_at="2026-01-02"
            ),
        ],
    )
    assert rows(engine, "SELECT account_id, industry, employees FROM accounts ORDER BY account") == [
        ("crm:account:1", "metal", 50.0),
        ("crm:account:2", None, None),
    ]
    assert [link[1:] for link in rows(engine, "SELECT kind, a, b, rule FROM links")] == [
        ("crm:account:1", "hub:account:5", "same_domain")
    ]


def test_accounts_are_kept_apart_joined_by_hand_and_by_foreign_id() -> None:
    records = [
        account(1, domain="acme.example"),
        account(5, "hub", domain="acme.example", created_at="2026-02-01"),
        account(2, object="company"),
        account(6, "hub", twin="crm:company:2"),
        account(3),
        account(7, "hub"),
    ]
    links = [
        {"kind": "apart", "a": "crm:account:1", "b": "hub:account:5"},
        {"kind": "join", "a": "crm:account:3", "b": "hub:account:7", "rule": "by_hand"},
    ]
    engine = resolved(accounts=records, links=links)
    assert [found for (found,) in rows(engine, "SELECT account_id FROM accounts ORDER BY account")] == [
        "crm:account:1",
        "crm:account:2",
        "crm:account:3",
        "hub:account:5",
    ]


def test_an_account_that_was_never_loaded_is_still_one() -> None:
    engine = resolved(people=[person(1, account_id="crm:account:77")])
    assert belongs(engine) == {"crm:person:1": "crm:account:77"}


def test_the_parent_company_is_kept() -> None:
    engine = resolved(accounts=[account(1), account(2, parent_id="crm:account:1")])
    assert rows(engine, "SELECT account_id, parent_id, parent FROM accounts ORDER BY account") == [
        ("crm:account:1", None, None),
        ("crm:account:2", "crm:account:1", 1),
    ]
