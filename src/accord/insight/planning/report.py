"""One period of a revenue target: the plan while it lasts, where a miss arose once it is over."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from accord.errors import AccordError
from accord.insight.metrics.scoreboard import scoreboard
from accord.insight.metrics.targets import Period, periods
from accord.insight.planning.capacity import capacity
from accord.insight.planning.gap import Gap, gap
from accord.insight.planning.history import History, history
from accord.insight.planning.plan import Aim, Plan, Scenario, plan
from accord.insight.planning.speed import RIPE, Band, speed

if TYPE_CHECKING:
    from accord.agreement import Agreement, Target
    from accord.ledger.engine import Engine

BEFORE = 4
"""Rates to plan with are those of so many periods before, or of as many as are known."""
KINDS = ("month", "quarter", "year")


class NoTarget(AccordError):
    """The agreement has no revenue target for the period."""

    code = "no_target"


@dataclass(frozen=True)
class Asked:
    """What to plan: a period's label (None: the running or the next with a revenue target), another target
    than the agreement's, a scenario, and what is assumed of sellers' time."""

    period: str | None = None
    target: float | None = None
    scenario: Scenario = field(default_factory=Scenario)
    minutes: float = 15
    share_of_time: float = 0.5


@dataclass(frozen=True)
class StageNeed:
    """A stage, known leads first: how many for each lead that qualifies; how many a week, now and needed."""

    stage: str
    label: str | None
    per_qualified: float
    per_week: float
    needed_per_week: float


@dataclass(frozen=True)
class Outlook:
    """A period's `plan` while it lasts, its `gap` once it is over; either is None where the past cannot tell.

    `stages`: how many a week the plan asks for at each stage; `speed`: what comes of leads by how soon they
    were contacted; `periods`: those with a revenue target.
    """

    label: str
    start: datetime
    end: datetime
    target: float
    currency: str
    zone: str
    plan: Plan | None
    gap: Gap | None
    stages: list[StageNeed]
    speed: list[Band]
    periods: list[str]

    def day(self, moment: datetime) -> date:
        """The local day of a moment."""
        return moment.replace(tzinfo=UTC).astimezone(ZoneInfo(self.zone)).date()


def outlook(engine: Engine, agreement: Agreement, asked: Asked) -> Outlook:
    """The outlook of a period, from a published build. Raises NoTarget."""
    past = history(engine, agreement)
    calendar = [period for period in periods(engine, days=False) if period.kind in KINDS]
    now: datetime = engine.query("SELECT now FROM as_of").to_pylist()[0]["now"]
    aims = [target for target in agreement.targets if target.metric == "revenue" and not target.only]
    period, target = _period(aims, calendar, asked, now)
    names = [aim.period for aim in aims]
    about = period.label, period.start, period.end, target, agreement.currency, agreement.calendar.zone
    told = Outlook(*about, None, None, [], [], names)
    if past is None:
        return told
    told = replace(told, speed=speed(past, RIPE))
    before, money = _before(period, calendar, past), _Money(engine, agreement)
    if period.end <= now:
        return replace(told, gap=_gap(past, agreement, period, target, before, money))
    aim = _aim(period, target, before, money, now)
    hours = capacity(engine, agreement, past.stage, now, asked.minutes, asked.share_of_time)
    made = plan(past, aim, asked.scenario, hours)
    return replace(told, plan=made, stages=_stages(engine, past, made) if made else [])


def _stages(engine: Engine, past: History, made: Plan) -> list[StageNeed]:
    """Per lead that qualified in the last year, of those that have had their time."""
    sql = files(__package__).joinpath("stages.sql").read_text(encoding="utf-8")
    until = past.now - RIPE
    rows = engine.query(sql, [past.stage, until - timedelta(days=365), until]).to_pylist()
    qualified = next(row["leads"] for row in rows if row["stage"] == past.stage)
    need = made.needed["leads_per_week"]
    return [
        StageNeed(row["stage"], row["label"], each, each * made.per_week, each * need)
        for row in rows
        if qualified
        for each in [row["leads"] / qualified]
    ]


def _period(aims: list[Target], calendar: list[Period], asked: Asked, now: datetime) -> tuple[Period, float]:
    """The period asked for with its target; else the shortest running one with a target, else the next."""
    known = {(one.kind, one.label): one for one in calendar}
    found = [(known[aim.kind, aim.period], aim.value) for aim in aims if (aim.kind, aim.period) in known]
    if asked.period is None:
        ahead = sorted((one for one in found if one[0].end > now), key=lambda one: (one[0].start, one[0].end))
        found = ahead or found[-1:]
    else:
        named = [one for one in calendar if one.label == asked.period]
        own = [(one, asked.target) for one in named if asked.target is not None]
        found = [one for one in found if one[0].label == asked.period] or own
    if not found:
        raise NoTarget(
            f"The agreement has no revenue target for {asked.period}."
            if asked.period
            else "The agreement has no revenue target.",
            mend="Add one under targets, such as {revenue: 1200000, quarter: 2027Q1}, or name a period "
            "of it and a target.",
        )
    period, target = found[0]
    return period, float(target if asked.target is None else asked.target)


def _before(period: Period, calendar: list[Period], past: History) -> list[Period]:
    """The periods before it of its kind that lie within what is known, the latest last."""
    first = min((lead.qualified_at for lead in past.leads), default=period.start)
    known = [
        one
        for one in calendar
        if one.kind == period.kind and one.end <= min(period.start, past.now) and one.end > first
    ]
    return sorted(known, key=lambda one: one.start)[-BEFORE:]


class _Money:
    """What was booked in a period, and how much of it no deal won in it brought."""

    def __init__(self, engine: Engine, agreement: Agreement) -> None:
        self.engine, self.agreement = engine, agreement

    def booked(self, start: datetime, end: datetime) -> tuple[float, float]:
        """Revenue, and the part of it beyond the value of the deals won. Without revenue facts it is the
        value won."""
        rows: list[dict[str, Any]] = scoreboard(self.engine, self.agreement, start=start, end=end)
        value = {row["kpi"]: row["value"] for row in rows}
        won = float(value["won_value"] or 0)
        revenue = won if value["revenue"] is None else float(value["revenue"])
        return revenue, revenue - won


def _aim(period: Period, target: float, before: list[Period], money: _Money, now: datetime) -> Aim:
    booked = money.booked(period.start, now)[0] if now > period.start else 0.0
    return Aim(period.label, period.start, period.end, target, booked, _usual_other(before, money))


def _usual_other(before: list[Period], money: _Money) -> float:
    others = [money.booked(one.start, one.end)[1] for one in before]
    return max(0.0, sum(others) / len(others)) if others else 0.0


def _gap(
    past: History,
    agreement: Agreement,
    period: Period,
    target: float,
    before: list[Period],
    money: _Money,
) -> Gap | None:
    if not before:
        return None
    promise = agreement.sla.sales.first_contact
    promised = timedelta(seconds=promise.within.seconds) if promise else None
    other = _usual_other(before, money), money.booked(period.start, period.end)[1]
    return gap(past, target, (period.start, period.end), (before[0].start, before[-1].end), promised, other)
