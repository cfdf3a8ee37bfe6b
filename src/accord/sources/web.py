"""The parts of a web address that a touch keeps: path, utm parameters, and which click id it carries."""

from __future__ import annotations

from sqlglot import exp

from accord.sources.sql import call, case, first_of, number, text

UTM = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content")
CLICK_ID = r"(?:^|&)(gclid|gbraid|wbraid|dclid|msclkid|li_fat_id|ttclid|twclid|yclid)=[^&]"
"""Query parameters that advertising platforms add to a click."""
SHARED_ID = r"(?:^|&)(fbclid)=[^&]"
"""Looked for last: it stands on every link shared on Facebook, also beside the id of another's click."""


def parts(url: exp.Expr, mapped: set[str]) -> dict[str, exp.Expr]:
    """Values from the address for the columns that are not in `mapped`."""
    found = {name: _parameter(url, name) for name in UTM}
    found["path"] = call(
        "lower", _nullif_empty(_extract(url, r"^(?:[A-Za-z][A-Za-z0-9+.-]*:)?(?://[^/?#]*)?([^?#]*)"))
    )
    query = _extract(url, r"\?([^#]*)")
    ids = [_nullif_empty(_extract(query, pattern)) for pattern in (CLICK_ID, SHARED_ID)]
    found["click_id"] = first_of(ids)
    has_query = call("contains", url.copy(), text("?"))
    return {
        name: value if name == "path" else case((has_query.copy(), value))
        for name, value in found.items()
        if name not in mapped
    }


LONGEST = 500
"""Characters kept of a parameter's value."""


def _parameter(url: exp.Expr, name: str) -> exp.Expr:
    """The parameter's value, decoded; as written where it cannot be. Addresses come from the open web."""
    given = _nullif_empty(_extract(url, rf"[?&]{name}=([^&#]*)"))
    decoded = call("try", call("url_decode", call("replace", given, text("+"), text(" "))))
    clean = call(
        "regexp_replace", call("coalesce", decoded, given.copy()), text("[[:cntrl:]]"), text(""), text("g")
    )
    return call("left", clean, number(LONGEST))


def _extract(url: exp.Expr, pattern: str) -> exp.Expr:
    return call("regexp_extract", url.copy(), text(pattern), number(1))


def _nullif_empty(value: exp.Expr) -> exp.Expr:
    return call("nullif", value, text(""))
