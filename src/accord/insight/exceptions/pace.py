"""Numbers promised for a period: targets missed or behind the even pace, and marketing's deliveries."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from accord.insight.exceptions import thresholds as at
from accord.insight.exceptions.board import Board, Rows
from accord.insight.exceptions.campaigns import most_returned
from accord.insight.exceptions.causes import cause
from accord.insight.exceptions.finding import Finding, Look, State, Team
from accord.insight.metrics.promises import promises_of
from accord.insight.metrics.targets import Period, Promise


def find(look: Look) -> list[Finding]:
    """Targets of the running and the last period, and deliveries of the running one."""
    board = Board(look)
    found = [_target(board, promise) for promise in promises_of(look.agreement, board.stages)]
    segments = dict.fromkeys(delivery.segment for delivery in look.agreement.sla.marketing)
    for segment in segments:
        promises = promises_of(look.agreement, board.stages, segment)
        found += [_delivery(board, promise, segment) for promise in promises if promise.label is None]
    return [finding for finding in found if finding is not None]


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


def _pace(board: Board, promise: Promise, segment: str | None = None) -> _Pace | None:
    period = board.period(promise.kind, promise.label)
    if period is None or board.begins is None or board.begins > period.start:
        return None
    row = board.rows(period.start, period.end, segment).get(promise.kpi)
    if row is None or row["value"] is None:
        return None
    gone = (board.look.now - period.start) / (period.end - period.start)
    return _Pace(period, row["value"], promise.amount, min(gone, 1.0))


def _target(board: Board, promise: Promise) -> Finding | None:
    """A target of the running period, or of the one just ended; older and future ones are no news."""
    period = board.period(promise.kind, promise.label) if promise.label else None
    if period is None or not _is_news(board, period):
        return None
    pace = _pace(board, promise)
    if pace is None or pace.state is None:
        return None
    kpi = board.kpis[promise.kpi]
    rows = board.rows(pace.period.start, pace.period.end)
    data = _numbers(board, promise, pace) | cause(board, promise.kpi, rows, _comparable(board, pace))
    team: Team = kpi.owner
    kind = "target_missed" if pace.gone >= 1 else "target_behind"
    page = "campaigns" if data["cause"] == "acceptance" else "journey"
    shortfall = 1 - float(pace.value) / (pace.even or 1)
    return Finding(kind, pace.state, team, data, page, {"period": pace.period.label}, shortfall)


def _is_news(board: Board, period: Period) -> bool:
    running = board.period(period.kind, None)
    return running is not None and (period == running or period == board.before(running))


def _delivery(board: Board, promise: Promise, segment: str | None) -> Finding | None:
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


def _numbers(board: Board, promise: Promise, pace: _Pace, segment: str | None = None) -> dict[str, Any]:
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


def _comparable(board: Board, pace: _Pace, segment: str | None = None) -> Rows | None:
    """The scoreboard of the period before, up to as much of it as is gone of this one."""
    before = board.before(pace.period)
    if before is None or board.begins is None or board.begins > before.start:
        return None
    end = before.end if pace.gone >= 1 else before.start + pace.gone * (before.end - before.start)
    return board.rows(before.start, end, segment)
