"""What a changed agreement would have done, printed."""

from __future__ import annotations

import sys
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from accord.cli.output import Format, print_json, print_rows, share_text

if TYPE_CHECKING:
    from accord.insight.backtest import Flip, Load, Setting, Side

LISTED = 20
"""So many flips each way are printed; JSON has all."""


def backtest(
    folder: Path,
    draft: Path,
    against: str | None,
    days: tuple[date | None, date | None],
    horizon: int,
    format: Format,
) -> None:
    """Run a backtest and print it."""
    from accord.insight.backtest import as_dict
    from accord.workspace import Workspace

    found = Workspace(folder).backtest(
        draft,
        against=against,
        start=days[0],
        end=days[1],
        horizon=timedelta(days=horizon),
        progress=lambda step: print(step, file=sys.stderr),
    )
    if format is not Format.table:
        print_json(as_dict(found)) if format is Format.json else print_rows(found.weeks, format)
        return
    print(f"{found.stage.upper()} from {found.start} until {found.end}; outcomes within {horizon} days\n")
    print_rows([_row("draft", found.draft), _row("baseline", found.baseline)], format)
    for title, flips in (("in", found.flips_in), ("out", found.flips_out)):
        print(f"\n{len(flips)} flip {title}")
        print_rows([_flip(flip) for flip in flips[:LISTED]], format, empty="None.")
    for one in found.sensitivity:
        print(f"\nWith another number in {one.threshold}")
        print_rows([_setting(setting) for setting in one.settings], format)
    if not found.answered:
        print("\nMore than a third of those who flip in were never worked: the past cannot tell how they")
        print("would have done. Hand over some of them for a few weeks to learn it.")


def _row(name: str, side: Side) -> dict[str, Any]:
    told = {outcome: share_text(one.worked) for outcome, one in side.precision.items()}
    unworked = side.precision["accepted"].unworked
    return {
        "": name,
        "version": side.version,
        "qualified": side.qualified,
        "a week": round(side.load.leads_per_week, 1),
        "hours a week": _hours(side.load),
        **told,
        "never worked": share_text(unworked),
        "of the won": share_text(side.recall),
    }


def _hours(load: Load) -> str:
    if load.hours_per_week is None or load.hours_there is None:
        return "–"
    return f"{load.hours_per_week:.1f} of {load.hours_there:.0f}"


def _setting(one: Setting) -> dict[str, Any]:
    return {
        "number": f"{one.value:g}" + (" (now)" if one.present else ""),
        "a week": round(one.per_week, 1),
        "accepted": share_text(one.accepted),
        "of the won": share_text(one.recall),
    }


def _flip(flip: Flip) -> dict[str, Any]:
    became = (
        "won" if flip.won else "accepted" if flip.accepted else "worked" if flip.worked else "never worked"
    )
    name = flip.name or flip.person
    return {"lead": name, "company": flip.company, "day": flip.at.date(), "by": flip.rule, "became": became}
