"""The people of Northwind Robotics: who sells, who markets, and who may sign in to the demo. All are
fiction."""

from __future__ import annotations

from dataclasses import dataclass

DOMAIN = "northwind.example"


@dataclass(frozen=True)
class Colleague:
    """Somebody of the company. `role` is that of the sign-in, if they have one."""

    name: str
    team: str
    title: str
    role: str | None = None

    @property
    def email(self) -> str:
        """Their address: given name and family name at the company's domain."""
        return f"{'.'.join(self.name.lower().split())}@{DOMAIN}"


KEY_ACCOUNTS, FIELD_SALES, INSIDE_SALES = "key-accounts", "field-sales", "inside-sales"
TEAMS = (KEY_ACCOUNTS, FIELD_SALES, INSIDE_SALES)
"""Sales teams, in the order of the segments they serve: enterprise, mid_market, small."""

REPS = (
    Colleague("Sofie Lindqvist", KEY_ACCOUNTS, "Key account manager"),
    Colleague("Henrik Aasen", KEY_ACCOUNTS, "Key account manager"),
    Colleague("Camille Roux", KEY_ACCOUNTS, "Key account manager"),
    Colleague("Tobias Kern", KEY_ACCOUNTS, "Key account manager"),
    Colleague("Jonas Weber", FIELD_SALES, "Account executive", "rep"),
    Colleague("Marek Nowak", FIELD_SALES, "Account executive"),
    Colleague("Aylin Kaya", FIELD_SALES, "Account executive"),
    Colleague("Pieter Claes", FIELD_SALES, "Account executive"),
    Colleague("Giulia Serra", FIELD_SALES, "Account executive"),
    Colleague("Owen Hartley", FIELD_SALES, "Account executive"),
    Colleague("Nina Hofer", INSIDE_SALES, "Sales development"),
    Colleague("Lukas Brandl", INSIDE_SALES, "Sales development"),
    Colleague("Ewa Zielinska", INSIDE_SALES, "Sales development"),
    Colleague("Samir Haddad", INSIDE_SALES, "Sales development"),
)
SILENT_REP = "Marek Nowak"

OTHERS = (
    Colleague("Katrin Vogel", "sales-management", "Head of sales", "manager"),
    Colleague("Priya Raman", "operations", "Revenue operations", "operations"),
    Colleague("Lena Brandt", "marketing", "Head of marketing", "marketing_manager"),
    Colleague("Theo Martin", "marketing", "Campaigns", "marketer"),
    Colleague("Ines Albrecht", "marketing", "Content"),
    Colleague("Ruben Castell", "marketing", "Events"),
    Colleague("Mira Jansen", "marketing", "Marketing automation"),
    Colleague("Erik Sundberg", "finance", "Controller", "viewer"),
)


def sign_ins() -> list[Colleague]:
    """The six who may sign in to the demo, one of each role."""
    return [person for person in (*OTHERS, *REPS) if person.role]


def owner_id(rep: int) -> str:
    """The CRM's id of a rep, by the place among `REPS`."""
    return f"005NW{rep + 1:04d}"
