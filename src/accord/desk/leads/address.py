"""What an address of the leads list asks for: filters, order and page; and the same address with a change.

`/leads?stage=mql&owner=rita@northwind.example&flag=never_contacted&period=2026Q4&by=qualified&sort=-score`.
Names may be given several times where several values make sense; `-` as a value asks for leads without one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from accord.desk.rights import Right
from accord.insight.leads import COLUMNS, FLAGS, WITHOUT, Filters
from accord.insight.leads.listing import NEWEST_FIRST

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.http import QueryDict

    from accord.agreement import Agreement
    from accord.desk.reading import Reading
    from accord.insight.metrics.targets import Period

NAMES = (
    "q",
    "stage",
    "status",
    "flag",
    "channel",
    "segment",
    "campaign",
    "owner",
    "verdict",
    "score",
    "by",
    "period",
    "from",
    "to",
    "sort",
    "page",
)
"""What an address may name, in the order in which it does."""

SEVERAL = {"stage", "flag"}
PERSONAL = {"q", "owner"}
"""Names that ask for people, and nothing of whoever may not see who they are."""

NONE = "-"
NEW = "new"
"""The stage of a lead that has reached none."""

ANY_TIME = (None, None)

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Asked:
    """One address of the list; `given` are its names and values, those without a meaning left out."""

    given: Pairs
    filters: Filters
    order: str
    page: int

    def address(self, **changes: str | None) -> str:
        """The query string with names changed or, by None, taken away; from the first page unless given."""
        changes = {"page": None, **changes}
        kept = [(name, value) for name, value in self.given if name not in changes]
        return urlencode(_in_order([*kept, *((name, value) for name, value in changes.items() if value)]))

    def without(self, *pairs: tuple[str, str]) -> str:
        """The query string without these names and values."""
        return urlencode([pair for pair in self.given if pair not in pairs and pair[0] != "page"])

    @property
    def is_filtered(self) -> bool:
        """Whether it asks for less than all leads."""
        return self.filters != Filters()


def asked_of(query: QueryDict, reading: Reading, period: Period) -> Asked:
    """What the query string asks for; `period` is the one it names, if it names one."""
    hidden = set() if reading.may(Right.PERSONAL) else PERSONAL
    given = [
        (name, value.strip())
        for name in NAMES
        if name not in hidden
        for value in (query.getlist(name) if name in SEVERAL else query.getlist(name)[-1:])
        if value.strip()
    ]
    return _asked(given, period)


def query_of(given: Iterable[tuple[str, str]], period: Period) -> Asked:
    """The same of names and values: of a view that is always there."""
    return _asked(_in_order(given), period)


def _asked(given: list[tuple[str, str]], period: Period) -> Asked:
    one = dict(given)
    has_span = "period" in one or {"from", "to"} <= set(one)
    span = (period.start, period.end) if has_span else ANY_TIME
    by = one.get("by")
    filters = Filters(
        text=one.get("q", ""),
        stages=tuple(value for name, value in given if name == "stage"),
        flags=frozenset(value for name, value in given if name == "flag" and value in FLAGS),
        closed={"open": False, "closed": True}.get(one.get("status", "")),
        score=(_number(one.get("score")), None),
        channel=_value(one.get("channel")),
        segment=_value(one.get("segment")),
        campaign=_value(one.get("campaign")),
        owner=_value(one.get("owner")),
        verdict=_value(one.get("verdict")),
        opened=ANY_TIME if by in ("qualified", "staged") else span,
        qualified=span if by == "qualified" else ANY_TIME,
        staged=span if by == "staged" else ANY_TIME,
    )
    order = one.get("sort", NEWEST_FIRST)
    if order.removeprefix("-") not in (*COLUMNS, "label"):
        order = NEWEST_FIRST
    page = one.get("page", "")
    number = max(int(page), 1) if page.isdecimal() and len(page) < 7 else 1
    idle = {("sort", NEWEST_FIRST), ("page", "1"), *(() if has_span else (("by", by),))}
    return Asked(tuple(pair for pair in given if pair not in idle), filters, order, number)


def _value(given: str | None) -> str | None:
    return WITHOUT if given == NONE else given


def _number(given: str | None) -> float | None:
    try:
        number = float(given or "")
    except ValueError:
        return None
    return number if number == number and abs(number) < 1e9 else None


def _in_order(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return sorted(pairs, key=lambda pair: NAMES.index(pair[0]) if pair[0] in NAMES else len(NAMES))


def address_of(row: Mapping[str, Any], key: str = "") -> str:
    """What a lead is called in an address: its person's record, which builds do not change, else its key in
    this build (a person known by an e-mail alone, and all leads for who may not see who they are)."""
    record = row["person_id"]
    return record if record and not record.startswith("email:") else key or f"lead={row['lead']}"


def shown_row(row: dict[str, Any]) -> dict[str, Any]:
    """A row of the list with its `address`, and whether anything about it wants `attention`."""
    wants = row["overdue"] or row["never_contacted"] or row["worked_by_two"] or row["missing"]
    attention = bool(wants or row["closed_by"] or row["verdict"] == "returned")
    return {**row, "address": address_of(row), "attention": attention}


def stage_titles(agreement: Agreement) -> dict[str, str]:
    """What pages call each stage of a lead, in the agreement's order; first of all the one before any."""
    return {NEW: _("New")} | {stage.name: stage.title for stage in agreement.stages}
