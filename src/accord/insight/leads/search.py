"""One search box: people, accounts, campaigns and deals by what they are called."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

from sqlglot import exp

from accord.insight.leads.filters import words

if TYPE_CHECKING:
    from accord.insight.leads.scope import Kind, Scope
    from accord.ledger.engine import Engine

SHORT = 2
"""Letters up to which a word is looked for at the beginning of names only: elsewhere it is everywhere."""

LINE, END = "\n ", "\n"
"""What begins and ends a part of the column `text`."""

WORD_STARTS = (" ", "@", ".", "-", "/", ":")
"""What a word begins after: a space at the beginning of a part as well."""


def search(engine: Engine, scope: Scope, text: str, *, limit: int = 8) -> list[dict[str, Any]]:
    """Whom or what the scope may see that has all words of `text` in its name or address.

    Rows `{kind, key, title, subtitle}`, at most `limit` of each kind: person, account, campaign, deal; `key`
    is the number of a person, account or deal in this build, and a campaign's label. Best first: called so
    exactly, beginning so, a word beginning so, anything else; among equals the latest. Nobody is found
    without the right to personal data. Reads search_index and owned.
    """
    looked_for = words(text)
    if not looked_for or scope.owners == frozenset():
        return []
    wanted = " ".join(looked_for)
    parameters = [f"{LINE}{wanted}{END}", *(start + wanted for start in (LINE, *WORD_STARTS))]
    parameters += [f" {word}" if len(word) <= SHORT else word for word in looked_for]
    query = _query(scope, len(looked_for), limit)
    return [
        {
            "kind": row["kind"],
            "key": row["key"] if row["label"] is None else row["label"],
            "title": row["title"],
            "subtitle": row["subtitle"],
        }
        for row in engine.query(query, parameters).to_pylist()
    ]


@lru_cache
def _query(scope: Scope, count: int, limit: int) -> str:
    """The query for so many words. Campaigns are nobody's: who sees anything may find them."""
    kinds: tuple[Kind | Literal["campaign"], ...] = ("person", "account", "campaign", "deal")
    has = exp.and_(*(_contains(len(WORD_STARTS) + 3 + nth) for nth in range(count)))
    found = [
        exp.select("kind", "key", "label", "title", "subtitle", '"at"', dialect="duckdb")
        .select(exp.alias_(exp.convert(number), "kind_no"), exp.alias_(_RANK, "rank"))
        .from_("search_index")
        .where(exp.column("kind").eq(kind), has, *(() if kind == "campaign" else (scope.sees(kind, "key"),)))
        .order_by("rank", *_BEST_FIRST, dialect="duckdb")
        .limit(limit)
        .subquery("found")
        for number, kind in enumerate(kinds)
        if scope.personal or kind != "person"
    ]
    together = exp.union(*(exp.select("*").from_(rows) for rows in found), distinct=False)
    query = exp.select("*").from_(together.subquery("together"))
    return query.order_by("kind_no", "rank", *_BEST_FIRST, dialect="duckdb").sql(dialect="duckdb")


def _contains(number: int) -> exp.Expr:
    """True where `text` has the part given as the parameter of that number."""
    parameter = exp.Parameter(this=exp.Literal.number(number))
    return exp.func("contains", exp.column("text"), parameter)


_RANK = (
    exp.Case()
    .when(_contains(1), exp.convert(0))
    .when(_contains(2), exp.convert(1))
    .when(exp.or_(*(_contains(number) for number in range(3, len(WORD_STARTS) + 3))), exp.convert(2))
    .else_(exp.convert(3))
)
"""Exactly so, beginning so, a word beginning so, else; parameters 1, 2, and one for each of WORD_STARTS."""

_BEST_FIRST = ('"at" DESC NULLS LAST', "key", "label")
"""Among those of one rank."""
