"""The KPIs as data: what each means, what it is made of, and which facts it cannot do without."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

Unit = Literal["count", "share", "money", "days", "hours", "ratio"]

PEOPLE = ("touches", "activities", "source_leads")
VERDICTS = ("feedback", "handoff_moves", "stage_moves")
DEALS = ("deals",)
SPEND = ("spend",)
REVENUE = ("revenue",)
ACTIVITIES = ("activities",)


@dataclass(frozen=True)
class Kpi:
    """One number both teams agree on.

    `grain`: what one unit of it counts. `needs`: fact tables it cannot do without; of each group any one
    will do. `value` over `per` (if any) is the number, both names of measures. `facts`: the measures
    that count the rows behind it. `left_out`: amounts without a value that would have belonged to it.
    `remarks`: a measure that, when above zero, is told in the note with these words. `nothing`: what a
    denominator of zero means.
    """

    name: str
    label: str
    definition: str
    unit: Unit
    grain: str
    kind: Literal["leading", "lagging"]
    owner: Literal["marketing", "sales", "both"]
    better: Literal["higher", "lower"]
    needs: tuple[tuple[str, ...], ...]
    value: str
    per: str | None = None
    facts: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    remarks: tuple[tuple[str, str], ...] = ()
    nothing: str = ""


LEADS = Kpi(
    "leads",
    "New leads",
    "Leads opened in the period: one person in one cycle. Anonymous visitors and people the agreement "
    "excludes, unless they entered a stage, and one's own people and test records are left out and told.",
    "count",
    "lead",
    "leading",
    "marketing",
    "higher",
    needs=(PEOPLE,),
    value="leads.opened",
    facts=("leads.opened",),
    remarks=(("leads.left_out", "anonymous, internal or excluded, left out"),),
)

OPPORTUNITIES = Kpi(
    "opportunities",
    "Opportunities",
    "Deals made in the period.",
    "count",
    "deal",
    "leading",
    "both",
    "higher",
    needs=(DEALS,),
    value="deals.opened",
    facts=("deals.opened",),
    remarks=(("deals.undated", "deals without the date of their making or closing"),),
)

WINS = Kpi(
    "wins",
    "Wins",
    "Deals won in the period, by their closing date.",
    "count",
    "deal",
    "lagging",
    "sales",
    "higher",
    needs=(DEALS,),
    value="deals.won",
    facts=("deals.won",),
    remarks=(("deals.undated", "deals without the date of their making or closing"),),
)


def _pipeline_of(team: Literal["marketing", "sales"]) -> tuple[Kpi, Kpi]:
    """What a team found of the pipeline: the amount and the share."""
    found = (
        "the pipeline created whose account had its first counted human touch, of anyone there and at or "
        f"before the deal was made, from {team} (without an account: of the deal's persons)."
    )
    common: dict[str, Any] = {
        "needs": (DEALS, ("touches", "activities")),
        "value": f"deals.{team}_value",
        "facts": ("deals.opened",),
        "left_out": ("opened",),
    }
    nobody = "deals without any touch before them"
    amount = Kpi(
        f"pipeline_{team}",
        f"Pipeline of {team}",
        f"Value of {found}",
        "money",
        "deal",
        "leading",
        team,
        "higher",
        remarks=(("deals.found_by_nobody", f"{nobody}, of neither team"),),
        **common,
    )
    share = Kpi(
        f"pipeline_{team}_share",
        f"Pipeline found by {team}",
        f"Share of {found}",
        "share",
        "deal",
        "leading",
        team,
        "higher",
        per="deals.opened_value",
        remarks=(("deals.found_by_nobody", f"{nobody}, in neither share"),),
        nothing="no pipeline created in the period",
        **common,
    )
    return amount, share


AFTER_STAGES = (
    Kpi(
        "lead_to_customer",
        "Lead to customer",
        "Of the leads opened in the period, the share that has become a customer since. Young leads "
        "have had less time, so recent periods rise later.",
        "share",
        "lead",
        "lagging",
        "both",
        "higher",
        needs=(PEOPLE, DEALS),
        value="leads.became_customers",
        per="leads.opened",
        facts=("leads.opened", "leads.became_customers"),
        nothing="no leads opened in the period",
    ),
    Kpi(
        "win_rate",
        "Win rate",
        "Of the deals closed in the period (won or lost), the share won.",
        "share",
        "deal",
        "lagging",
        "sales",
        "higher",
        needs=(DEALS,),
        value="deals.won",
        per="deals.closed",
        facts=("deals.won", "deals.closed"),
        nothing="no deals closed in the period",
    ),
    Kpi(
        "pipeline",
        "Pipeline created",
        "Value of the deals made in the period, whatever became of them: closed deals at the rate of "
        "their closing day, open ones at the latest rate.",
        "money",
        "deal",
        "leading",
        "both",
        "higher",
        needs=(DEALS,),
        value="deals.opened_value",
        facts=("deals.opened",),
        left_out=("opened",),
    ),
    *_pipeline_of("marketing"),
    *_pipeline_of("sales"),
    Kpi(
        "open_pipeline",
        "Open pipeline",
        "Value of the deals still open at the end of the period, at the latest rate (those closed since "
        "at the rate of their closing day).",
        "money",
        "deal",
        "leading",
        "sales",
        "higher",
        needs=(DEALS,),
        value="deals.open_value",
        facts=("deals.open_at_end",),
        left_out=("open",),
    ),
    Kpi(
        "won_value",
        "Value won",
        "Value of the deals won in the period, at the rate of their closing day.",
        "money",
        "deal",
        "lagging",
        "sales",
        "higher",
        needs=(DEALS,),
        value="deals.won_value",
        facts=("deals.won",),
        left_out=("won",),
    ),
    Kpi(
        "average_deal",
        "Average deal",
        "Value won over the number of deals won that have a value.",
        "money",
        "deal",
        "lagging",
        "sales",
        "higher",
        needs=(DEALS,),
        value="deals.won_value",
        per="deals.won_valued",
        facts=("deals.won_valued",),
        left_out=("won",),
        nothing="no deals with a value won in the period",
    ),
    Kpi(
        "sales_cycle",
        "Sales cycle",
        "Median days from a deal's making to its closing, of the deals won in the period. Deals still "
        "open are censored: their length is not known yet, so they are told and not counted.",
        "days",
        "deal",
        "lagging",
        "sales",
        "lower",
        needs=(DEALS,),
        value="deals.cycle_days",
        facts=("deals.won",),
        remarks=(("deals.open_at_end", "deals still open at the period's end, not counted"),),
        nothing="no deals won in the period",
    ),
    Kpi(
        "first_contact",
        "Speed to first contact",
        "Median hours from a lead's qualification to the first outbound activity of a person in sales "
        "(automated sends do not count), of the leads qualified in the period and contacted since.",
        "hours",
        "lead",
        "leading",
        "sales",
        "lower",
        needs=(PEOPLE, ACTIVITIES),
        value="contacts.median_hours",
        facts=("contacts.qualified", "contacts.contacted"),
        remarks=(("contacts.never_contacted", "qualified leads not contacted yet, not counted"),),
        nothing="no qualified lead was contacted",
    ),
    Kpi(
        "never_contacted",
        "Never contacted",
        "Of the leads qualified in the period, the share without any outbound activity of a person in sales "
        "since.",
        "share",
        "lead",
        "leading",
        "sales",
        "lower",
        needs=(PEOPLE, ACTIVITIES),
        value="contacts.never_contacted",
        per="contacts.qualified",
        facts=("contacts.qualified", "contacts.never_contacted"),
        nothing="no leads qualified in the period",
    ),
    Kpi(
        "revenue",
        "Revenue",
        "Money booked in the period, refunds taken off, at the rate of its day.",
        "money",
        "booking",
        "lagging",
        "both",
        "higher",
        needs=(REVENUE,),
        value="revenue.total",
        facts=("revenue.bookings",),
        left_out=("revenue",),
    ),
    Kpi(
        "revenue_to_target",
        "Revenue against target",
        "Revenue of the period over the agreement's revenue target for it; a target is taken pro rata "
        "where the period is only a part of the target's.",
        "share",
        "booking",
        "lagging",
        "both",
        "higher",
        needs=(REVENUE,),
        value="revenue.total",
        per="targets.revenue",
        facts=("revenue.bookings",),
        left_out=("revenue",),
        nothing="the agreement has no revenue target for the period",
    ),
    Kpi(
        "revenue_growth",
        "Revenue growth",
        "Revenue of the period less that of the period before, over the latter. The period before is "
        "the calendar one where the period is a calendar period of the agreement, else one of equal "
        "length.",
        "share",
        "booking",
        "lagging",
        "both",
        "higher",
        needs=(REVENUE,),
        value="revenue.growth",
        per="revenue.previous",
        facts=("revenue.bookings", "revenue.previous_bookings"),
        left_out=("revenue",),
        nothing="no period before it with revenue",
    ),
    Kpi(
        "spend",
        "Spend",
        "Cost of campaigns and channels in the period, at the rate of its day.",
        "money",
        "cost",
        "leading",
        "marketing",
        "lower",
        needs=(SPEND,),
        value="spend.total",
        facts=("spend.costs",),
        left_out=("spend",),
    ),
    Kpi(
        "cost_per_lead",
        "Cost per lead",
        "Spend of the period over the leads opened in it.",
        "money",
        "lead",
        "leading",
        "marketing",
        "lower",
        needs=(SPEND, PEOPLE),
        value="spend.total",
        per="leads.opened",
        facts=("spend.costs", "leads.opened"),
        left_out=("spend",),
        nothing="no leads opened in the period",
    ),
    Kpi(
        "cac",
        "Customer acquisition cost",
        "Spend of the period over the customers won in it: accounts (without one, persons) with their "
        "first won deal. Spend holds what campaigns and channels cost, not salaries.",
        "money",
        "customer",
        "lagging",
        "both",
        "lower",
        needs=(SPEND, DEALS),
        value="spend.total",
        per="deals.new_customers",
        facts=("spend.costs", "deals.new_customers"),
        left_out=("spend",),
        nothing="no new customers in the period",
    ),
    Kpi(
        "campaign_roi",
        "Campaign ROI",
        "Value of the period's wins credited to the campaigns and channels that cost something in it, "
        "less their spend, over their spend; by the first attribution model the agreement lists.",
        "ratio",
        "cost",
        "lagging",
        "marketing",
        "higher",
        needs=(SPEND, DEALS, ("touches", "activities")),
        value="credits.gain",
        per="spend.total",
        facts=("spend.costs", "deals.won"),
        left_out=("spend", "won"),
        nothing="no spend in the period",
    ),
    Kpi(
        "roas",
        "Return on ad spend",
        "Value of the period's wins credited to the campaigns and channels that cost something in it, "
        "over their spend; by the first attribution model the agreement lists.",
        "ratio",
        "cost",
        "lagging",
        "marketing",
        "higher",
        needs=(SPEND, DEALS, ("touches", "activities")),
        value="credits.value",
        per="spend.total",
        facts=("spend.costs", "deals.won"),
        left_out=("spend", "won"),
        nothing="no spend in the period",
    ),
    Kpi(
        "clv",
        "Customer lifetime value",
        "Revenue booked up to the period's end over the customers that ever paid: what a customer has "
        "brought so far, without a forecast.",
        "money",
        "customer",
        "lagging",
        "both",
        "higher",
        needs=(REVENUE,),
        value="customers.paid",
        per="customers.paying",
        facts=("customers.paying",),
        left_out=("customers",),
        nothing="no customer has paid yet",
    ),
    Kpi(
        "retention",
        "Retention",
        "Of the customers with a running subscription at the period's start, the share with one at its "
        "end (by the `until` of their revenue). Without a start, the year up to the end.",
        "share",
        "customer",
        "lagging",
        "both",
        "higher",
        needs=(REVENUE, ("revenue.until",)),
        value="customers.kept",
        per="customers.subscribed_at_start",
        facts=("customers.subscribed_at_start", "customers.kept"),
        nothing="no subscription was running at the period's start",
    ),
    Kpi(
        "machine_touches",
        "Share of machine touches",
        "Of all counted marketing touches of the period, the share done by machines: opens by privacy "
        "proxies, clicks by mail scanners, bots. They earn neither points nor credit.",
        "share",
        "touch",
        "leading",
        "marketing",
        "lower",
        needs=(("touches",),),
        value="touches.machine",
        per="touches.recorded",
        facts=("touches.recorded", "touches.machine"),
        nothing="no touches in the period",
    ),
)

STANDARD_STAGES: tuple[Mapping[str, Any], ...] = (
    {"stage": "mql", "enter": None, "label": "MQL"},
    {"stage": "sal", "enter": "accepted", "label": "SAL"},
    {"stage": "sql", "enter": "qualified", "label": "SQL"},
    {"stage": "opportunity", "enter": "deal_open", "label": "Opportunity"},
    {"stage": "customer", "enter": "deal_won", "label": "Customer"},
)


def kpis_of(stages: Iterable[Mapping[str, Any]]) -> tuple[Kpi, ...]:
    """All KPIs of an agreement with these stages (rows of the table `stages`, in order)."""
    rows = list(stages)
    counted = [stage_kpi(row) for row in rows]
    passed = [_passing_kpi(a, b) for a, b in pairwise(rows)]
    costs = [_cost_kpi(row) for row in rows if row["enter"] not in ("deal_open", "deal_won")]
    found: dict[str, Kpi] = {}
    for kpi in (LEADS, *counted, OPPORTUNITIES, WINS, *passed, *AFTER_STAGES, *costs):
        found.setdefault(kpi.name, kpi)
    return tuple(found.values())


def stage_kpi(row: Mapping[str, Any]) -> Kpi:
    """The KPI that counts a stage (a row of the table `stages`); stages entered by a deal count deals."""
    if row["enter"] == "deal_open":
        return OPPORTUNITIES
    if row["enter"] == "deal_won":
        return WINS
    stage, label = row["stage"], _label(row)
    return Kpi(
        stage,
        label,
        f"Leads that entered {label} in the period, by the agreement.",
        "count",
        "lead",
        "leading",
        "marketing" if _needs(row) == PEOPLE else "sales",
        "higher",
        needs=_stage_needs(row),
        value=f"stages.{stage}.entered",
        facts=(f"stages.{stage}.entered",),
    )


def _passing_kpi(row: Mapping[str, Any], following: Mapping[str, Any]) -> Kpi:
    stage, a, b = row["stage"], _label(row), _label(following)
    return Kpi(
        f"{stage}_to_{following['stage']}",
        f"{a} to {b}",
        f"Of the leads that entered {a} in the period, the share that has entered {b}, or a later stage, "
        "since.",
        "share",
        "lead",
        "leading" if following["enter"] not in ("deal_open", "deal_won") else "lagging",
        "both",
        "higher",
        needs=tuple(dict.fromkeys((*_stage_needs(row), *_stage_needs(following)))),
        value=f"stages.{stage}.passed",
        per=f"stages.{stage}.entered",
        facts=(f"stages.{stage}.entered", f"stages.{stage}.passed"),
        nothing=f"no leads entered {a} in the period",
    )


def _cost_kpi(row: Mapping[str, Any]) -> Kpi:
    stage, label = row["stage"], _label(row)
    return Kpi(
        f"cost_per_{stage}",
        f"Cost per {label}",
        f"Spend of the period over the leads that entered {label} in it.",
        "money",
        "lead",
        "leading",
        "marketing",
        "lower",
        needs=(SPEND, *_stage_needs(row)),
        value="spend.total",
        per=f"stages.{stage}.entered",
        facts=("spend.costs", f"stages.{stage}.entered"),
        left_out=("spend",),
        nothing=f"no leads entered {label} in the period",
    )


def _label(row: Mapping[str, Any]) -> str:
    return str(row.get("label") or row["stage"])


def _needs(row: Mapping[str, Any]) -> tuple[str, ...]:
    if row["enter"] in ("deal_open", "deal_won"):
        return DEALS
    return VERDICTS if row["enter"] in ("accepted", "qualified") else PEOPLE


def _stage_needs(row: Mapping[str, Any]) -> tuple[tuple[str, ...], ...]:
    own = _needs(row)
    return (PEOPLE, own) if own == VERDICTS else (own,)


KPIS: tuple[Kpi, ...] = kpis_of(STANDARD_STAGES)
"""The KPIs of an agreement with the standard stages; `kpis_of` gives those of other stages."""
