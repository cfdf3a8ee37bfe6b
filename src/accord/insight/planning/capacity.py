"""Whether sales has the hours to work the leads a plan asks for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from accord.agreement import Agreement
    from accord.ledger.engine import Engine


@dataclass(frozen=True)
class Capacity:
    """`sellers` who worked leads in the last 90 days, their open hours a week together, and the acts (calls,
    mails, meetings, tasks) a lead took in the last year. Assumed, and said so: the `minutes` an act takes and
    the `share` of the open hours that is free for new leads. `hours_needed` a week; None until asked for."""

    sellers: int
    open_hours: float
    acts_per_lead: float
    minutes: float
    share: float
    hours_needed: float | None = None

    @property
    def hours(self) -> float:
        """Hours a week for new leads."""
        return self.open_hours * self.share

    @property
    def leads_per_week(self) -> float | None:
        """How many leads a week these hours can work; None where a lead takes none."""
        each = self.acts_per_lead * self.minutes / 60
        return self.hours / each if each else None

    def for_leads(self, per_week: float) -> Capacity:
        """With the hours that so many leads a week take."""
        return replace(self, hours_needed=per_week * self.acts_per_lead * self.minutes / 60)


def capacity(
    engine: Engine, agreement: Agreement, stage: str, now: datetime, minutes: float = 15, share: float = 0.5
) -> Capacity | None:
    """Read from a published build; None if nobody worked a lead."""
    sql = files(__package__).joinpath("capacity.sql").read_text(encoding="utf-8")
    asked = [stage, now - timedelta(days=365), now - timedelta(days=90)]
    [row] = engine.query(sql, asked).to_pylist()
    if not row["sellers"] or not row["acts_per_lead"]:
        return None
    blocks = (block.minutes for opened in agreement.calendar.open.values() for block in opened)
    week = sum(closes - opens for opens, closes in blocks) / 60
    return Capacity(row["sellers"], week * row["sellers"], float(row["acts_per_lead"]), minutes, share)
