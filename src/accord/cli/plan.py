"""A revenue target's plan, or where its miss arose, printed."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from accord.cli.output import Format, print_json, print_rows, share_text

if TYPE_CHECKING:
    from accord.insight.planning import Asked, Outlook
    from accord.insight.planning.capacity import Capacity
    from accord.insight.planning.gap import Gap, Part
    from accord.insight.planning.plan import Plan, Source
    from accord.insight.planning.report import StageNeed
    from accord.insight.planning.speed import Band

FACTORS = {
    "volume": "leads",
    "mix": "mix of segments",
    "speed": "contacted in time",
    "quality": "deals per lead",
    "win_rate": "win rate",
    "deal_size": "deal size",
    "other": "booked without a new deal",
}


def plan(folder: Path, asked: Asked, format: Format) -> None:
    """Print the outlook of a period."""
    from accord.workspace import Workspace

    found = Workspace(folder).plan(asked)
    if format is Format.json:
        print_json(_plain(found))
    elif format is Format.csv:
        print_rows([asdict(week) for week in found.plan.weeks] if found.plan else _gap_rows(found), format)
    else:
        _print(found)


def _plain(found: Outlook) -> dict[str, Any]:
    """The outlook as JSON: lengths of time in hours."""
    bands = [asdict(band) | {"within": _hours(band.within)} for band in found.speed]
    return asdict(found) | {"speed": bands}


def _hours(time: timedelta | None) -> float | None:
    return time / timedelta(hours=1) if time else None


def _print(found: Outlook) -> None:
    print(f"{found.label}: target {_money(found.target, found)}\n")
    if found.plan:
        _print_plan(found, found.plan)
    elif found.gap:
        _print_gap(found, found.gap)
    else:
        print("Too few deals were won to plan with.")
    print("\nDeals within 90 days by first contact (what went together, not what caused it)")
    rows = [{"first contact": _band(band), "deals": share_text(band.dealt)} for band in found.speed]
    print_rows(rows, Format.table, empty="No lead has had its 90 days yet.")


def _print_plan(found: Outlook, made: Plan) -> None:
    forecast, need = made.forecast, made.needed
    low, middle, high = (_money(one, found) for one in (forecast.low, forecast.middle, forecast.high))
    print(f"{forecast.probability:.0%} likely to be reached. Half of all futures end above {middle},")
    print(f"eight of ten between {low} and {high}.")
    if made.unrealistic:
        print(f"The target is unrealistic. {middle} is realistic, {_money(forecast.safe, found)} is safe.")
    print()
    money = {name.replace("_", " "): _money(amount, found) for name, amount in forecast.parts.items()}
    print_rows([{"from": name, "on average": amount} for name, amount in money.items()], Format.table)
    print(f"\nTo reach it on average new leads must bring {_money(need['revenue'], found)}:")
    print(f"{need['leads_per_week']:.1f} qualified leads a week. Lately there are {made.per_week:.1f}.")
    if made.last_week:
        print(f"Leads still matter for it up to the week from {found.day(made.last_week)}.\n")
    print_rows([_pace(one.label or one.stage, one) for one in found.stages], Format.table)
    print()
    sources = [
        _pace(one.channel or "unknown", one) | {"deals per lead": f"{one.deals_per_lead:.0%}"}
        for one in made.sources
    ]
    print_rows(sources, Format.table, empty="No lead qualified lately.")
    if made.capacity:
        _print_capacity(made.capacity)


def _pace(name: str, one: StageNeed | Source) -> dict[str, Any]:
    return {"": name, "a week now": round(one.per_week, 1), "needed": round(one.needed_per_week, 1)}


def _print_capacity(hours: Capacity) -> None:
    needed = hours.hours_needed or 0.0
    print(f"\nWorking them takes {needed:.0f} hours a week; {hours.sellers} sellers have {hours.hours:.0f}.")
    assumed = f"{hours.minutes:g} minutes each, {hours.share:.0%} of their open hours"
    print(f"A lead takes {hours.acts_per_lead:.1f} calls, mails and meetings; assumed: {assumed}.")


def _print_gap(found: Outlook, gap: Gap) -> None:
    missed = _money(gap.actual - gap.target, found)
    print(f"{_money(gap.actual, found)} came, {missed} against the target. Where that arose:\n")
    print_rows(_gap_rows(found), Format.table)
    since, until = (found.day(moment) for moment in gap.reference)
    print(
        f"\nPlanned with the rates from {since} until {until}, and {gap.growth:.2f} times the volume of then."
    )


def _gap_rows(found: Outlook) -> list[dict[str, Any]]:
    return [_part(part, found) for part in (found.gap.parts if found.gap else [])]


def _part(part: Part, found: Outlook) -> dict[str, Any]:
    return {
        "factor": FACTORS[part.factor],
        "part": _money(part.part, found),
        "nine of ten between": f"{_money(part.low, found)} and {_money(part.high, found)}",
        "planned": _value(part, part.planned),
        "was": _value(part, part.actual),
        "": "may be chance" if part.by_chance else "",
    }


def _value(part: Part, value: float | None) -> str:
    if value is None:
        return ""
    if part.factor in ("volume", "deal_size", "other"):
        return f"{value:,.0f}"
    return f"{value:.0%}"


def _band(band: Band) -> str:
    if band.never:
        return "never"
    if band.within is None:
        return "later"
    hours = band.within / timedelta(hours=1)
    return f"within {hours:g} h" if hours <= 24 else f"within {hours / 24:g} days"


def _money(value: float, found: Outlook) -> str:
    return f"{value:,.0f} {found.currency}"
