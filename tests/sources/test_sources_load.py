"""Files become facts as their mapping says, once, whatever the order."""

from __future__ import annotations

import gzip
import json
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from accord.ledger.writer import Appended, Ledger
from accord.sources.text_files import FileError

LEADS = """
mapping: crm
source: crm
zone: Europe/Berlin
missing: [Select, n/a]
dates: ["%d.%m.%Y"]
files:
  - match: leads*
    facts:
      - table: source_leads
        id: Lead ID
        set:
          person: {person: Contact}
          email: E-Mail
          status: Status
          created_at: Created
        fields:
          budget: {column: Budget, values: {"yes": "true", "no": "false"}}
          size: Size
"""
ROWS = "Lead ID,Contact,E-Mail,Status,Created,Budget,Size\n"


def test_one_file_becomes_facts(desk, counted):
    path = desk.file("Leads_2026.csv", ROWS + "7,c1, Ada@Northwind.Example ,Select,02.01.2026,YES,\n")
    count = counted(desk.load(LEADS, path), "source_leads")
    assert (count.received, count.loaded) == (1, 1)
    # noon in Berlin in winter is 11:00 UTC; a placeholder is missing; own fields have text values
    assert desk.facts(
        "SELECT source, object, source_id, actor, person, email, status, created_at, occurred_at, fields, "
        "history, known_at FROM facts.source_leads"
    ) == [
        (
            "crm", "lead", "7", "crm:lead:7", "crm:person:c1", "ada@northwind.example", None,
            datetime(2026, 1, 2, 11), datetime(2026, 1, 2, 11), '{"budget":"true"}', True,
            datetime(2026, 1, 2, 11),
        )
    ]  # fmt: skip


def test_loading_twice_adds_nothing_and_a_correction_counts_once(desk, counted):
    first = desk.file("leads.csv", ROWS + "1,c1,a@x.example,new,02.01.2026,,\n2,c2,b@x.example,new,,,\n")
    desk.load(LEADS, first)
    again = counted(desk.load(LEADS, first), "source_leads")
    assert (again.loaded, again.skipped, again.reasons) == (0, 2, {"already in the ledger": 2})
    second = desk.file("leads_2.csv", ROWS + "1,c1,a@x.example,won,02.01.2026,,\n2,c2,b@x.example,new,,,\n")
    corrected = counted(desk.load(LEADS, second, now=datetime(2026, 9, 2)), "source_leads")
    assert (corrected.loaded, corrected.skipped) == (1, 1)
    assert desk.facts("SELECT source_id, status FROM facts.source_leads ORDER BY 1") == [
        ("1", "won"),
        ("2", "new"),
    ]


def test_a_load_that_was_undone_can_be_loaded_again(desk, counted):
    path = desk.file("leads.csv", ROWS + "1,c1,a@x.example,new,02.01.2026,,\n")
    receipt = desk.load(LEADS, path)
    desk.ledger.withdraw(receipt.load_id, datetime(2026, 9, 1, 13))
    assert desk.facts("SELECT count(*) FROM facts.source_leads") == [(0,)]
    again = desk.load(LEADS, path, now=datetime(2026, 9, 1, 14))
    assert again.load_id != receipt.load_id
    assert counted(again, "source_leads").loaded == 1
    assert desk.facts("SELECT count(*) FROM facts.source_leads") == [(1,)]


def test_a_load_names_itself_by_content_not_by_place_or_order(desk):
    one = desk.file("a/leads_1.csv", ROWS + "1,c1,,new,,,\n")
    two = desk.file("b/leads_2.csv", ROWS + "2,c2,,new,,,\n")
    moved = desk.file("c/leads_9.csv", ROWS + "1,c1,,new,,,\n")
    first = desk.load(LEADS, one, two)
    assert desk.load(LEADS, two, moved).load_id == first.load_id
    assert desk.load(LEADS, one).load_id != first.load_id


OWN = """
mapping: crm
source: crm
zone: Pacific/Auckland
files:
  - match: people.csv
    facts:
      - table: people
        id: id
        fields:
          budget: {column: budget, decimal: ",", divide: 2}
          team: {column: team, bands: {"10-49": 30, "50+": 75.5}, values: {unknown: null}}
          asked: {column: asked, dates: ["%d.%m.%Y", "%d.%m.%Y %H:%M"]}
          news: {column: news, boolean: true}
          size: {column: size, values: {S: small, L: large}, otherwise: quarantine}
          note: note
"""


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("1.234,50,10-49,02.01.2026,Ja,s,=1", '{"asked":"2026-01-02","budget":"617.25","news":"true",'
         '"note":"=1","size":"small","team":"30"}'),
        ("2.000 €,50+,02.01.2026 00:30,nein,L,", '{"asked":"2026-01-02","budget":"1000","news":"false",'
         '"size":"large","team":"75.5"}'),
        (",7,2026-01-02T23:30:00Z,oui,,", '{"asked":"2026-01-03","news":"true","team":"7"}'),
        (",unknown,,non,,", '{"news":"false"}'),
        ("1.5,,,,,", "column budget: is not a number with the decimal sign ,"),
        (",many,,,,", "column team: is neither a number nor one of the bands"),
        (",,2.1.26,,,", "column asked: fits none of the date formats"),
        (",,,maybe,,", "column news: is neither true nor false"),
        (",,,,M,", "column size: is none of the words in `values`"),
    ],
)  # fmt: skip
def test_own_fields_are_kept_as_their_options_say(desk, counted, row, expected):
    cells = row.replace("1.234,50", "1.234;50").split(",")
    line = ",".join(f'"{cell.replace(";", ",")}"' for cell in cells)
    receipt = desk.load(OWN, desk.file("people.csv", f"id,budget,team,asked,news,size,note\n1,{line}\n"))
    kept = desk.facts("SELECT fields FROM facts.people") if counted(receipt, "people").loaded else []
    assert kept == ([(expected,)] if expected.startswith("{") else [])
    assert list(counted(receipt, "people").reasons) == ([] if kept else [expected])


SESSIONS = """
mapping: web
source: web
files:
  - match: sessions.csv
    facts:
      - table: touches
        id: id
        at: at
        object: session
        actor: [{person: contact}, {visitor: cookie}]
        set: {kind: {constant: page_view}, session: id, duration_seconds: seconds}
      - table: touches
        id: id
        at: at
        object: pricing_view
        times: pricing
        actor: {visitor: cookie}
        only: {bot: {not: ["1"]}}
        set: {kind: {constant: page_view}, path: {constant: /pricing}}
"""
SESSION_ROWS = (
    "id,at,contact,cookie,seconds,pricing,bot\n"
    "s1,2026-02-01T10:00:00Z,c1,v1,30,3,\n"
    "s2,2026-02-01 11:00:00+02:00,,v1,5,0,0\n"
    "s3,2026-02-02 10:00,c1,v1,9,1,1\n"
    "s4,2026-02-03 10:00,c2,v1,9,,\n"
)


def test_one_row_becomes_several_facts(desk, counted):
    receipt = desk.load(SESSIONS, desk.file("sessions.csv", SESSION_ROWS))
    count = counted(receipt, "touches")
    assert (count.received, count.loaded, count.skipped) == (7, 7, 0)
    assert desk.facts(
        "SELECT object, source_id, occurred_at, actor, path, duration_seconds FROM facts.touches "
        "ORDER BY object, source_id"
    ) == [
        ("pricing_view", "s1:1", datetime(2026, 2, 1, 10), "web:visitor:v1", "/pricing", None),
        ("pricing_view", "s1:2", datetime(2026, 2, 1, 10), "web:visitor:v1", "/pricing", None),
        ("pricing_view", "s1:3", datetime(2026, 2, 1, 10), "web:visitor:v1", "/pricing", None),
        ("session", "s1", datetime(2026, 2, 1, 10), "web:person:c1", None, 30.0),
        ("session", "s2", datetime(2026, 2, 1, 9), "web:visitor:v1", None, 5.0),
        ("session", "s3", datetime(2026, 2, 2, 10), "web:person:c1", None, 9.0),
        ("session", "s4", datetime(2026, 2, 3, 10), "web:person:c2", None, 9.0),
    ]


def test_names_in_one_row_become_links_where_they_change(desk):
    desk.load(SESSIONS, desk.file("sessions.csv", SESSION_ROWS))
    assert desk.facts("SELECT kind, a, b, rule, occurred_at FROM facts.links ORDER BY occurred_at") == [
        ("join", "web:person:c1", "web:visitor:v1", "same_row", datetime(2026, 2, 1, 10)),
        ("join", "web:person:c2", "web:visitor:v1", "same_row", datetime(2026, 2, 3, 10)),
    ]


def test_a_row_that_makes_no_fact_is_counted_with_its_reason(desk, counted):
    mapping = SESSIONS.replace("times: pricing", "times: pricing").split("      - table: touches\n")
    only_second = mapping[0] + "      - table: touches\n" + mapping[2]
    count = counted(desk.load(only_second, desk.file("sessions.csv", SESSION_ROWS)), "touches")
    assert (count.received, count.loaded) == (6, 3)
    assert count.reasons == {"`times` is 0": 2, "not selected by `only`": 1}


def test_rows_without_an_id_are_known_by_their_values_and_ordinal(desk, counted):
    mapping = """
mapping: web
source: web
files:
  - match: "*.csv"
    facts: [{table: touches, at: at, actor: {visitor: v}, set: {kind: {constant: page_view}}}]
"""
    twice = "at,v\n2026-01-01 10:00,x\n2026-01-01 10:00,x\n"
    desk.load(mapping, desk.file("a.csv", twice))
    more = counted(desk.load(mapping, desk.file("b.csv", twice + "2026-01-01 10:00,x\n")), "touches")
    assert (more.loaded, more.skipped) == (1, 2)


DEALS = """
mapping: crm
source: crm
files:
  - match: deals.csv
    join:
      file: stages.csv
      on: {stage: id}
      columns: {stage_label: label}
      latest: changed
    facts:
      - table: deals
        id: id
        updated: modified
        deleted: {column: gone, values: {x: "true"}}
        twin: {source: salesforce, object: opportunity, id: sf}
        set:
          amount: {column: amount, decimal: ","}
          currency: {constant: EUR}
          stage: stage_label
          status: {column: won, values: {"1": won, "0": open}, otherwise: quarantine}
      - table: stage_moves
        at: modified
        assumed: true
        actor: {lead: lead}
        set: {stage: {constant: opportunity}, tool_stage: stage_label}
"""


def test_values_twins_deletes_and_columns_of_another_file(desk, counted):
    deals = desk.file(
        "deals.csv",
        "id;stage;modified;gone;sf;amount;won;lead\n"
        "d1;s1;2026-03-01 08:00;;006A;1.234,50 €;1;l1\n"
        "d2;s9;2026-03-02 08:00;x;;99;0;l2\n"
        "d3;s1;2026-03-02 08:00;;;12.5;0;l3\n"
        "d4;s1;2026-03-02 08:00;;;-1;maybe;l4\n",
    )
    stages = desk.file(
        "stages.csv",
        "id,label,changed\ns1,New name,2026-02-01\ns1,Old name,2025-02-01\ns2,Other,2026-01-01\n",
    )
    receipt = desk.load(DEALS, deals, stages)
    assert desk.facts(
        "SELECT source_id, deleted, twin, amount, currency, stage, status, source_updated_at "
        "FROM states.deals ORDER BY 1"
    ) == [
        ("d1", False, "salesforce:opportunity:006A", Decimal("1234.5"), "EUR", "New name", "won",
         datetime(2026, 3, 1, 8)),
        ("d2", True, None, Decimal(99), "EUR", None, "open", datetime(2026, 3, 2, 8)),
    ]  # fmt: skip
    assert desk.facts("SELECT actor, tool_stage, assumed FROM facts.stage_moves ORDER BY 1") == [
        ("crm:lead:l1", "New name", True),
        ("crm:lead:l2", None, True),
    ]
    # a row refused for one fact is refused for all of them
    assert counted(receipt, "deals").quarantined == counted(receipt, "stage_moves").quarantined == 2
    [mend] = receipt.quarantine
    lines = Path(mend).read_text().splitlines()
    assert lines[0] == "id,stage,modified,gone,sf,amount,won,lead,_line,_table,_reason"
    assert lines[1].startswith("d3,s1,2026-03-02 08:00,,,12.5,0,l3,4,deals,")
    assert "column amount: '12.5' is not a number with the decimal sign ," in lines[1]
    assert "column won: 'maybe' is none of the words in `values`" in lines[2]
    assert "column amount: '-1' is below 0" in lines[2]


def test_the_mended_quarantine_file_is_loaded_by_the_same_mapping(desk, counted):
    path = desk.file("leads.csv", ROWS + "1,c1,,new,31.02.2026,,\n2,c2,,new,01.02.2026,,\n3,c3\n")
    receipt = desk.load(LEADS, path)
    assert counted(receipt, "source_leads").quarantined == 2
    [mend] = map(Path, receipt.quarantine)
    unmended = counted(desk.load(LEADS, mend), "source_leads")
    assert (unmended.loaded, unmended.quarantined) == (0, 2)
    text = mend.read_text()
    assert '"3,c3"' in text
    mended = text.replace("31.02.2026", "28.02.2026").replace(",,,,,,,4", "3,c3,,,,,,4").replace('"3,c3"', "")
    result = counted(desk.load(LEADS, desk.file("mended/leads.csv", mended)), "source_leads")
    assert (result.received, result.loaded) == (2, 2)
    assert desk.facts("SELECT count(*) FROM facts.source_leads") == [(3,)]


def test_touches_get_path_utm_and_channel_from_their_address(desk):
    mapping = """
mapping: web
source: web
files:
  - match: hits.csv
    facts:
      - table: touches
        at: at
        actor: {visitor: v}
        set: {kind: {constant: page_view}, url: url, utm_medium: medium}
"""
    desk.load(
        mapping,
        desk.file(
            "hits.csv",
            "at,v,url,medium\n"
            "2026-01-01,a,https://Northwind.example/Pricing/?utm_source=News%20Letter&utm_campaign=a+b#x,email\n"
            "2026-01-02,a,https://northwind.example/?gclid=9&fbclid=1,\n"
            "2026-01-03,a,/only/path,\n",
        ),
    )
    rows = desk.facts(
        "SELECT path, utm_source, utm_medium, utm_campaign, click_id, channel FROM facts.touches "
        "ORDER BY occurred_at"
    )
    assert rows[0] == ("/pricing/", "News Letter", "email", "a b", None, "Email")
    assert rows[1][:5] == ("/", None, None, None, "gclid")
    assert rows[2][0] == "/only/path"


MAPPED = """
mapping: crm
source: crm
files:
  - match: forms.csv
    facts:
      - {table: touches, id: id, at: at, set: {kind: kind, channel: channel, origin: origin, path: path}}
  - match: hits.csv
    facts:
      - {table: touches, id: id, at: at, set: {kind: kind, url: url}}
"""


def test_staged_touches_say_what_the_mapping_set_of_derived_columns(desk, monkeypatch):
    staged = {}

    def append(self, engine, table, name, **_):
        staged[table] = engine.query(f"SELECT * FROM {name} ORDER BY source_id").to_pylist()
        return Appended(0, 0, 0, {})

    monkeypatch.setattr(Ledger, "append", append)
    forms = desk.file(
        "forms.csv",
        "id,at,kind,channel,origin,path\n1,2026-01-02,chat,Email,News,/x\n2,2026-01-02,chat,,ads,\n"
        "3,2026-01-02,chat,,,/y\n",
    )
    hits = desk.file(
        "hits.csv", "id,at,kind,url\n4,2026-01-02,page_view,https://x.example/?utm_source=google\n"
    )
    desk.load(MAPPED, forms, hits)
    assert [(row["source_id"], row["mapped_derived"]) for row in staged["touches"]] == [
        ("1", "origin=News\x1fchannel=Email"),
        ("2", "origin=ads"),
        ("3", None),
        ("4", None),
    ]
    desk.load(MAPPED, hits)  # one file, one entry: staged by another way
    [hit] = staged["touches"]
    assert (hit["mapped_derived"], hit["origin"]) == (None, "google")
    desk.load(MAPPED, forms)
    assert [row["mapped_derived"] for row in staged["touches"]][1:] == ["origin=ads", None]


def workbook(path: Path) -> Path:
    book = openpyxl.Workbook()
    book.active.append(["other sheet"])
    sheet = book.create_sheet("Leads")
    sheet.append(["Lead ID", "Contact", "E-Mail", "Status", "Created", "Budget", "Size"])
    sheet.append([17, "c1", "a@x.example", "new", datetime(2026, 1, 2), True, 2.5])
    sheet.append([18, "c2", None, "new", datetime(2026, 7, 2, 15, 30), False, '="x"&"y"'])
    book.save(path)
    return path


def test_excel_sheets_keep_dates_and_whole_numbers(desk, counted):
    mapping = LEADS.replace("match: leads*", "match: leads*\n    sheet: Leads")
    receipt = desk.load(mapping, workbook(desk.folder / "leads.xlsx"))
    assert counted(receipt, "source_leads").loaded == 2
    assert desk.facts("SELECT source_id, created_at, fields FROM facts.source_leads ORDER BY 1") == [
        ("17", datetime(2026, 1, 2, 11), '{"budget":"true","size":"2.5"}'),
        ("18", datetime(2026, 7, 2, 13, 30), '{"budget":"false"}'),
    ]
    with pytest.raises(FileError, match=r"no sheet 'Lead'.*did you mean 'Leads'"):
        desk.load(mapping.replace("sheet: Leads", "sheet: Lead"), desk.folder / "leads.xlsx")


def test_parquet_values_are_read_exactly(desk, counted):
    table = pa.table(
        {
            "Lead ID": pa.array([1.0, 2.0, None]),
            "Contact": pa.array([2**60, 3, 4]),
            "E-Mail": ["a@x.example", None, None],
            "Status": ["new", "new", "new"],
            "Created": pa.array([datetime(2026, 1, 2, 9), None, None], pa.timestamp("us", tz="UTC")),
            "Budget": pa.array([True, None, None]),
            "Size": pa.array([Decimal("1.10"), None, None]),
        }
    )
    pq.write_table(table, desk.folder / "leads.parquet")
    receipt = desk.load(LEADS, desk.folder / "leads.parquet")
    assert counted(receipt, "source_leads").reasons == {"column Lead ID: has no id": 1}
    assert Path(receipt.quarantine[0]).name == "leads.parquet.csv"
    assert desk.facts("SELECT source_id, person, created_at, fields FROM facts.source_leads ORDER BY 1") == [
        ("1", f"crm:person:{2**60}", datetime(2026, 1, 2, 9), '{"budget":"true","size":"1.10"}'),
        ("2", "crm:person:3", None, None),
    ]


def test_json_lines_are_read_by_dotted_names(desk, counted):
    mapping = LEADS.replace("column: Budget", "column: own.budget").replace("size: Size", "size: own.sizes")
    lines = [
        json.dumps({"Lead ID": 1, "Contact": "c", "E-Mail": None, "Status": "new", "Created": "2026-01-02",
                    "own": {"budget": True, "sizes": [1, 2]}}),
        "{not json",
        "",
        json.dumps({"Lead ID": 12345678901234567890, "Status": "new"}),
    ]  # fmt: skip
    receipt = desk.load(mapping, desk.file("leads.jsonl", "\n".join(lines)))
    count = counted(receipt, "source_leads")
    assert (count.loaded, count.reasons) == (2, {"the line is not JSON": 1})
    assert desk.facts("SELECT source_id, fields FROM facts.source_leads ORDER BY 1") == [
        ("1", '{"budget":"true","size":"[1, 2]"}'),
        ("12345678901234567890", None),
    ]
    assert "{not json" in Path(receipt.quarantine[0]).read_text()


def test_compressed_files_and_folders(desk, counted):
    desk.file("in/leads_1.csv.gz", gzip.compress((ROWS + "1,c1,,new,,,\n").encode()))
    desk.file("in/deep/leads_2.csv", ROWS + "2,c2,,new,,,\n")
    desk.file("in/other.csv", "a\n1\n")
    receipt = desk.load(LEADS, desk.folder / "in")
    assert counted(receipt, "source_leads").loaded == 2
    assert [Path(path).name for path in receipt.ignored] == ["other.csv"]
    assert len(receipt.files) == 2
    assert desk.messages[-1] == ("done", 2, 2)


def test_a_named_file_without_an_entry_is_an_error(desk):
    with pytest.raises(FileError, match=r"no entry for .*other\.csv.*leads\*"):
        desk.load(LEADS, desk.file("other.csv", "a\n1\n"))
    with pytest.raises(FileError, match="There is no file"):
        desk.load(LEADS, desk.folder / "leads.csv")


def test_a_missing_column_is_one_error_and_nothing_is_loaded(desk):
    good = desk.file("leads_1.csv", ROWS + "1,c1,,new,,,\n")
    bad = desk.file("leads_2.csv", "Lead Id,Contacts,E-Mail,Status,Created,Budget\n1,c1,,new,,\n")
    with pytest.raises(FileError) as error:
        desk.load(LEADS, good, bad)
    assert "no column 'Contact'; did you mean 'Contacts'?, 'Size'" in str(error.value)
    assert "Its columns are: Lead Id, Contacts" in str(error.value)
    assert desk.facts("SELECT count(*) FROM facts.source_leads") == [(0,)]


def test_the_receipt_is_kept_with_the_load(desk):
    receipt = desk.load(LEADS, desk.file("leads.csv", ROWS + "1,c1,,new,,,\n"))
    [entry] = desk.ledger.loads()
    assert entry["receipt"]["tables"] == receipt.as_dict()["tables"]
    assert not (desk.folder / "quarantine" / receipt.load_id).exists()
    assert not list((desk.folder / "ledger" / ".scratch").iterdir())
