"""The scoreboard: every KPI of the agreement for a period, with its target, its facts and what was left
out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from accord.insight.metrics import targets
from accord.insight.metrics.kpis import Kpi, kpis_of
from accord.insight.metrics.measures import Asked, measure
from accord.insight.metrics.promises import promises_of
from accord.insight.metrics.values import Found, missing_facts, value_of
from accord.ledger.engine import Engine

if TYPE_CHECKING:
    from accord.agreement import Agreement

By = Literal["day", "week", "month", "quarter", "year"]

EARLIEST = datetime(1, 1, 1)
LATEST = datetime(9999, 12, 31)
SINGLE_ROW = ("leads", "contacts", "deals", "spend", "revenue", "touches")


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
    board = _Board(engine, agreement, channel, segment)
    if by is None:
        return board.rows(start, end, _period_name(start, end))
    spans = [p for p in board.calendar if p.kind == by and _within(p, start, end, board.known_time())]
    return [row for p in spans for row in board.rows(p.start, p.end, p.label)]


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
        self, engine: Engine, agreement: Agreement, channel: str | None, segment: str | None
    ) -> None:
        self.engine = engine
        self.channel, self.segment = channel, segment
        stages = engine.query(
            "SELECT stage_no, stage, enter, label FROM stages ORDER BY stage_no"
        ).to_pylist()
        self.kpis = kpis_of(stages)
        self.promises = [] if channel else promises_of(agreement, stages, segment)
        self.calendar = targets.periods(engine)
        self.models = tuple(agreement.attribution.models)
        self.loaded = {r["fact"]: r["facts"] for r in engine.query("SELECT * FROM fact_counts").to_pylist()}
        self.now: datetime = engine.query("SELECT now FROM as_of").to_pylist()[0]["now"]

    def known_time(self) -> tuple[datetime, datetime] | None:
        """The first and last moment anything read here happened; None if nothing did."""
        query = (
            "SELECT min(found.first_at) AS first_at, max(found.last_at) AS last_at FROM ("
            "SELECT min(opened_at) AS first_at, max(opened_at) AS last_at FROM leads UNION ALL "
            "SELECT min(created_at), max(coalesce(closed_at, created_at)) FROM deals_counted UNION ALL "
            "SELECT min(s.at), max(s.at) FROM spend_values AS s UNION ALL "
            "SELECT min(v.at), max(v.at) FROM revenue_values AS v) AS found"
        )
        row = self.engine.query(query).to_pylist()[0]
        return None if row["first_at"] is None else (row["first_at"], min(row["last_at"], self.now))

    def rows(self, start: datetime | None, end: datetime | None, name: str) -> list[dict[str, Any]]:
        """All KPIs of one period."""
        asked = Asked(start or EARLIEST, end or LATEST, self.channel, self.segment)
        amounts = {
            kpi.name: targets.target(self.promises, self.calendar, kpi.name, asked.start, asked.end)
            for kpi in self.kpis
            if start and end
        }
        found = self._measures(asked, bounded=bool(start and end))
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

    def _measures(self, asked: Asked, *, bounded: bool) -> Found:
        values: dict[str, Any] = {}
        for name in SINGLE_ROW:
            values |= _named(name, measure(self.engine, name, asked)[0])
        for row in measure(self.engine, "stages", asked):
            values |= _named(f"stages.{row['stage']}", row)
        values |= self._growth(asked, values["revenue.total"], bounded)
        values |= self._customers(asked)
        values |= self._credits(asked, values["spend.total"])
        return Found(values, measure(self.engine, "left_out", asked))

    def _growth(self, asked: Asked, revenue: Decimal, bounded: bool) -> dict[str, Any]:
        if not bounded:
            return dict.fromkeys(("revenue.growth", "revenue.previous", "revenue.previous_bookings"))
        before = measure(self.engine, "revenue", asked.over(*self._before(asked)))[0]
        return {
            "revenue.growth": revenue - before["total"],
            "revenue.previous": before["total"],
            "revenue.previous_bookings": before["bookings"],
        }

    def _before(self, asked: Asked) -> tuple[datetime, datetime]:
        kinds = [p.kind for p in self.calendar if (p.start, p.end) == (asked.start, asked.end)]
        for period in self.calendar:
            if kinds and period.kind == kinds[0] and period.end == asked.start:
                return period.start, period.end
        return asked.start - (asked.end - asked.start), asked.start

    def _customers(self, asked: Asked) -> dict[str, Any]:
        end = min(asked.end, self.now)
        start = end - timedelta(days=365) if asked.start == EARLIEST else asked.start
        return _named("customers", measure(self.engine, "customers", asked.over(start, end))[0])

    def _credits(self, asked: Asked, spend: Decimal) -> dict[str, Any]:
        """Value credited to what cost something, by the first model listed that credits were made for."""
        credited = {row["model"]: row["value"] for row in measure(self.engine, "credits", asked)}
        made = {row["model"] for row in self.engine.query("SELECT model FROM attribution_models").to_pylist()}
        model = next((m for m in self.models if m in made), None)
        value = credited.get(model, Decimal(0)) if model else None
        return {"credits.value": value, "credits.gain": None if value is None else value - spend}


def _named(prefix: str, row: Mapping[str, Any]) -> dict[str, Any]:
    return {f"{prefix}.{column}": value for column, value in row.items()}
