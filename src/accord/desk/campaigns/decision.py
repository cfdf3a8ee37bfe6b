"""Would another model decide otherwise? What all models agree on about the spend, each with its interval."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from accord.desk.campaigns.asked import choices
from accord.desk.campaigns.chosen import MODELS
from accord.desk.campaigns.names import SPENT_BY, named
from accord.desk.reading import Reading, reading_of
from accord.desk.rights import Right, needs
from accord.desk.shell.filters import Filters, filters_of
from accord.desk.shell.pages import page
from accord.desk.shell.tables import csv_response, wants_csv
from accord.insight.attribution.decision import NoDecision, by_model

if TYPE_CHECKING:
    from accord.insight.attribution.decision import Amount, Decision, Line, Move

TESTS = {
    "holdout": _("Holdout"),
    "geo": _("By place"),
    "pause": _("Paused"),
    "lift": _("Lift study"),
}
PART = 10
"""Per cent of the spend that moves, unless asked otherwise."""


@dataclass(frozen=True)
class Bar:
    """A share of the credit on a line's scale, in per cent of its width: from the lowest bound of any model
    to the highest, a dot for each model, and where the share of the spend stands."""

    low: float
    high: float
    dots: list[float]
    spend: float


@dataclass(frozen=True)
class Row:
    """A line of the table with its bar; `shares`: its share of the credit under each model, in order."""

    line: Line
    name: Any
    bar: Bar
    shares: list[Amount]
    above: list[Any]


@needs(Right.NUMBERS)
def decision(request: HttpRequest) -> HttpResponse:
    """The verdict on each channel, or `?by=campaign`, for `?stage=`, and what moving `?part=` per cent of the
    spend of `?from_=` to `?to_=` would do under each model."""
    reading = reading_of(request)
    if not reading.has_build:
        return page(request, "shell/not_built.html", title=_("Budget decision"))
    filters = filters_of(request, reading, keep=("by", "stage", "part", "source", "target"))
    by = filters.kept.get("by", "channel") if filters.kept.get("by") in SPENT_BY else "channel"
    stage = _stage(reading, filters)
    found, wrong = _found(reading, filters, by, stage)
    if wants_csv(request):
        return csv_response(request, f"decision-{filters.period.label}", by_model(found, by))
    costly = [line for line in found.lines if line.cost]
    names = {line.label: named(reading, by, line.label) for line in found.lines}
    return page(
        request,
        "campaigns/decision.html",
        filters,
        period_only=True,
        wrong=wrong,
        found=found,
        rows=_rows(costly, found.models, names),
        free=[names[line.label] for line in found.lines if not line.cost and line.journeys],
        disagreed=[names[line.label] for line in costly if line.verdict == "models_disagree"],
        model_names=[MODELS.get(name, name) for name in found.models],
        by=by,
        bys=choices(filters, "by", SPENT_BY, by, source=None, target=None),
        stage=stage,
        stages=choices(
            filters, "stage", {each["stage"]: each["label"] for each in reading.stages}, stage["stage"]
        ),
        part=_part(filters),
        movable=[(line.label, names[line.label]) for line in costly],
        moved=_moved(found.move, costly, names) if found.move else None,
        valued=stage["enter"] in ("deal_open", "deal_won"),
        tests=[
            row | {"last": row["to"] - timedelta(days=1)} for row in reading.experiments() if row["by"] == by
        ],
        kinds=TESTS,
    )


def _found(reading: Reading, filters: Filters, by: str, stage: dict[str, Any]) -> tuple[Decision, str]:
    """The decision, with what is wrong with the move that was asked for."""
    options: dict[str, Any] = {"by": by, "milestone": stage["stage"], "part": _part(filters) / 100}
    asked = {name: filters.kept[name] for name in ("source", "target") if name in filters.kept}
    try:
        return reading.decision(filters, **options, **asked), ""
    except NoDecision as error:
        return reading.decision(filters, **options), str(error)


def _stage(reading: Reading, filters: Filters) -> dict[str, Any]:
    asked = filters.kept.get("stage")
    return next((each for each in reading.stages if each["stage"] == asked), reading.stages[-1])


def _part(filters: Filters) -> int:
    asked = filters.kept.get("part", "")
    return min(100, max(1, int(asked))) if asked.isdecimal() and len(asked) < 4 else PART


def _rows(lines: list[Line], models: list[str], names: dict[str, Any]) -> list[Row]:
    shares = {line.label: [line.credit[model].share for model in models] for line in lines}
    ends = [share.high or 0 for each in shares.values() for share in each]
    widest = max([*ends, *(line.cost_share or 0 for line in lines), 0.01])
    return [
        Row(
            line,
            names[line.label],
            _bar(line, shares[line.label], widest),
            shares[line.label],
            [names[other] for other in line.above],
        )
        for line in lines
    ]


def _bar(line: Line, shares: list[Amount], widest: float) -> Bar:
    def place(share: float | None) -> float:
        return round(98 * (share or 0) / widest + 1, 1)

    return Bar(
        min(place(share.low) for share in shares),
        max(place(share.high) for share in shares),
        [place(share.counted) for share in shares],
        place(line.cost_share),
    )


def _moved(move: Move, lines: list[Line], names: dict[str, Any]) -> dict[str, Any]:
    thin = {line.label for line in lines if line.thin}
    return {
        "source": names[move.source],
        "target": names[move.target],
        "chosen": (move.source, move.target),
        "amount": move.amount,
        "gains": [(MODELS.get(model, model), gain) for model, gain in move.gain.items()],
        "thin": bool(thin & {move.source, move.target}),
    }
