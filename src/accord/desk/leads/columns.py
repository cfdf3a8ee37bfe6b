"""The columns of the leads list that it can be ordered by, and the links that do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from accord.insight.leads.listing import NEWEST_FIRST

if TYPE_CHECKING:
    from accord.desk.leads.address import Asked


class Column(NamedTuple):
    """A column: what it is ordered by at first, its heading (none: a choice alone), the same order as a
    choice, and whether it holds numbers."""

    order: str
    heading: Any
    choice: Any
    is_number: bool = False


COLUMNS = (
    Column("name", _("Lead"), _("Name")),
    Column("-stage_at", _("Stage"), _("Newest in its stage")),
    Column("-score", _("Score"), _("Highest score"), True),
    Column("qualified_at", _("Qualified"), _("Waiting longest since qualified")),
    Column("-hours_to_contact", "", _("Slowest first contact")),
    Column("owner_name", _("Owner"), _("Owner")),
    Column("channel", _("Came by"), _("Channel")),
    Column("-opened_at", _("Opened"), _("Newest")),
)


def headings(asked: Asked, *, personal: bool) -> list[dict[str, Any]]:
    """The table's headings: the `address` that orders by each, turning round the one in force."""
    return [
        {
            "heading": column.heading,
            "number": column.is_number,
            "sort": _sort(column, asked),
            "address": asked.address(sort=_turned(column, asked)),
        }
        for column in shown(personal=personal)
        if column.heading
    ]


def shown(*, personal: bool) -> list[Column]:
    """The columns for somebody with or without the right to personal data."""
    return [column for column in COLUMNS if personal or column.order != "owner_name"]


def _sort(column: Column, asked: Asked) -> str:
    if column.order.removeprefix("-") != asked.order.removeprefix("-"):
        return ""
    return "descending" if asked.order.startswith("-") else "ascending"


def _turned(column: Column, asked: Asked) -> str | None:
    name = column.order.removeprefix("-")
    wanted = column.order
    if asked.order == wanted:
        wanted = name if wanted.startswith("-") else f"-{name}"
    return None if wanted == NEWEST_FIRST else wanted
