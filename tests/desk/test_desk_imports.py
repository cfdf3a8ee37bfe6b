"""Importing on the pages: drop files, correct the mapping, try, load, mend, undo; and what is refused."""

from __future__ import annotations

import gzip
import io
import re
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accord.desk.imports.files import FileRefused, safe_name
from accord.desk.imports.models import Upload
from accord.desk.jobs import worker
from accord.desk.jobs.kinds import KINDS
from accord.desk.jobs.models import Job
from accord.desk.teams.models import AuditEntry
from accord.workspace import Workspace
from example import EXAMPLE

pytestmark = pytest.mark.django_db

DEALS = (
    "Deal ID,Name,Amount,Stage,Created\nd1,One,100,Closed won,2026-03-01\nd2,Two,many,Proposal,2026-03-02\n"
)


@pytest.fixture
def space(tmp_path: Path, settings: Any) -> Workspace:
    """A workspace of its own with nothing loaded."""
    made = Workspace.create(tmp_path / "space")
    shutil.copy(EXAMPLE / "agreement.yaml", made.folder)
    settings.WORKSPACE = made.folder
    return made


@pytest.fixture
def ops(space: Workspace, as_role: Any) -> Client:
    client: Client = as_role("operations")
    return client


def drop(client: Client, *files: tuple[str, str | bytes], to: str = "/import") -> Any:
    given = [
        SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content)
        for name, content in files
    ]
    return client.post(to, {"files": given}, follow=True)


def page(answer: Any) -> str:
    text: str = answer.content.decode()
    return text


def work() -> None:
    while worker.run_next():
        pass


def form(text: str) -> dict[str, list[str]]:
    """What the mapping's form would send as it stands."""
    sent: dict[str, list[str]] = {}
    body = text[text.index('id="choices"') : text.index('id="h-files"')]
    for name, inner in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', body, re.S):
        options = re.findall(r'<option(?: value="([^"]*)")?( selected)?>([^<]*)</option>', inner)
        chosen = [o for o in options if o[1]] or options[:1]
        sent.setdefault(name, []).append(chosen[0][0] if "value=" in inner and chosen[0][0] else chosen[0][2])
    for name, value in re.findall(r'<input class="in"[^>]*name="([^"]+)"[^>]*value="([^"]*)"', body):
        sent[name] = [value]
    return {name: ["" if v == "–" else v for v in values] for name, values in sent.items()}


def test_from_dropped_file_to_loaded_mended_and_undone(ops: Client, space: Workspace) -> None:
    mapping = drop(ops, ("deals.csv", DEALS))
    slug = Upload.objects.get().slug
    assert mapping.redirect_chain[-1][0] == f"/import/{slug}"
    assert "Closed won · Proposal" in page(mapping)
    sent = form(page(mapping)) | {"part0-column2": ["Amount"], "then": ["try"]}
    tried = ops.post(f"/import/{slug}", sent, follow=True)
    assert "Waiting for its turn" in page(tried)
    work()
    shown = page(ops.get(f"/import/{slug}/dry-run"))
    assert "Of 2 rows 1 are new, 0 change what is known, 0 are known already." in shown
    assert "column Amount: &#x27;many&#x27; is not a number" in shown
    assert space.loads() == []

    assert "Waiting for its turn" in page(ops.post(f"/import/{slug}/load", follow=True))
    work()
    done = page(ops.get(f"/import/{slug}/load"))
    assert "1 fact of deals is loaded" in done
    assert "They include this load." in done
    [load] = space.loads()
    assert (load.by, load.loaded, load.quarantined) == ("Operations Person", 1, 1)
    assert space.builds.current().build_id == Job.objects.get(kind="build").result["build_id"]

    record = page(ops.get(f"/import/loads/{load.load_id}"))
    assert "Operations Person loaded 1 fact of deals" in record
    rows = b"".join(ops.get(f"/import/loads/{load.load_id}/quarantine/0").streaming_content).decode()
    assert rows.splitlines()[0] == "Deal ID,Name,Amount,Stage,Created,_line,_table,_reason"
    mended = drop(ops, ("deals.csv", rows.replace("many", "250")), to=f"/import/loads/{load.load_id}/mend")
    assert "Nothing is wrong with the mapping." in page(mended)
    second = Upload.objects.get(mends=load.load_id)
    assert second.history
    ops.post(f"/import/{second.slug}/dry-run")
    work()
    ops.post(f"/import/{second.slug}/load")
    work()
    assert sorted(deal["amount"] for deal in space.table("facts.deals").to_pylist()) == [100, 250]

    asked = page(ops.get(f"/import/loads/{load.load_id}/undo"))
    assert "Undo this load?" in asked
    assert not space.load_record(load.load_id).withdrawn
    undone = page(ops.post(f"/import/loads/{load.load_id}/undo", follow=True))
    assert "The load is undone." in undone
    assert space.load_record(load.load_id).withdrawn
    assert [deal["source_id"] for deal in space.table("facts.deals").to_pylist()] == ["d2"]
    assert f"/import/{slug}/remove" in record
    ops.post(f"/import/{slug}/remove")
    assert "Remove the uploaded files" not in page(ops.get(f"/import/loads/{load.load_id}"))
    logged = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"files uploaded", "mapping corrected", "load started", "load undone", "exported"} <= logged


def test_columns_can_be_corrected_and_another_table_chosen(ops: Client) -> None:
    text = page(drop(ops, ("list.csv", "Key,Mail,Note\n1,ann@x.example,=1+1\n2,bob@x.example,b\n")))
    slug = Upload.objects.get().slug
    sent = form(text) | {"source": ["crm"], "zone": ["Europe/Berlin"], "part0-table": ["people"]}
    text = page(ops.post(f"/import/{slug}", sent, follow=True))
    sent = form(text) | {
        "part0-column0": ["Its id"],
        "part0-column1": ["Email"],
        "part0-column2": ["Own field"],
    }
    sent |= {"part0-more-column": ["Mail"], "part0-more-target": ["Company"]}
    text = page(ops.post(f"/import/{slug}", sent, follow=True))
    assert "Nothing is wrong with the mapping." in text
    yaml = page(ops.get(f"/import/{slug}/yaml"))
    for line in ("zone: &quot;Europe/Berlin&quot;", "id: Key", "email: Mail", "company: Mail", "note: Note"):
        assert line in yaml


def test_a_choice_that_lacks_something_is_not_tried(ops: Client) -> None:
    text = page(drop(ops, ("deals.csv", DEALS)))
    slug = Upload.objects.get().slug
    sent = form(text) | {"part0-column0": [""], "then": "try"}
    answer = page(ops.post(f"/import/{slug}", sent, follow=True))
    assert "The mapping has mistakes." in answer
    assert "Still needed: Its id" in answer
    assert "`id` says which one a row is about" in answer
    assert not Job.objects.exists()


def test_days_and_months_are_asked_for(ops: Client) -> None:
    rows = "Date,Cost\n03/04/2026,1\n05/04/2026,2\n"
    text = page(drop(ops, ("costs.csv", rows)))
    assert "3 April 2026" in text
    assert "4 March 2026" in text
    slug = Upload.objects.get().slug
    ops.post(f"/import/{slug}", form(text) | {"dates": ["%m/%d/%Y"]})
    assert "dates: [&quot;%m/%d/%Y&quot;]" in page(ops.get(f"/import/{slug}/yaml"))


def test_a_date_that_is_none_or_of_another_file_is_no_example(ops: Client) -> None:
    rows = "Date,Cost\n" + "soon,1\n" + "".join(f"0{n}/04/2026,1\n" for n in range(3, 10))
    text = page(drop(ops, ("costs.csv", rows), ("ad costs.csv", "Date,Spend\n2026-01-01,1\n")))
    assert "Date: 03/04/2026 is" in text


def test_yaml_is_checked_while_it_is_typed_and_kept_with_its_mistakes(ops: Client) -> None:
    drop(ops, ("deals.csv", DEALS))
    slug = Upload.objects.get().slug
    head = "mapping: crm\nsource: crm\nfiles:\n  - match: deals*\n    facts:\n"
    wrong = head + "      - {table: deal, id: Deal ID}\n"
    for answer in (
        ops.post(f"/import/{slug}/yaml/check", {"text": wrong}),
        ops.post(f"/import/{slug}/yaml", {"text": wrong, "then": "try"}, follow=True),
    ):
        assert "did you mean &#x27;deals&#x27;?" in page(answer)
        assert "Line 6" in page(answer)
    assert not Job.objects.exists()
    bomb = "a: &a [x]\nb: [*a, *a]\n"
    assert "Aliases (*name) are not read here." in page(
        ops.post(f"/import/{slug}/yaml/check", {"text": bomb})
    )
    fine = wrong.replace("table: deal,", "table: deals,")
    ops.post(f"/import/{slug}/yaml", {"text": fine, "then": "try"})
    work()
    assert "Of 2 rows 2 are new" in page(ops.get(f"/import/{slug}/dry-run"))


def test_the_mapping_of_the_last_load_reads_the_next_export(ops: Client, space: Workspace) -> None:
    text = page(drop(ops, ("deals_1.csv", DEALS.replace("many", "200"))))
    first = Upload.objects.get()
    ops.post(f"/import/{first.slug}", {**form(text), "source": "ourcrm", "then": "try"})
    work()
    ops.post(f"/import/{first.slug}/load")
    work()
    next_text = page(drop(ops, ("deals_2.csv", DEALS.replace("many", "300"))))
    assert "source: ourcrm" in next_text
    second = Upload.objects.exclude(pk=first.pk).get()
    ops.post(f"/import/{second.slug}/dry-run")
    work()
    tried = page(ops.get(f"/import/{second.slug}/dry-run"))
    assert "Of 2 rows 0 are new, 1 change what is known, 1 are known already." in tried
    assert "<del>200.0000</del> <ins>300.0000</ins>" in tried


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/worksheets/sheet1.xml", b"0" * 6_000_000)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("page.html", "<html>", "files of this kind are not read"),
        ("empty.csv", "", "empty.csv is empty"),
        ("book.xlsx", b"no workbook", "book.xlsx is damaged or protected"),
        ("bomb.xlsx", bomb, "bomb.xlsx is too large once it is unpacked"),
        ("cut.csv.gz", lambda: gzip.compress(b"a,b\n" * 9_000)[:40], "cut.csv.gz is damaged"),
        ("bomb.csv.gz", lambda: gzip.compress(b"0" * 6_000_000), "bomb.csv.gz is too large once"),
        ("x.parquet", b"PAR1", "x.parquet is damaged"),
    ],
)
def test_files_that_could_do_harm_are_left_out_with_the_reason(
    ops: Client,
    space: Workspace,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    content: Any,
    told: str,
) -> None:
    settings.UPLOAD_BYTES = 1_000_000
    monkeypatch.setattr("accord.desk.imports.files.WORKBOOK_BYTES", 5_000_000)
    answer = page(drop(ops, (name, content() if callable(content) else content)))
    assert told in answer
    assert not Upload.objects.exists()
    assert [path.name for path in (space.folder / "uploads").iterdir()] in ([".unfinished"], [])


def test_the_good_ones_of_several_files_stay(ops: Client) -> None:
    answer = page(drop(ops, ("deals.csv", DEALS), ("readme.html", "<p>")))
    assert "readme.html is left out" in answer
    assert "Closed won" in answer


def test_more_than_is_allowed_is_not_taken_in(ops: Client, settings: Any) -> None:
    settings.UPLOAD_BYTES = 1_000_000
    answer = page(drop(ops, ("big.csv", b"a,b\n" * 300_000)))
    assert "That was more than 1 MB" in answer
    assert not Upload.objects.exists()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.csv", "passwd.csv"),
        ("C:\\data\\leads.csv", "leads.csv"),
        (".hidden.csv", "hidden.csv"),
        ("a\x00b\nc.csv", "a b c.csv"),
        ('<img src="x">.csv', "_img src=_x__.csv"),
        ("plan#1.csv", "plan_1.csv"),
        ("book.xlsx#Sheet1.csv", "book.xlsx#Sheet1.csv"),
        ("größe.xlsx", "größe.xlsx"),
    ],
)
def test_names_do_no_harm(given: str, kept: str) -> None:
    assert safe_name(given) == kept


def test_a_name_without_a_kind_is_refused() -> None:
    for given in ("", "..", ".csv", "/", "leads"):
        with pytest.raises(FileRefused):
            safe_name(given)


HOSTILE = {
    "utf16.csv": DEALS.encode("utf-16"),
    "latin.csv": DEALS.replace("One", "Größe").encode("latin-1"),
    "binary.csv": bytes(range(256)) * 20,
    "long.csv": DEALS + "d3," + "x" * 3_000_000 + ",1,Proposal,2026-03-03\n",
    "formulas.csv": DEALS.replace("One", "\"=cmd|' /C calc'!A0\"").replace("Name", "=Name"),
    "tags.csv": DEALS.replace("One", "<script>alert(1)</script>"),
    "blank.csv": "\n\n\n",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_content_never_breaks_a_page(ops: Client, name: str) -> None:
    ops.raise_request_exception = True
    text = page(drop(ops, (name, HOSTILE[name])))
    assert "<script>alert" not in text
    slug = Upload.objects.get().slug
    ops.post(f"/import/{slug}/dry-run")
    work()
    for address in (f"/import/{slug}", f"/import/{slug}/yaml", f"/import/{slug}/dry-run", "/import"):
        answer = page(ops.get(address, follow=True))
        assert "<script>alert" not in answer
        assert "Something broke" not in answer


def test_a_file_may_be_left_out_and_all_removed(ops: Client, space: Workspace) -> None:
    drop(ops, ("deals.csv", DEALS), ("notes.csv", "a,b\n1,2\n"))
    slug = Upload.objects.get().slug
    assert "notes.csv" in page(ops.get(f"/import/{slug}"))
    assert "notes.csv" not in page(ops.post(f"/import/{slug}/leave-out", {"name": "notes.csv"}, follow=True))
    ops.post(f"/import/{slug}/leave-out", {"name": "../../../agreement.yaml"})
    assert (space.folder / "agreement.yaml").is_file()
    ops.post(f"/import/{slug}/remove")
    assert not Upload.objects.exists()
    assert not (space.folder / "uploads" / slug).exists()


def test_files_a_job_works_on_are_left_in_peace(ops: Client) -> None:
    drop(ops, ("deals.csv", DEALS))
    slug = Upload.objects.get().slug
    ops.post(f"/import/{slug}/dry-run")
    for address in ("remove", "load", "dry-run", "start-from"):
        assert "A job is working on these files." in page(ops.post(f"/import/{slug}/{address}", follow=True))
    assert Job.objects.count() == 1


def test_nothing_is_loaded_that_was_not_tried(ops: Client, space: Workspace) -> None:
    text = page(drop(ops, ("deals.csv", DEALS)))
    slug = Upload.objects.get().slug
    ops.post(f"/import/{slug}/dry-run")
    work()
    ops.post(f"/import/{slug}", form(text) | {"source": ["other"]})
    ops.post(f"/import/{slug}/load")
    work()
    assert space.loads() == []


def test_a_load_whose_worker_died_is_done_once(ops: Client, space: Workspace) -> None:
    drop(ops, ("deals.csv", DEALS))
    upload = Upload.objects.get()
    ops.post(f"/import/{upload.slug}/dry-run")
    work()
    ops.post(f"/import/{upload.slug}/load")
    KINDS["load"]({"upload": upload.pk}, lambda *step: None)  # its worker dies before it says so
    work()
    assert len(space.table("facts.deals").to_pylist()) == 2
    assert [load.loaded for load in space.loads()] == [2]


ADDRESSES = [
    "/import",
    "/import/loads",
    "/import/loads?format=csv",
    "/import/loads/x",
    "/import/loads/x/undo",
]


@pytest.mark.parametrize("role", ["marketer", "rep", "manager", "viewer", "outsider"])
def test_only_operations_import(as_role: Any, space: Workspace, role: str) -> None:
    client = as_role(role)
    drop(as_role("operations"), ("deals.csv", DEALS))
    slug = Upload.objects.get().slug
    own = [f"/import/{slug}{rest}" for rest in ("", "/yaml", "/dry-run", "/load")]
    for address in (*ADDRESSES, *own):
        assert client.get(address).status_code == 403
    posts = ["/import", "/import/loads/x/undo", "/import/loads/x/mend"]
    posts += [
        f"/import/{slug}/{rest}" for rest in ("yaml/check", "start-from", "leave-out", "remove", "load")
    ]
    for address in posts:
        assert client.post(address).status_code == 403
    assert Upload.objects.count() == 1


def test_no_link_changes_anything(ops: Client) -> None:
    drop(ops, ("deals.csv", DEALS))
    slug = Upload.objects.get().slug
    for rest in ("remove", "start-from", "leave-out", "yaml/check"):
        assert ops.get(f"/import/{slug}/{rest}").status_code == 405
    for address in ("/import/loads/none", "/import/loads/none/undo", "/import/none"):
        assert ops.get(address).status_code == 404
