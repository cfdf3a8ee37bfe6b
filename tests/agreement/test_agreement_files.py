"""Reading agreements from disk: what is right loads, what cannot be read is a mistake, never a traceback."""

from datetime import date, time
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from accord.agreement import Duration, Target, check, load, parse, starter_files
from accord.errors import MistakesError
from proof import EXAMPLES

EXAMPLE = (Path(__file__).parent / "design_example.yaml").read_text(encoding="utf-8")


def test_the_example_of_the_design_loads_whole() -> None:
    agreement = parse(EXAMPLE)
    assert agreement.name == "Northwind Robotics"
    assert (agreement.currency, agreement.first_month, agreement.go_live) == ("EUR", 2, date(2026, 9, 1))
    assert agreement.calendar.zone == "Europe/Berlin"
    assert sorted(agreement.calendar.open) == [0, 1, 2, 3, 4]
    assert (agreement.calendar.open[0][0].opens, agreement.calendar.open[0][0].closes) == (
        time(9),
        time(17, 30),
    )
    assert agreement.calendar.holidays == ("DE-BE",)
    assert agreement.fields["timeline"].values == ("now", "this_quarter", "later")
    assert agreement.audience.exclude[1].to == "customer_success"
    assert agreement.scoring.fit["wrong_market"].points == -50
    pricing = agreement.scoring.engagement["pricing_page"]
    assert (pricing.half_life, pricing.cap, pricing.hand_raiser) == (Duration(14 * 86400), 30, False)
    assert [(s.name, s.kind, s.enter) for s in agreement.stages] == [
        ("mql", "gate", None),
        ("sal", "sla", "accepted"),
        ("sql", "sla", "qualified"),
        ("opportunity", "inventory", "deal_open"),
        ("customer", "inventory", "deal_won"),
    ]
    assert agreement.stage("sql").evidence == "meeting_held"
    assert agreement.detours.recycled.again_after == Duration(30 * 86400)
    assert [r.debits for r in agreement.verdicts.returns] == ["fit", "engagement", "none", "none"]
    assert agreement.handoff is not None
    assert (agreement.handoff.at, agreement.handoff.route[0].by) == ("mql", "weighted")
    accept = agreement.sla.sales.accept
    assert accept is not None
    assert accept.within == Duration(4 * 3600, business=True)
    assert [rung.at for rung in agreement.sla.escalate] == [50, 100, 150]
    assert agreement.targets[0] == Target("revenue", 1_200_000, "quarter", "2027Q1")
    assert agreement.attribution.half_life == Duration(7 * 86400)
    assert agreement.attribution.models[-1] == "markov"


def test_a_small_agreement_has_sensible_defaults() -> None:
    agreement = parse('agreement: A\ncurrency: EUR\nstages: {mql: {kind: gate, when: "true"}}\n')
    assert agreement.calendar.zone == "UTC"
    assert agreement.first_month == 1
    assert agreement.attribution.window == Duration(90 * 86400)
    assert agreement.scoring.caps.fit is None
    assert agreement.messages_file is None


def test_a_day_may_have_several_blocks_and_end_at_midnight() -> None:
    calendar = (
        '{zone: UTC, mon: "13:00-24:00, 09:00-12:00", tue,thu: "0:00-8:30", holidays: [DE, 2026-12-24]}'
    )
    text = (
        f'agreement: A\ncurrency: EUR\ncalendar: {calendar}\nstages: {{mql: {{kind: gate, when: "true"}}}}\n'
    )
    text = text.replace("tue,thu:", '"tue,thu":')
    calendar_read = parse(text).calendar
    minutes = {day: [b.minutes for b in blocks] for day, blocks in calendar_read.open.items()}
    assert minutes == {0: [(540, 720), (780, 1440)], 1: [(0, 510)], 3: [(0, 510)]}
    assert (calendar_read.holidays, calendar_read.closed) == (("DE",), (date(2026, 12, 24),))


def test_the_starter_has_no_mistake(tmp_path: Path) -> None:
    for name, text in starter_files().items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert check(tmp_path / "agreement.yaml") == []
    agreement = load(tmp_path / "agreement.yaml")
    assert {claim.name for claim in agreement.messages.claims} == {"early_warning", "full_record"}
    assert agreement.messages_file == "messages.yaml"


def test_messages_are_read_beside_the_agreement(tmp_path: Path) -> None:
    path = tmp_path / "agreement.yaml"
    path.write_text(EXAMPLE, encoding="utf-8")
    (missing,) = check(path)
    assert (missing.line, missing.message) == (47, "The file does not exist.")
    (tmp_path / "messages.yaml").write_text("terms: [{use: lead, avoid: [prospect]}]\n", encoding="utf-8")
    assert load(path).messages.terms[0].avoid == ("prospect",)
    (tmp_path / "messages.yaml").write_text("terms: 3\n", encoding="utf-8")
    (wrong,) = check(path)
    assert (wrong.file, wrong.line, wrong.column) == (str(tmp_path / "messages.yaml"), 1, 8)
    (tmp_path / "messages.yaml").write_text("# nothing yet\n", encoding="utf-8")
    assert check(path) == []


@pytest.mark.parametrize(
    ("raw", "line", "column", "message"),
    [
        (b"agreement: A\ncurrency: \xff", 2, 11, "not UTF-8"),
        ("agreement: Ä".encode("utf-16"), 1, 1, "not UTF-8"),
        (b"a: " + b"x" * 250_000, 0, 0, "larger than 250 kB"),
        (b"\x00" * 10, 1, 1, "special characters"),
        (b"x" * 249_000, 0, 0, "holds text"),
    ],
)
def test_a_file_that_cannot_be_read(tmp_path: Path, raw: bytes, line: int, column: int, message: str) -> None:
    path = tmp_path / "agreement.yaml"
    path.write_bytes(raw)
    (found,) = check(path)
    assert (found.file, found.line, found.column) == (str(path), line, column)
    assert message in found.message


def test_a_missing_file_and_a_folder_are_mistakes(tmp_path: Path) -> None:
    assert check(tmp_path / "none.yaml")[0].message == "The file does not exist."
    assert "cannot be read" in check(tmp_path)[0].message
    with pytest.raises(MistakesError):
        load(tmp_path / "none.yaml")


@pytest.mark.parametrize("change", [lambda t: "\ufeff" + t, lambda t: t.replace("\n", "\r\n")])
def test_byte_order_marks_and_windows_lines_change_nothing(tmp_path: Path, change) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "agreement.yaml"
    text = EXAMPLE.replace("messages: messages.yaml", "")
    path.write_bytes(change(text).encode("utf-8"))
    assert load(path).behaviour_hash == parse(text).behaviour_hash
    path.write_bytes(change(text.replace("fit >= 30", "fitt >= 30")).encode("utf-8"))
    (found,) = check(path)
    assert (found.line, found.column) == (27, 29)


def only_mistakes(text: str) -> None:
    try:
        parse(text, messages=text)
    except MistakesError as error:
        assert error.mistakes
        lines = text.count("\n") + text.count("\r") + 2
        assert all(0 <= m.line <= lines and m.message for m in error.mistakes)


@given(st.text(max_size=200))
@example("a: 0x" + "9" * 5000)
@example("%TAG ! x\n--- a")
@example("[" * 3000)
@example("- " * 3000)
@example("a: &a [*a]")
@example("? ? ? ?")
@example("calendar: {mon-fri: 1}")
@settings(max_examples=EXAMPLES, deadline=None)
def test_any_text_gives_an_agreement_or_mistakes(text: str) -> None:
    only_mistakes(text)


WORDS = sorted(set(EXAMPLE.replace("\n", " \n ").split(" ")))


@given(
    st.lists(st.tuples(st.integers(0, len(EXAMPLE)), st.integers(0, 12), st.sampled_from(WORDS)), max_size=4)
)
@settings(max_examples=EXAMPLES, deadline=None)
def test_any_damage_to_an_agreement_gives_an_agreement_or_mistakes(
    damage: list[tuple[int, int, str]],
) -> None:
    text = EXAMPLE
    for at, length, word in damage:
        text = text[:at] + word + text[at + length :]
    only_mistakes(text)


TREES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text("ab 1-:%'", max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "where", "to", "on"]), inner)
    ),
    max_leaves=8,
)
SECTIONS = [line.split(":")[0] for line in EXAMPLE.splitlines() if line and line[0].isalpha()]


@given(st.dictionaries(st.sampled_from([*SECTIONS, "schema"]), TREES, max_size=5))
@settings(max_examples=EXAMPLES, deadline=None)
def test_any_value_in_any_section_gives_an_agreement_or_mistakes(tree: dict[str, object]) -> None:
    import json

    only_mistakes(json.dumps(tree))
