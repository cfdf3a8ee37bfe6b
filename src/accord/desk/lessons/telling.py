"""Who hears of suggestions: who signs the agreement for a team."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils.translation import ngettext

from accord.desk.hours.calendars import aware
from accord.desk.notify.actions.telling import tell
from accord.desk.notify.models import Kind
from accord.desk.notify.news import News
from accord.desk.proposals.actions import SIGNS_FOR
from accord.desk.teams.models import User


def tell_suggestions(look: int, count: int, now: datetime) -> None:
    """Tell both teams' signers that sales' answers speak for edits."""
    to = tuple(User.objects.filter(role__in=list(SIGNS_FOR), is_active=True).order_by("pk"))
    title = ngettext(
        "Sales’ answers speak for %(n)d edit of the agreement",
        "Sales’ answers speak for %(n)d edits of the agreement",
        count,
    ) % {"n": count}
    tell([News(Kind.AGREEMENT, f"lessons:{look}", to, aware(now), title, (), reverse("lessons"))])
