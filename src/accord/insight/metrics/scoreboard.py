"""The scoreboard: every KPI of the agreement for a period, with its target, its facts and what was left
out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from accord.insight.metrics import targets
from accord.insight.metrics.kpis import Kpi, kpis_of
from accord.insight.metrics.measures import Asked, answers
from accord.insight.metrics.promises import promises_of
from accord.insight.metrics.values import Found, missing_facts, value_of
from accord.insight.rollups import FAR_FUTURE, FAR_PAST, Span
from accord.ledger.engine import Engine

if TYPE_CHECKING:
    from accord.agreement import Agreement

By = Literal["day", "week", "month", "quarter", "year"]


def scoreboard(
    engine: Engine,
    agreement: Agreement,
    *,
    start: datetime | None = None,
    end: datetime | None = None,
    channel: str | None = None,
    segment: str | None = None,
    by: By | None = None,
) -> list[dict[str, Any]]:
    """Rows `{kpi, value, unit, kind, target, period, definition, note, missing, owner, facts}`.

    The period is [start, end) in naive UTC; without them, the whole of known time. With `by`, one set of
    rows for each of the agreement's calendar periods of that kind that lies in it, in order. `channel`
    and `segment` are those of the lead. `value` is a Decimal: whole for counts, four decimals for money
    (in the agreement's currency), else six. It is None, never zero, where it cannot be computed:
    `missing` then says which facts are not loaded, or `note` why. `note` also tells amounts left out;
    `facts` counts the rows behind the value. Raises StepError if a built table is not there.
    """
    board = _Board(engine, agreement, channel, segment, days=by == "day")
    if by is None:
        return board.rows([((start, end), _period_name(start, end))])
    known = board.known_time()
    spans = [p for p in board.calendar if p.kind == by and _within(p, start, end, known)]
    return board.rows([((p.start, p.end), p.label) for p in spans])


def _period_name(start: datetime | None, end: datetime | None) -> str:
    """ISO 8601 interval, `..` for an open end; `all` for the whole of known time."""
    if start is None and end is None:
        return "all"
    return "/".join(".." if moment is None else _moment(moment) for moment in (start, end))


def _moment(at: datetime) -> str:
    return at.date().isoformat() if at == datetime(at.year, at.month, at.day) else at.isoformat()


def _within(
    period: targets.Period,
    start: datetime | None,
    end: datetime | None,
    known: tuple[datetime, datetime] | None,
) -> bool:
    """The period lies in [start, end); an open side ends with what is known."""
    if known is None:
        return False
    after = period.start >= start if start else period.end > known[0]
    before = period.end <= end if end else period.start <= known[1]
    return after and before


class _Board:
    """What all periods of one scoreboard share."""

    def __init__(
        self, engine: Engine, agreement: Agreement, channel: str | None, segment: str | None, *, days: bool
    ) -> None:
        self.engine = engine
        self.channel, self.segment = channel, segment
        stages = engine.query(
            "SELECT stage_no, stage, enter, label FROM stages ORDER BY stage_no"
        ).to_pylist()
        self.kpis = kpis_of(stages)
        self.promises = promises_of(agreement, stages, segment, channel)
        self.calendar = targets.periods(engine, days=days)
        self.loaded = {r["fact"]: r["facts"] for r in engine.query("SELECT * FROM fact_counts").to_pylist()}

    def known_time(self) -> tuple[datetime, datetime] | None:
        """The first and last moment anything read here happened; None if nothing did."""
        row = self.engine.query("SELECT first_at, last_at FROM known_time").to_pylist()[0]
        return None if row["first_at"] is None else (row["first_at"], row["last_at"])

    def rows(self, spans: Sequence[tuple[Span, str]]) -> list[dict[str, Any]]:
        """All KPIs of each period, with its name."""
        found = answers(self.engine, [self._asked(*span) for span, _ in spans])
        return [
            row
            for (span, name), measured in zip(spans, found, strict=True)
            for row in self._rows(span, name, measured)
        ]

    def _rows(self, span: Span, name: str, found: Found) -> list[dict[str, Any]]:
        start, end = span
        amounts = {
            kpi.name: targets.target(self.promises, self.calendar, kpi.name, start, end)
            for kpi in self.kpis
            if start and end
        }
        revenue = amounts.get("revenue")
        found.values["targets.revenue"] = revenue.amount if revenue else None
        return [self._row(kpi, found, amounts.get(kpi.name), name) for kpi in self.kpis]

    def _row(self, kpi: Kpi, found: Found, promised: targets.Target | None, name: str) -> dict[str, Any]:
        missing = missing_facts(kpi, self.loaded)
        value, notes = (None, []) if missing else value_of(kpi, found, self.segment)
        if promised and promised.note:
            notes.append(promised.note)
        return {
            "kpi": kpi.name,
            "value": value,
            "unit": kpi.unit,
            "kind": kpi.kind,
            "target": promised.amount if promised else None,
            "period": name,
            "definition": kpi.definition,
            "note": "; ".join(notes) or None,
            "missing": missing,
            "owner": kpi.owner,
            "facts": {} if missing else {name: found.values[name] for name in kpi.facts},
        }

    def _asked(self, start: datetime | None, end: datetime | None) -> Asked:
        before = targets.before(self.calendar, start, end) if start and end else None
        return Asked(start or FAR_PAST, end or FAR_FUTURE, before, self.channel, self.segment)
