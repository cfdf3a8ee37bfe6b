"""What sales' verdicts say of the rules: who answers for a return, what edit it speaks for, what to doubt."""

from __future__ import annotations

import json
import random
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from accord.agreement import parse
from accord.cli.main import app
from accord.insight.learning import Handed, debits, suggestions
from accord.insight.learning.holding import still_qualified
from accord.insight.learning.reasons import _own, _untried
from demo_company import demo_workspace, rows, truth
from example import EXAMPLE
from proof import EXAMPLES

TEXT = (EXAMPLE / "agreement.yaml").read_text()
AGREEMENT = parse(TEXT)
DAY = datetime(2026, 5, 4, 9)
FIT = {name: rule.points for name, rule in AGREEMENT.scoring.fit.items()}
ENGAGEMENT = {name: rule.points for name, rule in AGREEMENT.scoring.engagement.items()}


def lead(
    number: int,
    fit: list[str],
    engagement: dict[str, float],
    verdict: str | None = None,
    reason: str | None = None,
    segment: str | None = "mid_market",
    by: str = "jonas",
) -> Handed:
    """A lead with these rules' points; the definition asks for fit 40 and engagement 30, or a raised hand."""
    return Handed(
        lead=number,
        person_id=f"crm:person:{number}",
        name=f"Lead {number}",
        company=None,
        segment=segment,
        channel="Referral",
        decided_at=DAY + timedelta(hours=number),
        fit={name: FIT[name] if name in fit else 0.0 for name in FIT},
        engagement={name: engagement.get(name, 0.0) for name in ENGAGEMENT},
        inputs={"hand_raiser": engagement.get("demo_request", 0.0) > 0},
        said_by=by if verdict else None,
        said_by_name=by.title() if verdict else None,
        verdict=verdict,
        reason=reason,
        said_at=DAY + timedelta(hours=number + 4) if verdict else None,
        first_contact_at=DAY + timedelta(hours=number + 1) if verdict else None,
        opportunity_at=None,
        won_at=None,
    )


def returned(number: int, fit: list[str], engagement: dict[str, float], reason: str) -> Handed:
    return lead(number, fit, engagement, "returned", reason)


def test_a_return_debits_the_rules_that_let_the_lead_in_and_no_others() -> None:
    both = ["company_size", "operations"]
    found = debits([returned(1, both, {"webinar": 20, "download": 15}, "too_small")], AGREEMENT)
    assert {(one.half, one.rule): one.debit for one in found} == {
        ("fit", "company_size"): 0.5,
        ("fit", "operations"): 0.5,
        ("engagement", "webinar"): 0,
        ("engagement", "download"): 0,
    }
    [spare] = debits([returned(1, [*both, "budget_known"], {"demo_request": 60}, "too_small")], AGREEMENT)[:1]
    assert spare.debit == 1 / 3  # none was needed alone: all three answer for it


def test_a_rule_that_was_needed_answers_alone() -> None:
    only = returned(1, ["company_size", "operations"], {"webinar": 40, "mail_click": 8}, "no_interest")
    found = {one.rule: one for one in debits([only], AGREEMENT) if one.half == "engagement"}
    assert list(found) == ["webinar"] and found["webinar"].debit == 1
    assert found["webinar"].reasons == {"no_interest": 1}


def test_reasons_that_speak_against_neither_half_debit_nobody() -> None:
    found = debits([returned(1, ["company_size", "operations"], {"webinar": 40}, "bad_data")], AGREEMENT)
    assert found and all(one.debit == 0 and one.returned.count == 0 for one in found)


SOME_LEADS = st.lists(
    st.builds(
        lambda fit, engagement, said: (fit, engagement, said),
        st.lists(st.sampled_from(sorted(FIT)), unique=True),
        st.dictionaries(st.sampled_from(sorted(ENGAGEMENT)), st.integers(1, 60).map(float)),
        st.sampled_from(
            [(None, None), ("accepted", None)]
            + [("returned", one) for one in ("too_small", "no_interest", "bad_data")]
        ),
    ),
    min_size=1,
    max_size=25,
)


@settings(max_examples=EXAMPLES, deadline=None)
@given(SOME_LEADS)
def test_every_return_is_one_debit_of_its_half(given_leads: list[Any]) -> None:
    leads = [lead(n, fit, did, *said) for n, (fit, did, said) in enumerate(given_leads)]
    qualified = still_qualified(leads, AGREEMENT)
    naive = {
        one.lead
        for one in leads
        if (sum(one.fit.values()) >= 40 and _engagement(one) >= 30)
        or (one.inputs["hand_raiser"] and sum(one.fit.values()) > 0)
    }
    assert qualified == naive
    owed = Counter[str]()
    for one in debits(leads, AGREEMENT):
        owed[one.half] += one.debit  # type: ignore[assignment]
    for half, reason in (("fit", "too_small"), ("engagement", "no_interest")):
        let_in = (one for one in leads if one.lead in qualified and any(getattr(one, half).values()))
        assert abs(owed[half] - sum(one.reason == reason for one in let_in)) < 1e-9


def _engagement(one: Handed) -> float:
    caps = {name: rule.cap or float("inf") for name, rule in AGREEMENT.scoring.engagement.items()}
    return min(100, sum(min(points, caps[name]) for name, points in one.engagement.items()))


def planted(good: int = 60, bad: int = 20) -> list[Handed]:
    """Leads that came for webinars only are given back; the others are taken."""
    both = ["company_size", "operations"]
    taken = [lead(n, both, {"demo_request": 60, "webinar": 20}, "accepted") for n in range(good)]
    webinars = [
        returned(good + n, both, {"webinar": 40.0 if n % 5 else 32.0}, "no_interest") for n in range(bad)
    ]
    kept = [lead(good + bad + n, both, {"webinar": 40, "download": 15}, "accepted") for n in range(3)]
    return [*taken, *webinars, *kept]


def test_the_edit_that_keeps_the_bad_leads_out_is_suggested_with_its_evidence() -> None:
    found = suggestions(planted(), AGREEMENT, TEXT, None)
    best = found[0]
    assert (best.kind, best.about, best.reason) in {
        ("cap", "webinar", "no_interest"),
        ("threshold", "engagement >= 30", "no_interest"),
    }
    webinar = next(one for one in found if one.about == "webinar")
    assert webinar.kept_out.count == 20 and webinar.remaining.count == 0
    assert (
        webinar.draft != TEXT and parse(webinar.draft).scoring.engagement["webinar"].cap == webinar.edit.value
    )
    assert webinar.says == f"webinar: at most {webinar.edit.value} points instead of 40."
    kept = still_qualified(planted(), parse(webinar.draft))
    assert kept >= {one.lead for one in planted(bad=0) if one.engagement["demo_request"]}
    assert not kept & {one.lead for one in planted() if one.verdict == "returned"}


def test_nothing_is_suggested_from_few_verdicts_or_from_chance() -> None:
    assert suggestions(planted(60, 3), AGREEMENT, TEXT, None) == []
    chance = random.Random(7)
    mixed = [replace(one, verdict="accepted", reason=None) for one in planted()]
    for n in chance.sample(range(len(mixed)), 16):
        mixed[n] = replace(mixed[n], verdict="returned", reason="no_interest")
    assert suggestions(mixed, AGREEMENT, TEXT, None) == []


def test_a_segment_sales_gives_back_is_suggested_as_no_audience() -> None:
    both = ["operations", "budget_known"]
    small = [lead(n, both, {"demo_request": 60}, "returned", "too_small", segment="small") for n in range(15)]
    large = [lead(100 + n, both, {"demo_request": 60}, "accepted") for n in range(40)]
    found = {one.kind: one for one in suggestions([*small, *large], AGREEMENT, TEXT, None)}
    exclude = found["exclude"]
    assert exclude.about == "small" and exclude.kept_out.count == exclude.kept_out.of == 15
    assert parse(exclude.draft).audience.exclude[-1].name == "small"
    assert exclude.says == "small: whoever has employees < 100 is excluded for that from now on."


def test_reasons_to_doubt_are_named() -> None:
    both = ["company_size", "operations"]
    own = [lead(n, both, {"webinar": 40}, "returned", "other", by="erik") for n in range(3)]
    others = [
        lead(10 + n, both, {"webinar": 40}, "returned", "too_small", by=by) for n, by in enumerate("ab")
    ]
    assert [(one.reason, one.seller, one.count) for one in _own([*own, *others])] == [("other", "Erik", 3)]
    assert _own(own) == []  # nobody else gives any lead back
    late = [replace(one, first_contact_at=DAY + timedelta(days=9)) for one in own[:2]]
    found = _untried([*late, own[2], *others])
    assert [(one.seller, one.share.count, one.share.of) for one in found] == [("Erik", 2, 3)]


def test_the_demo_companys_bad_rule_is_found() -> None:
    space = demo_workspace()
    wrong = truth(space)["diseases"]["wrong_audience"]
    best = space.lessons(since=timedelta(days=3650)).suggestions[0]
    assert best.reason == wrong["reason"]
    keeps = still_qualified_of(space, best.draft)
    bad = rows(
        space,
        "SELECT DISTINCT leads.lead FROM leads JOIN lead_verdicts AS said ON leads.lead = said.lead "
        f"WHERE leads.campaign = '{wrong['campaign_id']}' AND said.reason = '{wrong['reason']}'",
    )
    caught = [row["lead"] for row in bad if row["lead"] not in keeps]
    assert len(caught) >= 0.8 * len(bad) > 0


def still_qualified_of(space: Any, draft: str) -> set[int]:
    from accord.insight.learning import handed_over

    leads = handed_over(space.builds.current().open(), space.agreement, datetime(2000, 1, 1))
    return still_qualified(leads, parse(draft))


def test_the_command_says_it_and_gives_all_of_it_as_json(tmp_path: Any) -> None:
    folder = str(demo_workspace().folder)
    asked = ["learn", "-w", folder, "--days", "3650"]
    shown = CliRunner().invoke(app, [*asked, "--save", str(tmp_path / "drafts")])
    assert shown.exit_code == 0, shown.output
    assert "our_function" in shown.stdout and "Not enough outcomes" in shown.stdout
    drafts = sorted((tmp_path / "drafts").iterdir())
    assert drafts and all(parse(draft.read_text()) for draft in drafts)
    told = json.loads(CliRunner().invoke(app, [*asked, "--format", "json"]).stdout)
    assert set(told) == {"score", "debits", "suggestions", "reasons"}
    assert told["score"]["enough"] is False and told["score"]["needed"] > 0
    assert told["suggestions"][0]["says"] and told["suggestions"][0]["kept_out"]["of"] >= 8
