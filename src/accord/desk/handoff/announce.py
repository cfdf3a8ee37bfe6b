"""What people are told of handoffs: composed here, within the transaction of what happened.

A lead is never named here: its name is put in for {lead} when a message is sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Min
from django.urls import reverse
from django.utils.translation import gettext as _

from accord.desk.handoff.audience import Audience, answering, marketing
from accord.desk.handoff.models import Assignment, Clock, Handoff, Rung, Verdict
from accord.desk.hours.calendars import aware
from accord.desk.notify.actions.telling import take_back, tell
from accord.desk.notify.models import Kind
from accord.desk.notify.news import News
from accord.desk.rights import Role
from accord.desk.shell.formats import moment
from accord.desk.shell.words import reason_words

if TYPE_CHECKING:
    from accord.agreement import Agreement
    from accord.desk.teams.models import User

STALE = timedelta(hours=1)
"""Who qualified longer ago when the desk learns of it is history, found again perhaps: nobody is woken."""

ADOPTED = (Handoff.Origin.ADOPTED_FRESH, Handoff.Origin.ADOPTED_RUNNING)


def handed_over(handoffs: Sequence[Handoff], hot: set[int], agreement: Agreement, now: datetime) -> None:
    """New leads were given out: each owner hears of theirs, of those in the pool the team's managers.

    `hot`: the keys of those whose person asked to be contacted.
    """
    fresh = [h for h in handoffs if h.decided_at >= aware(now) - STALE]
    new = [h for h in fresh if h.origin == Handoff.Origin.DECIDED]
    new += [h for h in handoffs if h.origin == Handoff.Origin.PILOT]
    answers = Clock.objects.filter(handoff__in=new, promise=Clock.Promise.ACCEPT)
    clocks = {clock.handoff_id: clock for clock in answers}
    tell(_new(handoff, handoff.pk in hot, clocks.get(handoff.pk), agreement, now) for handoff in new)
    taken_over = {h.owner for h in handoffs if h.origin in ADOPTED and h.owner is not None}
    tell(_taken_over(owner, now) for owner in sorted(taken_over, key=lambda user: user.pk))


def given(handoff: Handoff, now: datetime, by: User | None) -> None:
    """A lead went to somebody else, or is in hand again: who has it now hears of it, unless they did it."""
    if handoff.owner is None:
        tell([_in_the_pool(handoff, now)])
    elif handoff.owner != by:
        lines = _("It came to you with its clocks; what was counted stays counted.")
        title = _("{lead} is yours")
        key = f"given:{handoff.pk}:{now.isoformat()}"
        clock = handoff.clocks.filter(promise=Clock.Promise.ACCEPT, state=Clock.State.RUNNING).first()
        news = _about(handoff, Kind.HANDOVER, key, (handoff.owner,), now, title, lines)
        tell([replace(news, buttons=_answers(clock))])


def awaited(
    clocks: Sequence[Clock], now: datetime, read_until: datetime | None, agreement: Agreement
) -> None:
    """Promises are due and nothing shows them kept, but the tools may know more: their owners alone hear."""
    zone = agreement.calendar.zone
    line = _("The tools were last read %(at)s. If you did it, nothing is left to do.") % {
        "at": moment(read_until, zone)
    }
    tell(
        _about(
            clock.handoff,
            Kind.AT_RISK,
            f"unconfirmed:{clock.pk}",
            (clock.handoff.owner,),
            now,
            _promise(clock, _("{lead}: %(promise)s is due, and nothing is seen of it")),
            line,
        )
        for clock in clocks
        if clock.handoff.owner is not None
    )


def climbed(rungs: Sequence[Rung], now: datetime, agreement: Agreement) -> None:
    """Steps of the escalation that tell somebody; of what was due before the desk had the lead, nobody."""
    handoffs = {rung.clock.handoff_id for rung in rungs}
    first = Assignment.objects.filter(handoff__in=handoffs).values("handoff").annotate(at=Min("at"))
    had_since = {row["handoff"]: row["at"] for row in first}
    people = Audience()
    tell(
        _escalated(rung, people, now, agreement)
        for rung in rungs
        if rung.action.startswith("tell ")
        and rung.due_at is not None
        and rung.due_at >= had_since.get(rung.clock.handoff_id, rung.due_at)
        and not rung.clock.unconfirmed  # its owner has been told just that
        and not (rung.clock.is_broken and rung.percent < 100)  # that it was at risk is no news any more
    )


def withdrawn(clock: Clock, now: datetime) -> None:
    """A promise was kept in time after all: exactly who was told of the breach hears so."""
    title = _promise(clock, _("{lead}: %(promise)s was kept in time after all"))
    line = _("The breach is taken back.")
    key = f"withdrawn:{clock.pk}"
    take_back(f"breach:{clock.pk}:", _about(clock.handoff, Kind.WITHDRAWN, key, (), now, title, line))


def returned(handoff: Handoff, said: Verdict, now: datetime, agreement: Agreement) -> None:
    """A lead is back with marketing, with a reason."""
    reason = reason_words(agreement).get(said.reason, said.reason)
    title = _("{lead} is returned: %(reason)s") % {"reason": reason or _("without a reason")}
    key = f"returned:{said.pk}"
    tell([_about(handoff, Kind.RETURNED, key, marketing(), now, title, said.note.strip())])


def won(handoff: Handoff, now: datetime) -> None:
    """A lead became a customer: its owner and marketing hear of it."""
    to = (*((handoff.owner,) if handoff.owner else ()), *marketing())
    tell([_about(handoff, Kind.WIN, f"won:{handoff.pk}", to, now, _("{lead} is won"))])


def _new(handoff: Handoff, hot: bool, clock: Clock | None, agreement: Agreement, now: datetime) -> News:
    if handoff.owner is None:
        return _in_the_pool(handoff, now)
    kind, title = Kind.HANDOVER, _("{lead} is yours")
    if hot:
        kind, title = Kind.HOT_LEAD, _("{lead} asked to be contacted, and is yours")
    lines = (_answer_by(clock.due_at, agreement),) if clock and clock.due_at else ()
    news = _about(handoff, kind, f"handover:{handoff.pk}", (handoff.owner,), now, title, *lines)
    return replace(news, buttons=_answers(clock))


def _answers(clock: Clock | None) -> tuple[tuple[str, str], ...]:
    """The buttons by which an owner answers, while the clock of the answer runs."""
    if clock is None:
        return ()
    words = {"accept": _("Accept"), "return": _("Return, with a reason")}
    return tuple(
        (word, reverse("answer-link", args=[clock.handoff_id, clock.pk, what]))
        for what, word in words.items()
    )


def _answer_by(due: datetime, agreement: Agreement) -> str:
    zone = agreement.calendar.zone
    return _("Answer until %(at)s (%(zone)s).") % {"at": moment(due, zone), "zone": zone}


def _in_the_pool(handoff: Handoff, now: datetime) -> News:
    managers = tuple(user for user in answering(handoff.team) if user.role == Role.MANAGER)
    title = _("{lead}: nobody of %(team)s is there to take it") % {"team": handoff.team.name}
    line = _("It waits in the team’s pool, and its clocks run.")
    key = f"pool:{handoff.pk}:{now.isoformat()}"
    return _about(handoff, Kind.HANDOVER, key, managers, now, title, line)


def _taken_over(owner: User, now: datetime) -> News:
    return News(
        kind=Kind.HANDOVER,
        key=f"adopted:{now.isoformat()}",
        to=(owner,),
        at=aware(now),
        title=_("Leads that were open already are yours"),
        lines=(_("They are in your queue, with their clocks."),),
        path=reverse("queue"),
    )


def _escalated(rung: Rung, people: Audience, now: datetime, agreement: Agreement) -> News:
    clock = rung.clock
    handoff, broken = clock.handoff, rung.percent >= 100
    words = (
        _("{lead}: %(promise)s is overdue")
        if broken
        else _("{lead}: %(promise)s is due soon, and still open")
    )
    owner = handoff.owner.name if handoff.owner else _("nobody")
    lines = [_("With %(owner)s.") % {"owner": owner}]
    if clock.due_at is not None:
        lines.append(_("Due %(at)s.") % {"at": moment(clock.due_at, agreement.calendar.zone)})
    key = f"{'breach' if broken else 'risk'}:{clock.pk}:{rung.percent}"
    kind = Kind.BREACH if broken else Kind.AT_RISK
    to = people.told(rung.action, handoff)
    news = _about(handoff, kind, key, to, now, _promise(clock, words), *lines)
    answering = rung.action == "tell owner" and clock.promise == Clock.Promise.ACCEPT
    return replace(news, buttons=_answers(clock)) if answering else news


def _promise(clock: Clock, words: str) -> str:
    return words % {"promise": str(clock.get_promise_display()).lower()}


def _about(
    handoff: Handoff, kind: Kind, key: str, to: Iterable[User], now: datetime, title: str, *lines: str
) -> News:
    return News(
        kind=kind,
        key=key,
        to=tuple(to),
        at=aware(now),
        title=title,
        lines=tuple(line for line in lines if line),
        path=reverse("lead", args=[handoff.person]),
        thread=f"handoff-{handoff.pk}",
        about=handoff.person,
        team=handoff.team,
    )
