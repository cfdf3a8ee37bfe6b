"""Tags and filters every template has: icons, numbers that open, values in the reader's locale."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django import template
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from accord.desk.shell import formats, places
from accord.desk.shell.icons import sprite_hash

if TYPE_CHECKING:
    from accord.desk.shell.filters import Filters
    from accord.insight.exceptions import Part

register = template.Library()


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An icon; with a label it is spoken, without one it only decorates the word beside it."""
    return _drawn(name, str(label))


@lru_cache(maxsize=512)
def _drawn(name: str, label: str) -> SafeString:
    named = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="i" {}><use href="{}?{}#i-{}"/></svg>', named, reverse("icons"), sprite_hash(), name
    )


@register.simple_tag
def asset(path: str) -> str:
    """The address of a static file with a part that changes with its content."""
    return f"{static(path)}?{_hash(path)}"


@lru_cache(maxsize=64)
def _hash(path: str) -> str:
    found = finders.find(path)
    return sha256(Path(str(found)).read_bytes()).hexdigest()[:12] if found else ""


@register.simple_tag(takes_context=True)
def opens(context: template.Context, kpi: str, shown: Any, **changes: str) -> SafeString:
    """A number that opens: leads to its definition, version, build and facts for the page's filters."""
    query = context["filters"].address(**changes)
    return format_html('<a class="n" href="{}?{}">{}</a>', reverse("number", args=[kpi]), query, shown)


@register.simple_tag(takes_context=True)
def address(context: template.Context, **changes: str | None) -> str:
    """The query string of the page's filters, with some changed or, by None, taken away."""
    return str(context["filters"].address(**changes))


@register.simple_tag(takes_context=True)
def measured(context: template.Context, value: Any, unit: str, full: bool = False) -> str:
    """A value of a KPI's unit, money in the agreement's currency; in little room unless asked in full."""
    if value in (None, ""):
        return formats.NOTHING
    written = formats.exact if full else formats.compact
    return written(value, unit, context["currency"])


@register.simple_tag(takes_context=True)
def told(context: template.Context, parts: Iterable[Part]) -> SafeString:
    """A sentence in parts: its words, and its numbers in the reader's locale, each opening what it names."""
    return format_html_join("", "{}", ((_part(part, context.get("filters")),) for part in parts))


def _part(part: Part, filters: Filters | None) -> str:
    if "text" in part:
        return part["text"]
    shown = formats.compact(part["number"], part["unit"], part.get("currency", ""))
    address = places.address(part["opens"], filters) if "opens" in part else None
    return format_html('<a class="n" href="{}">{}</a>', address, shown) if address else shown


@register.filter
def exact(value: Any, unit: str) -> str:
    """The value in full. Money needs its currency: `{{ value|exact:"money EUR" }}`."""
    kind, _, currency = unit.partition(" ")
    return formats.exact(value, kind, currency)


@register.filter
def compact(value: Any, unit: str) -> str:
    """The value in little room."""
    kind, _, currency = unit.partition(" ")
    return formats.compact(value, kind, currency)


@register.filter
def day(value: datetime | None) -> str:
    """A day in the reader's words."""
    return formats.day(value)


@register.filter
def local_day(value: datetime, zone: str) -> str:
    """The day of a moment of naive UTC in the company's zone."""
    return formats.day(formats.local(value, zone))


@register.filter
def near_day(value: datetime | None, filters: Filters) -> str:
    """The local day of a moment of naive UTC, without the year where the page's build is of the same."""
    return formats.near_day(value, filters.zone, filters.now)


@register.filter
def long_day(value: date) -> str:
    """A day with its weekday: Tuesday, November 24, 2026."""
    return formats.day(value, "full")


@register.filter
def moment(value: datetime | None, zone: str) -> str:
    """A moment of naive UTC in the company's zone."""
    return formats.moment(value, zone)


@register.filter
def number_or_text(value: str | None) -> str:
    """A field's value as a condition read it: numbers, yes and no as the reader writes them."""
    if value in ("true", "false"):
        return _("yes") if value == "true" else _("no")
    try:
        return formats.exact(Decimal(value), "points") if value is not None else formats.NOTHING
    except InvalidOperation:
        return str(value)


@register.filter
def short(value: Any) -> str:
    """A value in few signs: a number to three digits, a text as it is."""
    return formats.exact(float(f"{value:.3g}"), "points") if isinstance(value, float) else str(value)


@register.filter
def spaced(name: str | None) -> str:
    """A name of the agreement as words: too_small, too small."""
    return (name or "").replace("_", " ")


@register.filter
def get(mapping: dict[str, Any], key: str) -> Any:
    """The mapping's value of the key, or None."""
    return mapping.get(key)
