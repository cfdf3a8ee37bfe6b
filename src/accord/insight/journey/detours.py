"""Where leads leave the way from stage to stage, where they wait, and where tools and agreement part."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from accord.insight import rollups
from accord.ledger.engine import Step

if TYPE_CHECKING:
    import pyarrow as pa

    from accord.ledger.engine import Engine

LEAVING_DAYS = rollups.Rollup(__package__, "leaving_days", "day")
RETURN_DAYS = rollups.Rollup(__package__, "return_days", "day")


def steps() -> list[Step]:
    """What the functions below read; from leads, stage_entries, lead_returns, stages, periods and as_of."""
    waits = [Step.from_file(__package__, name) for name in ("waiting_leads", "entry_pairs")]
    return [LEAVING_DAYS.step(), RETURN_DAYS.step(), *waits]


def leavings(
    engine: Engine,
    *,
    start: datetime | None = None,
    end: datetime | None = None,
    channel: str | None = None,
    segment: str | None = None,
) -> list[dict[str, Any]]:
    """Leads that reached a stage in [start, end), naive UTC, and ended there: `{stage, closed_by, leads}`.

    `closed_by` is lost, recycled or disqualified. Each stage's add up to what the funnel calls `dropped`.
    """
    found = rollups.ask(engine, _sql("leavings"), [start, end, channel, segment], LEAVING_DAYS, (start, end))
    return _rows(found)


def returned(
    engine: Engine,
    stage: str,
    *,
    start: datetime | None = None,
    end: datetime | None = None,
    channel: str | None = None,
    segment: str | None = None,
) -> list[dict[str, Any]]:
    """Leads that entered the stage in [start, end) and sales returned since, by reason: `{reason, leads}`."""
    asked = [stage, start, end, channel, segment]
    return _rows(rollups.ask(engine, _sql("returned"), asked, RETURN_DAYS, (start, end)))


def waiting(
    engine: Engine, *, channel: str | None = None, segment: str | None = None
) -> list[dict[str, Any]]:
    """Rows `{stage, leads, over_30_days, oldest_at}` in no order: known leads that are open now.

    `over_30_days` have been in their stage for longer than that; the first entered it at `oldest_at`.
    """
    return _rows(engine.query(_sql("waiting"), [channel, segment]))


def differences(
    engine: Engine,
    *,
    start: datetime | None = None,
    end: datetime | None = None,
    channel: str | None = None,
    segment: str | None = None,
) -> list[dict[str, Any]]:
    """By stage, in order, the leads that entered it in [start, end) by the agreement and by the tools, and
    why they differ: rows `{stage_no, stage, agreement, tools, never_recorded, recorded_elsewhen,
    never_agreed, agreed_elsewhen}`.

    Of the leads by the agreement, tools have never recorded some, and others outside of the period; of the
    leads by the tools the same holds for the agreement.
    agreement - tools = never_recorded + recorded_elsewhen - never_agreed - agreed_elsewhen.
    """
    return _rows(engine.query(_sql("differences"), [start, end, channel, segment]))


def _rows(found: pa.Table) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = found.to_pylist()
    return rows


@cache
def _sql(name: str) -> str:
    return files(__package__).joinpath(f"{name}.sql").read_text(encoding="utf-8")
