"""What changed with a lead, why it stands where it stands, and what to do next: each in one sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from accord.desk.shell import formats


class Advice(NamedTuple):
    """The three sentences; `state` is how urgent the last one is."""

    changed: str
    why: str
    todo: str
    state: str = ""


def advice(story: dict[str, Any], cycle: dict[str, Any], titles: Mapping[str, str], zone: str) -> Advice:
    """The sentences for one cycle of a lead."""
    todo, state = _todo(story, cycle)
    return Advice(_changed(story, cycle, zone), _why(story, cycle, titles, zone), todo, state)


def _changed(story: dict[str, Any], cycle: dict[str, Any], zone: str) -> str:
    touched, worked = cycle["last_touch_at"], cycle["last_activity_at"]
    told = {"touched": formats.moment(touched, zone), "worked": formats.moment(worked, zone)}
    if touched and worked:
        return _("Last seen by marketing %(touched)s, last worked by sales %(worked)s.") % told
    if touched:
        return _("Last seen by marketing %(touched)s; sales has not worked on it.") % told
    if worked:
        return _("Last worked by sales %(worked)s; marketing has seen nothing of it.") % told
    if story["timeline"]:
        return _("The last event was %s.") % formats.moment(story["timeline"][0]["at"], zone)
    return _("Nothing has happened yet.")


def _why(story: dict[str, Any], cycle: dict[str, Any], titles: Mapping[str, str], zone: str) -> str:
    if story["excluded_by"]:
        return _("Excluded by the agreement's rule %(rule)s: never qualified, never credited.") % {
            "rule": story["excluded_by"].replace("_", " ")
        }
    if cycle["decisions"]:
        made = cycle["decisions"][-1]
        return _("Reached %(stage)s on %(day)s with fit %(fit)s and engagement %(engagement)s.") % {
            "stage": titles.get(made["stage"], made["stage"]),
            "day": formats.moment(made["decided_at"], zone),
            "fit": formats.exact(made["fit"], "points"),
            "engagement": formats.exact(made["engagement"], "points"),
        }
    gate = next((gate for gate in cycle["gates"] if not gate["holds_now"]), None)
    if gate is None:
        return _("No gate of the agreement is in its way.")
    return _("Not %(stage)s: %(parts)s.") % {
        "stage": titles.get(gate["stage"], gate["stage"]),
        "parts": ", ".join(_unmet(part) for part in gate["parts"] if part["holds"] is not True),
    }


def _unmet(part: dict[str, Any]) -> str:
    if part["holds"] is None:
        return _("%(field)s is not known") % {"field": (part["missing"] or part["part"]).replace("_", " ")}
    return _("%(part)s does not hold") % {"part": part["part"].replace("_", " ")}


def _todo(story: dict[str, Any], cycle: dict[str, Any]) -> tuple[str, str]:
    if cycle["closed_at"]:
        return _("Nothing: this lead is closed, %s.") % cycle["closed_by"], ""
    if story["excluded_by"]:
        return _("Nothing: the agreement leaves it out."), ""
    if cycle["overdue"]:
        return _("Call now: the promised time for a first contact is over."), "bad"
    if cycle["never_contacted"]:
        return _("Call: it is qualified and nobody has."), "risk"
    if cycle["worked_by_two"]:
        return _("Settle whose it is: two sellers work on it."), "risk"
    open_deal = next((deal for deal in story["deals"] if deal["status"] == "open"), None)
    if open_deal:
        return _("Bring the deal on: %s.") % (open_deal["name"] or open_deal["deal_id"]), ""
    said = cycle["verdicts"][0]["verdict"] if cycle["verdicts"] else None
    if said == "returned":
        return _("Marketing has it back: keep it warm, or say why it will not come."), ""
    if cycle["verdicts_without_evidence"]:
        missing = cycle["verdicts_without_evidence"][-1]["evidence"].replace("_", " ")
        return _("Put the %s on record: without it the verdict opens no stage.") % missing, "risk"
    if cycle["missing"]:
        return _("Ask for %s: with it the lead would qualify.") % cycle["missing"].replace("_", " "), "new"
    if cycle["qualified_at"] and said is None:
        return _("Say whether sales accepts it."), ""
    if cycle["qualified_at"]:
        return _("Go on with it: the next stage is sales' to open."), ""
    return _("Nothing yet: it comes here when it qualifies."), ""
