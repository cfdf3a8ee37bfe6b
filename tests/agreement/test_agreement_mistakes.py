"""Every mistake is found at its line and column, with the mend. `«` marks the expected place."""

from pathlib import Path

import pytest

from accord.agreement import parse
from accord.errors import Mistake, MistakesError

EXAMPLE = (Path(__file__).parent / "design_example.yaml").read_text(encoding="utf-8")


def mistakes(text: str, messages: str | None = None) -> list[Mistake]:
    with pytest.raises(MistakesError) as caught:
        parse(text, messages=messages)
    return caught.value.mistakes


def edited(old: str, new: str) -> tuple[str, int, int]:
    """The example with `old` replaced, and the place the mark stands at."""
    assert EXAMPLE.count(old) >= 1
    marked = EXAMPLE.replace(old, new, 1)
    before, _, after = marked.partition("«")
    return before + after, before.count("\n") + 1, len(before) - before.rfind("\n")


CASES = [
    ("agreement: Northwind Robotics", "agreement: «2026", "must be text", "quotes"),
    ("agreement: Northwind Robotics", 'agreement: «""', "is empty", "Fill it in"),
    ("currency: EUR", "«curency: EUR", "'curency' is not known", "'currency'"),
    ("currency: EUR", "currency: «EURO", "not a currency", "'EUR'"),
    ("currency: EUR", "currency: EUR\n«currency: USD", "twice (first on line 2)", "Keep one"),
    ("currency: EUR", "schema: «2\ncurrency: EUR", "form 2", "Update Accord"),
    ("year_starts: february", "year_starts: «febuary", "not a month", "'february'"),
    ("go_live: 2026-09-01", "go_live: «2026-02-30", "not a date", "2026-09-01"),
    ("go_live: 2026-09-01", "«go_live:", "no value", "remove it"),
    ("Europe/Berlin", "«Europe/Berlim", "not a time zone", "'Europe/Berlin'"),
    ('"09:00-17:30"', '«"17:30-09:00"', "ends before it begins", "two stretches"),
    ('"09:00-17:30"', '«"09:00-25:00"', "not a stretch of a day", "24:00"),
    ('"09:00-17:30"', '«"09:00-12:00, 11:00-17:30"', "overlap", "Join"),
    ('"09:00-17:30"', "«9", "must be text", "09:00-17:30"),
    ("mon-fri:", "«mon-fry:", "neither a day", "mon-fri"),
    ("mon-fri:", 'fri: "10:00-11:00", «mon-fri:', "stands in 'fri' already", "Keep one"),
    ("DE-BE", "«Germany", "not a country", "DE-BE"),
    ("DE-BE", "«[DE, 2026-13-01]", "not a date", "2026-09-01"),
    ("on: person, type: boolean", "on: «persons, type: boolean", "not allowed", "'person'"),
    ("type: boolean", "type: «date", "not allowed", "text, number, boolean"),
    ("type: boolean", "type: boolean, values: «[a]", "Only text has values", "Remove"),
    ("values: [now, this_quarter, later]", "values: [now, this_quarter, «now]", "twice", "Keep one"),
    ("values: [now, this_quarter, later]", "values: [now, this_quarter, «3]", "must be text", "quotes"),
    ("  timeline: ", "  «country: {on: person, type: text}\n  timeline: ", "exists already", "another name"),
    (
        "  timeline: ",
        "  «select: {on: person, type: text}\n  timeline: ",
        "condition language",
        "another name",
    ),
    ("  timeline: ", "  «My-Field: {on: person, type: text}\n  timeline: ", "not a name", "small letters"),
    ("role = 'operations'", "«rolle = 'operations'", "no field 'rolle'", "'role'"),
    ("role = 'operations'", "«fit = 3", "no field 'fit'", ""),
    ("employees between 100 and 2000", "employees between «2000 and 100", "lower bound", "Swap"),
    ("{name: customers,", "{name: «own_staff,", "stands here twice", "rename"),
    ("to: customer_success", "to: «Customer Success", "team's short name", "mid-market-reps"),
    ("employees >= 100", "employees >= «'100'", "number cannot be compared with a text", "without quotes"),
    ("employees >= 100", "employees = («select 1)", "Subqueries are not allowed", "its own lead"),
    ("employees >= 100", "employees «/ 2 > 100", "'/' is not allowed", "Division"),
    ("employees >= 100", "«employees", "is a number, neither true nor false", "Compare"),
    ("employees >= 100", "«now() > 100", "function now", "clock"),
    ("points: 20", "points: «twenty", "must be a number, not text", "without quotes"),
    ("points: 20", "points: «0", "does nothing", "remove it"),
    ("points: 20", "«pionts: 20", "not known here", "'points'"),
    (
        '{where: "employees >= 100", points: 20}',
        '«{where: "employees >= 100"}',
        "'points' is missing",
        "Add points",
    ),
    ("points: 10, half_life", "points: «-10, half_life", "must be positive", "Put penalties under fit"),
    ("cap: 30", "cap: «5", "below the 10 points", "Raise the cap"),
    ("half_life: 14d", "half_life: «14", "needs a unit", "14d"),
    ("half_life: 14d", "half_life: «1 month", "not a length of time", "write days"),
    ("half_life: 14d", "half_life: «4 business hours", "sla clauses only", "hours or days"),
    ("half_life: 14d", "half_life: «0d", "not a length of time", "longer than nothing"),
    ("half_life: 14d", "«halflife: 14d", "not known here", "'half_life'"),
    ("on: page_view", "on: «pageview", "not a kind of touch", "'page_view'"),
    ("'/pricing%'", "«'/pricing\\\\%'", "backslash", "_"),
    ("hand_raiser: true", "hand_raiser: «yes", "must be true or false, not text", "without quotes"),
    ("pricing_page:", "«budget_known:", "fit rule is called 'budget_known' too", "Rename"),
    ("engagement: 100}", "engagement: «-1}", "out of range", "more than 0"),
    ("engagement: 100}", "«engagment: 100}", "not known", "'engagement'"),
    ("engagement >= 40", "«engagement >= 200", "never hold: engagement lies between 0 and 100", "threshold"),
    ("fit >= 30", "«fit > 35", "never hold: fit lies between 0 and 35", "points"),
    ("fit >= 30", "«fit < 0", "never hold", "threshold"),
    ("hand_raiser: true", "hand_raiser: «1", "true or false, not a number", ""),
    ("kind: gate, when", "kind: «gates, when", "not allowed", "'gate'"),
    ("sal: {kind: sla, enter: accepted}", "sal: «{kind: gate}", "needs a condition", "Add when"),
    ("sal: {kind: sla, enter: accepted}", "sal: {kind: sla, enter: «accept}", "not allowed", "'accepted'"),
    ("mql: {kind: gate,", "mql: {kind: gate, enter: «accepted,", "by its condition alone", "Remove enter"),
    (
        "customer: {kind: inventory, enter: deal_won}",
        "customer: {kind: inventory, enter: «deal_open}",
        "entered by deal_open already",
        "Keep one",
    ),
    (
        "opportunity: {kind: inventory, enter: deal_open}",
        "opportunity: {kind: inventory, enter: deal_open, evidence: «meeting_held}",
        "Only a verdict",
        "Remove evidence",
    ),
    (
        "  customer: {kind",
        '  «late: {kind: gate, when: "fit > 1"}\n  customer: {kind',
        "after a deal is open",
        "Move it up",
    ),
    (
        "  customer: {kind",
        "  «recycled: {kind: inventory}\n  customer: {kind",
        "is a detour",
        "stages.detours",
    ),
    ("evidence: meeting_held", "evidence: «meeting_hold", "grade of evidence", "'meeting_held'"),
    ("detours: {recycled:", "detours: {«recycle:", "not known here", "'recycled'"),
    ("debits: fit}", "debits: «fits}", "not allowed", "'fit'"),
    ("reason: no_interest", "reason: «too_small", "stands here twice", "rename"),
    ("at: mql", "at: «mqll", "no stage 'mqll'", "'mql'"),
    ("at: mql", "at: «sal", "not decided by a gate", "mql"),
    ("segment = 'mid_market'", "segment = «'mid_markt'", "not one of the field's values", "'mid_market'"),
    ("by: weighted", "by: «weight", "not allowed", "'weighted'"),
    ("of: mql", "of: «sqll", "no stage 'sqll'", "'sql'"),
    ("per: month", "per: month, segment: «midmarket", "no segment 'midmarket'", "'mid_market'"),
    ("deliver: 120", "deliver: «12.5", "whole number", "fraction"),
    ("deliver: 120", "deliver: «0", "out of range", "more than 0"),
    ("within: 4 business hours", "within: «4 business days", "not a length of time", "business hours"),
    ("evidence: human_outbound", "evidence: «human_outbond", "grade of evidence", "'human_outbound'"),
    ("attempts: 6", "attempts: «many", "whole number, not text", ""),
    ("at: 50%", "at: «50", "not a share", "50%"),
    ("at: 150%", "at: «75%", "75% comes after 100%", "in order"),
    ("{at: 50%, tell: owner}", "«{at: 50%, tell: owner, do: reassign}", "either tells", "one of tell and do"),
    ("{at: 100%, tell: manager}", "«{at: 50%, tell: owner}", "stands here twice", "Keep one"),
    ("{pipeline: 3600000", "{«pipelin: 3600000", "no target 'pipelin'", "'pipeline'"),
    ("{pipeline: 3600000", "{«revenue: 3600000", "stands here twice", "Keep one"),
    ("{pipeline: 3600000, quarter: 2027Q1}", "«{pipeline: 3600000}", "one period", "year, quarter and month"),
    ("{pipeline: 3600000, quarter: 2027Q1}", "«{pipeline: 3600000, quarter: Q1}", "not a quarter", "2027Q1"),
    ("{pipeline: 3600000", "{pipeline: «-3", "out of range", "more than 0"),
    ("messages: messages.yaml", "messages: «../messages.yaml", "beside this one", "plain name"),
    ("window: 90d", "window: «90", "needs a unit", "14d"),
    ("[marketing, sales]", "[marketing, «sale]", "not allowed", "'sales'"),
    ("[marketing, sales]", "«[]", "is empty", "Fill it in"),
    ("models: [first,", "models: [«frist,", "not an attribution model", "'first'"),
    ("models: [first,", "models: [«own,", "needs weights", "attribution.weights"),
    ("window: 90d,", "window: 90d, «weights: {first: 1},", "Nothing uses these weights", "own"),
    ("window: 90d,", "window: 90d, weights: «{first: 0.5},", "add up to 0.5", "to 1"),
    ("targets: [", "targets: «*all\nx: [", "aliases", "Write the value"),
    ("targets: [", "targets: «!!set [", "Tags", "Remove the tag"),
    ("targets: [", f"targets: [{'[' * 18}«[", "nested more than 20 deep", "brackets"),
    ("targets: [", "targets: [«{}, ", "one number", "quarter: 2027Q1"),
    (
        "targets: [",
        "targets: [{revenue: 1, year: 2031, segment: «mid_markt}, ",
        "There is no segment 'mid_markt'",
        "Did you mean 'mid_market'?",
    ),
]


@pytest.mark.parametrize(("old", "new", "message", "mend"), CASES, ids=[case[1][:40] for case in CASES])
def test_mistake_stands_at_its_place_with_its_mend(old: str, new: str, message: str, mend: str) -> None:
    text, line, column = edited(old, new)
    found = [m for m in mistakes(text) if (m.line, m.column) == (line, column)]
    assert len(found) == 1, mistakes(text)
    assert message in found[0].message
    assert mend in found[0].mend


@pytest.mark.parametrize(("old", "new", "message", "mend"), CASES, ids=[case[1][:40] for case in CASES])
def test_one_mistake_makes_one_mistake(old: str, new: str, message: str, mend: str) -> None:
    text, _, _ = edited(old, new)
    really_two = ("points: «0", "enter: «accepted,")  # fit 30 is out of reach then; two stages by one verdict
    assert len(mistakes(text)) == (2 if new.startswith(really_two) or "gate, enter" in new else 1), mistakes(
        text
    )


def test_all_mistakes_are_gathered_in_order() -> None:
    text = EXAMPLE.replace("EUR", "EURO").replace("points: 20", "points: x").replace("at: mql", "at: mqll")
    text = text.replace("fit >= 30", "fitt >= 30").replace("models: [first", "models: [frist")
    text = text.replace("tell: owner", "tel: owner").replace("type: boolean", "typ: boolean")
    found = mistakes(text)
    assert [m.where for m in found] == [
        "currency",
        "fields.budget.typ",
        "scoring.fit.company_size.points",
        "stages.mql.when",
        "handoff.at",
        "sla.escalate.0.tel",
        "attribution.models.0",
    ]
    assert found == sorted(found)


def test_one_condition_may_hold_several_mistakes() -> None:
    text = EXAMPLE.replace("employees >= 100", "employes >= 100 and country = 3 and rolle is null")
    assert [m.column for m in mistakes(text)] == [28, 58, 64]


def test_hand_raiser_without_a_rule_that_raises_one() -> None:
    (found,) = mistakes(EXAMPLE.replace(", hand_raiser: true", ""))
    assert (found.line, found.column) == (27, 65)
    assert found.message == "No rule raises a hand."


@pytest.mark.parametrize("name", ["segment", "persona"])
def test_a_gate_that_reads_a_segment_or_persona_where_there_is_none(name: str) -> None:
    minimal = "agreement: A\ncurrency: EUR\nstages:\n  mql: {kind: gate, when: "
    (found,) = mistakes(f"{minimal}\"{name} = 'x'\"}}\n")
    assert (found.line, found.column, found.message) == (4, 28, f"There are no {name}s.")


@pytest.mark.parametrize(
    "scalar",
    [
        "\n      employees > 1\n      and «fitt > 3",
        "|\n      employees > 1\n      and «fitt > 3\n",
        ">-\n      employees > 1\n\n      and «fitt > 3\n",
        "'role = ''x'' and «fitt > 3'",
        "\"role = 'x' and \n       «fitt > 3\"",
    ],
)
def test_the_place_is_right_in_every_style_of_yaml(scalar: str) -> None:
    marked = f"agreement: A\ncurrency: EUR\nstages:\n  mql:\n    kind: gate\n    when: {scalar}\n"
    before, _, after = marked.partition("«")
    (found,) = mistakes(before + after)
    assert (found.line, found.column) == (before.count("\n") + 1, len(before) - before.rfind("\n"))


SYNTAX = [
    ("agreement: [1", 1, 14, "This is not YAML"),
    ("agreement: a: b", 1, 13, "mapping values are not allowed here"),
    ("agreement:\n\t- 1", 2, 1, "A tab is not allowed here"),
    ("agreement: A\n---\nagreement: B", 2, 1, "second document"),
    ("? [a]\n: b", 1, 3, "A key must be one word"),
    ("agreement: \x07", 1, 12, "special characters"),
    ("", 0, 0, "is empty"),
    ("# only a comment", 0, 0, "is empty"),
    ("- a", 0, 0, "holds a list, not keys"),
    ("agreement: &a x", 1, 12, "aliases"),
]


@pytest.mark.parametrize(("text", "line", "column", "message"), SYNTAX)
def test_what_is_not_yaml_is_one_clear_mistake(text: str, line: int, column: int, message: str) -> None:
    (found,) = [m for m in mistakes(text) if message in m.message]
    assert (found.line, found.column) == (line, column)


def test_the_messages_file_is_checked_against_the_agreement() -> None:
    messages = """\
propositions:
  - {name: speed, text: Faster., persona: operations_led, claims: [fast, slow]}
  - {name: speed, txt: Again.}
claims:
  - {name: fast, text: It is fast.}
"""
    found = mistakes(EXAMPLE, messages)
    assert [(m.file, m.line, m.column) for m in found] == [
        ("messages.yaml", 2, 43),
        ("messages.yaml", 2, 74),
        ("messages.yaml", 3, 19),
    ]
    assert "'operations_lead'" in found[0].mend
    assert "no claim 'slow'" in found[1].message
    assert "'text'" in found[2].mend
