"""A proposed mapping reads without mistakes, loads the files it was made from, and says what it guessed."""

from __future__ import annotations

from datetime import datetime

import pytest
from ruamel.yaml import YAML

from accord.sources.propose import propose
from accord.sources.text_files import FileError

HUBSPOT = (
    "Contact ID,First Name,Last Name,Email,Phone Number,Contact owner,Lifecycle Stage,Create Date,"
    "Last Modified Date,Favourite color\n"
    "101,Ada,Nowak,ada@northwind.example,,Rep One,lead,2026-01-05 09:30,2026-02-01 10:00,red\n"
    "102,Ben,Ode,ben@northwind.example,--,Rep Two,customer,2026-01-06 10:30,2026-02-02 10:00,Select\n"
)
SALESFORCE = (
    '"Opportunity ID","Opportunity Name","Account Name","Stage","Amount","Amount Currency","Close Date",'
    '"Created Date","Opportunity Owner"\n'
    '"0061","Line 4","Northwind","Closed Won","12,500.00","EUR","3/31/2026","1/7/2026","Rep One"\n'
    '"0062","Line 5","Contoso","Negotiation","900.00","EUR","4/30/2026","1/8/2026","Rep Two"\n'
)
COSTS = (
    "Date,Campaign,Cost (EUR),Impressions,Clicks\n"
    "2026-01-01,Brand,12.50,1000,10\n"
    "2026-01-02,Brand,13,1100,9\n"
)
KOSTEN = (
    "Datum;Kampagne;Kosten;Impressionen;Klicks\n"
    "05.01.2026;Marke;1.012,50;1000;10\n"
    "06.01.2026;Marke;13,00;900;9\n"
)
HITS = (
    "event_timestamp,client_id,email,page_url\n"
    "2026-01-01T10:00:00Z,v1,,https://northwind.example/pricing\n"
    "2026-01-01T10:01:00Z,v1,ada@northwind.example,https://northwind.example/demo\n"
)
EXPORTS = {
    "hubspot-crm-exports-all-contacts-2026-02-03.csv": (HUBSPOT, {"people": 2}),
    "report1769.csv": (SALESFORCE, {"deals": 2}),
    "ad_costs.csv": (COSTS, {"spend": 2}),
    "Kosten Januar.csv": (KOSTEN, {"spend": 2}),
    "web_hits.csv": (HITS, {"touches": 2, "links": 1}),
}


@pytest.mark.parametrize("name", EXPORTS)
def test_a_proposal_loads_the_file_it_was_made_from(desk, counted, name):
    content, expected = EXPORTS[name]
    path = desk.file(name, content)
    receipt = desk.load(propose([path]), path)
    assert {count.table: count.loaded for count in receipt.tables} == expected
    assert all(counted(receipt, table).quarantined == 0 for table in expected)


def test_what_a_hubspot_export_says_is_recognised(desk):
    path = desk.file("hubspot-crm-exports-all-contacts-2026-02-03.csv", HUBSPOT)
    text = propose([path])
    assert "source: hubspot" in text
    assert 'match: "hubspot-crm-exports-all-contacts-*.csv"' in text
    assert 'missing: ["--", "select"]' in text
    assert "#   Favourite color: red" in text
    desk.load(text, path)
    assert desk.facts(
        "SELECT source_id, email, first_name, phone, owner_id, created_at, source_updated_at "
        "FROM facts.people ORDER BY 1"
    )[1] == (
        "102", "ben@northwind.example", "Ben", None, "hubspot:owner:Rep Two",
        datetime(2026, 1, 6, 10, 30), datetime(2026, 2, 2, 10),
    )  # fmt: skip


def test_what_a_salesforce_report_says_is_recognised(desk):
    path = desk.file("report1769.csv", SALESFORCE)
    desk.load(propose([path]), path)
    assert desk.facts(
        "SELECT source_id, name, amount::VARCHAR, currency, status, closed_at FROM facts.deals ORDER BY 1"
    ) == [
        ("0061", "Line 4", "12500.0000", "EUR", "won", datetime(2026, 3, 31, 12)),
        ("0062", "Line 5", "900.0000", "EUR", "open", datetime(2026, 4, 30, 12)),
    ]


def test_german_costs_with_a_decimal_comma(desk):
    path = desk.file("Kosten Januar.csv", KOSTEN)
    desk.load(propose([path]), path)
    assert desk.facts("SELECT occurred_at, cost::VARCHAR, impressions FROM facts.spend ORDER BY 1") == [
        (datetime(2026, 1, 5, 12), "1012.5000", 1000.0),
        (datetime(2026, 1, 6, 12), "13.0000", 900.0),
    ]


def test_day_and_month_are_asked_for_unless_a_value_proves_them(desk):
    rows = COSTS.replace("2026-01-01", "03/04/2026").replace("2026-01-02", "05/04/2026")
    asked = propose([desk.file("costs.csv", rows)])
    assert "# ? Date: the samples fit %d/%m/%Y and %m/%d/%Y; %d/%m/%Y is a guess" in asked
    proven = propose([desk.file("costs.csv", rows.replace("05/04", "05/14"))])
    assert 'dates: ["%m/%d/%Y"]' in proven
    assert "is a guess" not in proven


def test_several_files_share_one_mapping_and_one_entry_a_shape(desk):
    first = desk.file("in/costs_2026-01.csv", COSTS)
    desk.file("in/costs_2026-02.csv", COSTS.replace("2026-01", "2026-02"))
    desk.file("in/contacts.csv", HUBSPOT)
    desk.file("in/notes.csv", "a,b\n1,2\n")
    text = propose([first.parent])
    assert text.count("match:") == 2
    assert "# notes.csv is not recognised. Its columns: a, b" in text
    receipt = desk.load(text, first.parent)
    assert {count.table: count.loaded for count in receipt.tables} == {"people": 2, "spend": 4}


def test_another_encoding_is_noticed(desk):
    path = desk.file("contacts.csv", HUBSPOT.replace("Ada", "Zoë").encode("cp1252"))
    text = propose([path])
    assert "encoding: windows-1252" in text
    desk.load(text, path)
    assert desk.facts("SELECT first_name FROM facts.people ORDER BY source_id")[0] == ("Zoë",)


EVIL = (
    'id,email,"note\nfiles: [evil]","a: \'b\' # ""c""","x\x85y: z","\t- k","Newsletter?"\n'
    "1,ann@north.example,y,1,2,3,ja\n2,bob@north.example,y,1,2,4,nein\n"
)


def test_headers_and_file_names_cannot_write_into_the_proposal(desk):
    path = desk.file("contacts\nfiles: [evil].csv", EVIL)
    text = propose([path, desk.file("no\nkeys: 1.csv", '"p\nq: r",s\n1,2\n')])
    assert set(YAML(typ="safe").load(text)) == {"mapping", "source", "zone", "files"}
    desk.load(text, path)
    assert desk.facts("SELECT count(*) FROM facts.people") == [(2,)]
    used = desk.file("contacts.csv", 'id,"E\u2028mail","First: ""Name\n#x"\n1,ann@north.example,Ann\n')
    proposal = propose([used]).replace("        set:", '        set:\n          city: "First: \\"Name\\n#x"')
    desk.load(proposal, used)
    assert desk.facts("SELECT city FROM facts.people WHERE city IS NOT NULL") == [("Ann",)]


def test_true_and_false_are_offered_as_own_fields(desk):
    path = desk.file("contacts.csv", EVIL)
    text = propose([path])
    assert '#   newsletter: {column: "Newsletter?", boolean: true}' in text
    lines = text.splitlines()
    start = next(n for n, line in enumerate(lines) if "# fields:" in line)
    lines[start : start + 2] = [
        "        fields:",
        "          newsletter: {column: Newsletter?, boolean: true}",
    ]
    desk.load("\n".join(lines), path)
    assert [own for (own,) in desk.facts("SELECT fields FROM facts.people ORDER BY source_id")] == [
        '{"newsletter":"true"}',
        '{"newsletter":"false"}',
    ]


def test_no_personal_value_stands_in_a_proposal(desk):
    path = desk.file(
        "contacts.csv",
        "Record ID,Email,Email 2,Spouse Name,Direct dial,Reached,Birthday,Colour,Notes,Remark,IP\n"
        "1,ann@north.example,a2@north.example,Zelda,+49 (170) 123-4567,call +1 555 010 9999,1980-02-03,red,"
        "hm,She said that she would come back after summer,10.0.0.7\n"
        "2,bob@north.example,b2@north.example,Yorick,,,,blue,,,\n",
    )
    text = propose([path])
    for value in ("@", "Zelda", "Yorick", "4567", "9999", "1980", "hm", "summer", "10.0.0.7"):
        assert value not in text, value
    for line in (
        "Spouse Name: a name",
        "Email 2: an e-mail address",
        "Birthday: a date of birth",
        "Colour: red, blue",
        "Remark: text",
        "IP: an address",
        "Reached: a telephone number",
    ):
        assert f"#   {line}" in text


def test_a_file_nothing_is_known_of_is_said_so(desk):
    with pytest.raises(FileError, match=r"What notes\.csv holds is not recognised; its columns are: a, b"):
        propose([desk.file("notes.csv", "a,b\n1,2\n")])
    with pytest.raises(FileError, match="There are no files"):
        propose([desk.file("empty/readme.md", "").parent])
