"""The campaigns as lines of a table: named, ordered, rounded so that they sum, and judged by every model."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from django.utils.translation import gettext_lazy as _

from accord.desk.shell.rounding import apportion

Standing = Literal["gains", "differs", "loses"]

UNNAMED: Mapping[str, tuple[Any, Any]] = {
    "(sales)": (_("Sales outreach"), _("no campaign")),
    "(not set)": (_("No campaign"), _("none on record")),
    "(none)": (_("Nobody’s"), _("no touch to credit")),
}
"""What is not a campaign but has its part in the sums, by the label reports give it."""

FEW = 1 / 3
"""A campaign misses its audience when a smaller share of its leads than this are whom it was meant for."""

Key = Callable[["Line"], Any]


@dataclass(frozen=True)
class Line:
    """One campaign. `row`: its row of the report, exact; `shown`: its amounts rounded so that columns sum;
    `returns`: its return under each model; `cost_each`: what one lead of the last stage before deals cost;
    `audience` and `reason`: whom it was meant for and why sales returns its leads, in words."""

    row: dict[str, Any]
    shown: dict[str, Decimal | None]
    returns: dict[str, float | None]
    cost_each: Decimal | None
    audience: str | None
    reason: str | None

    @property
    def label(self) -> str:
        """The name reports know it by."""
        return str(self.row["campaign"])

    @property
    def is_named(self) -> bool:
        """Whether it is a campaign, and not what belongs to none."""
        return self.label not in UNNAMED

    @property
    def name(self) -> Any:
        """Its name for people."""
        return UNNAMED[self.label][0] if self.label in UNNAMED else self.row["name"]

    @property
    def under(self) -> Any:
        """The small words under its name: its channel, or why there is none."""
        return UNNAMED[self.label][1] if self.label in UNNAMED else self.row["channel"] or ""

    @property
    def standing(self) -> Standing | None:
        """Whether it pays under every model, under none, or models disagree; None without cost."""
        known = [value for value in self.returns.values() if value is not None]
        if not known:
            return None
        gains = sum(value >= 0 for value in known)
        return "gains" if gains == len(known) else "differs" if gains else "loses"

    @property
    def misses_audience(self) -> bool:
        """Whether too few of its leads are whom it was meant for."""
        return self.row["in_audience"] is not None and self.row["in_audience"] < FEW

    @property
    def returned_share(self) -> float | None:
        """The share of its leads that sales gave back."""
        return self.row["returned"] / self.row["leads"] if self.row["leads"] else None

    @property
    def loss(self) -> Decimal:
        """What it cost beyond what came back."""
        return (self.row["cost"] or Decimal(0)) - (self.row["won_value"] or Decimal(0))

    @property
    def stages(self) -> list[Decimal | None]:
        """Its credited conversions to each stage that leads enter."""
        return [self.shown[name] for name in self.shown if name not in SUMMED]


SUMMED = ("cost", "leads", "returned", "pipeline", "won_value")


def lines(
    rows: Sequence[dict[str, Any]],
    returns: Sequence[dict[str, Any]],
    stages: Sequence[str],
    words: Mapping[str, str],
) -> list[Line]:
    """The lines of a report and its returns by model.

    `stages` are those that leads enter, in order; `words` the names of segments and of reasons.
    """
    by_model = {row["campaign"]: _models(row) for row in returns}
    columns: dict[str, Sequence[Decimal | None]] = {
        **{name: apportion([row[name] for row in rows]) for name in ("cost", "pipeline", "won_value")},
        **{name: [Decimal(row[name]) for row in rows] for name in ("leads", "returned")},
        **{name: apportion([row[name] for row in rows], 1) for name in stages},
    }
    return [
        Line(
            row,
            {name: column[place] for name, column in columns.items()},
            by_model.get(row["campaign"], {}),
            _cost_each(row, stages),
            words.get(row["audience"], row["audience"]),
            words.get(row["return_reason"], row["return_reason"]),
        )
        for place, row in enumerate(rows)
    ]


def totals(found: Sequence[Line], stages: Sequence[str]) -> dict[str, Decimal | None]:
    """The sums of the columns as printed, and `cost_each` of the whole; None where nothing is known."""
    sums: dict[str, Decimal | None] = {}
    for name in (*SUMMED, *stages):
        known = [value for line in found if (value := line.shown[name]) is not None]
        sums[name] = sum(known, Decimal(0)) if known else None
    cost, last = sums["cost"], sum((line.row[stages[-1]] for line in found), Decimal(0)) if stages else None
    return sums | {"cost_each": cost / last if cost and last else None}


def ordered(found: Sequence[Line], order: str, keys: Mapping[str, Key]) -> list[Line]:
    """The lines by a column, `-` before it for falling; unknown values, then what is no campaign, last."""
    name = order.removeprefix("-")
    key = keys[name]
    known = sorted((line for line in found if key(line) is not None), key=key, reverse=order.startswith("-"))
    ranked = [*known, *(line for line in found if key(line) is None)]
    return sorted(ranked, key=lambda line: not line.is_named)


def sort_keys(stages: Sequence[str]) -> dict[str, Key]:
    """What each column of the table is ordered by."""
    exact = ("cost", "leads", "in_audience", *stages, "pipeline", "won_value", "roi")
    return {
        "name": lambda line: str(line.name).casefold(),
        "returned": lambda line: line.returned_share,
        "cost_each": lambda line: line.cost_each,
        **{name: lambda line, name=name: line.row[name] for name in exact},  # type: ignore[misc]
    }


def _models(row: dict[str, Any]) -> dict[str, float | None]:
    return {name: value for name, value in row.items() if name not in ("campaign", "cost")}


def _cost_each(row: dict[str, Any], stages: Sequence[str]) -> Decimal | None:
    reached = row[stages[-1]] if stages else None
    return row["cost"] / reached if row["cost"] and reached else None
