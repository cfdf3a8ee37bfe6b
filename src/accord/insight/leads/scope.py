"""Who may see which leads: the one place where rights become part of a query.

Every function of `accord.insight.leads` and `accord.insight.explain` takes a Scope and reads what belongs to
people through it alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from sqlglot import exp

Kind = Literal["person", "account", "deal"]


def _columns(names: str) -> frozenset[str]:
    return frozenset(names.split())


PERSONAL: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "lead_list": _columns("person_id name email job_title owner_id owner_name owner_email text"),
        "people": _columns(
            "person_id email email_domain first_name last_name phone job_title company city region fields "
            "owner_id"
        ),
        "accounts": _columns("owner_id fields"),
        "deal_persons": _columns(""),
        "deals_counted": _columns("owner_id"),
        "decisions_made": _columns("inputs"),
        "leads": _columns("person_id owner_id"),
        "timeline": _columns("path url asset session owner_id"),
        "lead_verdicts": _columns("note owner_id"),
    }
)
"""By table the columns, all of text, that say who somebody is or let one find out."""


@dataclass(frozen=True)
class Scope:
    """What somebody may see.

    `owners`: e-mail addresses, in lower case, of the owners whose leads; None means all leads, also those
    without an owner, and an empty set none. `people`: keys of people seen besides, whoever the tools say owns
    them. `personal`: whether personal data may be shown.
    """

    owners: frozenset[str] | None
    personal: bool
    people: frozenset[int] = frozenset()

    def select(self, table: str, *columns: str, of: Kind | None = None) -> exp.Select:
        """The columns of those rows of a table of PERSONAL that may be seen, personal ones null as in `read`.

        A row is its `owner_email`'s; with `of`, it is the owners' of its person, account or deal.
        """
        query = self.read(table, *columns)
        if self.owners is None:
            return query
        mine = self.sees(of)
        return query.where(exp.or_(mine, self._besides("person")) if of is None and self.people else mine)

    def read(self, table: str, *columns: str) -> exp.Select:
        """The columns of rows whose person, account or deal may be seen; personal ones null as rights are."""
        hidden = frozenset() if self.personal else PERSONAL[table]
        shown = [_nothing(name) if name in hidden else exp.column(name, quoted=True) for name in columns]
        return exp.select(*shown).from_(exp.to_identifier(table, quoted=True))

    def sees(self, of: Kind | None = None, key: str | None = None) -> exp.Expr:
        """True where a row may be seen, as `select` says; `key` names the column of the keys."""
        if self.owners is None:
            return exp.true()
        owners = [exp.Literal.string(owner) for owner in sorted(self.owners)]
        mine = exp.column("owner_email").isin(*owners) if owners else exp.false()
        if of is None:
            return mine
        keys = exp.select("key").from_("owned").where(mine).where(exp.column("kind").eq(of))
        owned = exp.column(key or of).isin(query=keys)
        return exp.or_(owned, self._besides(of, key)) if self.people else owned

    def _besides(self, of: Kind, key: str | None = None) -> exp.Expr:
        """True for the people seen besides, and for their accounts and deals."""
        people = exp.column("person").isin(*(exp.Literal.number(person) for person in sorted(self.people)))
        if of == "person":
            return exp.column(key or "person").isin(*people.args["expressions"])
        theirs = exp.select(of).from_("people" if of == "account" else "deals_counted").where(people)
        return exp.column(key or of).isin(query=theirs)


EVERYTHING = Scope(owners=None, personal=True)
"""What whoever has the workspace's files may see."""


def _nothing(name: str) -> exp.Expr:
    return exp.alias_(exp.cast(exp.null(), "VARCHAR"), name, quoted=True)
