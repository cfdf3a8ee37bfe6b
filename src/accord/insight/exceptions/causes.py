"""What fell most of all that goes into a number: a plain comparison of two spans."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Literal

from accord.insight.exceptions import thresholds as at
from accord.insight.exceptions.board import Board, Rows

Cause = Literal["leads", "qualification", "volume", "acceptance", "win_rate", "average_deal"]

UNITS: dict[Cause, str] = {"leads": "count", "volume": "count", "average_deal": "money"}
"""The unit of each cause; a share where none is named."""


def cause(board: Board, kpi: str, now: Rows, before: Rows | None) -> dict[str, Any]:
    """`{cause, cause_unit, cause_now, cause_before}` of a KPI between two spans; None in each where nothing
    fell, or nothing can be compared."""
    falls = _falls(_factors(board, now, kpi), _factors(board, before, kpi)) if before else []
    fall, name, is_now, was = min(falls, default=(1.0, None, None, None))
    if name is None or fall >= at.FALL:
        return dict.fromkeys(("cause", "cause_unit", "cause_now", "cause_before"))
    return {"cause": name, "cause_unit": UNITS.get(name, "share"), "cause_now": is_now, "cause_before": was}


def _falls(
    now: dict[Cause, Decimal | None], before: dict[Cause, Decimal | None]
) -> list[tuple[float, Cause, Decimal, Decimal]]:
    """Each factor known of both spans: how much of it is left, its name, its two values."""
    found = []
    for name, was in before.items():
        is_now = now.get(name)
        if was and is_now is not None:
            found.append((float(is_now / was), name, is_now, was))
    return found


def _factors(board: Board, rows: Rows, kpi: str) -> dict[Cause, Decimal | None]:
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
