"""What a page of campaigns is asked for among what there is, and in words what of it there is not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from django.http import HttpRequest

    from accord.desk.shell.filters import Filters


class Asked:
    """The choices in one page's address; `wrong` says, line by line, what it asks for that there is not."""

    def __init__(self, request: HttpRequest, filters: Filters) -> None:
        self._filters = filters
        self.wrong = list(_no_such_period(request, filters))

    def one_of(self, name: str, known: Mapping[str, Any], default: str) -> str:
        """What the address gives `name`, if it is known; else the default."""
        value = self._filters.kept.get(name, default)
        if value in known:
            return value
        there_is = ", ".join(str(label) for label in known.values())
        said = _("There is no “%(asked)s” to choose here, so this is %(shown)s. There is: %(known)s.")
        self.wrong.append(said % {"asked": value, "shown": known[default], "known": there_is})
        return default


def choices(
    filters: Filters, name: str, labels: Mapping[str, Any], chosen: str, **others: None
) -> list[dict[str, Any]]:
    """Values to choose from, each with its address, which forgets what stands in `others`."""
    return [
        {
            "name": value,
            "label": label,
            "here": value == chosen,
            "address": filters.address(**{name: value, **others}),
        }
        for value, label in labels.items()
    ]


def _no_such_period(request: HttpRequest, filters: Filters) -> Iterator[str]:
    asked = [value for name in ("period", "from", "to") if (value := request.GET.get(name))]
    if asked and filters.period.kind != "days" and filters.period.label not in asked:
        said = _("There is no period “%(asked)s”, so this is %(shown)s.")
        yield said % {"asked": " – ".join(asked), "shown": filters.title}
