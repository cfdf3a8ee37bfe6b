"""The example's export with owners of its contacts, who sign in to the desk in its tests.

The rep owns Ada, Ben and Gina, the manager of the same team owns Hugo, and Sam, of no team, Carla and Dan.
"""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

from example import EXAMPLE

OWNERS = """Rep,Email,First Name,Last Name
rita,rep@northwind.example,Rita,Sommer
max,manager@northwind.example,Max,Hoffmann
sam,sam@northwind.example,Sam,Tull
"""
OWNED = {"1": "rita", "2": "rita", "7": "rita", "8": "max", "3": "sam", "4": "sam"}

MAPPED = """
  - match: owners.csv
    facts:
      - table: owners
        id: Rep
        set: {email: Email, first_name: First Name, last_name: Last Name}
"""


def with_owners(folder: Path) -> tuple[Path, Path]:
    """The export and its mapping, written into the folder."""
    export = shutil.copytree(EXAMPLE / "export", folder / "export")
    with (EXAMPLE / "export" / "contacts.csv").open(newline="", encoding="utf-8") as file:
        contacts = [row | {"Rep": OWNED.get(row["Contact ID"], "")} for row in csv.DictReader(file)]
    with (export / "contacts.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, contacts[0])
        writer.writeheader()
        writer.writerows(contacts)
    (export / "owners.csv").write_text(OWNERS, encoding="utf-8")
    text = (EXAMPLE / "crm.yaml").read_text(encoding="utf-8").rstrip()
    source = "          lead_source: Lead Source\n"
    assert source in text
    mapping = folder / "crm.yaml"
    mapping.write_text(
        text.replace(source, f"{source}          owner_id: {{owner: Rep}}\n") + MAPPED, encoding="utf-8"
    )
    return export, mapping
