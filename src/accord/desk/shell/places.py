"""Where a number or a finding leads: the address of what the library names by page and filters."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse

if TYPE_CHECKING:
    from accord.desk.shell.filters import Filters


def address(opens: Mapping[str, Any], filters: Filters | None = None) -> str | None:
    """The address of `{"kpi": name}` or `{"page": name}`, with its `filters`; None if there is no such page.

    A KPI without filters of its own opens with those of the page.
    """
    if "kpi" in opens:
        query = f"?{filters.address()}" if filters else ""
        if "filters" in opens:
            query = f"?{urlencode(opens['filters'])}"
        return reverse("number", args=[opens["kpi"]]) + query
    return page_address(opens["page"], opens.get("filters", {}))


def page_address(page: str, filters: Mapping[str, Any]) -> str | None:
    """The address of a page with filters in it; None if there is no such page.

    Where the page's address itself names what it shows, as that of one lead, the filters are those names.
    """
    with suppress(NoReverseMatch):
        base = reverse(page)
        return f"{base}?{urlencode(filters)}" if filters else base
    with suppress(NoReverseMatch):
        return reverse(page, kwargs=dict(filters))
    return None
