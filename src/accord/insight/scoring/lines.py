"""The present score of every lead, line by line: the lines of a lead add up to its score."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from accord.insight.scoring.fields import POINTS, capped, column_of, points, total, zero
from accord.insight.scoring.replay import applies, seconds
from accord.ledger.engine import Step

if TYPE_CHECKING:
    from accord.agreement import Agreement

MATTERS = "points <> 0 OR hits > 0 OR missing IS NOT NULL"


def steps(agreement: Agreement) -> list[Step]:
    """`score_lines(lead, person, part, rule, hits, raw_points, points, missing)` and
    `scores(lead, person, fit, engagement, score)`, at `as_of.now`.

    A line is a rule, or `(cap)`: what the part's cap, or its floor at zero, takes away or adds.
    """
    return [
        _present_points(agreement),
        _present_leads(agreement),
        _lines(agreement),
        Step.from_file(__package__, "scores"),
    ]


def _present_points(agreement: Agreement) -> Step:
    """`present_points`: each lead's touches by rule, counted and faded to now, as the definition says."""
    columns: list[exp.Expr] = []
    for number, rule in enumerate(agreement.scoring.engagement.values(), start=1):
        hit = exp.Filter(this=exp.Count(this=exp.Star()), expression=exp.Where(this=_counts(rule)))
        faded = exp.Filter(this=exp.Sum(this=_faded(rule)), expression=exp.Where(this=_counts(rule)))
        columns += [exp.alias_(hit, f"hits_{number}"), exp.alias_(faded, f"raw_{number}")]
    query = (
        exp.select("lead", *columns)
        .from_("lead_events")
        .join("as_of", on="lead_events.known_at <= as_of.now", dialect="duckdb")
        .group_by("lead")
    )
    return Step.from_expression("present_points", query)


def _counts(rule: Any) -> exp.Expr:
    """True where an event is a touch of the rule that has not expired."""
    if not rule.expires:
        return applies(rule)
    return exp.and_(applies(rule), exp.paren(seconds("now", "occurred_at")) < rule.expires.seconds)


def _faded(rule: Any) -> exp.Expr:
    amount = exp.Literal.number(rule.points)
    if not rule.half_life:
        return exp.cast(amount, POINTS)
    age = exp.func("greatest", exp.paren(seconds("now", "occurred_at")), exp.Literal.number(0))
    half_life = exp.cast(exp.Literal.number(rule.half_life.seconds), "DOUBLE")
    power = exp.func(
        "pow", exp.Literal.number("2.0"), exp.Neg(this=exp.paren(exp.Div(this=age, expression=half_life)))
    )
    return exp.cast(exp.Mul(this=exp.cast(amount, "DOUBLE"), expression=power), POINTS)


def _present_leads(agreement: Agreement) -> Step:
    """`present_leads`: every lead with its attributes as known now, its capped points and its two totals."""
    rules = list(agreement.scoring.engagement.values())
    by_rule = [
        exp.alias_(capped(exp.func("coalesce", exp.column(f"raw_{n}"), zero()), rule.cap), f"points_{n}")
        for n, rule in enumerate(rules, start=1)
    ]
    joined = (
        exp.select("cycles.lead", "lead_states.*", "present_points.* EXCLUDE (lead)", dialect="duckdb")
        .from_("cycles")
        .join("as_of", on="true", dialect="duckdb")
        .join(
            "lead_states",
            on="cycles.person = lead_states.person AND lead_states.from_at <= as_of.now "
            "AND lead_states.until_at > as_of.now",
            dialect="duckdb",
        )
        .join("present_points", on="cycles.lead = present_points.lead", join_type="left", dialect="duckdb")
    )
    pointed = exp.select("*", *by_rule).from_(joined.subquery("joined"))
    columns: list[exp.Expr] = [exp.column(f"points_{n}") for n in range(1, len(rules) + 1)]
    engagement = capped(total(columns), agreement.scoring.caps.engagement)
    scored = exp.select("*", exp.alias_(engagement, "engagement")).from_(pointed.subquery("pointed"))
    raisers = [exp.column(f"hits_{n}") > 0 for n, rule in enumerate(rules, start=1) if rule.hand_raiser]
    raised = exp.func("coalesce", exp.or_(*raisers), exp.false()) if raisers else exp.false()
    query = exp.select("*", "fit + engagement AS score", exp.alias_(raised, "hand_raiser"), dialect="duckdb")
    return Step.from_expression("present_leads", query.from_(scored.subquery("scored")))


def _lines(agreement: Agreement) -> Step:
    queries = [_engagement_line(n, rule) for n, rule in enumerate(agreement.scoring.engagement, start=1)]
    fit_rules = list(agreement.scoring.fit.items())
    queries += [_fit_line(agreement, n, name, rule) for n, (name, rule) in enumerate(fit_rules, start=1)]
    fit = [exp.func("coalesce", exp.column(f"fit_{n}"), zero()) for n in range(1, len(fit_rules) + 1)]
    engagement: list[exp.Expr] = [
        exp.column(f"points_{n}") for n in range(1, len(agreement.scoring.engagement) + 1)
    ]
    queries += [_cap_line("fit", fit), _cap_line("engagement", engagement)]
    result, *others = queries
    for other in others:
        result = result.union(other, distinct=False)
    return Step.from_expression("score_lines", result)


def _line(
    part: str, rule: str, hits: exp.Expr, raw: exp.Expr, value: exp.Expr, missing: exp.Expr
) -> exp.Query:
    line = exp.select(
        "lead",
        "person",
        exp.alias_(exp.Literal.string(part), "part"),
        exp.alias_(exp.Literal.string(rule), "rule"),
        exp.alias_(hits, "hits"),
        exp.alias_(exp.cast(raw, POINTS), "raw_points"),
        exp.alias_(exp.cast(value, POINTS), "points"),
        exp.alias_(missing, "missing"),
    ).from_("present_leads")
    return exp.select("*").from_(line.subquery("line")).where(MATTERS, dialect="duckdb")


def _engagement_line(number: int, name: str) -> exp.Query:
    hits = exp.func("coalesce", exp.column(f"hits_{number}"), exp.Literal.number(0))
    raw = exp.func("coalesce", exp.column(f"raw_{number}"), zero())
    return _line("engagement", name, hits, raw, exp.column(f"points_{number}"), _nothing())


def _fit_line(agreement: Agreement, number: int, name: str, rule: Any) -> exp.Query:
    value = exp.func("coalesce", exp.column(f"fit_{number}"), zero())
    hit = (
        exp.Case()
        .when(exp.column(f"fit_{number}").neq(0), exp.Literal.number(1))
        .else_(exp.Literal.number(0))
    )
    unknown = exp.column(f"fit_{number}").is_(exp.null())
    missing = exp.Case().when(unknown, missing_fields(agreement, sorted(rule.where.fields)))
    return _line("fit", name, exp.cast(hit, "BIGINT"), value, value.copy(), missing)


def missing_fields(agreement: Agreement, fields: list[str]) -> exp.Expr:
    """The names, joined by a comma, of those fields that are NULL."""
    named: list[exp.Expr] = [
        exp.Case().when(exp.column(column_of(agreement, field)).is_(exp.null()), exp.Literal.string(field))
        for field in fields
    ]
    # Anonymous: sqlglot's own ConcatWs would make NULL of a text with any part missing.
    return exp.Anonymous(this="concat_ws", expressions=[exp.Literal.string(", "), *named])


def _cap_line(part: str, rules: Sequence[exp.Expr]) -> exp.Query:
    taken = exp.Sub(this=exp.column(part), expression=exp.paren(total(rules)))
    return _line(part, "(cap)", exp.cast(exp.Literal.number(0), "BIGINT"), points(0), taken, _nothing())


def _nothing() -> exp.Expr:
    return exp.cast(exp.null(), "VARCHAR")
