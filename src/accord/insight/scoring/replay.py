"""Engagement of every lead at every moment at which something about it became known: exact, in one pass.

A rule's engagement at t is min(cap, sum of points * 2^(-(t - touch) / half_life)) over the touches known
at t. Each touch adds points * 2^((touch - base) / half_life) to a running sum, which times
2^(-(t - base) / half_life) is the engagement. So that the powers stay within range however long the
history, `base` moves on by BLOCK half-lives at a time; what the block before added is carried over, and
what came earlier has faded below 2^-BLOCK of its points, less than a score's ninth decimal.

Running sums are decimals, so they do not depend on the order in which an engine adds them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sqlglot import exp, parse_one

from accord.insight.scoring.fields import POINTS, capped, holds, zero
from accord.ledger.engine import Step

if TYPE_CHECKING:
    from accord.agreement import Agreement

BLOCK = 64
"""Half-lives a block spans. 2^64 times any points fits decimal(38,9); 2^-64 of them rounds to nothing."""


def steps(agreement: Agreement) -> list[Step]:
    """`lead_events`, `added_points`, carried blocks and `replay(lead, known_at, points_1.., hand_raiser)`."""
    rules = list(agreement.scoring.engagement.values())
    return [
        _lead_events(rules),
        _added(rules),
        _running(rules),
        *(step for number, rule in _fading(rules) for step in _carried(number, rule)),
        _replay(rules),
    ]


def _lead_events(rules: list[Any]) -> Step:
    """`lead_events`: counted human events, each in the cycle it happened in, with what rules read of them.

    Scores read these and nothing else.
    """
    read = set().union(*(rule.where.fields for rule in rules if rule.where is not None)) - {"kind"}
    query = (
        exp.select("cycles.lead", "cycles.opened_at")
        .select(exp.alias_(exp.column("at", "timeline", quoted=True), "occurred_at"))
        .select(*(exp.column(name, "timeline") for name in ("known_at", "team", "kind", *sorted(read))))
        .from_("timeline")
        .join("cycles", on="timeline.person = cycles.person", dialect="duckdb")
        .where('timeline."at" >= cycles.from_at AND timeline."at" < cycles.until_at', dialect="duckdb")
        .where("timeline.counted AND timeline.quality = 'human'", dialect="duckdb")
    )
    return Step.from_expression("lead_events", query)


def _fading(rules: list[Any]) -> list[tuple[int, Any]]:
    return [(number, rule) for number, rule in enumerate(rules, start=1) if rule.half_life]


def applies(rule: Any) -> exp.Expr:
    """True where an event of `lead_events` is a touch the rule gives points for."""
    parts: list[exp.Expr] = [exp.column("team").eq("marketing")]
    if rule.on != "any":
        parts.append(exp.column("kind").eq(rule.on))
    if rule.where is not None:
        parts.append(exp.paren(rule.where.expression.copy()))
    return holds(exp.and_(*parts))


def seconds(later: str, earlier: str) -> exp.Expr:
    """Whole seconds between two time columns, as a double."""
    return exp.Sub(this=_unix(later), expression=_unix(earlier))


def _unix(column: str) -> exp.Expr:
    return exp.func("floor", parse_one("epoch(t)", dialect="duckdb").transform(_named, column))


def _named(node: exp.Expr, column: str) -> exp.Expr:
    return exp.column(column) if isinstance(node, exp.Column) else node


def _block(rule: Any) -> exp.Expr:
    span = exp.Literal.number(BLOCK * rule.half_life.seconds)
    return exp.cast(
        exp.func("floor", exp.Div(this=exp.paren(seconds("known_at", "opened_at")), expression=span)),
        "BIGINT",
    )


def _scaled(rule: Any) -> exp.Expr:
    """What a touch adds to its rule's running sum."""
    if not rule.half_life:
        return exp.cast(exp.Literal.number(rule.points), POINTS)
    age = exp.Div(this=exp.paren(seconds("occurred_at", "opened_at")), expression=_half_life(rule))
    base = exp.Mul(this=exp.Literal.number(BLOCK), expression=exp.paren(_block(rule)))
    power = exp.func("pow", exp.Literal.number("2.0"), exp.Sub(this=age, expression=base))
    amount = exp.Mul(this=exp.cast(exp.Literal.number(rule.points), "DOUBLE"), expression=power)
    return exp.cast(amount, POINTS)


def _half_life(rule: Any) -> exp.Expr:
    return exp.cast(exp.Literal.number(rule.half_life.seconds), "DOUBLE")


def _added(rules: list[Any]) -> Step:
    """`added_points`: what each event adds to each rule and what expiry takes away, and a row where an
    attribute changed. Only rows that are `judged` are moments at which a definition is evaluated."""
    raisers = [applies(rule) for rule in rules if rule.hand_raiser]
    raised: exp.Expr = exp.Literal.number(0)
    if raisers:
        raised = exp.Case().when(exp.or_(*raisers), exp.Literal.number(1)).else_(raised)
    adds = {n: exp.Case().when(applies(rule), _scaled(rule)) for n, rule in enumerate(rules, start=1)}
    result: exp.Query = _rows(rules, exp.column("known_at"), adds, raised, judged=True).from_("lead_events")
    for number, rule in enumerate(rules, start=1):
        if rule.expires:
            result = result.union(_expiries(rules, number, rule), distinct=False)
    return Step.from_expression("added_points", result.union(_changes(rules), distinct=False))


def _rows(
    rules: list[Any], known_at: exp.Expr, adds: Mapping[int, exp.Expr], raised: exp.Expr, *, judged: bool
) -> exp.Select:
    nothing = exp.cast(exp.null(), POINTS)
    added = [
        exp.alias_(adds.get(number, nothing.copy()), f"added_{number}") for number in range(1, len(rules) + 1)
    ]
    return exp.select(
        "lead",
        exp.alias_(known_at, "known_at"),
        "opened_at",
        *added,
        exp.alias_(raised, "raised"),
        exp.alias_(exp.convert(judged), "judged"),
    )


def _expiries(rules: list[Any], number: int, rule: Any) -> exp.Query:
    """The moments at which a rule's touches expire; one known too late expires as it becomes known."""
    lasts = exp.Interval(this=exp.Literal.string(str(rule.expires.seconds)), unit=exp.var("SECOND"))
    ends = exp.Add(this=exp.column("occurred_at"), expression=lasts)
    moment = exp.func("greatest", exp.column("known_at"), ends)
    takes = exp.Neg(this=exp.cast(exp.Literal.number(rule.points), POINTS))
    expiries = _rows(rules, moment, {number: takes}, exp.Literal.number(0), judged=False)
    return expiries.from_("lead_events").where(applies(rule))


def _changes(rules: list[Any]) -> exp.Query:
    """The moments at which something else about a lead's person or account became known."""
    moments = (
        exp.select("cycles.lead", "lead_states.from_at AS known_at", "cycles.opened_at")
        .from_("cycles")
        .join("lead_states", on="cycles.person = lead_states.person", dialect="duckdb")
        .where(
            "lead_states.from_at >= cycles.from_at AND lead_states.from_at < cycles.until_at "
            "AND lead_states.from_at >= cycles.opened_at",
            dialect="duckdb",
        )
    )
    changes = _rows(rules, exp.column("known_at"), {}, exp.Literal.number(0), judged=True)
    return changes.from_(moments.subquery("moments"))


def _running(rules: list[Any]) -> Step:
    """`running_points`: the running sums over all that was known at each moment of a lead."""
    window = "PARTITION BY lead ORDER BY known_at RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW"
    sums = [f"sum(added_{number}) OVER known AS sum_{number}" for number in range(1, len(rules) + 1)]
    query = exp.select(
        "lead", "known_at", "opened_at", "judged", *sums, "sum(raised) OVER known AS raised", dialect="duckdb"
    )
    query = query.from_("added_points").window(f"known AS ({window})", dialect="duckdb")
    return Step.from_expression("running_points", query)


def _carried(number: int, rule: Any) -> list[Step]:
    """`carried_<n>`: by lead and block after the first, what earlier blocks added and the last one alone."""
    blocks = (
        exp.select(
            "lead",
            exp.alias_(_block(rule), "block"),
            exp.alias_(exp.func("max", exp.column(f"sum_{number}")), "ends"),
        )
        .from_("running_points")
        .where(exp.column("lead").isin(query=_long_leads(BLOCK * rule.half_life.seconds)))
        .group_by("lead", exp.Literal.number(2))
    )
    carried = Step.from_file(__package__, "carried")
    return [Step.from_expression("blocks", blocks), Step(f"carried_{number}", carried.sql)]


def _long_leads(span: int) -> exp.Query:
    return (
        exp.select("lead")
        .from_("running_points")
        .group_by("lead")
        .having(
            exp.GTE(
                this=exp.func("max", exp.paren(seconds("known_at", "opened_at"))),
                expression=exp.convert(span),
            )
        )
    )


def _replay(rules: list[Any]) -> Step:
    columns = [
        exp.alias_(_points(number, rule), f"points_{number}") for number, rule in enumerate(rules, start=1)
    ]
    query = (
        exp.select("running_points.lead", "running_points.known_at", *columns)
        .select("running_points.raised > 0 AS hand_raiser", dialect="duckdb")
        .from_("running_points")
    )
    for number, rule in _fading(rules):
        block = exp.paren(_block(rule)).transform(_of_running)
        query = query.join(
            f"carried_{number}",
            on=exp.and_(
                exp.column("lead", f"carried_{number}").eq(exp.column("lead", "running_points")),
                exp.column("block", f"carried_{number}").eq(block),
            ),
            join_type="left",
        )
    return Step.from_expression("replay", query.where("running_points.judged", dialect="duckdb"))


def _points(number: int, rule: Any) -> exp.Expr:
    """A rule's points at the moment of a row of `running_points`: faded, rounded to nine decimals, capped."""
    added = exp.func("coalesce", exp.column(f"sum_{number}", "running_points"), zero())
    if not rule.half_life:
        return capped(added, rule.cap)
    carried = f"carried_{number}"
    here = exp.Sub(this=added, expression=exp.func("coalesce", exp.column("earlier", carried), zero()))
    before = exp.func("coalesce", exp.column("carried", carried), zero())
    age = exp.Div(this=exp.paren(seconds("known_at", "opened_at")), expression=_half_life(rule))
    into_block = exp.Sub(
        this=exp.paren(age),
        expression=exp.Mul(this=exp.Literal.number(BLOCK), expression=exp.paren(_block(rule))),
    )
    fade = exp.func("pow", exp.Literal.number("2.0"), exp.Neg(this=exp.paren(into_block)))
    faded_before = exp.func("pow", exp.Literal.number("2.0"), exp.Neg(this=exp.Literal.number(BLOCK)))
    amount = exp.Mul(
        this=exp.paren(
            exp.Add(
                this=exp.cast(exp.paren(here), "DOUBLE"),
                expression=exp.Mul(this=exp.cast(before, "DOUBLE"), expression=faded_before),
            )
        ),
        expression=fade,
    )
    return capped(exp.cast(amount.transform(_of_running), POINTS), rule.cap)


def _of_running(node: exp.Expr) -> exp.Expr:
    """Columns without a table are those of `running_points`."""
    if isinstance(node, exp.Column) and not node.table:
        return exp.column(node.name, "running_points")
    return node
