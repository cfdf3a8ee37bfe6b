"""What planning rests on: the leads that qualified, the deals that came of them, the money booked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from typing import TYPE_CHECKING

from accord.insight.learning import handover_stage

if TYPE_CHECKING:
    from accord.agreement import Agreement
    from accord.ledger.engine import Engine


@dataclass(frozen=True)
class Lead:
    """A lead that qualified. `deal_at`: when its first deal was made; `closed_at`: when it ended without."""

    lead: int
    qualified_at: datetime
    segment: str | None
    channel: str | None
    first_contact_at: datetime | None
    deal_at: datetime | None
    closed_at: datetime | None


@dataclass(frozen=True)
class Deal:
    """A deal: `lead` is the qualified lead it came from, None if it came from none."""

    deal: int
    lead: int | None
    created_at: datetime
    closed_at: datetime | None
    status: str
    value: float
    segment: str | None
    channel: str | None

    @property
    def won(self) -> bool:
        """Whether it was won."""
        return self.status == "won"


@dataclass(frozen=True)
class History:
    """All of it up to `now`, naive UTC; `stage` is the gate at which leads are handed over."""

    stage: str
    leads: list[Lead]
    deals: list[Deal]
    now: datetime


def history(engine: Engine, agreement: Agreement) -> History | None:
    """Read it from a published build; None if the agreement has no gate."""
    stage = handover_stage(agreement)
    if stage is None:
        return None
    now: datetime = engine.query("SELECT now FROM as_of").to_pylist()[0]["now"]
    leads = [Lead(**row) for row in engine.query(_sql("qualified"), [stage]).to_pylist()]
    deals = [Deal(**row) for row in engine.query(_sql("deals"), [stage]).to_pylist()]
    return History(stage, leads, [deal for deal in deals if deal.created_at <= now], now)


def _sql(name: str) -> str:
    return files(__package__).joinpath(f"{name}.sql").read_text(encoding="utf-8")
