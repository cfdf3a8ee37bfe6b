"""The scoreboard as judgements ask for it: of any span, and of the periods before and after."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from typing import Any

from accord.insight.exceptions.finding import Look
from accord.insight.metrics.kpis import Kpi, kpis_of
from accord.insight.metrics.scoreboard import scoreboard
from accord.insight.metrics.targets import Period, periods

Rows = dict[str, dict[str, Any]]
"""The scoreboard's rows of one span, by KPI."""


class Board:
    """The scoreboard of any span, asked for once."""

    def __init__(self, look: Look) -> None:
        self.look = look
        query = "SELECT stage_no, stage, enter, label FROM stages ORDER BY stage_no"
        self.stages: list[dict[str, Any]] = look.engine.query(query).to_pylist()
        self.kpis: dict[str, Kpi] = {kpi.name: kpi for kpi in kpis_of(self.stages)}
        self._asked: dict[Any, Rows] = {}

    @cached_property
    def calendar(self) -> list[Period]:
        """The agreement's periods, in order."""
        return periods(self.look.engine)

    @cached_property
    def begins(self) -> datetime | None:
        """When anything was first known of a lead."""
        query = "SELECT min(opened_at) AS first_at FROM leads"
        first: datetime | None = self.look.engine.query(query).to_pylist()[0]["first_at"]
        return first

    def rows(self, start: datetime, end: datetime, segment: str | None = None) -> Rows:
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
