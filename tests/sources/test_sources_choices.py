"""What columns become can be corrected; the mapping made from it is checked and loads."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from accord.errors import MistakesError
from accord.sources.choices import OWN, Choice, Choices, dates_of, guessed, guessed_as, look, targets
from accord.sources.mapping import parse_mapping
from accord.sources.mapping_text import mapping_text

CONTACTS = (
    "No,Work,Private,Given,Cust,Since,Newsletter?\n"
    "1,ann@x.example,,Ann,7,03/04/2026,ja\n"
    "2,,bob@y.example,Bob,8,05/04/2026,nein\n"
)


def test_the_guess_names_table_and_columns_by_target(desk):
    [shape] = look(
        [desk.file("contacts.csv", "Record ID,Email,First Name,Colour\n1,ann@x.example,Ann,red\n")]
    )
    choices = guessed([shape])
    assert choices == Choices(
        source="hubspot",
        files=(
            Choice(
                "contacts.csv",
                "people",
                {"id": ("Record ID",), "email": ("Email",), "first_name": ("First Name",)},
            ),
        ),
    )
    assert [(column.name, column.values) for column in shape.first.fields][3] == ("Colour", ("red",))


def test_corrected_choices_load(desk, counted):
    path = desk.file("contacts.csv", CONTACTS)
    shapes = look([path])
    choice = Choice(
        "contacts.csv",
        "people",
        {
            "id": ("No",),
            "email": ("Work", "Private"),
            "first_name": ("Given",),
            "account_id": ("Cust",),
            "created_at": ("Since",),
            OWN: ("Newsletter?",),
        },
    )
    text = mapping_text(shapes, Choices("crm", (choice,), zone="Europe/Berlin", dates=("%m/%d/%Y",)))
    assert counted(desk.load(text, path), "people").loaded == 2
    # the first of two columns that is not missing counts; noon of 4 March and of 4 May in Berlin
    assert desk.facts(
        "SELECT source_id, email, first_name, account_id, created_at, fields FROM facts.people ORDER BY 1"
    ) == [
        ("1", "ann@x.example", "Ann", "crm:account:7", datetime(2026, 3, 4, 11), '{"newsletter":"true"}'),
        ("2", "bob@y.example", "Bob", "crm:account:8", datetime(2026, 5, 4, 10), '{"newsletter":"false"}'),
    ]  # fmt: skip


def test_a_choice_that_lacks_something_is_a_mistake_with_its_line(desk):
    shapes = look([desk.file("contacts.csv", CONTACTS)])
    text = mapping_text(shapes, Choices("crm", (Choice("contacts.csv", "people", {"email": ("Work",)}),)))
    with pytest.raises(MistakesError) as raised:
        parse_mapping(text, "crm.yaml")
    [mistake] = raised.value.mistakes
    line = text.splitlines()[mistake.line - 1]
    assert (mistake.file, line.strip()) == ("crm.yaml", "- table: people")
    assert "`id` says which one" in mistake.message


def test_dates_that_fit_two_formats_are_asked_for_until_answered(desk):
    shapes = look([desk.file("contacts.csv", CONTACTS)])
    choices = Choices("crm", (Choice("contacts.csv", "people", {"id": ("No",)}),))
    [question] = dates_of(shapes, choices).questions
    assert (question.column, question.formats[:2]) == ("Since", ("%d/%m/%Y", "%m/%d/%Y"))
    assert "is a guess" in mapping_text(shapes, choices)
    answered = mapping_text(shapes, replace(choices, dates=("%m/%d/%Y",)))
    assert 'dates: ["%m/%d/%Y"]' in answered
    assert "is a guess" not in answered


def test_files_of_one_shape_share_a_choice_and_others_may_be_left_alone(desk):
    first = desk.file("in/costs_1.csv", "Date,Cost\n2026-01-01,1\n")
    desk.file("in/costs_2.csv", "Date,Cost\n2026-01-02,2\n")
    desk.file("in/costs_3.csv", "Date,Cost,Clicks\n2026-01-03,2,1\n")
    shapes = look([first.parent])
    assert [(shape.match, len(shape.samples)) for shape in shapes] == [("costs_*.csv", 2), ("costs_3.csv", 1)]
    kept, left = guessed(shapes).files
    mapping = parse_mapping(mapping_text(shapes, Choices("ads", (kept, replace(left, table=None)))))
    assert [file.match for file in mapping.files] == ["costs_*.csv"]


@pytest.mark.parametrize("table", ["people", "deals", "touches", "deal_people", "spend"])
def test_every_target_of_a_table_makes_a_mapping_that_is_understood(desk, table):
    [shape] = look([desk.file("x.csv", "a,b\n1,2\n")])
    for target in targets(table):
        text = mapping_text([shape], Choices("crm", (Choice("x.csv", table, {target.name: ("b",)}),)))
        try:
            parse_mapping(text)
        except MistakesError as error:  # only what is still missing may be wrong
            assert all(
                "needs a value" in one.message or "says wh" in one.message for one in error.mistakes
            ), target


def test_columns_are_guessed_for_a_table_that_was_chosen(desk):
    [shape] = look([desk.file("list.csv", "Deal ID,Amount,Stage,Close Date\nd1,10,Closed won,2026-01-02\n")])
    assert guessed_as(shape, "deals").targets == {
        "id": ("Deal ID",),
        "amount": ("Amount",),
        "stage": ("Stage",),
        "closed_at": ("Close Date",),
    }


def test_rates_are_recognised(desk):
    path = desk.file("rates.csv", "Day,Currency,Into,Rate\n2026-01-01,USD,EUR,0.9\n")
    desk.load(mapping_text(shapes := look([path]), guessed(shapes)), path)
    assert desk.facts("SELECT currency, to_currency, rate FROM facts.rates") == [("USD", "EUR", 0.9)]


def test_a_few_broken_values_do_not_hide_what_a_column_is(desk, counted):
    rows = "".join(f"d{n},{n}.000,{n + 12}.03.2026\n" for n in range(1, 9))
    path = desk.file(
        "deals.csv", "Deal ID,Amount,Close Date\n" + rows + "d9,many,13.03.2026\nd10,1.000,soon\n"
    )
    shapes = look([path])
    assert guessed(shapes).files[0].targets == {
        "id": ("Deal ID",),
        "amount": ("Amount",),
        "closed_at": ("Close Date",),
    }
    text = mapping_text(shapes, guessed(shapes))
    assert 'dates: ["%d.%m.%Y"]' in text
    count = counted(desk.load(text, path), "deals")
    assert (count.loaded, count.quarantined) == (8, 2)


def test_one_value_that_only_one_format_fits_still_proves_it(desk):
    days = [*(f"0{n}/04/2026" for n in range(1, 10)), "05/14/2026"]
    shapes = look([desk.file("costs.csv", "Date,Cost\n" + "".join(f"{day},1\n" for day in days))])
    assert dates_of(shapes, guessed(shapes)).proven == ["%m/%d/%Y"]
