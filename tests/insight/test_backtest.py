"""A changed agreement replayed over the example company: who flips, by which rule, what became of them."""

from __future__ import annotations

import json
import shutil
from datetime import date, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest
from typer.testing import CliRunner

from accord.backtesting import NoSuchGate
from accord.cli.main import app
from accord.errors import MistakesError
from accord.insight.backtest import Backtest
from accord.insight.intervals import share
from accord.workspace import UnknownVersion, Workspace
from example import EXAMPLE, NOW
from proof import EXAMPLES

TEXT = (EXAMPLE / "agreement.yaml").read_text()


@pytest.fixture(scope="module")
def space(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    folder = tmp_path_factory.mktemp("backtest") / "northwind"
    Workspace.create(folder)
    shutil.copy(EXAMPLE / "agreement.yaml", folder)
    with patch("accord.workspace.now", lambda: NOW):
        Workspace(folder).load([EXAMPLE / "export"], EXAMPLE / "crm.yaml")
        Workspace(folder).build()
    return Workspace(folder)


def tried(space: Workspace, *changes: tuple[str, str], **options: Any) -> Backtest:
    """A backtest of the example's agreement with words exchanged."""
    text = TEXT
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    draft = space.folder / "draft.yaml"
    draft.write_text(text)
    with patch("accord.workspace.now", lambda: NOW):
        return space.backtest(draft, **options)


def flipped(flips: list[Any]) -> list[tuple[str | None, str]]:
    return [(flip.name, flip.rule) for flip in flips]


def test_the_version_in_force_against_itself_flips_nobody(space: Workspace) -> None:
    found = tried(space)
    assert (found.flips_in, found.flips_out, found.earlier_days) == ([], [], 0.0)
    assert found.draft == found.baseline and found.draft.qualified == 4
    assert found.answered and sum(week["draft"] for week in found.weeks) == 4


def test_who_flips_is_named_with_the_rule_that_did_it(space: Workspace) -> None:
    without = tried(space, ("webinar, points: 20", "webinar, points: 1"))
    assert flipped(without.flips_out) == [("Ada Brandt", "webinar")]
    assert without.flips_out[0].accepted and without.flips_in == []
    more = tried(space, ("{on: event, points: 25", "{on: event, points: 90"))
    assert {rule for _, rule in flipped(more.flips_in)} <= {"trade_fair"}
    strict = tried(space, ("engagement >= 30", "engagement >= 60"))
    assert {rule for _, rule in flipped(strict.flips_out)} == {"definition of mql"}


def test_the_other_way_round_the_flips_are_the_others(space: Workspace) -> None:
    one = tried(space, ("engagement >= 30", "engagement >= 60"))
    lax = space.folder / "lax.yaml"
    lax.write_text(TEXT)
    (space.folder / "agreement.yaml").write_text(TEXT.replace("engagement >= 30", "engagement >= 60"))
    try:
        with patch("accord.workspace.now", lambda: NOW):
            other = Workspace(space.folder).backtest(lax)
    finally:
        (space.folder / "agreement.yaml").write_text(TEXT)
    assert flipped(one.flips_out) == flipped(other.flips_in)
    assert one.draft.qualified == other.baseline.qualified


def test_what_becomes_earlier_is_told_in_days(space: Workspace) -> None:
    found = tried(space, ("engagement >= 30", "engagement >= 10"))
    assert found.earlier_days is not None and found.earlier_days >= 0
    assert found.draft.qualified >= found.baseline.qualified


def test_an_outcome_counts_within_the_horizon_and_not_before_it_is_over(space: Workspace) -> None:
    short = tried(space, horizon=timedelta(days=1)).draft.precision["won"]
    assert short.worked.count == 0 and short.censored == 0
    long = tried(space, horizon=timedelta(days=3650)).draft.precision["opportunity"]
    assert long.worked.count == long.worked.of  # whose horizon is not over counts only with the outcome
    assert long.censored > 0


def test_every_number_of_the_gate_is_swept_as_drafts_would_be(space: Workspace) -> None:
    found = tried(space)
    swept = {one.threshold: one.settings for one in found.sensitivity}
    assert list(swept) == ["fit >= 40", "engagement >= 30", "fit > 0"]
    for threshold, field in (("fit >= 40", "fit"), ("engagement >= 30", "engagement")):
        settings_ = swept[threshold]
        [present] = [one for one in settings_ if one.present]
        assert present.per_week == found.draft.load.leads_per_week
        assert present.accepted == found.draft.precision["accepted"].worked
        assert present.recall == found.draft.recall
        assert [one.value for one in settings_] == sorted(one.value for one in settings_)
        volumes = [one.per_week for one in settings_]
        assert volumes == sorted(volumes, reverse=True)
        higher = settings_[settings_.index(present) + 2]
        draft = tried(space, (threshold, f"{field} >= {higher.value:g}")).draft
        assert draft.load.leads_per_week == higher.per_week
        assert draft.precision["accepted"].worked == higher.accepted and draft.recall == higher.recall


def test_the_load_is_told_against_the_hours_there_are(space: Workspace) -> None:
    load = tried(space).draft.load
    assert load.clocks_per_week == pytest.approx(3 * load.leads_per_week)
    assert load.hours_per_week is not None and load.hours_there is not None
    assert load.could_keep == 1.0 and load.hours_per_week < load.hours_there


def test_days_narrow_what_is_looked_at(space: Workspace) -> None:
    everything = tried(space)
    none = tried(space, start=date(2026, 8, 25), end=date(2026, 8, 31))
    assert none.draft.qualified == 0 < everything.draft.qualified
    assert none.draft.precision["accepted"].worked.share is None
    assert [week["week"] for week in none.weeks] == [date(2026, 8, 24)]


def test_nothing_is_kept_of_a_backtest(space: Workspace) -> None:
    versions, build = space.ledger.versions(), space.builds.current().build_id
    decisions = space.ledger.version("decisions")
    tried(space, ("engagement >= 30", "engagement >= 10"))
    assert space.ledger.versions() == versions
    assert space.builds.current().build_id == build
    assert space.ledger.version("decisions") == decisions
    assert list((space.ledger.folder / ".scratch").iterdir()) == []


def test_a_version_is_named_by_its_beginning(space: Workspace) -> None:
    version = space.agreement.behaviour_hash
    assert tried(space, against=version[:6]).baseline.version == version
    with pytest.raises(UnknownVersion, match=version):
        tried(space, against="zzzz")


def test_agreements_without_a_gate_in_common_are_refused(space: Workspace) -> None:
    with pytest.raises(NoSuchGate, match=r"no gate 'hot'.*of the baseline: mql"):
        tried(space, *((f"{where}mql", f"{where}hot") for where in ("stages:\n  ", "at: ", "of: ")))


def test_a_draft_with_a_mistake_is_told_like_any_agreement(space: Workspace) -> None:
    with pytest.raises(MistakesError, match=r"draft\.yaml"):
        tried(space, ("points: 25", "points: many"))


def test_the_command_prints_it_and_gives_all_of_it_as_json(space: Workspace) -> None:
    draft = space.folder / "draft.yaml"
    draft.write_text(TEXT.replace("webinar, points: 20", "webinar, points: 1"))
    with patch("accord.workspace.now", lambda: NOW):
        shown = CliRunner().invoke(app, ["backtest", str(draft), "-w", str(space.folder)])
        told = CliRunner().invoke(app, ["backtest", str(draft), "-w", str(space.folder), "--format", "json"])
    assert shown.exit_code == 0 and "1 flip out" in shown.stdout and "Ada Brandt" in shown.stdout
    found = json.loads(told.stdout)
    assert {"draft", "baseline", "weeks", "flips_in", "flips_out", "precision", "recall", "load"} <= set(
        found
    )
    assert found["flips_out"][0]["rule"] == "webinar"
    assert found["precision"]["draft"]["accepted"]["worked"]["of"] >= 1
    assert found["load"]["baseline"]["leads_per_week"] > found["load"]["draft"]["leads_per_week"]


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.integers(0, 400), st.integers(1, 400))
def test_the_interval_is_wilsons(count: int, extra: int) -> None:
    of = count + extra
    known = binomtest(count, of).proportion_ci(0.95, "wilson")
    found = share(count, of)
    assert found.low == pytest.approx(known.low, abs=1e-9)
    assert found.high == pytest.approx(known.high, abs=1e-9)


def test_there_is_no_share_of_nothing() -> None:
    assert share(0, 0).share is None
