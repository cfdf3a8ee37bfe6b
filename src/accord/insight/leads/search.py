"""One search box: people, accounts, campaigns and deals by what they are called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlglot import exp

from accord.insight.leads.filters import text_contains, words

if TYPE_CHECKING:
    from accord.insight.leads.scope import Kind, Scope
    from accord.ledger.engine import Engine

SHORT = 2
"""Letters of a word up to which only names that begin so are looked for: elsewhere it is everywhere."""

LINE = "\n"
WORD_STARTS = (" ", "@", ".", "-", "/", ":")
"""What a word begins after, in the column `text`."""


def search(engine: Engine, scope: Scope, text: str, *, limit: int = 8) -> list[dict[str, Any]]:
    """Whom or what the scope may see that has all words of `text` in its name or address.

    Rows `{kind, key, title, subtitle}`, at most `limit` of each kind: person, account, campaign, deal; `key`
    is the number of a person, account or deal in this build, and a campaign's label. Best first: called so
    exactly, beginning so, a word beginning so, anything else; among equals the latest. Nobody is found
    without the right to personal data. Reads search_index and owned.
    """
    wanted = " ".join(words(text))
    if not wanted:
        return []
    kinds: tuple[Kind, ...] = ("person", "account", "deal") if scope.personal else ("account", "deal")
    found = [_best(kind, wanted, limit).where(scope.sees(kind, "key")) for kind in kinds]
    if scope.owners is None or scope.owners:
        # Campaigns are nobody's: who sees anything at all may find them.
        found.insert(-1, _best("campaign", wanted, limit))
    query = exp.union(*(exp.select("*").from_(rows.subquery("found")) for rows in found), distinct=False)
    return [
        {
            "kind": row["kind"],
            "key": row["key"] if row["label"] is None else row["label"],
            "title": row["title"],
            "subtitle": row["subtitle"],
        }
        for row in engine.query(query.sql(dialect="duckdb")).to_pylist()
    ]


def _best(kind: str, wanted: str, limit: int) -> exp.Select:
    return (
        exp.select("kind", "key", "label", "title", "subtitle")
        .from_("search_index")
        .where(exp.column("kind").eq(kind), *(_has(word) for word in wanted.split()))
        .order_by(_rank(wanted), '"at" DESC NULLS LAST', "key", "label", dialect="duckdb")
        .limit(limit)
    )


def _has(word: str) -> exp.Expr:
    return text_contains(word) if len(word) > SHORT else _begins(word, (LINE, " "))


def _rank(wanted: str) -> exp.Expr:
    return (
        exp.Case()
        .when(text_contains(f"{LINE}{wanted}{LINE}"), exp.convert(0))
        .when(text_contains(f"{LINE}{wanted}"), exp.convert(1))
        .when(_begins(wanted, WORD_STARTS), exp.convert(2))
        .else_(exp.convert(3))
    )


def _begins(wanted: str, after: tuple[str, ...]) -> exp.Expr:
    return exp.or_(*(text_contains(start + wanted) for start in after))
