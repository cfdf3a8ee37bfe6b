"""The agreement as the rest of Accord uses it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal

from accord.agreement.conditions import Condition
from accord.agreement.durations import Duration
from accord.agreement.fields import (
    AUDIENCE_FIELDS,
    LEAD_FIELDS,
    SCORE_FIELDS,
    FieldType,
)
from accord.agreement.hashing import behaviour, digest, wording
from accord.agreement.messages import Messages
from accord.agreement.models import (
    MONTHS,
    Attribution,
    Audience,
    Detours,
    Handoff,
    OpenBlock,
    OwnField,
    Scoring,
    Sla,
    Verdicts,
)


@dataclass(frozen=True)
class Calendar:
    """Business hours: `open` by weekday (0 is Monday; a day that is missing is closed), local to `zone`.

    `holidays` are codes such as DE-BE; `closed` are single dates.
    """

    zone: str
    open: Mapping[int, tuple[OpenBlock, ...]]
    holidays: tuple[str, ...] = ()
    closed: tuple[date, ...] = ()


ABBREVIATED = ("mql", "sal", "sql")
"""Stages whose names are initials."""


def title_of(stage: str) -> str:
    """A stage's name as people write it."""
    return stage.upper() if stage in ABBREVIATED else stage.replace("_", " ").capitalize()


@dataclass(frozen=True)
class Stage:
    """One stage of the way to customer: `kind` says how time counts, `enter` and `when` what opens it.

    `within`: of an sla, the time allowed until the lead goes on; None: as long as it takes.
    """

    name: str
    kind: Literal["gate", "sla", "inventory"]
    enter: Literal["accepted", "qualified", "deal_open", "deal_won"] | None = None
    when: Condition | None = None
    evidence: str | None = None
    label: str | None = None
    within: Duration | None = None

    @property
    def title(self) -> str:
        """What pages call it: its own label, else its name as people write it (MQL, Opportunity)."""
        return self.label or title_of(self.name)


@dataclass(frozen=True)
class Target:
    """A number both teams aim at. `metric` is revenue, pipeline or a stage; `value` is positive.

    `period` is a fiscal year `2027`, a fiscal quarter `2027Q1` or a calendar month `2027-03`. Where
    `only_segment` or `only_channel` is given, it is aimed at among the leads of these alone; pipeline with
    `only_team` at what that team found.
    """

    metric: str
    value: float
    kind: Literal["year", "quarter", "month"]
    period: str
    only_segment: str | None = None
    only_channel: str | None = None
    only_team: Literal["marketing", "sales"] | None = None

    @property
    def only(self) -> tuple[str, ...]:
        """The segment, channel or team it is aimed at, if it is not at all."""
        return tuple(one for one in (self.only_segment, self.only_channel, self.only_team) if one)


@dataclass(frozen=True)
class Agreement:
    """What both teams promised, checked. Attributes follow the YAML; made by `load` and `parse`."""

    name: str
    schema_version: int
    currency: str
    year_starts: str
    go_live: date | None
    calendar: Calendar
    fields: Mapping[str, OwnField]
    audience: Audience
    scoring: Scoring
    stages: tuple[Stage, ...]
    detours: Detours
    verdicts: Verdicts
    handoff: Handoff | None
    sla: Sla
    targets: tuple[Target, ...]
    messages_file: str | None
    messages: Messages
    attribution: Attribution

    @property
    def first_month(self) -> int:
        """Number (1 to 12) of the fiscal year's first month."""
        return MONTHS.index(self.year_starts) + 1

    def stage(self, name: str) -> Stage:
        """The stage called `name`. Raises KeyError if there is none."""
        for stage in self.stages:
            if stage.name == name:
                return stage
        raise KeyError(name)

    @property
    def lead_fields(self) -> dict[str, FieldType]:
        """Fields that fit rules, personas, segments and exclusions may read: standard and own ones."""
        return {**LEAD_FIELDS, **{name: field.type for name, field in self.fields.items()}}

    @property
    def person_fields(self) -> tuple[str, ...]:
        """Own fields that are kept with people."""
        return tuple(name for name, field in self.fields.items() if field.on != "account")

    @property
    def gate_fields(self) -> dict[str, FieldType]:
        """Fields that stages and routes may read."""
        return {**self.lead_fields, **SCORE_FIELDS, **AUDIENCE_FIELDS}

    @cached_property
    def behaviour_hash(self) -> str:
        """Sixteen hexadecimal characters that change when, and only when, what the agreement does changes."""
        return digest(behaviour(self))

    @cached_property
    def wording_hash(self) -> str:
        """Sixteen hexadecimal characters over the words: names for people, labels, messages."""
        return digest(wording(self))
