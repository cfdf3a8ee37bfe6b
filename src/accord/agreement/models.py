"""The sections of an agreement as they stand in the file: pydantic models, checked on the way in.

Field descriptions are the reference (`docs/reference/agreement.md`) and the editor's help (JSON Schema).
Checks that look at more than one section are in `checks.py`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from itertools import pairwise
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PlainValidator,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError
from pydantic_core.core_schema import ValidationInfo

from accord.agreement.codes import COUNTRIES, CURRENCIES
from accord.agreement.conditions import Condition, ConditionError, did_you_mean, nearest, parse_condition
from accord.agreement.durations import Duration, parse_duration
from accord.agreement.fields import TOUCH_KINDS, FieldType, Known

SCHEMA_VERSION = 1
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
MODELS = (
    "first",
    "last",
    "last_non_direct",
    "linear",
    "u_shaped",
    "w_shaped",
    "z_shaped",
    "time_decay",
    "own",
    "markov",
    "shapley",
)
EVIDENCE = ("human_outbound", "conversation", "meeting_set", "meeting_held")


@dataclass(frozen=True)
class Reading:
    """What conditions of one file may read: the known fields of each context."""

    contexts: Mapping[str, Mapping[str, Known]]


def wrong(message: str, mend: str = "") -> PydanticCustomError:
    """A mistake in one value, with its mend."""
    return PydanticCustomError("accord", "{message}", {"message": message, "mend": mend})


def _need_text(value: Any, example: str) -> str:
    if not isinstance(value, str):
        raise wrong(f"This must be text, not {kind_of(value)}.", f"Write it like {example}.")
    return value


def kind_of(value: Any) -> str:
    """What a YAML value is, in words."""
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return "a number"
    for kind, name in ((str, "text"), (dict, "a mapping"), (tuple, "a list")):
        if isinstance(value, kind):
            return name
    return "empty"


# Kinds of values


def _condition(context: str) -> PlainValidator:
    def read(value: Any, info: ValidationInfo[Reading]) -> Condition:
        if isinstance(value, bool):
            value = str(value).lower()
        text = _need_text(value, '"employees >= 100"')
        try:
            return parse_condition(text, info.context.contexts[context])
        except ConditionError as error:
            raise PydanticCustomError("condition", "{problems}", {"problems": error.problems}) from error

    return PlainValidator(read)


_CONDITION_SCHEMA = WithJsonSchema({"type": ["string", "boolean"], "maxLength": 2000})
LeadCondition = Annotated[Condition, _condition("lead"), _CONDITION_SCHEMA]
GateCondition = Annotated[Condition, _condition("gate"), _CONDITION_SCHEMA]
TouchCondition = Annotated[Condition, _condition("touch"), _CONDITION_SCHEMA]


def _duration(business: bool) -> PlainValidator:
    def read(value: Any) -> Duration:
        if not isinstance(value, str):
            raise wrong(f"A length of time needs a unit; this is {kind_of(value)}.", "Write 14d or 24 hours.")
        try:
            duration = parse_duration(value)
        except ValueError as error:
            raise wrong(f"{value!r} is not a length of time.", str(error)) from error
        if duration.business and not business:
            raise wrong("Business hours are for sla clauses only.", "Write hours or days.")
        return duration

    return PlainValidator(read)


_DURATION_SCHEMA = {"type": "string", "examples": ["14d", "24 hours", "30 minutes", "2w"]}
_CLAUSE_SCHEMA = {"type": "string", "examples": ["4 business hours", "24 hours", "14d"]}
Span = Annotated[Duration, _duration(False), WithJsonSchema(_DURATION_SCHEMA)]
ClauseSpan = Annotated[Duration, _duration(True), WithJsonSchema(_CLAUSE_SCHEMA)]

NAME_PATTERN = r"[a-z][a-z0-9_]{0,62}"
SLUG_PATTERN = r"[a-z0-9][a-z0-9_-]{0,62}"


def _name(pattern: str, what: str, mend: str) -> tuple[PlainValidator, WithJsonSchema]:
    def read(value: Any) -> str:
        text = _need_text(value, mend)
        if not re.fullmatch(pattern, text):
            raise wrong(f"{text!r} is not {what}.", f"Use small letters, digits and _, such as {mend}.")
        return text

    return PlainValidator(read), WithJsonSchema({"type": "string", "pattern": f"^{pattern}$"})


Name = Annotated[str, *_name(NAME_PATTERN, "a name", "mid_market")]
Team = Annotated[str, *_name(SLUG_PATTERN, "a team's short name", "mid-market-reps")]


def _one_of(what: str, allowed: tuple[str, ...], mend: str = "") -> tuple[PlainValidator, WithJsonSchema]:
    """A word out of a list; letter case does not matter."""

    def read(value: Any) -> str:
        text = _need_text(value, allowed[0])
        if text.lower() not in allowed:
            raise wrong(
                f"{text!r} is not {what}.",
                mend or did_you_mean(text, allowed, f"Use one of {', '.join(allowed)}."),
            )
        return text.lower()

    return PlainValidator(read), WithJsonSchema({"type": "string", "enum": list(allowed)})


Month = Annotated[str, *_one_of("a month", MONTHS)]
Evidence = Annotated[str, *_one_of("a grade of evidence", EVIDENCE)]
ModelName = Annotated[str, *_one_of("an attribution model", MODELS)]


def _currency(value: Any) -> str:
    text = _need_text(value, "EUR")
    if text not in CURRENCIES:
        mend = "Use its three-letter code in capitals, such as EUR."
        raise wrong(f"{text!r} is not a currency.", did_you_mean(text, sorted(CURRENCIES), mend))
    return text


Currency = Annotated[
    str, PlainValidator(_currency), WithJsonSchema({"type": "string", "pattern": "^[A-Z]{3}$"})
]


def _date(value: Any) -> date:
    text = _need_text(value, "2026-09-01")
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError as error:
        raise wrong(f"{text!r} is not a date.", "Write year-month-day, such as 2026-09-01.") from error


Day = Annotated[date, PlainValidator(_date), WithJsonSchema({"type": "string", "format": "date"})]


def _kind(value: Any) -> str:
    text = _need_text(value, "page_view")
    if text in (*TOUCH_KINDS, "any"):
        return text
    if not re.fullmatch(NAME_PATTERN, text):
        raise wrong(
            f"{text!r} is not a kind of touch.", did_you_mean(text, TOUCH_KINDS, "Write it like page_view.")
        )
    if near := nearest(text, TOUCH_KINDS, cutoff=0.8):
        raise wrong(f"{text!r} is not a kind of touch.", f"Did you mean {near!r}?")
    return text


TouchKind = Annotated[
    str,
    PlainValidator(_kind),
    WithJsonSchema({"type": "string", "pattern": f"^{NAME_PATTERN}$", "examples": [*TOUCH_KINDS, "any"]}),
]

Points = Annotated[float, Field(ge=-1_000_000, le=1_000_000, allow_inf_nan=False)]
Positive = Annotated[float, Field(gt=0, le=1_000_000_000_000, allow_inf_nan=False)]
Words = tuple[Annotated[str, Field(max_length=2000)], ...]


class Section(BaseModel):
    """A part of the file: unknown keys are refused, values are not converted, nothing changes later."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, arbitrary_types_allowed=True)


# The sections


class OwnField(Section):
    """One of your own fields; a mapping fills it."""

    on: Literal["person", "account", "lead"] = Field(description="What the field belongs to.")
    type: FieldType = Field(description="Type of its values; it decides how conditions may compare it.")
    values: Words = Field(
        default=(),
        description="For text: the only values it may have; a condition with another value is a mistake.",
    )
    label: str | None = Field(default=None, description="What pages call it.")


class Persona(Section):
    """A kind of buyer, recognised by a condition; the rest is knowledge for the people who write to them."""

    name: Name = Field(description="Short name; conditions read it as `persona`.")
    where: LeadCondition = Field(description="Who is one. The first persona that holds counts.")
    label: str | None = Field(default=None, description="What pages call it.")
    pains: Words = Field(default=(), description="What hurts them.")
    goals: Words = Field(default=(), description="What they want.")
    objections: Words = Field(default=(), description="What they hold against buying.")
    buys: str | None = Field(default=None, description="How they buy: alone or in a committee, how long.")


class Segment(Section):
    """A part of the market."""

    name: Name = Field(description="Short name; conditions read it as `segment`.")
    where: LeadCondition = Field(description="Who belongs to it. The first segment that holds counts.")
    label: str | None = Field(default=None, description="What pages call it.")


class Exclusion(Section):
    """People who are never qualified and never credited; they are counted and listed."""

    name: Name = Field(description="Short name, shown beside the excluded.")
    where: LeadCondition = Field(description="Who is excluded.")
    to: Team | None = Field(default=None, description="Team that should hear of them instead.")
    label: str | None = Field(default=None, description="What pages call it.")


class Audience(Section):
    """Whom the two teams want, and whom not."""

    personas: tuple[Persona, ...] = Field(default=(), description="Kinds of buyers.")
    segments: tuple[Segment, ...] = Field(default=(), description="Parts of the market.")
    exclude: tuple[Exclusion, ...] = Field(default=(), description="Never qualified, never credited.")


class FitRule(Section):
    """Points for who they are; they do not fade."""

    where: LeadCondition = Field(description="Who gets the points.")
    points: Points = Field(description="Points; negative ones are penalties.")
    label: str | None = Field(default=None, description="What pages call it.")


class EngagementRule(Section):
    """Points for each touch of one kind; positive only."""

    on: TouchKind = Field(description="Kind of touch, or `any`.")
    where: TouchCondition | None = Field(default=None, description="Which of these touches; without it all.")
    points: Points = Field(description="Points of one touch; more than 0.")
    half_life: Span | None = Field(
        default=None, description="After this time a touch counts half; without it, no fading."
    )
    cap: Positive | None = Field(
        default=None, description="The most this rule can give; without it, no limit."
    )
    expires: Span | None = Field(default=None, description="A touch older than this gives nothing.")
    hand_raiser: bool = Field(
        default=False, description="Such a touch asks for contact: `hand_raiser` becomes true."
    )
    label: str | None = Field(default=None, description="What pages call it.")


class Caps(Section):
    """The most each half of the score can be."""

    fit: Positive | None = Field(default=None, description="Most points of all fit rules.")
    engagement: Positive | None = Field(default=None, description="Most points of all engagement rules.")


class Scoring(Section):
    """How a lead earns points. `score` is fit plus engagement."""

    fit: dict[str, FitRule] = Field(default_factory=dict, description="Rules by name: who they are.")
    engagement: dict[str, EngagementRule] = Field(
        default_factory=dict, description="Rules by name: what they do."
    )
    caps: Caps = Field(default_factory=Caps, description="Upper limits.")


class StageRule(Section):
    """One stage of the way to customer."""

    kind: Literal["gate", "sla", "inventory"] = Field(
        description="gate: decided at once by `when`; sla: a clock runs; inventory: no time limit."
    )
    enter: Literal["accepted", "qualified", "deal_open", "deal_won"] | None = Field(
        default=None,
        description="What enters it: a verdict (accepted, qualified) or a deal (deal_open, deal_won). "
        "A gate has none; another stage without it is entered only by a move a tool recorded.",
    )
    when: GateCondition | None = Field(
        default=None, description="For a gate, what opens it; else what must hold as well."
    )
    evidence: Evidence | None = Field(
        default=None, description="What must have happened for the verdict to count."
    )
    within: ClauseSpan | None = Field(
        default=None,
        description="For sla: the time sales has from when a lead enters it until it goes on.",
    )
    label: str | None = Field(default=None, description="What pages call it.")


class Recycled(Section):
    """Leads that are not ready yet."""

    again_after: Span | None = Field(default=None, description="Rest before a new cycle can qualify.")
    label: str | None = Field(default=None, description="What pages call it.")


class Disqualified(Section):
    """Leads that will never buy."""

    label: str | None = Field(default=None, description="What pages call it.")


class Detours(Section):
    """Ways out of the line of stages."""

    recycled: Recycled = Field(default_factory=Recycled, description="Back to marketing, to try again later.")
    disqualified: Disqualified = Field(default_factory=Disqualified, description="Out for good.")


class Stages(BaseModel):
    """Stages in the order a lead passes them; any other key is the name of a stage."""

    model_config = ConfigDict(extra="allow", frozen=True, strict=True, arbitrary_types_allowed=True)
    __pydantic_extra__: dict[str, StageRule]
    detours: Detours = Field(default_factory=Detours, description="What recycled and disqualified mean.")

    @property
    def rules(self) -> dict[str, StageRule]:
        """The stages by name, in order."""
        return dict(self.__pydantic_extra__ or {})


class ReturnReason(Section):
    """Why sales gives a lead back."""

    reason: Name = Field(description="Short name.")
    debits: Literal["fit", "engagement", "none"] = Field(
        default="none", description="Which half of the score the reason speaks against."
    )
    note: Literal["required", "optional"] = Field(
        default="optional", description="Whether the rep must write a sentence."
    )
    label: str | None = Field(default=None, description="What pages call it.")


class Verdicts(Section):
    """What sales may say about a lead."""

    returns: tuple[ReturnReason, ...] = Field(
        default=(), alias="return", description="Reasons for giving a lead back."
    )


class Route(Section):
    """Who gets a lead."""

    where: GateCondition = Field(description="Which leads.")
    to: Team = Field(description="Team that gets them.")
    by: Literal["round_robin", "weighted", "account_owner"] = Field(
        default="round_robin", description="How one person of the team is chosen."
    )


class Handoff(Section):
    """When and to whom marketing hands a lead over."""

    at: Name = Field(description="The gate at which it happens.")
    route: tuple[Route, ...] = Field(default=(), description="The first route that holds counts.")
    otherwise: Team = Field(description="Team that gets the rest.")


class Delivery(Section):
    """A number of leads marketing owes."""

    deliver: Annotated[int, Field(gt=0, le=10_000_000)] = Field(description="How many.")
    of: Name = Field(description="Leads that reached this stage.")
    that: Literal["accepted", "qualified"] | None = Field(
        default=None, description="Only those with this verdict."
    )
    per: Literal["week", "month", "quarter", "year"] = Field(description="In which period.")
    segment: Name | None = Field(default=None, description="Only leads of this segment.")


class Within(Section):
    """A time limit."""

    within: ClauseSpan = Field(description="Time allowed; business hours follow the calendar.")


class FirstContact(Within):
    """How soon a person must be contacted."""

    evidence: Evidence = Field(default="human_outbound", description="What counts as contact.")


class FollowUp(Within):
    """How persistent sales must be."""

    attempts: Annotated[int, Field(gt=0, le=1000)] = Field(
        description="Attempts owed unless contact comes first."
    )


class SalesClauses(Section):
    """What sales promises."""

    accept: Within | None = Field(default=None, description="Accept or return a lead.")
    first_contact: FirstContact | None = Field(default=None, description="First contact.")
    follow_up: FollowUp | None = Field(default=None, description="Attempts before giving up.")


def _percent(value: Any) -> int:
    form = re.fullmatch(r"(\d{1,4})\s*%", value) if isinstance(value, str) else None
    if form is None or int(form[1]) == 0:
        raise wrong("This is not a share of the time allowed.", "Write a percentage, such as 50%.")
    return int(form[1])


Percent = Annotated[
    int,
    PlainValidator(_percent),
    WithJsonSchema({"type": "string", "pattern": r"^\d{1,4}\s*%$", "examples": ["50%"]}),
]


class Rung(Section):
    """One step of the escalation."""

    at: Percent = Field(description="Share of the time allowed that has passed.")
    tell: Literal["owner", "manager", "team"] | None = Field(default=None, description="Who is told.")
    do: Literal["reassign", "pause"] | None = Field(
        default=None, description="reassign: another person gets it; pause: the owner gets no new leads."
    )

    @model_validator(mode="after")
    def _one(self) -> Rung:
        if (self.tell is None) == (self.do is None):
            raise wrong("A rung either tells someone or does something.", "Give it one of tell and do.")
        return self


class Sla(Section):
    """What each team promises the other."""

    marketing: tuple[Delivery, ...] = Field(default=(), description="What marketing delivers.")
    sales: SalesClauses = Field(default_factory=SalesClauses, description="How sales treats a lead.")
    escalate: tuple[Rung, ...] = Field(default=(), description="What happens as the time runs out.")


class TargetRule(BaseModel):
    """A number both teams aim at: `{revenue: 1200000, quarter: 2027Q1}`.

    The key beside the period is revenue, pipeline or a stage; with `segment` or `channel` it is aimed at
    among the leads of that segment, or of that source, alone; pipeline with `team` at what that team found.
    """

    model_config = ConfigDict(extra="allow", frozen=True, strict=True)
    __pydantic_extra__: dict[str, Positive]
    year: int | None = Field(
        default=None,
        ge=1990,
        le=2200,
        description="Fiscal year, named by the calendar year it starts in: 2027.",
    )
    quarter: str | None = Field(default=None, description="Quarter of such a fiscal year: 2027Q1.")
    month: str | None = Field(default=None, description="Calendar month: 2027-03.")
    segment: Name | None = Field(default=None, description="Only leads, and their deals, of this segment.")
    channel: Annotated[str, Field(min_length=1, max_length=100)] | None = Field(
        default=None, description="Only leads that came by this channel, such as Paid Search."
    )

    team: Literal["marketing", "sales"] | None = Field(
        default=None, description="Only pipeline that this team found: by the first touch at the account."
    )

    @model_validator(mode="after")
    def _whole(self) -> TargetRule:
        if len(self.__pydantic_extra__ or {}) != 1:
            raise wrong("A target has one number.", "Write it like {revenue: 1200000, quarter: 2027Q1}.")
        if [self.year, self.quarter, self.month].count(None) != 2:
            raise wrong("A target has one period.", "Give it one of year, quarter and month.")
        if self.team is not None and "pipeline" not in (self.__pydantic_extra__ or {}):
            raise wrong(
                "A team's target is of pipeline.", "Write {pipeline: ..., team: ...}, or take team out."
            )
        if self.quarter is not None and not re.fullmatch(r"(19|20|21)\d\dQ[1-4]", self.quarter):
            raise wrong(f"{self.quarter!r} is not a quarter.", "Write it like 2027Q1.")
        if self.month is not None and not re.fullmatch(r"(19|20|21)\d\d-(0[1-9]|1[0-2])", self.month):
            raise wrong(f"{self.month!r} is not a month.", "Write it like 2027-03.")
        return self


class Weights(Section):
    """Own shares of the credit by position; what stands between shares `middle`. Together 1."""

    first: float = Field(default=0.0, ge=0, le=1, description="The first touch.")
    lead: float = Field(default=0.0, ge=0, le=1, description="The touch that made the lead.")
    deal: float = Field(default=0.0, ge=0, le=1, description="The touch before the opportunity.")
    won: float = Field(default=0.0, ge=0, le=1, description="The last touch before the deal was won.")
    middle: float = Field(default=0.0, ge=0, le=1, description="All others together.")

    @model_validator(mode="after")
    def _together(self) -> Weights:
        total = self.first + self.lead + self.deal + self.won + self.middle
        if abs(total - 1) > 1e-9:
            raise wrong(f"The weights add up to {total:g}.", "Make them add up to 1.")
        return self


class Attribution(Section):
    """How credit for a deal is shared among touches."""

    window: Span = Field(
        default_factory=lambda: Duration(90 * 86400), description="Older touches earn nothing; 90d."
    )
    touches: tuple[Literal["marketing", "sales"], ...] = Field(
        default=("marketing", "sales"), min_length=1, description="Whose touches take part."
    )
    models: tuple[ModelName, ...] = Field(
        default=("first", "last", "linear", "u_shaped", "w_shaped", "time_decay"),
        min_length=1,
        description="Models worked out; the first is shown first.",
    )
    half_life: Span = Field(default_factory=lambda: Duration(7 * 86400), description="For time_decay; 7d.")
    weights: Weights | None = Field(default=None, description="For own.")


# The calendar


@dataclass(frozen=True)
class OpenBlock:
    """A stretch of open time of a day, local; `closes` is 24:00 where it is midnight (time.min)."""

    opens: time
    closes: time

    @property
    def minutes(self) -> tuple[int, int]:
        """Opening and closing in minutes after midnight."""
        end = self.closes.hour * 60 + self.closes.minute
        return self.opens.hour * 60 + self.opens.minute, end or 1440


def _open(value: Any) -> tuple[OpenBlock, ...]:
    text = _need_text(value, '"09:00-17:30"')
    blocks = []
    for part in text.split(","):
        form = re.fullmatch(r"\s*(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})\s*", part)
        if form is None:
            raise wrong(
                f"{part.strip()!r} is not a stretch of time.", 'Write it like "09:00-12:00, 13:00-17:30".'
            )
        numbers = [int(group) for group in form.groups()]
        start, end = numbers[0] * 60 + numbers[1], numbers[2] * 60 + numbers[3]
        if numbers[1] > 59 or numbers[3] > 59 or start >= 1440 or end > 1440:
            raise wrong(f"{part.strip()!r} is not a stretch of a day.", "Use times from 00:00 to 24:00.")
        if start >= end:
            raise wrong(
                f"{part.strip()!r} ends before it begins.", "A night shift is two stretches on two days."
            )
        blocks.append(OpenBlock(time(start // 60, start % 60), time(end // 60 % 24, end % 60)))
    blocks.sort(key=lambda block: block.minutes)
    for one, other in pairwise(blocks):
        if one.minutes[1] > other.minutes[0]:
            raise wrong("Two stretches of this day overlap.", "Join them into one.")
    return tuple(blocks)


OpenTime = Annotated[
    tuple[OpenBlock, ...],
    PlainValidator(_open),
    WithJsonSchema({"type": "string", "examples": ["09:00-17:30", "09:00-12:00, 13:00-17:30"]}),
]


def _zone(value: Any) -> str:
    text = _need_text(value, "Europe/Berlin")
    try:
        return ZoneInfo(text).key
    except (ValueError, OSError, KeyError) as error:  # ZoneInfoNotFoundError is a KeyError
        from zoneinfo import available_timezones

        raise wrong(
            f"{text!r} is not a time zone.",
            did_you_mean(text, sorted(available_timezones()), "Write it like Europe/Berlin."),
        ) from error


Zone = Annotated[
    str, PlainValidator(_zone), WithJsonSchema({"type": "string", "examples": ["Europe/Berlin"]})
]


def _holidays(value: Any) -> tuple[str, ...]:
    items = value if isinstance(value, tuple) else (value,)
    for item in items:
        text = _need_text(item, "DE-BE")
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            _date(text)
        elif not re.fullmatch(r"[A-Z]{2}(-[A-Z0-9]{1,3})?", text) or text[:2] not in COUNTRIES:
            raise wrong(
                f"{text!r} is not a country, a part of one, or a date.",
                "Write DE, DE-BE or 2026-12-24 (or a list).",
            )
    return tuple(dict.fromkeys(items))


Holidays = Annotated[
    tuple[str, ...],
    PlainValidator(_holidays),
    WithJsonSchema(
        {
            "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}],
            "examples": ["DE-BE", ["DE-BE", "2026-12-24"]],
        }
    ),
]


class CalendarRule(BaseModel):
    """Business hours where the owner has none of their own. Other keys are days: `mon-fri`, `sat`."""

    model_config = ConfigDict(extra="allow", frozen=True, strict=True, arbitrary_types_allowed=True)
    __pydantic_extra__: dict[str, OpenTime]
    zone: Zone = Field(description="Time zone of the business; days, weeks and months follow it.")
    holidays: Holidays = Field(
        default=(), description="Country or part of it whose holidays are closed, or dates, or a list."
    )

    @property
    def days(self) -> dict[str, tuple[OpenBlock, ...]]:
        """Open time by the key as written."""
        return dict(self.__pydantic_extra__ or {})


def days_of(key: str) -> tuple[int, ...]:
    """The weekdays (0 is Monday) a calendar key names: `mon`, `mon-fri`, `sat, sun`. Raises ValueError."""
    found: list[int] = []
    for part in key.lower().split(","):
        first, dash, last = (word.strip() for word in part.partition("-"))
        start = DAYS.index(first)
        end = DAYS.index(last) if dash else start
        if end < start:
            raise ValueError(key)
        found.extend(range(start, end + 1))
    return tuple(found)


class AgreementFile(Section):
    """An agreement between a sales team and a marketing team."""

    agreement: Annotated[str, Field(min_length=1, max_length=200)] = Field(description="Name of the company.")
    schema_version: Annotated[int, Field(ge=1)] = Field(
        default=SCHEMA_VERSION, alias="schema", description="Version of this file's form; now 1."
    )
    currency: Currency = Field(description="Currency of the numbers shown; amounts keep their own.")
    year_starts: Month = Field(default="january", description="First month of the fiscal year.")
    go_live: Day | None = Field(
        default=None,
        description="Decisions before it are history: judged and counted, never clocked or sent.",
    )
    calendar: CalendarRule | None = Field(default=None, description="Zone, business hours and holidays.")
    fields: dict[str, OwnField] = Field(
        default_factory=dict, description="Your own fields by name, typed; a mapping fills them."
    )
    audience: Audience = Field(default_factory=Audience, description="Whom the teams want, and whom not.")
    scoring: Scoring = Field(default_factory=Scoring, description="How a lead earns points.")
    stages: Stages = Field(description="The stages in order, and the detours.")
    verdicts: Verdicts = Field(default_factory=Verdicts, description="Reasons sales may give.")
    handoff: Handoff | None = Field(default=None, description="When and to whom a lead is handed over.")
    sla: Sla = Field(default_factory=Sla, description="The promises, and what happens as time runs out.")
    targets: tuple[TargetRule, ...] = Field(default=(), description="Numbers both teams aim at.")
    messages: str | None = Field(
        default=None, description="File beside this one with propositions, claims and terms."
    )
    attribution: Attribution = Field(
        default_factory=Attribution, description="How credit for a deal is shared."
    )
