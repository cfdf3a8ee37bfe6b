"""Each shipped mapping on its vendor's own sample tables, and on a small export in the same columns."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from exports import HERE, counts, leadforge_tables, load_shipped

from accord.errors import MistakesError
from accord.ledger.current import current_facts
from accord.ledger.writer import Ledger
from accord.sources.mapping import load_mapping
from accord.sources.shipped import shipped, shipped_agreement

# Received, loaded, quarantined, skipped, counted in the files by hand.
SAMPLES: dict[str, dict[str, tuple[int, int, int, int]]] = {
    "hubspot": {
        "people": (22, 22, 0, 0),
        "accounts": (24, 24, 0, 0),
        "owners": (100, 100, 0, 0),
        "campaigns": (100, 100, 0, 0),
        "touches": (105, 98, 0, 7),  # 5 forms, 93 deliveries, opens and clicks; 7 other mail events
        "activities": (106, 106, 0, 0),  # 100 meetings, 2 tasks, one each of the four other kinds
        "stage_moves": (100, 0, 0, 100),  # property names and values are hashed in the sample
        "deals": (44, 44, 0, 0),
        "deal_moves": (14, 14, 0, 0),
        "deal_people": (11, 11, 0, 0),
        "tickets": (25, 25, 0, 0),
        "consents": (100, 0, 0, 100),  # no change of subscription among the sample's mail events
        "links": (18, 18, 0, 0),  # 4 merged contacts, 14 merged deals
    },
    "mailchimp": {
        "people": (9, 8, 0, 1),  # one is in two audiences
        "campaigns": (3, 3, 0, 0),
        "touches": (35, 35, 0, 0),  # 10 recipients, 17 acts on a campaign, 8 on an automation
        "consents": (10, 10, 0, 0),  # 9 members, 1 unsubscribe
    },
    "ga4": {
        "touches": (6, 5, 0, 1),  # one scroll
        "links": (3, 3, 0, 0),  # one a user for each browser: two, one, and not that of the scroll
    },
    "google_ads": {"campaigns": (10, 10, 0, 0), "spend": (16, 16, 0, 0)},
    "linkedin_ads": {"campaigns": (100, 100, 0, 0), "spend": (20, 11, 0, 9)},  # 9 days without a cost
    "meta_ads": {"campaigns": (9, 9, 0, 0), "spend": (10, 10, 0, 0)},
}
EXPORTS: dict[str, dict[str, tuple[int, int, int, int]]] = {
    "hubspot": {
        "people": (5, 5, 0, 0),
        "accounts": (1, 1, 0, 0),
        "owners": (1, 1, 0, 0),
        "campaigns": (1, 1, 0, 0),
        "touches": (12, 8, 0, 4),  # 3 forms, 5 deliveries, opens and clicks
        "activities": (6, 6, 0, 0),
        "stage_moves": (5, 4, 0, 1),
        "deals": (5, 4, 1, 0),  # one of a negative amount
        "deal_moves": (3, 3, 0, 0),
        "deal_people": (3, 3, 0, 0),
        "tickets": (1, 1, 0, 0),
        "consents": (9, 2, 0, 7),
        "links": (2, 2, 0, 0),
    },
    "mailchimp": {
        "people": (3, 3, 0, 0),
        "campaigns": (2, 2, 0, 0),
        "touches": (7, 6, 0, 1),  # one bounce
        "consents": (4, 4, 0, 0),
    },
    "ga4": {"touches": (7, 5, 0, 2), "links": (1, 1, 0, 0)},
    "leadforge": {
        "people": (3, 3, 0, 0),
        "accounts": (2, 2, 0, 0),
        "owners": (3, 2, 0, 1),  # three leads name two reps
        "touches": (14, 10, 0, 4),  # 5 of 9 touches; two visits, two pricing views, one demo view
        "activities": (14, 9, 0, 5),  # 4 of 9 touches, 5 activities
        "source_leads": (3, 3, 0, 0),
        "stage_moves": (5, 2, 0, 3),
        "deals": (3, 3, 0, 0),
        "deal_moves": (3, 3, 0, 0),
    },
}


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "ledger")


def facts(ledger: Ledger, table: str, *columns: str, **where: Any) -> list[tuple[Any, ...]]:
    """The current facts of a table with these values, as sorted tuples of the columns."""
    found = current_facts(ledger, table).to_pylist()
    picked = [row for row in found if all(row[name] == value for name, value in where.items())]
    return sorted((tuple(row[name] for name in columns) for row in picked), key=str)


def test_every_vendor_has_one_mapping_named_like_its_folder() -> None:
    assert list(shipped()) == [
        "ga4",
        "google_ads",
        "hubspot",
        "leadforge",
        "linkedin_ads",
        "mailchimp",
        "meta_ads",
    ]
    for name, path in shipped().items():
        mapping = load_mapping(path)
        assert (mapping.mapping, mapping.source) == (name, name)
    assert shipped_agreement("leadforge").is_file()
    with pytest.raises(KeyError, match="ga4"):
        shipped_agreement("ga4")


@pytest.mark.parametrize("vendor", SAMPLES)
def test_the_vendors_own_tables_load(ledger: Ledger, vendor: str) -> None:
    receipt = load_shipped(ledger, vendor, HERE / "fivetran" / vendor)
    assert counts(receipt) == SAMPLES[vendor]
    assert receipt.ignored == []


@pytest.mark.parametrize("vendor", EXPORTS)
def test_an_export_loads_and_once_only(ledger: Ledger, vendor: str) -> None:
    folder = HERE / f"{vendor}_export"
    assert counts(load_shipped(ledger, vendor, folder)) == EXPORTS[vendor]
    again = load_shipped(ledger, vendor, folder)
    assert [(t.table, t.loaded) for t in again.tables] == [(t.table, 0) for t in again.tables]


def test_leadforge_bands_words_and_references(ledger: Ledger) -> None:
    load_shipped(ledger, "leadforge", HERE / "leadforge_export")
    assert facts(ledger, "accounts", "source_id", "employees", "annual_revenue", "country", "fields") == [
        ("acct_1", 750.0, 125_000_000.0, "US", '{"process_maturity":"high"}'),
        ("acct_2", 2000.0, 200_000_000.0, "GB", '{"process_maturity":"low"}'),
    ]
    assert facts(ledger, "people", "actor", "role", "seniority", "fields") == [
        (
            "leadforge:person:cnt_1",
            "finance",
            "vp",
            '{"buyer_role":"economic_buyer","email_domain_type":"corporate"}',
        ),
        (
            "leadforge:person:cnt_2",
            "accounts_payable",
            "individual_contributor",
            '{"buyer_role":"champion","email_domain_type":"personal"}',
        ),
        ("leadforge:person:cnt_3", "it", "c_level", '{"buyer_role":"technical_evaluator"}'),
    ]
    assert facts(ledger, "source_leads", "actor", "person", "owner_id", source_id="lead_1") == [
        ("leadforge:lead:lead_1", "leadforge:person:cnt_1", "leadforge:owner:rep_1")
    ]


def test_leadforge_touches_and_activities_are_told_apart(ledger: Ledger) -> None:
    load_shipped(ledger, "leadforge", HERE / "leadforge_export")
    assert facts(ledger, "touches", "source_id", "kind", "direction", "channel", object="touch") == []
    assert facts(ledger, "touches", "source_id", "kind", "direction", "channel", object="touches") == [
        ("t1", "webinar", "inbound", "Inbound marketing"),
        ("t2", "content_download", "inbound", "Inbound marketing"),
        ("t3", "email_reply", "inbound", "Inbound marketing"),
        ("t4", "social", "inbound", "Inbound marketing"),
        ("t7", "webinar", "outbound", "SDR outbound"),
    ]
    assert facts(
        ledger, "activities", "source_id", "kind", "direction", "owner_id", object="touch_activity"
    ) == [
        ("t5", "call", "inbound", "leadforge:owner:rep_1"),
        ("t6", "email", "outbound", "leadforge:owner:rep_2"),
        ("t8", "call", "outbound", "leadforge:owner:rep_2"),
        ("t9", "message", "outbound", "leadforge:owner:rep_1"),
    ]
    assert facts(ledger, "touches", "object", "source_id", "path", session="s1") == [
        ("demo_view", "s1:1", "/demo"),
        ("pricing_view", "s1:1", "/pricing"),
        ("pricing_view", "s1:2", "/pricing"),
        ("session", "s1", "/product/pricing"),
    ]


def test_leadforge_stages_and_deals(ledger: Ledger) -> None:
    load_shipped(ledger, "leadforge", HERE / "leadforge_export")
    assert facts(ledger, "stage_moves", "source_id", "stage", "assumed", "actor") == [
        ("a2", "sal", True, "leadforge:lead:lead_1"),
        ("a3", "sql", True, "leadforge:lead:lead_1"),
    ]
    deals = [
        (i, status, str(amount), closed and closed.date().isoformat())
        for i, status, amount, closed in facts(ledger, "deals", "source_id", "status", "amount", "closed_at")
    ]
    assert deals == [
        ("opp_1", "won", "49565.0000", "2024-01-20"),
        ("opp_2", "lost", "73370.0000", "2024-02-03"),
        ("opp_3", "open", "78105.0000", None),
    ]


def test_hubspot_touches_carry_what_is_needed_to_judge_them(ledger: Ledger) -> None:
    load_shipped(ledger, "hubspot", HERE / "hubspot_export")
    assert facts(
        ledger, "touches", "source_id", "actor", "form", "channel", "campaign", kind="form_submit"
    ) == [
        ("s1", "hubspot:person:101", "Demo request", "Paid Search", "spring"),
        ("s2", "hubspot:person:103", "Demo request", "Direct", None),
        ("s3", "hubspot:person:102", "Newsletter", "Direct", None),
    ]
    mails = facts(ledger, "touches", "source_id", "actor", "kind", "message", "machine", object="email_event")
    assert mails == [
        ("e2", "email:ada@fjordline.example", "email_delivered", "e1", False),
        ("e3", "email:ada@fjordline.example", "email_open", "e1", False),
        ("e4", "email:ada@fjordline.example", "email_click", "e1", False),
        ("e6", "email:ben@fjordline.example", "email_delivered", "e5", False),
        ("e7", "email:ben@fjordline.example", "email_open", "e5", True),
    ]
    assert facts(ledger, "consents", "actor", "granted", "evidence") == [
        ("email:ben@fjordline.example", False, "SOURCE_RECIPIENT"),
        ("email:dan@quarry.example", False, "spam report"),
    ]


def test_hubspot_activities_and_stages(ledger: Ledger) -> None:
    load_shipped(ledger, "hubspot", HERE / "hubspot_export")
    assert facts(ledger, "activities", "source_id", "kind", "direction", "outcome", "actor") == [
        ("3001", "call", "outbound", None, "hubspot:person:101"),
        ("3002", "email", "outbound", None, "hubspot:person:101"),
        ("3003", "email", "inbound", None, "hubspot:person:101"),
        ("3004", "meeting", "outbound", "held", "hubspot:person:101"),
        ("3005", "note", None, None, "hubspot:person:101"),
    ]  # the task is deleted
    assert facts(ledger, "stage_moves", "actor", "stage", "tool_stage") == [
        ("hubspot:person:101", "mql", "marketingqualifiedlead"),
        ("hubspot:person:101", "sal", "IN_PROGRESS"),
        ("hubspot:person:101", "sql", "salesqualifiedlead"),
        ("hubspot:person:103", "disqualified", "UNQUALIFIED"),
    ]


def test_hubspot_deals_and_links(ledger: Ledger) -> None:
    load_shipped(ledger, "hubspot", HERE / "hubspot_export")
    deals = [
        (i, status, str(amount), closed and closed.date().isoformat(), actor)
        for i, status, amount, closed, actor in facts(
            ledger, "deals", "source_id", "status", "amount", "closed_at", "actor"
        )
    ]
    assert deals == [
        ("7001", "won", "48000.0000", "2026-02-20", "hubspot:person:101"),
        ("7002", "open", "9000.5000", None, "hubspot:person:101"),
        ("7003", "lost", "5000.0000", "2026-02-01", "hubspot:person:104"),
    ]  # 7004 is deleted, 7005 has a negative amount
    assert facts(ledger, "deal_moves", "deal_id", "stage", "status") == [
        ("hubspot:deal:7001", "Closed won", "won"),
        ("hubspot:deal:7001", "Offer", "open"),
        ("hubspot:deal:7003", "Closed lost", "lost"),
    ]
    assert facts(ledger, "links", "kind", "a", "b") == [
        ("join", "hubspot:deal:7001", "hubspot:deal:6999"),
        ("join", "hubspot:person:101", "hubspot:person:111"),
    ]
    assert facts(ledger, "owners", "source_id", "email", "team") == [("7", "rosa@northwind.example", "70")]
    assert facts(ledger, "tickets", "actor", "account_id", "status") == [
        ("hubspot:person:101", "hubspot:account:501", "Closed")
    ]


def test_mailchimp_people_mails_and_consents(ledger: Ledger) -> None:
    load_shipped(ledger, "mailchimp", HERE / "mailchimp_export")
    assert facts(ledger, "people", "source_id", "email", "country") == [
        ("m-ada", "ada@fjordline.example", "NO"),
        ("m-ben", "ben@fjordline.example", None),
    ]
    assert facts(ledger, "touches", "kind", "actor", "campaign_id", "channel") == [
        ("email_click", "mailchimp:person:m-ada", "mailchimp:campaign:a1", "Email"),
        ("email_click", "mailchimp:person:m-ada", "mailchimp:campaign:c1", "Email"),
        ("email_click", "mailchimp:person:m-ada", "mailchimp:campaign:c1", "Email"),
        ("email_delivered", "mailchimp:person:m-ada", "mailchimp:campaign:c1", "Email"),
        ("email_delivered", "mailchimp:person:m-ben", "mailchimp:campaign:c1", "Email"),
        ("email_open", "mailchimp:person:m-ada", "mailchimp:campaign:c1", "Email"),
    ]
    assert {m for (m,) in facts(ledger, "touches", "message", campaign_id="mailchimp:campaign:c1")} == {"c1"}
    assert facts(ledger, "consents", "source_id", "granted", "evidence") == [
        ("c1:m-ben", False, "Too many mails"),
        ("m-ada:l1", True, "subscribed"),
        ("m-ada:l2", False, "unsubscribed"),
        ("m-ben:l1", False, "unsubscribed"),
    ]


def test_ga4_visitors_users_and_channels(ledger: Ledger) -> None:
    load_shipped(ledger, "ga4", HERE / "ga4_export")
    assert facts(ledger, "touches", "source_id", "kind", "actor", "click_id", "channel") == [
        ("2", "page_view", "ga4:visitor:v1", "gclid", "Paid Search"),
        ("3", "page_view", "ga4:visitor:v1", None, "Direct"),
        ("4", "page_view", "ga4:visitor:v1", None, "Direct"),
        ("5", "form_submit", "ga4:visitor:v1", None, "Direct"),
        ("6", "page_view", "ga4:visitor:v2", None, "Paid Social"),
    ]
    assert facts(ledger, "links", "a", "b") == [("ga4:visitor:v1", "ga4:person:101")]


def test_google_cost_is_in_the_accounts_currency_and_micros_are_divided(ledger: Ledger) -> None:
    load_shipped(ledger, "google_ads", HERE / "fivetran" / "google_ads")
    spend = current_facts(ledger, "spend").to_pylist()
    first = next(row for row in spend if row["source_id"] == "H6V7GPpMfFSGJcU3IdZ+VtmoU0s=")
    assert (str(first["cost"]), first["currency"], first["clicks"]) == ("36.1500", "USD", 49.0)
    assert first["occurred_at"].isoformat() == "2021-02-01T12:00:00"
    assert {row["campaign_id"] for row in spend} <= {
        f"google_ads:campaign:{row['source_id']}" for row in current_facts(ledger, "campaigns").to_pylist()
    }
    assert facts(ledger, "campaigns", "source_id", "channel", "status") == [
        ("9935249409", "Paid Search", "PAUSED")
    ]


def test_meta_cost_goes_to_the_campaign_of_the_ad(ledger: Ledger) -> None:
    load_shipped(ledger, "meta_ads", HERE / "fivetran" / "meta_ads")
    assert [
        (i, campaign, str(cost))
        for i, campaign, cost in facts(ledger, "spend", "source_id", "campaign_id", "cost")
    ][:3] == [
        ("6215293456071:2020-12-10", "meta_ads:campaign:6215293444271", "76.5300"),
        ("6215304566671:2020-12-04", "meta_ads:campaign:6215304559271", "55.2600"),
        ("6215304566671:2020-12-05", "meta_ads:campaign:6215304559271", "54.8700"),
    ]
    assert {channel for (channel,) in facts(ledger, "campaigns", "channel")} == {"Paid Social"}


def test_linkedin_cost(ledger: Ledger) -> None:
    load_shipped(ledger, "linkedin_ads", HERE / "fivetran" / "linkedin_ads")
    assert [
        (i, at.isoformat(), str(cost), clicks)
        for i, at, cost, clicks in facts(
            ledger,
            "spend",
            "source_id",
            "occurred_at",
            "cost",
            "clicks",
            source_id="148633856:2020-03-28 00:00:00",
        )
    ] == [("148633856:2020-03-28 00:00:00", "2020-03-28T12:00:00", "50.2000", 51.0)]


def test_an_address_that_cannot_be_decoded_does_not_stop_a_load(ledger: Ledger, tmp_path: Path) -> None:
    export = tmp_path / "hubspot"
    shutil.copytree(HERE / "hubspot_export", export)
    forms = export / "contact_form_submission.csv"
    text = forms.read_text(encoding="utf-8")
    forms.write_text(text.replace("utm_source=google", "utm_source=%ff%00%"), encoding="utf-8")
    assert counts(load_shipped(ledger, "hubspot", export)) == EXPORTS["hubspot"]


def test_an_export_with_its_lookup_file_missing_says_so_and_loads_nothing(ledger: Ledger) -> None:
    from accord.errors import AccordError

    with pytest.raises(AccordError, match="account_history"):
        load_shipped(
            ledger, "google_ads", HERE / "fivetran" / "google_ads" / "google_ads_campaign_stats_data.csv"
        )
    assert ledger.loads() == []


def test_a_mapping_changed_by_hand_is_checked_like_any_other(tmp_path: Path) -> None:
    text = shipped()["hubspot"].read_text(encoding="utf-8")
    broken = tmp_path / "mapping.yaml"
    broken.write_text(text.replace("annual_revenue:", "anual_revenue:"), encoding="utf-8")
    with pytest.raises(MistakesError, match="annual_revenue"):
        load_mapping(broken)


def test_the_whole_leadforge_world_loads(ledger: Ledger) -> None:
    receipt = load_shipped(ledger, "leadforge", leadforge_tables())
    assert counts(receipt) == {
        "people": (4200, 4200, 0, 0),
        "accounts": (1500, 1500, 0, 0),
        "owners": (5000, 10, 0, 4990),
        "touches": (38973, 27057, 0, 11916),
        "activities": (46165, 29553, 0, 16612),
        "source_leads": (5000, 5000, 0, 0),
        "stage_moves": (17637, 6994, 0, 10643),
        "deals": (3352, 3352, 0, 0),
        "deal_moves": (3352, 3352, 0, 0),
    }
