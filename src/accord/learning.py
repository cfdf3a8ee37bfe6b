"""A score learned from a company's own past: leads as known when they qualified, and what came of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from accord.insight.backtest import outcomes_of
from accord.insight.learning import handover_stage
from accord.insight.learning.definition import Definition, definition
from accord.insight.learning.features import Key, Known, known_at_qualification
from accord.insight.learning.score import (
    ENOUGH,
    Examples,
    LearnedScore,
    Quality,
    Refused,
    Told,
    out_of_time,
    usable,
)
from accord.pipeline import Request, judged

if TYPE_CHECKING:
    from accord.agreement import Agreement
    from accord.backtesting import Past
    from accord.insight.backtest import Outcomes

OUTCOMES = ("won", "opportunity", "accepted")
"""What may be learned, the best first: the first of which there is enough is taken."""
LATEST = 20_000
"""It is learned from so many leads, the latest: more change the score little, and the market has moved on."""
ANSWERED = timedelta(days=30)
"""Sales accepts within this time or not at all; its answer need not be waited for as long as a deal."""


@dataclass(frozen=True)
class ToldLead:
    """An open lead with its chance, and why."""

    person_id: str
    cycle_no: int
    name: str | None
    company: str | None
    told: Told


@dataclass(frozen=True)
class Learned:
    """What was learned. `outcome` within `horizon_days` of qualifying, from so many `examples` of whom
    `positive` had it. `assumed`: of which share of the leads the tools did not record since when what is
    known of them holds. `score` and `points`: how well the learned score and the hand-made points told the
    latest of them. `leads`: those qualified of whom it is open, the likeliest first. `definition`: what was
    learned as rules of fit, None where it does not tell better than the hand-made points.

    With `enough` False nothing could be learned: `outcome` is the one of which there is most.
    """

    enough: bool
    needed: int
    outcome: str
    horizon_days: int
    examples: int
    positive: int
    assumed: float
    refused: list[Refused]
    fields: list[str]
    score: Quality | None
    points: Quality | None
    leads: list[ToldLead]
    definition: Definition | None = None


def learn(
    past: Past,
    agreement: Agreement,
    now: datetime,
    horizon: timedelta,
    *,
    text: str,
    messages: str | None,
    progress: Callable[[str], None] = lambda name: None,
) -> Learned | None:
    """Learn from the past which leads have the outcome; None if the agreement has no gate to qualify at.

    `text` is the agreement's file, `messages` that of its messages: the learned definition is a draft of it.
    """
    from threadpoolctl import threadpool_limits

    stage = handover_stage(agreement)
    if stage is None:
        return None
    with judged(past.ledger, Request(agreement, past.settings, now), progress) as engine:
        known = known_at_qualification(engine, agreement, stage)
    outcomes = outcomes_of(past.outcomes)
    outcome, keys, examples = _chosen(known, outcomes, now, horizon)
    days = _within(outcome, horizon).days
    counts = len(keys), examples.positive, known.assumed / len(known.at) if known.at else 0.0
    if not examples.enough:
        return Learned(False, ENOUGH, outcome, days, *counts, [], [], None, None, [])
    progress("learning")
    with threadpool_limits(1):  # beside other work, threads of BLAS make small systems many times slower
        fields, refused = usable(examples, known.late)
        score, points = out_of_time(examples, fields)
        model = LearnedScore(examples, fields)
        leads = _told(model, known, outcomes, outcome, now - _within(outcome, horizon))
        rules = definition(examples, fields, agreement, text, messages)
    if rules and points and rules.auc <= points.auc:
        rules = None
    return Learned(True, ENOUGH, outcome, days, *counts, refused, fields, score, points, leads, rules)


def _chosen(
    known: Known, outcomes: Outcomes, now: datetime, horizon: timedelta
) -> tuple[str, list[Key], Examples]:
    """The best outcome of which there is enough, with its examples; else the one with most."""
    found = [(name, *_examples(known, outcomes, name, now, _within(name, horizon))) for name in OUTCOMES]
    enough = [one for one in found if one[2].enough]
    return enough[0] if enough else max(found, key=lambda one: one[2].positive)


def _examples(
    known: Known, outcomes: Outcomes, outcome: str, now: datetime, horizon: timedelta
) -> tuple[list[Key], Examples]:
    """The leads sales worked and whose horizon is over, in the order in which they qualified."""
    ripe = [
        key
        for key, at in sorted(known.at.items(), key=lambda item: (item[1], item[0]))
        if at + horizon <= now and (outcomes.get(key) or {}).get("worked")
    ][-LATEST:]
    came = [_came(outcomes[key][f"{outcome}_at"], known.at[key] + horizon) for key in ripe]
    rows = [known.values[key] for key in ripe]
    return ripe, Examples(rows, came, [known.points[key] for key in ripe])


def _within(outcome: str, horizon: timedelta) -> timedelta:
    return min(horizon, ANSWERED) if outcome == "accepted" else horizon


def _came(at: datetime | None, until: datetime) -> bool:
    return at is not None and at <= until


def _told(
    model: LearnedScore, known: Known, outcomes: Outcomes, outcome: str, since: datetime
) -> list[ToldLead]:
    """The leads that qualified since a moment and have not had the outcome, the likeliest first."""
    open_ = [
        key
        for key, at in known.at.items()
        if at > since and (outcomes.get(key) or {}).get(f"{outcome}_at") is None
    ]
    told = model.tell([known.values[key] for key in open_])
    rows = [outcomes.get(key) or {} for key in open_]
    leads = [
        ToldLead(key[0], key[1], row.get("name"), row.get("company"), one)
        for key, row, one in zip(open_, rows, told, strict=True)
    ]
    return sorted(leads, key=lambda lead: (-lead.told.probability, lead.person_id))
