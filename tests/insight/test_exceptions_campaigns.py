"""Campaigns that lose, campaigns whose leads come back, and a cheap channel that does better: by hand."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from exceptions_world import agreed, look

from accord.insight import attribution, metrics
from accord.insight.exceptions import campaigns, channels, plain, tell
from accord.insight.exceptions.finding import Finding

# It is 1 June 2026; ninety days ago was 3 March.
CAMPAIGNS = [
    {"source_id": "1", "name": "SME cells", "audience": "mid_market", "channel": "Paid Social"},
    {"source_id": "2", "name": "Fair", "channel": "Referral"},
]
SME, FAIR = "crm:campaign:1", "crm:campaign:2"


def cost(campaign: str | None, day: str, amount: int, **given: Any) -> dict[str, Any]:
    return {"campaign_id": campaign, "occurred_at": day, "cost": amount, "currency": "EUR", **given}


COSTS = [cost(SME, "2026-02-01", 10), cost(SME, "2026-04-01", 900), cost(FAIR, "2026-02-01", 10)]
COSTS += [cost(FAIR, "2026-04-01", 100)]


def leads(
    campaign: str, number: int, first: int, segment: str = "small", **given: Any
) -> list[dict[str, Any]]:
    day = {"opened_at": "2026-04-01", "qualified_at": "2026-04-02", "campaign": campaign, "segment": segment}
    return [{"lead": n, "person": n, **day, **given} for n in range(first, first + number)]


def returned(*numbers: int, reason: str = "too_small") -> list[dict[str, Any]]:
    return [{"lead": n, "reason": reason} for n in numbers]


def won(
    campaign: str, deal: int, value: int, closed: str = "2026-05-10"
) -> tuple[dict[str, Any], dict[str, Any]]:
    """A touch of the campaign at an account, and the deal that account made after it."""
    touch = {"person": deal, "account": deal, "at": "2026-04-05", "campaign": campaign, "channel": "Referral"}
    made = {"created_at": "2026-04-20", "closed_at": "2026-05-10", "status": "won", "amount": value}
    return touch, {"deal": deal, "account": deal, "person": deal, **made}


def found(
    *deals: tuple[dict[str, Any], dict[str, Any]],
    costs: list[dict[str, Any]] = COSTS,
    people: list[dict[str, Any]] | None = None,
    verdicts: list[dict[str, Any]] | None = None,
) -> list[Finding]:
    agreement = agreed(models=("first", "last", "linear"))
    seen = look(
        agreement,
        {"campaigns": CAMPAIGNS, "spend": costs},
        timeline=[touch for touch, _ in deals],
        deals_counted=[deal for _, deal in deals],
        leads=people or [],
        lead_returns=verdicts or [],
    )
    seen.engine.run([*metrics.steps(), *attribution.steps(agreement), *metrics.board_steps()])
    return campaigns.find(seen)


def test_a_costly_campaign_that_loses_under_every_model_is_told_with_whom_it_brought() -> None:
    people = leads("sme cells", 8, 1) + leads("sme cells", 2, 9, "mid_market") + leads("fair", 4, 21)
    verdicts = returned(1, 2, 3, 4, 5) + returned(6, reason="bad_data") + returned(21)
    [finding] = found(won("sme cells", 1, 225), won("fair", 2, 500), people=people, verdicts=verdicts)
    assert (finding.kind, finding.state, finding.team) == ("losing_campaign", "risk", "marketing")
    assert finding.filters == {"campaign": "sme cells", "from": "2026-03-03", "to": "2026-06-02"}
    assert finding.data == {
        "campaign": "sme cells",
        "name": "SME cells",
        "channel": "Paid Social",
        "days": 90,
        "cost": Decimal(900),  # the ten of February are longer ago
        "currency": "EUR",
        "models": 3,
        "model": "first",
        "roi": -0.75,  # (225 - 900) / 900 under each of them
        "leads": 10,
        "audience": "mid_market",
        "in_audience": 2,
        "handed": 10,
        "returned": 6,
        "reason": "too_small",
        "reason_count": 5,
    }
    told = tell(finding.kind, finding.data)
    assert plain(told.title) == "SME cells cost 900 EUR in 90 days and loses under all 3 models"
    assert plain(told.why) == (
        "At best (first) it returns -0.75 per EUR spent, cost taken off. "
        "20.0% of its leads are in mid market, for whom it is meant. "
        "Sales gave back 6 of 10 leads from SME cells. 5 of them for “too small”."
    )


def test_a_campaign_that_pays_is_cheap_or_is_too_young_to_have_won_is_not_told() -> None:
    assert found(won("sme cells", 1, 901), won("fair", 2, 500)) == []
    # 45 of 1,000 are under 5 % of all spend.
    small = [
        cost(FAIR, "2026-02-01", 1),
        cost(FAIR, "2026-04-01", 45),
        *COSTS[:1],
        cost(SME, "2026-04-01", 955),
    ]
    assert found(won("sme cells", 1, 2000), costs=small) == []
    young = [cost(SME, "2026-04-01", 900), cost(FAIR, "2026-02-01", 10), cost(FAIR, "2026-04-01", 100)]
    assert found(won("fair", 2, 500), costs=young) == []


def test_a_campaign_whose_leads_come_back_is_told_before_it_could_have_won() -> None:
    people = leads("sme cells", 20, 1) + leads("fair", 20, 101)
    verdicts = returned(*range(1, 9), 101, 102, 103, 104)
    [finding] = found(costs=[], people=people, verdicts=verdicts)
    # 8 of 20 came back, of all others 4 of 20.
    assert (finding.kind, finding.state, finding.data["others_share"]) == ("returned_campaign", "risk", 0.2)
    assert (
        plain(tell(finding.kind, finding.data).title) == "Sales gives back 40.0% of the leads from SME cells"
    )
    assert found(costs=[], people=people, verdicts=verdicts[1:]) == []
    assert found(costs=[], people=people, verdicts=[*verdicts, *returned(105)]) == []
    assert found(costs=[], people=people[1:], verdicts=verdicts) == []


def paid(channel: str, amount: int) -> dict[str, Any]:
    return cost(None, "2026-03-15", amount, channel=channel)


def results(channel: str, number: int, converted: int, first: int) -> tuple[list[Any], list[Any]]:
    people = leads("x", number, first, channel=channel)
    made = [{"lead": n, "stage": "opportunity", "at": "2026-04-10"} for n in range(first, first + converted)]
    return people, made


def cheap(*of: tuple[list[Any], list[Any]], costs: list[dict[str, Any]] | None = None) -> list[Finding]:
    usual = [paid("Paid Search", 1000), paid("Referral", 80)]
    seen = look(
        agreed(),
        {"spend": usual if costs is None else costs},
        leads=[lead for people, _ in of for lead in people],
        stage_entries=[entry for _, made in of for entry in made],
    )
    seen.engine.run(metrics.steps())
    return channels.find(seen)


PAID = results("Paid Search", 100, 10, 1)


def test_a_cheap_channel_that_converts_better_is_good_news() -> None:
    [finding] = cheap(PAID, results("Referral", 40, 16, 201))
    assert (finding.kind, finding.state, finding.filters) == ("cheap_channel", "new", {"channel": "Referral"})
    told = tell(finding.kind, finding.data)
    # A deal costs 80 / 16 there and 1,080 / 26 over all.
    assert plain(told.title) == "Referral brings the better leads: 40.0% make a deal, of all others 10.0%"
    assert plain(told.why) == (
        "16 of 40 leads in a year. A deal costs 5 EUR there, 42 EUR over all channels."
    )


def test_a_channel_that_is_small_no_better_or_dear_is_not_told() -> None:
    assert cheap(PAID, results("Referral", 29, 20, 201)) == []
    assert cheap(PAID, results("Referral", 100, 14, 201)) == []
    assert cheap(PAID, results("Referral", 40, 6, 201)) == []  # 15 % of 40 may be chance
    dear = [paid("Referral", 1000), paid("Paid Search", 100)]
    assert cheap(PAID, results("Referral", 40, 16, 201), costs=dear) == []
    assert cheap(PAID, results("Referral", 40, 16, 201), costs=[]) == []
