"""The agreement's clauses in plain words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accord.agreement import Agreement, Stage
from accord.agreement.models import Delivery, EngagementRule, Route, Rung
from accord.desk.shell import formats

EVIDENCE = {
    "human_outbound": gettext_lazy("a human wrote or called"),
    "conversation": gettext_lazy("there was a conversation"),
    "meeting_set": gettext_lazy("a meeting is set"),
    "meeting_held": gettext_lazy("a meeting was held"),
}
KINDS = {
    "gate": gettext_lazy("Decided at once"),
    "sla": gettext_lazy("A clock runs"),
    "inventory": gettext_lazy("No time limit"),
}
ENTERED = {
    "accepted": gettext_lazy("when sales accepts the lead"),
    "qualified": gettext_lazy("when sales qualifies it"),
    "deal_open": gettext_lazy("when a deal is opened"),
    "deal_won": gettext_lazy("when the deal is won"),
}
PERIODS = {
    "week": gettext_lazy("a week"),
    "month": gettext_lazy("a month"),
    "quarter": gettext_lazy("a quarter"),
    "year": gettext_lazy("a year"),
}
CHOSEN = {
    "round_robin": gettext_lazy("in turn"),
    "weighted": gettext_lazy("in turn, by weight"),
    "account_owner": gettext_lazy("the account's owner first"),
}
TOLD = {
    "owner": gettext_lazy("the owner is told"),
    "manager": gettext_lazy("the manager is told"),
    "team": gettext_lazy("the team is told"),
    "reassign": gettext_lazy("another person gets the lead"),
    "pause": gettext_lazy("the owner gets no new leads"),
}
MONEY = ("revenue", "pipeline")


def time(stage: Stage) -> str:
    """How time counts in a stage."""
    if stage.within:
        return _("On within %(span)s") % {"span": stage.within}
    return str(KINDS[stage.kind])


def title(name: str, label: str | None = None) -> str:
    """What a rule or reason is called: its label, else its name as people write it."""
    return label or name.replace("_", " ").capitalize()


def delivery(clause: Delivery, agreement: Agreement) -> str:
    """A number of leads that marketing owes."""
    stage = agreement.stage(clause.of).title
    leads = {
        "accepted": _("%(n)s accepted %(stage)s leads %(period)s"),
        "qualified": _("%(n)s qualified %(stage)s leads %(period)s"),
        None: _("%(n)s %(stage)s leads %(period)s"),
    }[clause.that]
    owed = leads % {
        "n": formats.exact(clause.deliver, "count"),
        "stage": stage,
        "period": PERIODS[clause.per],
    }
    if clause.segment is None:
        return owed
    segment = next(s for s in agreement.audience.segments if s.name == clause.segment)
    return _("%(owed)s in %(segment)s") % {"owed": owed, "segment": title(segment.name, segment.label)}


def owed_by_sales(agreement: Agreement) -> list[tuple[str, str]]:
    """What sales promises: each promise in words, and what counts as kept."""
    sales, promised = agreement.sla.sales, []
    if sales.accept:
        words = _("accept or return each lead within %(span)s") % {"span": sales.accept.within}
        promised.append((words, ""))
    if sales.first_contact:
        words = _("make first contact within %(span)s") % {"span": sales.first_contact.within}
        proof = _("kept when %(evidence)s") % {"evidence": EVIDENCE[sales.first_contact.evidence]}
        promised.append((words, proof))
    if sales.follow_up:
        words = _("try %(n)s times within %(span)s") % {
            "n": sales.follow_up.attempts,
            "span": sales.follow_up.within,
        }
        promised.append((words, _("unless contact comes first")))
    return promised


def rung(step: Rung) -> str:
    """What happens as the time runs out."""
    return _("At %(share)s%% of the time %(what)s") % {
        "share": step.at,
        "what": TOLD[step.tell or step.do or "owner"],
    }


def fading(rule: EngagementRule) -> str:
    """How the points of a touch fade."""
    words = [_("half are gone after %(span)s") % {"span": rule.half_life}] if rule.half_life else []
    if rule.expires:
        words.append(_("none is left after %(span)s") % {"span": rule.expires})
    return ", ".join(words) or _("they do not fade")


def entering(stage: Stage) -> str:
    """What enters a stage, besides its condition."""
    if stage.enter:
        return str(ENTERED[stage.enter])
    return _("when its condition holds") if stage.kind == "gate" else _("when a tool records it")


def route(clause: Route) -> str:
    """How one person of a team is chosen."""
    return str(CHOSEN[clause.by])


def metric(name: str, agreement: Agreement) -> str:
    """What is aimed at."""
    return title(name) if name in MONEY else agreement.stage(name).title


def amount(name: str, value: float | None, agreement: Agreement) -> str:
    """A target's value in full; empty if there is none."""
    if value is None:
        return ""
    return formats.exact(value, "money" if name in MONEY else "count", agreement.currency)


def summary(agreement: Agreement) -> str:
    """Both teams' promises in one sentence; empty if there are none."""
    marketing = [delivery(clause, agreement) for clause in agreement.sla.marketing]
    sales = [words for words, _proof in owed_by_sales(agreement)][:2]
    told: list[Any] = []
    if marketing:
        told.append(_("Marketing owes %(promises)s") % {"promises": _(" and ").join(marketing)})
    if sales:
        told.append(_("sales promises to %(promises)s") % {"promises": _(" and ").join(sales)})
    sentence = "; ".join(told)
    return f"{sentence[0].upper()}{sentence[1:]}." if sentence else ""
