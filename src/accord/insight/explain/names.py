"""Whom a name means: a lead's or person's key, an e-mail address, or the name a tool gives."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from sqlglot import exp

from accord.errors import AccordError
from accord.insight.explain.rows import is_key, rows_of, text

if TYPE_CHECKING:
    from accord.insight.leads import Scope
    from accord.ledger.engine import Engine

NAMES_SHOWN = 10

KEY = re.compile(r"(lead|person)=([0-9]{1,18})")


class UnknownLead(AccordError):
    """No person has that name, or several do, or none that may be seen."""

    code = "unknown_lead"


def person_called(engine: Engine, scope: Scope, name: str) -> int:
    """The key of the person whom `name` means, among those the scope may see.

    `name` is `lead=<key>` or `person=<key>` of this build; who may see personal data may also give an e-mail
    address, a record (`crm:person:1`) or a record's bare id. Raises UnknownLead.
    """
    key = KEY.fullmatch(name)
    if key:
        found = _with_key(engine, scope, key[1], int(key[2]))
    else:
        found = _with_name(engine, scope, name) if scope.personal else []
    if not found:
        raise UnknownLead(
            f"Nobody is called {name}.",
            mend="Give an e-mail address or a record's id, as in `accord export people people.csv`.",
        )
    if len(found) > 1:
        raise UnknownLead(f"{len(found)} people are called {name}.", mend=_choice(engine, found))
    return found[0]


def _with_key(engine: Engine, scope: Scope, kind: str, key: int) -> list[int]:
    return [row["person"] for row in rows_of(engine, _of_key(scope, kind), key)]


@lru_cache
def _of_key(scope: Scope, kind: str) -> str:
    table = "leads" if kind == "lead" else "people"
    return text(exp.select("person").from_(table).where(is_key(kind)).where(scope.sees("person")))


def _with_name(engine: Engine, scope: Scope, name: str) -> list[int]:
    exactly = rows_of(engine, _named(scope, "actor IN (?, ?)"), name, f"email:{name.lower()}")
    rows = exactly or rows_of(engine, _named(scope, "ends_with(actor, ?)"), f":{name}")
    return [row["person"] for row in rows]


@lru_cache
def _named(scope: Scope, condition: str) -> str:
    seen = exp.select("person").distinct().from_("actors").where(scope.sees("person")).order_by("person")
    return text(seen.where(condition, dialect="duckdb"))


_NAMES = "SELECT person_id FROM people WHERE person IN (SELECT unnest(?)) ORDER BY person LIMIT ?"


def _choice(engine: Engine, people: list[int]) -> str:
    names = [row["person_id"] for row in rows_of(engine, _NAMES, people, NAMES_SHOWN)]
    return f"Choose one of {', '.join(names)}."
