"""A score as a receipt: its rules' lines, rounded so that they add up to the printed total."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accord.desk.shell import formats
from accord.desk.shell.rounding import apportion

if TYPE_CHECKING:
    from accord.agreement import Agreement

DIGITS = 1
CAP = "(cap)"


@dataclass(frozen=True)
class Line:
    """A rule's points; `starts` and `width` place its bar, in shares of the widest sum; `missing` fields."""

    label: str
    why: str
    points: Decimal
    starts: float
    width: float
    missing: str


@dataclass(frozen=True)
class Receipt:
    """The lines of one part of a score and what they add up to, to a tenth of a point."""

    part: str
    lines: list[Line]
    total: Decimal
    width: float


def receipts(agreement: Agreement, cycle: dict[str, Any]) -> list[Receipt]:
    """Engagement and fit of a lead as of the build."""
    return [_receipt(agreement, part, cycle) for part in ("engagement", "fit")]


def _receipt(agreement: Agreement, part: str, cycle: dict[str, Any]) -> Receipt:
    rows = [row for row in cycle["score_lines"] if row["part"] == part]
    # What the cap takes comes last: it takes from all lines above it.
    rows.sort(key=lambda row: row["rule"] == CAP)
    shown = [points for points in apportion([row["points"] for row in rows], DIGITS) if points is not None]
    total = sum(shown, Decimal())
    scale = max(_highest(shown), Decimal(agreement.scoring.caps.model_dump()[part] or 0), Decimal("0.1"))
    lines, reached = [], Decimal()
    for row, points in zip(rows, shown, strict=True):
        before, reached = reached, reached + points
        # A bar stands between zero and the highest sum; what is below zero is not drawn.
        starts, ends = sorted(max(edge, Decimal()) for edge in (before, reached))
        label, why = _words(agreement, part, row)
        missing = (row["missing"] or "").replace("_", " ")
        width = float((ends - starts) / scale)
        lines.append(Line(label, why, points, float(starts / scale), width, missing))
    return Receipt(part, lines, total, float(max(total, Decimal()) / scale))


def _highest(values: Sequence[Decimal]) -> Decimal:
    """The highest that the running sum comes to."""
    sums = [sum(values[: n + 1], Decimal()) for n in range(len(values))]
    return max(sums, default=Decimal())


def _words(agreement: Agreement, part: str, row: dict[str, Any]) -> tuple[str, str]:
    """What the line is called, and why it gives what it gives."""
    name = row["rule"]
    if name == CAP:
        cap = agreement.scoring.caps.model_dump()[part]
        if row["points"] > 0:
            return _("Never below 0"), ""
        return _("Cap"), _("no more than %s") % formats.exact(cap, "points")
    label = name.replace("_", " ").capitalize()
    if part == "fit":
        fit = agreement.scoring.fit.get(name)
        return (fit.label or label, fit.where.text) if fit else (label, "")
    rule = agreement.scoring.engagement.get(name)
    if rule is None:
        return label, ""
    each = formats.exact(rule.points, "points")
    touches = ngettext("%(n)s touch, %(each)s", "%(n)s touches, %(each)s each", row["hits"])
    why = [touches % {"n": row["hits"], "each": each}]
    if rule.half_life:
        why.append(_("half after %s") % rule.half_life)
    if rule.cap and row["raw_points"] > row["points"]:
        why.append(_("at most %s") % formats.exact(rule.cap, "points"))
    return rule.label or label, "; ".join(why)
