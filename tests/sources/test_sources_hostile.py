"""Bad input gives a clear error or a quarantine row, never a traceback, and nothing is lost on the way."""

from __future__ import annotations

import csv
import gzip
import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accord.sources.text_files import LONGEST_LINE, FileError
from accord.sources.values import BLANKS
from proof import EXAMPLES

COSTS = """
mapping: ads
source: ads
dates: ["%d/%m/%Y"]
files:
  - match: costs*
    facts:
      - table: spend
        id: id
        at: day
        set:
          cost: cost
          currency: currency
          channel: channel
"""
HEAD = "id,day,cost,currency,channel\n"
GOOD = "1,2026-01-01,10.5,EUR,social\n"

BROKEN_ROWS = {
    "too few fields": ("2,2026-01-01,3", "the line has fewer fields than the header"),
    "too many fields": ("2,2026-01-01,3,EUR,a,b", "the line has more fields than the header"),
    "text after a quote": ('2,2026-01-01,3,EUR,"a"b', "a quoted value is not closed as it should be"),
    "no number": ("2,2026-01-01,abc,EUR,a", "column cost: 'abc' is not a number"),
    "not a number": ("2,2026-01-01,nan,EUR,a", "column cost: 'nan' is not a number"),
    "infinite": ("2,2026-01-01,1e999,EUR,a", "column cost: '1e999' is not a number"),
    "thousands without a decimal sign stated": (
        '2,2026-01-01,"1,000.00",EUR,a',
        "column cost: '1,000.00' is not a number",
    ),
    "negative amount": ("2,2026-01-01,-3,EUR,a", "column cost: '-3' is below 0"),
    "month before day": ("2,01/31/2026,3,EUR,a", "column day: '01/31/2026' fits none of the date formats"),
    "no such day": ("2,2026-02-30,3,EUR,a", "column day: '2026-02-30' fits none of the date formats"),
    "year of the wrong century": ("2,01/01/26,3,EUR,a", "column day: '01/01/26' fits none"),
    "no date": ("2,,3,EUR,a", "column day: is missing"),
    "no currency": ("2,2026-01-01,3,,a", "column currency: is missing"),
    "odd currency": ("2,2026-01-01,3,Euros,a", "column currency: 'Euros' is no currency code"),
    "no id": (",2026-01-01,3,EUR,a", "column id: has no id"),
    "NUL byte": ("2,2026-01-01,3,EUR,a\0b", "the row holds a NUL byte"),
    "a line of 50 MB": ("2,2026-01-01,3,EUR," + "x" * 50_000_000, "the line is too long (more than 2 MB)"),
}


@pytest.mark.parametrize("name", BROKEN_ROWS)
def test_a_broken_row_is_quarantined_with_its_reason_and_line(desk, counted, name):
    row, reason = BROKEN_ROWS[name]
    path = desk.file("costs.csv", HEAD + GOOD + row + "\n" + GOOD.replace("1,", "9,", 1))
    receipt = desk.load(COSTS, path)
    count = counted(receipt, "spend")
    assert (count.received, count.loaded, count.quarantined) == (3, 2, 1)
    csv.field_size_limit(100_000_000)
    [mend] = csv.DictReader(Path(receipt.quarantine[0]).read_text().splitlines())
    assert reason in mend["_reason"]
    assert (mend["_line"], mend["_table"]) == ("3", "spend")


def test_lines_are_counted_past_blank_lines_and_line_ends_in_quotes(desk):
    text = (
        HEAD + '1,2026-01-01,1,EUR,"a\nb"\n\n2,2026-01-01,x,EUR,a\n\n3,broken\n4,2026-01-01,y,EUR,"c\n\nd"\n'
    )
    receipt = desk.load(COSTS, desk.file("costs.csv", text))
    rows = list(csv.DictReader(io.StringIO(Path(receipt.quarantine[0]).read_text())))
    assert [row["_line"] for row in rows] == ["5", "7", "8"]


READABLE = {
    "byte order mark": (HEAD + GOOD).encode("utf-8-sig"),
    "UTF-16 with a mark": (HEAD + GOOD).encode("utf-16"),
    "\\r line ends": (HEAD + GOOD).replace("\n", "\r").encode(),
    "\\r\\n line ends": (HEAD + GOOD).replace("\n", "\r\n").encode(),
    "mixed line ends": HEAD.encode() + b"\r\n\n" + GOOD.replace("\n", "\r\n").encode(),
    "no last line end": (HEAD + GOOD).strip().encode(),
    "blank lines ahead": ("\n\n" + HEAD + GOOD).encode(),
    "semicolons": (HEAD + GOOD).replace(",", ";").encode(),
    "tabs": (HEAD + GOOD).replace(",", "\t").encode(),
    "quoted header": ('"id","day","cost","currency","channel"\n' + GOOD).encode(),
    "quotes inside": (HEAD + GOOD.replace("social", '"so""cial"')).encode(),
    "blanks and case in the header": ("ID, Day ,COST,Currency,channel\n" + GOOD).encode(),
    "a column that stands twice, not used": b"id,day,cost,currency,channel,x,X\n1,2026-01-01,1,EUR,a,1,2\n",
}  # fmt: skip


@pytest.mark.parametrize("name", READABLE)
def test_odd_but_readable_files_are_read(desk, counted, name):
    receipt = desk.load(COSTS, desk.file("costs.csv", READABLE[name]))
    count = counted(receipt, "spend")
    assert (count.received, count.loaded) == (1, 1)
    expected = 'so"cial' if name == "quotes inside" else "a" if "twice" in name else "social"
    assert desk.facts("SELECT channel FROM facts.spend") == [(expected,)]


REFUSED = {
    "empty": (b"", "is empty"),
    "only a mark": (b"\xef\xbb\xbf", "has no header line"),
    "wrong encoding": ((HEAD + GOOD + "2,2026-01-01,1,EUR,Müller\n").encode("cp1252"),
                       r"is not UTF-8: line 3, byte offset 78 \(0xfc\).*encoding: windows-1252"),
    "UTF-16 without a mark": ((HEAD + GOOD).encode("utf-16-le"), "looks like UTF-16.*encoding: utf-16-le"),
    "a quote that swallows the rest": (HEAD + '1,2026-01-01,1,EUR,"x\n' + GOOD * 5000, "quoted value opens"),
    "a column that stands twice": ("id,day,cost,Cost,currency,channel\n",
                                   r"'cost' stands more than once: write 'cost \(1\)' or 'Cost \(2\)'"),
    "missing columns": ("id,day,costs\n", r"no column 'cost'; did you mean 'costs'\?, 'currency', 'channel'"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_cannot_be_told_apart_is_refused_whole(desk, name):
    content, message = REFUSED[name]
    with pytest.raises(FileError, match=message):
        desk.load(COSTS, desk.file("costs.csv", content))
    assert desk.facts("SELECT count(*) FROM facts.spend") == [(0,)]
    assert not (desk.folder / "quarantine").exists() or not list((desk.folder / "quarantine").iterdir())


def test_a_quote_across_millions_of_bytes_does_not_lose_rows_silently(desk):
    rows = "".join(f"{n},2026-01-01,1,EUR,social\n" for n in range(200_000))
    text = HEAD + '1,2026-01-01,1,EUR,"x\n' + rows + '2,2026-01-01,1,EUR,"y"\n' + rows
    with pytest.raises(FileError, match="quoted value opens"):
        desk.load(COSTS, desk.file("costs.csv", text))


def test_a_file_in_its_own_encoding(desk):
    text = HEAD + "1,2026-01-01,1,EUR,Müller\n"
    mapping = COSTS.replace("source: ads", "source: ads\nencoding: windows-1252")
    receipt = desk.load(mapping, desk.file("costs.csv", text.encode("cp1252")))
    assert receipt.tables[0].loaded == 1
    assert desk.facts("SELECT channel FROM facts.spend") == [("Müller",)]
    # the quarantine file is UTF-8 and is read as such although the mapping says otherwise
    receipt = desk.load(mapping, desk.file("costs.csv", text.replace(",1,", ",x,").encode("cp1252")))
    mended = Path(receipt.quarantine[0]).read_text().replace(",x,", ",2,")
    desk.load(mapping, desk.file("mended/costs.csv", mended))
    assert desk.facts("SELECT DISTINCT channel FROM facts.spend") == [("Müller",)]


def test_a_truncated_file_keeps_its_whole_rows(desk, counted):
    receipt = desk.load(COSTS, desk.file("costs.csv", HEAD + GOOD + '2,2026-01-01,1,EUR,"cut o'))
    count = counted(receipt, "spend")
    assert (count.loaded, count.quarantined) == (1, 1)
    assert '2,2026-01-01,1,EUR,""cut o' in Path(receipt.quarantine[0]).read_text()


def test_cut_compression_and_damaged_containers_are_refused(desk):
    whole = gzip.compress((HEAD + GOOD * 1000).encode())
    with pytest.raises(FileError, match="ends in the middle of its compressed data"):
        desk.load(COSTS, desk.file("costs.csv.gz", whole[:-20]))
    with pytest.raises(FileError, match="cannot be read as a workbook"):
        desk.load(COSTS, desk.file("costs.xlsx", b"PK\x03\x04 no workbook"))
    with pytest.raises(FileError, match="cannot be read as Parquet"):
        desk.load(COSTS, desk.file("costs.parquet", b"PAR1 no parquet PAR1"))
    with pytest.raises(FileError, match="holds no JSON objects"):
        desk.load(COSTS, desk.file("costs.jsonl", b"[1]\n{bad\n"))
    with pytest.raises(FileError, match="files of this kind are not read"):
        desk.load(COSTS, desk.file("costs.docx", b"x"))


def test_a_header_alone_is_an_export_without_rows(desk, counted):
    receipt = desk.load(COSTS, desk.file("costs.csv", HEAD))
    assert counted(receipt, "spend").received == 0


def test_ids_that_contradict_each_other_are_quarantined(desk, counted):
    again = GOOD.replace("10.5", "11.5")
    receipt = desk.load(COSTS, desk.file("costs.csv", HEAD + GOOD + again + GOOD.replace("1,", "2,", 1) * 2))
    count = counted(receipt, "spend")
    assert (count.loaded, count.quarantined, count.skipped) == (1, 2, 1)
    assert count.reasons["column id: stands in several rows that differ"] == 2
    assert "column id: '1' stands in several rows that differ" in Path(receipt.quarantine[0]).read_text()


def test_an_id_may_stand_twice_if_the_tool_says_which_row_is_newer(desk, counted):
    mapping = """
mapping: crm
source: crm
files: [{match: deals.csv, facts: [{table: deals, id: id, updated: at, set: {name: name}}]}]
"""
    receipt = desk.load(mapping, desk.file("deals.csv", "id,at,name\n1,2026-01-02,new\n1,2026-01-01,old\n"))
    assert counted(receipt, "deals").loaded == 2
    assert desk.facts("SELECT name FROM facts.deals") == [("new",)]


def test_a_formula_cell_gives_its_value(desk, counted):
    book = openpyxl.Workbook()
    book.active.append(HEAD.strip().split(","))
    book.active.append([1, "2026-01-01", "=5+6", "EUR", "social"])
    book.active.append([2, "2026-01-01", "=1/0", "EUR", "social"])
    plain = io.BytesIO()
    book.save(plain)
    # openpyxl writes formulas without their last values, which Excel always writes
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(desk.folder / "costs.xlsx", "w") as new:
        for item in old.infolist():
            data = old.read(item)
            if item.filename.endswith("sheet1.xml"):
                data = data.replace(b"<f>5+6</f><v />", b"<f>5+6</f><v>11</v>")
                data = data.replace(b"<f>5+6</f><v></v>", b"<f>5+6</f><v>11</v>")
                assert b"<v>11</v>" in data
            new.writestr(item, data)
    receipt = desk.load(COSTS, desk.folder / "costs.xlsx")
    count = counted(receipt, "spend")
    assert (count.loaded, count.reasons) == (1, {"column cost: is missing": 1})
    assert desk.facts("SELECT cost::VARCHAR FROM facts.spend") == [("11.0000",)]


CELL = st.text(st.sampled_from(list('ab1;,"\n\r\0 \t=é')), max_size=6)
ROW = st.lists(CELL, min_size=1, max_size=7)
WHOLE = st.tuples(st.integers(1, 9), st.integers(1, 28), st.integers(-5, 500)).map(
    lambda t: [str(t[0]), f"2026-01-{t[1]:02}", str(t[2]), "EUR", "social"]
)


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.one_of(WHOLE, ROW), max_size=12),
    cut=st.integers(0, 3),
    damage=st.sampled_from(["", '"', "\r"]),
)
def test_received_is_always_loaded_quarantined_and_skipped(desk, counted, rows, cut, damage):
    text = io.StringIO()
    text.write(HEAD)
    csv.writer(text, lineterminator="\n").writerows(rows)
    content = text.getvalue() + damage
    content = content[: len(content) - cut] if cut and len(content) - cut > len(HEAD) else content
    path = desk.file("costs.csv", content)
    try:
        receipt = desk.load(COSTS, path)
    except FileError as error:
        assert "quoted value opens" in str(error)
        return
    count = counted(receipt, "spend")
    if not damage and not cut and not any("\r" in cell for row in rows for cell in row):
        assert count.received == len(rows)
    for mend in receipt.quarantine:
        again = counted(desk.load(COSTS, desk.file("again/costs.csv", Path(mend).read_bytes())), "spend")
        assert (again.received, again.loaded, again.quarantined) == (count.quarantined, 0, count.quarantined)


NOTES = """
mapping: crm
source: crm
files:
  - match: deals.csv
    facts:
      - table: deals
        id: id
        set: {created_at: at, name: "=name"}
        fields: {margin: {column: margin, decimal: "."}}
"""
FORMULA = st.text(st.sampled_from(list("'=+-@\t\r\n,\"a1")), max_size=8)


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(names=st.lists(FORMULA, min_size=1, max_size=6), added=st.sampled_from(["", "broken\n", "=1+1\n"]))
def test_a_quarantine_file_holds_no_formulas_and_loads_what_the_file_held(desk, names, added):
    desk = type(desk)(desk.folder / str(len(list(desk.folder.iterdir()))))
    text = io.StringIO()
    rows = [(n, "2026-99-99", name, -1.5) for n, name in enumerate(names)]
    csv.writer(text, csv.unix_dialect).writerows([("id", "at", "=name", "margin"), *rows])
    [mend] = desk.load(NOTES, desk.file("deals.csv", text.getvalue() + added)).quarantine
    with Path(mend).open(newline="") as file:
        header, *cells = csv.reader(file)
    assert header[:4] == ["id", "at", "'=name", "margin"]
    refused = [row for row in cells if row[0]]
    assert [row[3] for row in refused] == ["'-1.5"] * len(names)
    assert not [cell for row in [header, *cells] for cell in row if cell[:1] in tuple("=+-@\t\r")]
    mended = io.StringIO()
    good = [[row[0], "2026-01-02", *row[2:]] for row in refused]
    csv.writer(mended, csv.unix_dialect).writerows([header, *good])
    again = desk.load(NOTES, desk.file("again/deals.csv", mended.getvalue().replace("'-1.5", "-2.5", 1)))
    assert [(count.loaded, count.quarantined) for count in again.tables] == [(len(names), 0)]
    expected = [name.replace("\r\n", "\n").replace("\r", "\n").strip(BLANKS) or None for name in names]
    found = desk.facts("SELECT source_id::INT AS n, name, fields FROM facts.deals ORDER BY 1")
    assert [name and name.replace("\r", "\n") for _, name, _ in found] == expected
    assert [own for *_, own in found] == [f'{{"margin":"{n}"}}' for n in [-2.5, *[-1.5] * (len(names) - 1)]]


def test_a_long_line_that_opens_a_quote_is_refused(desk):
    with pytest.raises(FileError, match=r"line 2 is .* bytes long and opens a quoted value"):
        desk.load(
            COSTS, desk.file("costs.csv", HEAD + '1,2026-01-01,1,EUR,"' + "x" * (LONGEST_LINE + 1) + "\n")
        )
