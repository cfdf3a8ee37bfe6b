"""What the leads list can be narrowed to, as conditions on the columns of `lead_list`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import exp

from accord.errors import AccordError

if TYPE_CHECKING:
    from datetime import datetime

Span = tuple["datetime | None", "datetime | None"]
"""A period [start, end) in naive UTC; None leaves a side open."""

FLAGS = ("never_contacted", "overdue", "worked_by_two", "missing")
"""What may be wrong with a lead: columns that are true, or hold something, where it is."""

WITHOUT = ""
"""As the value of a filter: the leads that have none."""


class UnknownFlag(AccordError):
    """Leads were asked for by a flag there is none of."""

    code = "unknown_flag"


@dataclass(frozen=True)
class Filters:
    """Which leads of the list are wanted; those that match all that is given.

    `text`: each of its words stands somewhere in name, e-mail address or company. `owner`: an e-mail address.
    `channel`, `segment`, `campaign`, `owner`, `verdict` (the last one) may be WITHOUT. `score`: from and up
    to, both included.
    `flags`: names of FLAGS, each of which must be set. Raises UnknownFlag.
    """

    text: str = ""
    stages: tuple[str, ...] = ()
    channel: str | None = None
    segment: str | None = None
    campaign: str | None = None
    owner: str | None = None
    verdict: str | None = None
    account: int | None = None
    opened: Span = (None, None)
    qualified: Span = (None, None)
    staged: Span = (None, None)
    score: tuple[float | None, float | None] = (None, None)
    flags: frozenset[str] = frozenset()
    closed: bool | None = None

    def __post_init__(self) -> None:
        unknown = ", ".join(sorted(self.flags - set(FLAGS)))
        if unknown:
            raise UnknownFlag(f"There is no flag {unknown}.", mend=f"Choose from {', '.join(FLAGS)}.")

    def condition(self) -> exp.Expr:
        """True for the rows of `lead_list` that match."""
        parts = [text_contains(word) for word in words(self.text)]
        if self.stages:
            parts.append(exp.column("stage").isin(*(exp.Literal.string(stage) for stage in self.stages)))
        for column, value in (
            ("channel", self.channel),
            ("segment", self.segment),
            ("campaign", self.campaign),
            ("owner_email", self.owner),
            ("verdict", self.verdict),
        ):
            parts += _equals(column, value)
        if self.account is not None:
            parts.append(exp.column("account").eq(self.account))
        for column, span in (
            ("opened_at", self.opened),
            ("qualified_at", self.qualified),
            ("stage_at", self.staged),
        ):
            parts += _within(column, span)
        lowest, highest = self.score
        if lowest is not None:
            parts.append(exp.column("score") >= exp.convert(lowest))
        if highest is not None:
            parts.append(exp.column("score") <= exp.convert(highest))
        parts += [_set(flag) for flag in sorted(self.flags)]
        if self.closed is not None:
            missing = exp.column("closed_at").is_(exp.null())
            parts.append(exp.not_(missing) if self.closed else missing)
        return exp.and_(*parts) if parts else exp.true()


def words(text: str) -> list[str]:
    """The words of a text typed to search, in lower case."""
    return text.lower().split()


def text_contains(part: str) -> exp.Expr:
    """True where the column `text` has the part, given in lower case."""
    return exp.func("contains", exp.column("text"), exp.Literal.string(part))


def _equals(column: str, value: str | None) -> list[exp.Expr]:
    if value is None:
        return []
    return [exp.column(column).is_(exp.null()) if value == WITHOUT else exp.column(column).eq(value)]


def _within(column: str, span: Span) -> list[exp.Expr]:
    start, end = span
    parts: list[exp.Expr] = []
    if start is not None:
        parts.append(exp.column(column) >= _moment(start))
    if end is not None:
        parts.append(exp.column(column) < _moment(end))
    return parts


def _moment(moment: datetime) -> exp.Expr:
    return exp.cast(exp.Literal.string(moment.isoformat(sep=" ")), "TIMESTAMP")


def _set(flag: str) -> exp.Expr:
    return exp.not_(exp.column(flag).is_(exp.null())) if flag == "missing" else exp.column(flag)
