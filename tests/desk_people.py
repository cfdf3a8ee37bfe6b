"""What must not be on a page for who may not see it: names and addresses of the example's people."""

from __future__ import annotations

import csv
from functools import lru_cache

from desk_owners import OWNERS
from example import EXAMPLE


@lru_cache(maxsize=1)
def known_names() -> frozenset[str]:
    """The full names and e-mail addresses of the example's contacts and owners, in both cases."""
    with (EXAMPLE / "export" / "contacts.csv").open(newline="", encoding="utf-8") as file:
        rows = [*csv.DictReader(file), *csv.DictReader(OWNERS.splitlines())]
    names = {f"{row['First Name']} {row['Last Name']}" for row in rows}
    addresses = {row["Email"] for row in rows}
    return frozenset(names | addresses | {address.lower() for address in addresses})
