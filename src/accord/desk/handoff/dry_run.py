"""Who would get a lead, with everybody considered; nothing is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from accord.desk.handoff.actions.assign import team_of
from accord.desk.handoff.people import Pools, holder_of
from accord.desk.teams.owners import by_hand
from accord.errors import AccordError
from accord.promises.routing import Considered

if TYPE_CHECKING:
    from accord.agreement import Agreement
    from accord.ledger.engine import Engine

_LEADS = """
SELECT actors.actor AS name, routes.route_no, people.person_id,
       accounts.owner_id AS account_owner, account_owners.email AS account_owner_email,
       people.owner_id AS person_owner, person_owners.email AS person_owner_email
FROM actors
JOIN people ON actors.person = people.person
JOIN leads ON people.person = leads.person
JOIN lead_routes AS routes ON leads.lead = routes.lead
LEFT JOIN accounts ON leads.account = accounts.account
LEFT JOIN owner_names AS account_owners ON accounts.owner_id = account_owners.owner_id
LEFT JOIN owner_names AS person_owners ON people.owner_id = person_owners.owner_id
WHERE actors.actor IN (SELECT unnest(?)) OR actors.actor IN (SELECT concat('email:', lower(unnest(?))))
QUALIFY row_number() OVER (PARTITION BY actors.actor ORDER BY leads.cycle_no DESC) = 1
"""


class UnknownLeads(AccordError):
    """Some of the leads asked for are not known."""

    code = "unknown_leads"


def dry_run(
    engine: Engine, agreement: Agreement, names: Sequence[str], now: datetime
) -> list[dict[str, Any]]:
    """Rows `{lead, team, rule, owner, covers, considered}`, in the order of the names, as if handed over now.

    A name is an e-mail address or a record (`crm:person:1`). Turns and capacity go on from lead to lead.
    Raises UnknownLeads, and UnknownTeam for a team that the desk does not have.
    """
    rows = engine.query(_LEADS, [list(names), list(names)]).to_pylist()
    found = {row["name"].removeprefix("email:"): row for row in rows}
    if missing := [name for name in names if _plain(name) not in found]:
        raise UnknownLeads(
            f"Nobody is called {', '.join(missing[:5])}.",
            mend="Give e-mail addresses or records such as crm:person:1.",
        )
    pools, said = Pools(agreement, now), by_hand()
    return [_routed(found[_plain(name)], agreement, pools, said) for name in names]


def _routed(
    row: dict[str, Any], agreement: Agreement, pools: Pools, said: Mapping[str, str]
) -> dict[str, Any]:
    team, rule = team_of(agreement, row["route_no"])
    decided = pools.route(team, rule, holder_of(row, said))
    return {
        "lead": row["person_id"],
        "team": team.slug,
        "rule": decided.rule,
        "owner": decided.owner,
        "covers": decided.covers,
        "considered": "; ".join(map(_said, decided.considered)),
    }


def _said(candidate: Considered) -> str:
    owed = f" ({candidate.owed})" if candidate.owed else ""
    return f"{candidate.name}: {candidate.reason}{owed}"


def _plain(name: str) -> str:
    return name.lower() if "@" in name else name
