"""Who the sellers are: the users of the source tools, where one human may have an account in several."""

from __future__ import annotations

from accord.ledger.engine import Step


def owner_names() -> Step:
    """`owner_names(owner_id, owner, email, name, team)`, from the facts of owners."""
    return Step.from_file(__package__, "owner_names")
