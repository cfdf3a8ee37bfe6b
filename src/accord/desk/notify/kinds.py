"""Which kinds of message may reach whom: what a person can choose about."""

from __future__ import annotations

from accord.desk.notify.models import Kind, Preference
from accord.desk.rights import Role

LEAD = (Kind.HOT_LEAD, Kind.HANDOVER, Kind.AT_RISK, Kind.BREACH, Kind.WITHDRAWN)
MARKETING = (Kind.RETURNED, Kind.WIN, Kind.AGREEMENT, Kind.WEEKLY_NUMBERS)
SALES = (*LEAD, Kind.WIN, Kind.AGREEMENT, Kind.WEEKLY_NUMBERS)

SHARED = (*LEAD, Kind.RETURNED, Kind.WIN, Kind.AGREEMENT, Kind.WEEKLY_NUMBERS)
"""What a channel that many read can hear of."""

KINDS: dict[str, tuple[Kind, ...]] = {
    Role.REP: SALES,
    Role.MANAGER: SALES,
    Role.MARKETER: MARKETING,
    Role.MARKETING_MANAGER: MARKETING,
    Role.OPERATIONS: (Kind.OPERATIONS, Kind.AGREEMENT, Kind.WEEKLY_NUMBERS),
    Role.VIEWER: (Kind.WEEKLY_NUMBERS,),
}


def unchosen(kind: str) -> str:
    """How somebody hears of a kind of event about which they have chosen nothing."""
    return Preference.How.OFF if kind == Kind.WEEKLY_NUMBERS else Preference.How.NOW
