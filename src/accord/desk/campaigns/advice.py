"""What to stop and what to do more of, in sentences with their numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from django.utils.translation import gettext as _

from accord.insight.exceptions.parts import Part, count, measure, money, sentence, share, together

if TYPE_CHECKING:
    from accord.desk.campaigns.lines import Line

LEAST_SHARE = Decimal("0.02")
"""A campaign with less of the spend than this is not worth a sentence about its loss."""

MOST = 3
"""How many campaigns are named to stop, and to do more of."""


@dataclass(frozen=True)
class Advice:
    """What to do with one campaign: `stop` it or do `more` of it; `title` says what, `why` the reasons."""

    kind: Literal["stop", "more"]
    line: Line
    title: list[Part]
    why: list[Part]


@dataclass(frozen=True)
class Words:
    """What the sentences need besides the lines: the currency, the last stage that leads enter, and in `span`
    the period, as names and values of an address."""

    currency: str
    stage: str
    stage_label: str
    span: Mapping[str, str]

    @property
    def cost_kpi(self) -> str:
        """The KPI of what one lead of that stage costs."""
        return f"cost_per_{self.stage}"


def advice(lines: Sequence[Line], words: Words) -> list[Advice]:
    """The dearest campaigns that lose under every model, then the best that pay under every one."""
    spend = sum((line.row["cost"] or Decimal(0) for line in lines), Decimal(0))
    named = [line for line in lines if line.is_named and line.row["cost"]]
    losing = [n for n in named if n.standing == "loses" and n.row["cost"] >= spend * LEAST_SHARE]
    paying = [n for n in named if n.standing == "gains" and n.row["won_value"]]
    stop = sorted(losing, key=lambda line: (-_badness(line), line.label))[:MOST]
    more = sorted(paying, key=lambda line: (-line.row["roi"], line.label))[:MOST]
    return [
        *(Advice("stop", line, _title_stop(line, spend, words), _why_stop(line, words)) for line in stop),
        *(Advice("more", line, _title_more(line, words), _why_more(line, lines, words)) for line in more),
    ]


def advise(line: Line, lines: Sequence[Line], words: Words) -> Advice | None:
    """What to do with one of the lines; None where models disagree or nothing is known."""
    spend = sum((each.row["cost"] or Decimal(0) for each in lines), Decimal(0))
    if line.standing == "loses" and words.stage:
        return Advice("stop", line, _title_stop(line, spend, words), _why_stop(line, words))
    if line.standing == "gains" and line.row["won_value"] and words.stage:
        return Advice("more", line, _title_more(line, words), _why_more(line, lines, words))
    return None


def lede(found: Sequence[Advice]) -> list[Part]:
    """The page's sentence: the first to stop and the first to do more of."""
    parts = []
    for kind in ("stop", "more"):
        first = next((each for each in found if each.kind == kind), None)
        if first:
            parts.append([*first.title, {"text": "."}])
    return together(*parts)  # type: ignore[arg-type]


def _badness(line: Line) -> Decimal:
    """The loss, and twice for a campaign that brings the wrong people."""
    return line.loss * (2 if line.misses_audience else 1)


def _title_stop(line: Line, spend: Decimal, words: Words) -> list[Part]:
    return sentence(
        _("Stop or change {name}: it took {cost}, {share} of the spend, for {reached} {stage}"),
        name=str(line.name),
        cost=money(float(line.row["cost"]), words.currency, _opens(line, words)),
        share=share(float(line.row["cost"] / spend)),
        reached=count(round(float(line.row[words.stage]), 1), _opens(line, words)),  # type: ignore[arg-type]
        stage=words.stage_label,
    )


def _why_stop(line: Line, words: Words) -> list[Part]:
    row, parts = line.row, []
    if line.misses_audience:
        parts.append(
            sentence(
                _("Only {part} of its {leads} leads are {segment}, whom it was meant for."),
                part=share(row["in_audience"]),
                leads=count(row["leads"], _opens(line, words)),
                segment=str(line.audience),
            )
        )
    if row["returned"] and row["leads"]:
        parts.append(_returned(line))
    parts.append(sentence(_("It loses under every model.")))
    return together(*parts)


def _returned(line: Line) -> list[Part]:
    part = share(line.returned_share or 0)
    if line.reason is None:
        return sentence(_("Sales returned {part} of its leads."), part=part)
    return sentence(
        _("Sales returned {part} of its leads, most often as “{reason}”."),
        part=part,
        reason=line.reason,
    )


def _title_more(line: Line, words: Words) -> list[Part]:
    return sentence(
        _("Do more of {name}: {won} won for {cost}"),
        name=str(line.name),
        won=money(float(line.row["won_value"]), words.currency, _opens(line, words)),
        cost=money(float(line.row["cost"]), words.currency, _opens(line, words)),
    )


def _why_more(line: Line, lines: Sequence[Line], words: Words) -> list[Part]:
    parts = [
        sentence(
            _("ROI {roi}, and more than its cost under every model."),
            roi=measure(line.row["roi"], "ratio", words.currency),
        )
    ]
    usual = _usual_cost(lines, words.stage)
    if line.cost_each and usual:
        parts.append(
            sentence(
                _("One {stage} costs {each}; all campaigns together pay {usual}."),
                stage=words.stage_label,
                each=money(float(line.cost_each), words.currency),
                usual=money(float(usual), words.currency),
            )
        )
    return together(*parts)


def _usual_cost(lines: Sequence[Line], stage: str) -> Decimal | None:
    costing = [line for line in lines if line.is_named and line.row["cost"]]
    reached = sum((line.row[stage] for line in costing), Decimal(0))
    return sum((line.row["cost"] for line in costing), Decimal(0)) / reached if reached else None


def _opens(line: Line, words: Words) -> dict[str, Any]:
    return {"page": "campaigns", "filters": {"campaign": line.label, **words.span}}
