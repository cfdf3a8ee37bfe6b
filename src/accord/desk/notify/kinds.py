"""Which kinds of message may reach whom: what a person can choose about."""

from __future__ import annotations

from accord.desk.notify.models import Kind
from accord.desk.rights import Role

LEAD = (Kind.HOT_LEAD, Kind.HANDOVER, Kind.AT_RISK, Kind.BREACH, Kind.WITHDRAWN)
MARKETING = (Kind.RETURNED, Kind.WIN)

KINDS: dict[str, tuple[Kind, ...]] = {
    Role.REP: (*LEAD, Kind.WIN),
    Role.MANAGER: (*LEAD, Kind.WIN),
    Role.MARKETER: MARKETING,
    Role.MARKETING_MANAGER: MARKETING,
    Role.OPERATIONS: (Kind.OPERATIONS,),
}
