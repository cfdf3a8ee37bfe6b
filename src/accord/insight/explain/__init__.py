"""The stories behind the numbers: one lead, one account, one deal, each within what one may see."""

from __future__ import annotations

from accord.insight.explain.company import UnknownAccount, account
from accord.insight.explain.deal import UnknownDeal, deal
from accord.insight.explain.lead import lead
from accord.insight.explain.names import UnknownLead

__all__ = ["UnknownAccount", "UnknownDeal", "UnknownLead", "account", "deal", "lead"]
