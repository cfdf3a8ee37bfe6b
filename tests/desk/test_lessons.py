"""What sales' answers teach, looked at every week: kept, told to both teams, proposed by one button."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from unittest.mock import patch

import pytest
from django.test import Client

from accord.agreement import parse
from accord.desk.jobs.models import Job
from accord.desk.jobs.worker import run_next
from accord.desk.lessons import work
from accord.desk.lessons.actions import SuggestionGone, look, propose_suggestion
from accord.desk.lessons.models import Look
from accord.desk.lessons.telling import tell_suggestions
from accord.desk.proposals.models import Proposal
from accord.desk.teams.models import User
from demo_company import demo_workspace

Sign = Callable[[str], Client]
Cast = dict[str, User]
THURSDAY = datetime(2026, 11, 26, 12)


@pytest.fixture(autouse=True)
def demo(settings: Any) -> None:
    settings.WORKSPACE = demo_workspace().folder


def at(moment: datetime) -> Any:
    return patch("accord.workspace.now", lambda: moment)


@cache
def findings() -> dict[str, Any]:
    """What a look at the demo company finds: the same for all tests."""
    with at(THURSDAY):
        return work.findings(demo_workspace(), lambda step, done=0, total=0: None)


@pytest.fixture
def looked(cast: Cast) -> Look:
    """A look that is done."""
    found = findings()
    with at(THURSDAY), patch.object(work, "findings", lambda space, report: found):
        made = look(THURSDAY, by=cast["manager"])
        while run_next():
            pass
    made.refresh_from_db()
    assert made.job is not None and made.job.state == Job.State.DONE, made.job and made.job.error
    return made


def test_a_look_is_kept_and_shown(looked: Look, as_role: Sign) -> None:
    assert looked.found is not None
    suggestions, backtests = looked.found["lessons"]["suggestions"], looked.found["backtests"]
    assert suggestions and len(backtests) == len(suggestions)
    tried = backtests[0]
    assert tried["flips_out"] > 0 and tried["draft"]["qualified"] < tried["baseline"]["qualified"]
    page = as_role("marketer").get("/lessons").content.decode()
    assert suggestions[0]["says"].replace("<", "&lt;") in page and "Propose it" in page
    assert "Not enough outcomes" in page


def test_both_teams_signers_hear_of_suggestions(cast: Cast) -> None:
    with patch("accord.desk.lessons.telling.tell") as told:
        tell_suggestions(7, 2, THURSDAY)
    [[news]] = told.call_args.args
    assert set(news.to) == {cast["manager"], cast["other_manager"], cast["marketing_manager"]}
    assert news.title == "Sales’ answers speak for 2 edits of the agreement" and news.path == "/lessons"


def test_a_suggestion_is_proposed_by_one_button(looked: Look, as_role: Sign, cast: Cast) -> None:
    one = (looked.found or {})["lessons"]["suggestions"][0]
    with at(THURSDAY):
        answer = as_role("marketer").post(f"/lessons/{looked.pk}/0/propose")
    made = Proposal.objects.get()
    assert answer["Location"] == f"/proposals/{made.pk}" and made.by == cast["marketer"]
    assert made.text == one["draft"] and made.title == one["says"][:120]
    assert made.from_day == THURSDAY.date() + timedelta(days=1) and made.state == Proposal.State.OPEN
    assert parse(made.text).behaviour_hash != demo_workspace().agreement.behaviour_hash


def test_what_is_not_suggested_cannot_be_proposed(looked: Look, as_role: Sign, cast: Cast) -> None:
    with pytest.raises(SuggestionGone):
        propose_suggestion(demo_workspace().folder, looked, 99, THURSDAY.date(), THURSDAY, by=cast["manager"])
    answer = as_role("manager").post(f"/lessons/{looked.pk}/99/propose", follow=True)
    assert "not suggested any more" in answer.content.decode()
    assert not Proposal.objects.exists()
    assert as_role("viewer").post(f"/lessons/{looked.pk}/0/propose").status_code == 403
    assert as_role("manager").get(f"/lessons/{looked.pk}/0/propose").status_code == 405


LEARNED = {
    "rules": [{"name": "learned_budget_true", "where": "budget", "points": 31}],
    "threshold": 31,
    "auc": 0.87,
    "kept": {"count": 9, "of": 10, "share": 0.9, "low": 0.6, "high": 0.98},
    "spared": {"count": 7, "of": 10, "share": 0.7, "low": 0.4, "high": 0.89},
    "edits": [
        {"path": ["scoring", "fit", "learned_budget_true"], "value": {"where": "budget", "points": 31}},
        {"path": ["scoring", "fit", "budget_known"], "value": None},
    ],
    "draft": "",
}
QUALITY = {"auc": 0.8, "brier": 0.1, "lift": 2.0}


def test_what_was_learned_becomes_the_definition_by_a_proposal(
    looked: Look, as_role: Sign, cast: Cast
) -> None:
    found = dict(looked.found or {})
    found["score"] |= {
        "enough": True,
        "score": QUALITY,
        "points": QUALITY,
        "leads": [],
        "definition": LEARNED,
    }
    Look.objects.filter(pk=looked.pk).update(found=found)
    page = as_role("marketer").get("/lessons").content.decode()
    assert "<code>budget</code>" in page and f"/lessons/{looked.pk}/learned/propose" in page
    assert "learned/propose" not in as_role("viewer").get("/lessons").content.decode()
    assert as_role("viewer").post(f"/lessons/{looked.pk}/learned/propose").status_code == 403
    with at(THURSDAY):
        answer = as_role("manager").post(f"/lessons/{looked.pk}/learned/propose")
    made = Proposal.objects.get()
    assert answer["Location"] == f"/proposals/{made.pk}" and made.by == cast["manager"]
    fit = parse(made.text).scoring.fit
    assert fit["learned_budget_true"].points == 31 and "budget_known" not in fit
    assert len(fit) == len(demo_workspace().agreement.scoring.fit)


def test_where_nothing_was_learned_nothing_is_proposed(looked: Look, as_role: Sign) -> None:
    answer = as_role("manager").post(f"/lessons/{looked.pk}/learned/propose", follow=True)
    assert "not suggested any more" in answer.content.decode() and not Proposal.objects.exists()


def test_sellers_and_leads_are_shown_to_who_may_see_them(looked: Look, as_role: Sign) -> None:
    found = dict(looked.found or {})
    found["lessons"]["reasons"] = {
        "own": [{"reason": "other", "seller": "Sam Hill", "count": 3}],
        "untried": [],
        "won": [{"person_id": "crm:person:1", "name": "Pia Wood", "company": None, "reason": "other"}],
    }
    Look.objects.filter(pk=looked.pk).update(found=found)
    shown = {role: as_role(role).get("/lessons").content.decode() for role in ("manager", "rep", "viewer")}
    shown["marketing_manager"] = as_role("marketing_manager").get("/lessons").content.decode()
    assert {role for role, page in shown.items() if "Sam Hill" in page} == {"manager", "marketing_manager"}
    assert {role for role, page in shown.items() if "Pia Wood" in page} == {"marketing_manager"}
    lines = as_role("manager").get("/lessons?format=csv").content.decode().splitlines()
    assert lines[0] == "half,rule,let_in,debit,judged,returned" and len(lines) > 3


def test_it_is_looked_once_on_monday_morning(db: None) -> None:
    monday = datetime(2026, 11, 23, 3, 59)  # 04:59 in Berlin

    def passes(moment: datetime) -> bool:
        with at(moment):
            return work.look_every_week()

    assert not passes(monday) and not passes(THURSDAY)
    assert passes(monday + timedelta(minutes=1)) and not passes(monday + timedelta(hours=4))
    assert Look.objects.count() == 1 and Job.objects.filter(kind="lessons").count() == 1
    assert not passes(monday + timedelta(days=7, minutes=1))  # it would be asked for again and again
    Job.objects.update(state=Job.State.DONE)
    assert passes(monday + timedelta(days=7, minutes=1)) and Look.objects.count() == 2


def test_a_look_under_way_is_not_begun_again(db: None) -> None:
    assert look(THURSDAY) == look(THURSDAY + timedelta(minutes=1))
    assert Job.objects.count() == 1


def test_before_any_look_the_page_says_so(as_role: Sign) -> None:
    page = as_role("rep").get("/lessons").content.decode()
    assert "Nobody has looked yet" in page and "Look now" in page
    assert "Look now" not in as_role("viewer").get("/lessons").content.decode()
    as_role("rep").post("/lessons/look")
    assert Look.objects.count() == 1
