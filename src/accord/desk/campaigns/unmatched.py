"""Unmatched: spend without a campaign, channel, rate or touch, and campaigns with touches but no spend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from accord.desk.campaigns.asked import Asked
from accord.desk.campaigns.names import is_named, named
from accord.desk.reading import Reading, reading_of
from accord.desk.rights import Right, needs
from accord.desk.shell import formats
from accord.desk.shell.filters import filters_of
from accord.desk.shell.pages import page
from accord.desk.shell.tables import csv_response, wants_csv

Row = dict[str, Any]

WHAT = {
    "spend without a campaign": (
        _("Spend without a campaign"),
        _("It counts in the spend, and in no campaign’s return. Map the column that names the campaign."),
    ),
    "spend without a channel": (
        _("Spend without a channel"),
        _("Give the campaign its channel in the list of campaigns, or map the channel of the cost."),
    ),
    "spend without a rate": (
        _("Spend without an exchange rate"),
        _("It is in no sum until the rate of its currency is loaded, from its day or before."),
    ),
    "spend without a usable rate": (
        _("Spend whose exchange rate cannot be right"),
        _("Converted, the amount is too large to be money. Load the right rate of that day."),
    ),
    "spend on a campaign without a touch": (
        _("Spend on a campaign nobody was touched by"),
        _(
            "Name the campaign in utm_campaign as the ad tool does, or load its touches; a longer period may "
            "have them."
        ),
    ),
    "touches of a campaign without spend": (
        _("Campaigns with touches, without spend"),
        _("Load what they cost; if they cost nothing, all is well."),
    ),
}
"""What finds no match, as the report calls it: in words, and what to do about it."""

SHOWN = 50
"""How many campaigns of each kind the page lists; the file has all."""


@dataclass(frozen=True)
class Kind:
    """All that misses the same thing."""

    title: Any
    mend: Any
    rows: list[Row]
    more: int

    @property
    def is_spend(self) -> bool:
        """Whether it is money, and not touches."""
        return self.rows[0]["amount"] is not None


@dataclass(frozen=True)
class Missing:
    """The spend that finds no match: its value, of how many campaigns, whether some of it names none, and the
    currencies that have no rate."""

    value: Decimal
    campaigns: int
    is_nameless: bool
    currencies: list[str]


@needs(Right.NUMBERS)
def unmatched(request: HttpRequest) -> HttpResponse:
    """What of the spend and touches of a period finds no match, kind by kind."""
    reading = reading_of(request)
    if not reading.has_build:
        return page(request, "shell/not_built.html", title=_("Unmatched"))
    filters = filters_of(request, reading)
    rows = reading.unmatched(filters)
    if wants_csv(request):
        return csv_response(request, f"unmatched-{filters.period.label}", rows)
    return page(
        request,
        "campaigns/unmatched.html",
        filters,
        period_only=True,
        wrong=Asked(request, filters).wrong,
        kinds=[_kind(reading, what, list(found)) for what, found in groupby(rows, key=lambda r: r["what"])],
        missing=missing(rows),
    )


def missing(rows: Sequence[Row]) -> Missing | None:
    """The spend among what finds no match, every amount once whatever it misses; None where there is none."""
    spent = [row for row in rows if row["amount"] is not None]
    if not spent:
        return None
    # A campaign's rows are all of its spend, or parts of it: the largest holds the others.
    most: dict[tuple[str, str], Decimal] = {}
    for row in spent:
        place = row["campaign"], row["currency"]
        most[place] = max(most.get(place, Decimal(0)), row["value"] or Decimal(0))
    names = {campaign for (campaign, _currency), value in most.items() if value}
    named_ones = {name for name in names if is_named("campaign", name)}
    unrated = sorted({row["currency"] for row in spent if row["value"] is None})
    return Missing(sum(most.values(), Decimal(0)), len(named_ones), names != named_ones, unrated)


def _kind(reading: Reading, what: str, rows: list[Row]) -> Kind:
    heading, mend = WHAT.get(what, (what, ""))
    return Kind(heading, mend, [_shown(reading, row) for row in rows[:SHOWN]], max(len(rows) - SHOWN, 0))


def _shown(reading: Reading, row: Row) -> Row:
    """The row with its campaign's name, and its amount in its own currency."""
    return row | {
        "name": named(reading, "campaign", row["campaign"]),
        "is_named": is_named("campaign", row["campaign"]),
        "amount_shown": formats.exact(row["amount"], "money", row["currency"]),
    }
