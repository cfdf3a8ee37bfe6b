"""Numbers promised for a period: targets missed or behind the even pace, and marketing's deliveries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal

from accord.insight.exceptions import thresholds as at
from accord.insight.exceptions.campaigns import most_returned
from accord.insight.exceptions.finding import Finding, Look, State, Team
from accord.insight.metrics.kpis import Kpi, kpis_of
from accord.insight.metrics.promises import promises_of
from accord.insight.metrics.scoreboard import scoreboard
from accord.insight.metrics.targets import Period, Promise, periods

Cause = Literal["leads", "qualification", "volume", "acceptance", "win_rate", "average_deal"]


def find(look: Look) -> list[Finding]:
    """Targets of the running and the last period, and deliveries of the running one."""
    board = _Board(look)
    found = [_target(board, promise) for promise in promises_of(look.agreement, board.stages)]
    segments = dict.fromkeys(delivery.segment for delivery in look.agreement.sla.marketing)
    for segment in segments:
        promises = promises_of(look.agreement, board.stages, segment)
        found += [_delivery(board, promise, segment) for promise in promises if promise.label is None]
    return [finding for finding in found if finding is not None]


class _Board:
    """The scoreboard of any span, asked for once."""

    def __init__(self, look: Look) -> None:
        self.look = look
        query = "SELECT stage_no, stage, enter, label FROM stages ORDER BY stage_no"
        self.stages: list[dict[str, Any]] = look.engine.query(query).to_pylist()
        self.kpis: dict[str, Kpi] = {kpi.name: kpi for kpi in kpis_of(self.stages)}
        self._asked: dict[Any, dict[str, dict[str, Any]]] = {}

    @cached_property
    def calendar(self) -> list[Period]:
        return periods(self.look.engine)

    @cached_property
    def begins(self) -> datetime | None:
        """When anything was first known of a lead."""
        query = "SELECT min(opened_at) AS first_at FROM leads"
        first: datetime | None = self.look.engine.query(query).to_pylist()[0]["first_at"]
        return first

    def rows(self, start: datetime, end: datetime, segment: str | None = None) -> dict[str, dict[str, Any]]:
        """The scoreboard's rows of [start, end), by KPI."""
        asked = (start, end, segment)
        if asked not in self._asked:
            rows = scoreboard(self.look.engine, self.look.agreement, start=start, end=end, segment=segment)
            self._asked[asked] = {row["kpi"]: row for row in rows}
        return self._asked[asked]

    def period(self, kind: str, label: str | None) -> Period | None:
        """The period of that kind and label, without a label the running one; None if it is not there."""
        now = self.look.now
        for period in self.calendar:
            wanted = label == period.label if label else period.start <= now < period.end
            if period.kind == kind and wanted:
                return period
        return None

    def before(self, period: Period) -> Period | None:
        """The period of the same kind that ended when this one began."""
        of_kind = (other for other in self.calendar if other.kind == period.kind)
        return next((other for other in of_kind if other.end == period.start), None)


@dataclass(frozen=True)
class _Pace:
    """A promise's period with what was promised and what there is of it by now."""

    period: Period
    value: Decimal
    target: Decimal
    gone: float

    @property
    def even(self) -> float:
        """What there would be by now at an even pace."""
        return float(self.target) * self.gone

    @property
    def state(self) -> State | None:
        """Whether it is behind; of a period that is over, whether it was missed."""
        if self.gone >= 1:
            return "bad" if self.value < self.target else None
        if self.gone < at.PACE_GONE or float(self.value) >= at.PACE_RISK * self.even:
            return None
        return "bad" if float(self.value) < at.PACE_BAD * self.even else "risk"


def _pace(board: _Board, promise: Promise, segment: str | None = None) -> _Pace | None:
    period = board.period(promise.kind, promise.label)
    if period is None or board.begins is None or board.begins > period.start:
        return None
    row = board.rows(period.start, period.end, segment).get(promise.kpi)
    if row is None or row["value"] is None:
        return None
    gone = (board.look.now - period.start) / (period.end - period.start)
    return _Pace(period, row["value"], promise.amount, min(gone, 1.0))


def _target(board: _Board, promise: Promise) -> Finding | None:
    """A target of the running period, or of the one just ended; older and future ones are no news."""
    period = board.period(promise.kind, promise.label) if promise.label else None
    if period is None or not _is_news(board, period):
        return None
    pace = _pace(board, promise)
    if pace is None or pace.state is None:
        return None
    kpi = board.kpis[promise.kpi]
    data = _numbers(board, promise, pace) | _cause(board, promise, pace)
    team: Team = kpi.owner
    kind = "target_missed" if pace.gone >= 1 else "target_behind"
    page = "campaigns" if data["cause"] == "acceptance" else "journey"
    shortfall = 1 - float(pace.value) / (pace.even or 1)
    return Finding(kind, pace.state, team, data, page, {"period": pace.period.label}, shortfall)


def _is_news(board: _Board, period: Period) -> bool:
    running = board.period(period.kind, None)
    return running is not None and (period == running or period == board.before(running))


def _delivery(board: _Board, promise: Promise, segment: str | None) -> Finding | None:
    """What marketing owes in the running period, if it is behind."""
    pace = _pace(board, promise, segment)
    if pace is None or pace.state is None:
        return None
    data = {
        **_numbers(board, promise, pace, segment),
        "segment": segment,
        **most_returned(board.look),
    }
    filters = {"period": pace.period.label} | ({"segment": segment} if segment else {})
    shortfall = 1 - float(pace.value) / (pace.even or 1)
    return Finding("delivery_behind", pace.state, "marketing", data, "campaigns", filters, shortfall)


def _numbers(board: _Board, promise: Promise, pace: _Pace, segment: str | None = None) -> dict[str, Any]:
    kpi = board.kpis[promise.kpi]
    before = _comparable(board, pace, segment)
    return {
        "kpi": kpi.name,
        "label": kpi.label,
        "unit": kpi.unit,
        "currency": board.look.agreement.currency,
        "period": pace.period.label,
        "value": pace.value,
        "target": pace.target,
        "gone": pace.gone,
        "even": pace.even,
        "before": before[kpi.name]["value"] if before else None,
    }


def _comparable(board: _Board, pace: _Pace, segment: str | None = None) -> dict[str, dict[str, Any]] | None:
    """The scoreboard of the period before, up to as much of it as is gone of this one."""
    before = board.before(pace.period)
    if before is None or board.begins is None or board.begins > before.start:
        return None
    end = before.end if pace.gone >= 1 else before.start + pace.gone * (before.end - before.start)
    return board.rows(before.start, end, segment)


def _cause(board: _Board, promise: Promise, pace: _Pace) -> dict[str, Any]:
    """What fell most against the period before, of all that goes into the number; a plain comparison."""
    before = _comparable(board, pace)
    nothing = {"cause": None, "cause_unit": None, "cause_now": None, "cause_before": None}
    if before is None:
        return nothing
    now = board.rows(pace.period.start, pace.period.end)
    was, is_now = (_factors(board, rows, promise.kpi) for rows in (before, now))
    falls = {
        name: float(is_now[name] / was[name])  # type: ignore[operator]
        for name in was
        if was[name] and is_now.get(name) is not None
    }
    if not falls or min(falls.values()) >= at.FALL:
        return nothing
    cause = min(falls, key=lambda name: falls[name])
    unit = {"leads": "count", "volume": "count", "average_deal": "money"}.get(cause, "share")
    return {"cause": cause, "cause_unit": unit, "cause_now": is_now[cause], "cause_before": was[cause]}


def _factors(board: _Board, rows: dict[str, dict[str, Any]], kpi: str) -> dict[Cause, Decimal | None]:
    """What goes into the number, from the first touch to the deal; None where there is no sample."""
    agreement = board.look.agreement
    handed = rows[agreement.handoff.at]["value"] if agreement.handoff else None
    if agreement.handoff and kpi == agreement.handoff.at:
        leads = rows["leads"]["value"]
        return {"leads": _sample(leads), "qualification": _ratio(handed, leads)}
    accepted = next((row["stage"] for row in board.stages if row["enter"] == "accepted"), None)
    factors: dict[Cause, Decimal | None] = {
        "volume": _sample(handed),
        "acceptance": _ratio(rows[accepted]["value"], handed) if accepted else None,
    }
    if board.kpis[kpi].unit == "money" or "deals" in board.kpis[kpi].value:
        factors["win_rate"] = _of_enough(rows["win_rate"], "deals.closed")
        factors["average_deal"] = _of_enough(rows["average_deal"], "deals.won_valued")
    return factors


def _sample(value: Decimal | None) -> Decimal | None:
    return value if value is not None and value >= at.ENOUGH else None


def _ratio(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    return part / whole if part is not None and whole is not None and whole >= at.ENOUGH else None


def _of_enough(row: dict[str, Any], fact: str) -> Decimal | None:
    value: Decimal | None = row["value"]
    return value if row["facts"].get(fact, 0) >= at.ENOUGH else None
