"""A KPI's value from the measures it is made of, and the words for what is missing or left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from accord.insight.metrics.kpis import SPEND, Kpi

DECIMALS = {"count": Decimal(1), "money": Decimal("0.0001")}
OTHER = Decimal("0.000001")


@dataclass(frozen=True)
class Found:
    """The measures of one period by name (`deals.won`), and the amounts that have no value, by reason."""

    values: dict[str, Any]
    left_out: list[dict[str, Any]]


def missing_facts(kpi: Kpi, loaded: Mapping[str, int]) -> str | None:
    """In words, the fact tables `kpi` needs that hold nothing; None if it can be computed."""
    absent = [_either(group) for group in kpi.needs if not any(loaded.get(t) for t in group)]
    return "; ".join(f"no {tables} facts loaded" for tables in absent) or None


def value_of(kpi: Kpi, found: Found, segment: str | None) -> tuple[Decimal | None, list[str]]:
    """The KPI's value, None where it has none, and the notes that belong to it."""
    notes = [f"{words}: {found.values[m]}" for m, words in kpi.remarks if found.values[m]]
    left_out = [_left_out(row) for row in found.left_out if row["input"] in kpi.left_out]
    notes += left_out
    if segment and SPEND in kpi.needs:
        return None, [*notes, "spend is not known by segment"]
    if kpi.per and SPEND in kpi.needs and not found.values["spend.costs"]:
        return None, [*notes, "no spend in the period"]
    value, per = found.values[kpi.value], found.values[kpi.per] if kpi.per else 1
    nothing_valued = bool(left_out) and not value and kpi.unit in ("money", "ratio")
    if value is None or per is None or per <= 0 or nothing_valued:
        return None, [*notes, *([kpi.nothing] if kpi.nothing else [])]
    return (Decimal(value) / Decimal(per)).quantize(DECIMALS.get(kpi.unit, OTHER)), notes


def _either(tables: tuple[str, ...]) -> str:
    *others, last = tables
    return f"{', '.join(others)} or {last}" if others else last


def _left_out(row: Mapping[str, Any]) -> str:
    what = {"spend": "cost", "revenue": "booking", "customers": "booking"}.get(row["input"], "deal")
    many = "s" if row["number"] > 1 else ""
    amount = f", {row['amount']:,.2f} {row['currency'] or ''}".rstrip() if row["amount"] is not None else ""
    return f"left out: {row['number']} {what}{many}{amount} {row['reason']}"
