"""The reader's locale: how numbers, dates and money are written for them."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from functools import lru_cache
from typing import TYPE_CHECKING

from babel import Locale, UnknownLocaleError, negotiate_locale
from babel.localedata import locale_identifiers
from django.utils.translation.trans_real import parse_accept_lang_header

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponseBase

DEFAULT = Locale("en", "US")
_current: ContextVar[Locale] = ContextVar("locale", default=DEFAULT)


def current() -> Locale:
    """The locale of the request being answered."""
    return _current.get()


class ReaderLocale:
    """Takes the locale from the browser's `Accept-Language`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        token = _current.set(_chosen(request.headers.get("Accept-Language", "")[:200]))
        try:
            return self.get_response(request)
        finally:
            _current.reset(token)


@lru_cache(maxsize=64)
def _chosen(header: str) -> Locale:
    wanted = [code.replace("-", "_") for code, _ in parse_accept_lang_header(header)]
    name = negotiate_locale(wanted, locale_identifiers(), sep="_")
    try:
        return Locale.parse(name) if name else DEFAULT
    except (UnknownLocaleError, ValueError):
        return DEFAULT
