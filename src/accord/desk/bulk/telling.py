"""What people hear of a change of many leads: one message each, not one a lead."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accord.desk.bulk.models import Bulk
from accord.desk.handoff.audience import marketing
from accord.desk.hours.calendars import aware
from accord.desk.notify.actions.telling import take_back, tell
from accord.desk.notify.models import Kind
from accord.desk.notify.news import News
from accord.desk.shell.words import reason_words

if TYPE_CHECKING:
    from accord.agreement import Agreement


def tell_done(bulk: Bulk, reason: str, agreement: Agreement, now: datetime) -> None:
    """New owners hear how many leads are theirs; of returns, marketing."""
    items = list(bulk.items.filter(why="").select_related("handoff__owner"))
    if bulk.action == Bulk.Action.ASSIGN:
        owners = Counter(item.handoff.owner for item in items if item.handoff.owner not in (None, bulk.by))
        tell(
            News(
                Kind.HANDOVER,
                f"bulk:{bulk.pk}:{owner.pk}",
                (owner,),
                aware(now),
                _yours(count),
                (),
                reverse("queue"),
            )
            for owner, count in owners.items()
            if owner is not None
        )
    elif bulk.action == Bulk.Action.RETURN and items:
        said = {"name": bulk.by.name, "n": len(items), "reason": reason_words(agreement).get(reason, reason)}
        title = ngettext(
            "%(name)s returned %(n)d lead: %(reason)s",
            "%(name)s returned %(n)d leads: %(reason)s",
            len(items),
        )
        path = f"{reverse('leads')}?verdict=returned"
        tell([News(Kind.RETURNED, f"bulk:{bulk.pk}", marketing(), aware(now), title % said, (), path)])


def tell_undone(bulk: Bulk, now: datetime) -> None:
    """Who was told hears that it was taken back; who was not told yet never is."""
    title = _("%(name)s has taken that back") % {"name": bulk.by.name}
    kind = Kind.HANDOVER if bulk.action == Bulk.Action.ASSIGN else Kind.RETURNED
    take_back(f"bulk:{bulk.pk}", News(kind, f"undone:{bulk.pk}", (), aware(now), title, (), reverse("leads")))


def _yours(count: int) -> str:
    return ngettext("%(n)d lead is yours now", "%(n)d leads are yours now", count) % {"n": count}
