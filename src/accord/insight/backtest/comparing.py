"""Two judgements of one past side by side: weeks, flips and the rules behind them, precision, recall."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from importlib.resources import files
from statistics import median
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from accord.insight.intervals import Share, share

if TYPE_CHECKING:
    from accord.agreement import Agreement
    from accord.insight.backtest.judging import Judged, Key, Qualified
    from accord.insight.backtest.sweeping import Swept
    from accord.insight.planning.capacity import Capacity
    from accord.ledger.engine import Engine

OUTCOMES = ("accepted", "opportunity", "won")
UNANSWERED = 1 / 3
"""With more than this share of the flips-in never worked, the past cannot tell how they would have done."""


@dataclass(frozen=True)
class Precision:
    """Of the leads that qualified, how many had the outcome within the horizon.

    `worked`: over leads sales has worked and whose horizon is over. `unworked` is the share nobody worked, of
    whom nothing is known: `none` and `all` are the bounds if none or all of them had had the outcome.
    `censored`: leads whose horizon is not over, left out.
    """

    worked: Share
    unworked: Share
    none: float | None
    all: float | None
    censored: int


@dataclass(frozen=True)
class Load:
    """What an agreement's leads ask of sales a week: clocks (one for each promise on a lead), and hours.

    `hours_there`: hours sellers have for new leads; `could_keep`: the share of the clocks these hours can
    keep. None in each where nobody worked a lead, so that what one takes is not known.
    """

    leads_per_week: float
    clocks_per_week: float
    hours_per_week: float | None
    hours_there: float | None
    could_keep: float | None


@dataclass(frozen=True)
class Side:
    """What one agreement would have done in the time looked at; `recall` is of the leads that were won."""

    version: str
    name: str
    qualified: int
    load: Load
    precision: dict[str, Precision]
    recall: Share


@dataclass(frozen=True)
class Setting:
    """The draft with one number of its gate moved to `value`, or as it is (`present`)."""

    value: float
    present: bool
    per_week: float
    accepted: Share
    recall: Share


@dataclass(frozen=True)
class Sensitivity:
    """What becomes of the draft when one number of its gate is moved; `threshold` as it is written."""

    threshold: str
    settings: list[Setting]


@dataclass(frozen=True)
class Flip:
    """A lead one agreement qualifies and the other does not; `rule` is what made the difference."""

    person: str
    cycle_no: int
    name: str | None
    company: str | None
    at: datetime
    rule: str
    worked: bool
    accepted: bool
    won: bool


@dataclass(frozen=True)
class Backtest:
    """A draft beside a baseline. `weeks`: the Monday with how many each would have qualified.

    `answered`: whether the past can tell how the flips-in would have done. `earlier_days`: by how many days
    the draft qualifies sooner, in the middle, those whom both do, and `sooner` and `later` how many it does.
    `by`: segment and channel.
    """

    start: date
    end: date
    horizon_days: int
    stage: str
    draft: Side
    baseline: Side
    weeks: list[dict[str, Any]]
    flips_in: list[Flip]
    flips_out: list[Flip]
    answered: bool
    earlier_days: float | None
    sooner: int
    later: int
    sensitivity: list[Sensitivity]
    by: dict[str, list[dict[str, Any]]]


@dataclass(frozen=True)
class Window:
    """The time looked at: moments of naive UTC, the present one, and within what an outcome must come."""

    start: datetime
    end: datetime
    now: datetime
    horizon: timedelta
    zone: str

    @property
    def weeks(self) -> float:
        """How long it is, in weeks."""
        return (self.end - self.start) / timedelta(weeks=1)

    def holds(self, moment: datetime) -> bool:
        """Whether a moment lies in it."""
        return self.start <= moment < self.end

    def day(self, moment: datetime) -> date:
        """The local day of a moment."""
        return moment.replace(tzinfo=ZoneInfo("UTC")).astimezone(ZoneInfo(self.zone)).date()


Outcomes = Mapping["Key", Mapping[str, Any]]
"""By lead what became of it: name, company, segment, channel, worked, accepted_at, opportunity_at, won_at."""


def compare(
    draft: Judged,
    baseline: Judged,
    engine: Engine,
    window: Window,
    swept: Iterable[Swept] = (),
    hours: Capacity | None = None,
) -> Backtest:
    """A draft beside a baseline, with what became of the leads as the published build (`engine`) tells.

    `swept`: the draft with the numbers of its gate moved; `hours`: what sales has for new leads.
    """
    outcomes = outcomes_of(engine)
    ours, theirs = _within(draft, window), _within(baseline, window)
    # Who has qualified by the other outside the window is no flip: it moved, and that is told in days.
    flips_in = [_flip(one, baseline, outcomes) for k, one in ours.items() if k not in baseline.qualified]
    flips_out = [_flip(one, draft, outcomes) for k, one in theirs.items() if k not in draft.qualified]
    unworked = sum(not flip.worked for flip in flips_in)
    both = [(ours[key].at, theirs[key].at) for key in ours.keys() & theirs.keys()]
    return Backtest(
        start=window.day(window.start),
        end=window.day(window.end),
        horizon_days=window.horizon.days,
        stage=draft.stage,
        draft=_side(draft, ours, outcomes, window, hours),
        baseline=_side(baseline, theirs, outcomes, window, hours),
        weeks=_weeks(ours.values(), theirs.values(), window),
        flips_in=flips_in,
        flips_out=flips_out,
        answered=not flips_in or unworked <= UNANSWERED * len(flips_in),
        earlier_days=median((old - new) / timedelta(days=1) for new, old in both) if both else None,
        sooner=sum(new < old for new, old in both),
        later=sum(new > old for new, old in both),
        sensitivity=[_sensitivity(one, outcomes, window) for one in swept],
        by={name: _split(name, ours, theirs, outcomes, window) for name in ("segment", "channel")},
    )


def as_dict(found: Backtest) -> dict[str, Any]:
    """The backtest as plain data: `draft` and `baseline`, and by side `precision`, `recall` and `load`;
    `weeks`, `flips_in`, `flips_out`, `by`, and what was asked."""
    whole = asdict(found)
    sides = {name: whole[name] for name in ("draft", "baseline")}
    return {
        **whole,
        "precision": {name: side.pop("precision") for name, side in sides.items()},
        "recall": {name: side.pop("recall") for name, side in sides.items()},
        "load": {name: side.pop("load") for name, side in sides.items()},
    }


def outcomes_of(engine: Engine) -> Outcomes:
    """What became of every lead, as the published build tells."""
    sql = files(__package__).joinpath("outcomes.sql").read_text(encoding="utf-8")
    return {(row["person_id"], row["cycle_no"]): row for row in engine.query(sql).to_pylist()}


def _within(judged: Judged, window: Window) -> dict[Key, Qualified]:
    return {key: one for key, one in judged.qualified.items() if window.holds(one.at)}


def _side(
    judged: Judged,
    found: Mapping[Key, Qualified],
    outcomes: Outcomes,
    window: Window,
    hours: Capacity | None,
) -> Side:
    moments = _moments(found)
    return Side(
        version=judged.agreement.behaviour_hash,
        name=judged.agreement.name,
        qualified=len(found),
        load=_load(judged.agreement, len(found) / window.weeks, hours),
        precision={name: _precision(name, moments, outcomes, window) for name in OUTCOMES},
        recall=_recall(_moments(judged.qualified), outcomes, window),
    )


def _moments(found: Mapping[Key, Qualified]) -> dict[Key, datetime]:
    return {key: one.at for key, one in found.items()}


def _load(agreement: Agreement, per_week: float, hours: Capacity | None) -> Load:
    promises = agreement.sla.sales
    clocks = sum(one is not None for one in (promises.accept, promises.first_contact, promises.follow_up))
    if hours is None:
        return Load(per_week, per_week * clocks, None, None, None)
    needed = hours.for_leads(per_week).hours_needed or 0.0
    could_keep = min(1.0, hours.hours / needed) if needed else 1.0
    return Load(per_week, per_week * clocks, needed, hours.hours, could_keep)


def _recall(qualified: Mapping[Key, datetime], outcomes: Outcomes, window: Window) -> Share:
    """Of the leads won in the time looked at, the share that had qualified by then."""
    won = [(key, row["won_at"]) for key, row in outcomes.items() if row["won_at"]]
    wanted = [(key, at) for key, at in won if window.holds(at)]
    return share(sum(key in qualified and qualified[key] <= at for key, at in wanted), len(wanted))


def _sensitivity(swept: Swept, outcomes: Outcomes, window: Window) -> Sensitivity:
    settings = []
    for value, qualified in swept.qualified:
        within = {key: at for key, at in qualified.items() if window.holds(at)}
        accepted = _precision("accepted", within, outcomes, window).worked
        recall = _recall(qualified, outcomes, window)
        present = value == swept.threshold.value
        settings.append(Setting(value, present, len(within) / window.weeks, accepted, recall))
    return Sensitivity(swept.threshold.text, settings)


def _precision(name: str, found: Mapping[Key, datetime], outcomes: Outcomes, window: Window) -> Precision:
    had = worked = unworked = censored = 0
    for key, qualified_at in found.items():
        row = outcomes.get(key)
        at = row[f"{name}_at"] if row else None
        in_time = at is not None and at <= qualified_at + window.horizon
        if not in_time and qualified_at + window.horizon > window.now:
            censored += 1
        elif row is None or not row["worked"]:
            unworked += 1
        else:
            worked += 1
            had += in_time
    total = worked + unworked
    return Precision(
        worked=share(had, worked),
        unworked=share(unworked, total),
        none=had / total if total else None,
        all=(had + unworked) / total if total else None,
        censored=censored,
    )


def _flip(one: Qualified, other: Judged, outcomes: Outcomes) -> Flip:
    row = outcomes.get(one.key) or {}
    return Flip(
        person=one.key[0],
        cycle_no=one.key[1],
        name=row.get("name"),
        company=row.get("company"),
        at=one.at,
        rule=_what_did_it(one, other),
        worked=bool(row.get("worked")),
        accepted=row.get("accepted_at") is not None,
        won=row.get("won_at") is not None,
    )


def _what_did_it(one: Qualified, other: Judged) -> str:
    """Whom the other agreement excludes, it is that; else the rule whose points differ most at that moment.

    Where no rule gave less there, it is what the stage asks for.
    """
    stood = other.stood(one.key, one.at)
    if stood.excluded_by:
        return f"excluded as {stood.excluded_by}"
    points = stood.points
    gained = {rule: given - points.get(rule, 0.0) for rule, given in one.points.items()}
    rule, most = max(gained.items(), key=lambda item: (item[1], item[0]), default=("", 0.0))
    return rule if most > 0.0005 else f"definition of {other.stage}"


def _weeks(ours: Iterable[Qualified], theirs: Iterable[Qualified], window: Window) -> list[dict[str, Any]]:
    draft, baseline = (Counter(_monday(window.day(one.at)) for one in side) for side in (ours, theirs))
    monday, last = _monday(window.day(window.start)), window.day(window.end - timedelta(microseconds=1))
    found = []
    while monday <= last:
        found.append({"week": monday, "draft": draft[monday], "baseline": baseline[monday]})
        monday += timedelta(weeks=1)
    return found


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _split(
    name: str,
    ours: Mapping[Key, Qualified],
    theirs: Mapping[Key, Qualified],
    outcomes: Outcomes,
    window: Window,
) -> list[dict[str, Any]]:
    """The two sides by the value that leads have of something."""

    def of(found: Mapping[Key, Qualified], value: str | None) -> dict[Key, Qualified]:
        return {key: one for key, one in found.items() if (outcomes.get(key) or {}).get(name) == value}

    values = {(outcomes.get(key) or {}).get(name) for key in ours.keys() | theirs.keys()}
    return [
        {
            name: value,
            "draft": len(of(ours, value)),
            "baseline": len(of(theirs, value)),
            "draft_accepted": _precision("accepted", _moments(of(ours, value)), outcomes, window).worked,
            "baseline_accepted": _precision("accepted", _moments(of(theirs, value)), outcomes, window).worked,
        }
        for value in sorted(values, key=lambda value: (value is None, value or ""))
    ]
