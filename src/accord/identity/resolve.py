"""Runs identity: SQL steps, and between them the components of the graphs that the steps lay out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from accord.identity import spans
from accord.identity.graph import Edges, components, keep_apart
from accord.identity.runs import pair_up
from accord.identity.visitors import Sightings, assign, numbered
from accord.ledger.engine import Step

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from accord.agreement.agreement import Agreement
    from accord.ledger.engine import Engine

PERSON_COLUMNS = (
    "email", "first_name", "last_name", "phone", "job_title", "role", "seniority", "company", "account_id",
    "owner_id", "country", "region", "city", "language", "lead_source", "is_test", "created_at", "fields",
)  # fmt: skip
ACCOUNT_COLUMNS = (
    "name", "domain", "industry", "employees", "annual_revenue", "country", "region", "city", "is_customer",
    "owner_id", "parent_id", "created_at", "fields",
)  # fmt: skip
VISITOR = 4
"""`kind_no` of visitors in the table `names`."""


def resolve(engine: Engine, agreement: Agreement) -> None:
    """Make all of identity's tables. Reads `facts.*`, `states.*`, `sources_rank` and `free_mail_domains`."""
    engine.run(_graph_steps())
    _join_people(engine)
    _join_accounts(engine)
    engine.run(_attribute_steps(agreement))
    _join_twins(engine)
    engine.run(_like_steps())
    _join_long_runs(engine)
    engine.run(_counting_steps())


def _files(*names: str) -> list[Step]:
    return [Step.from_file(__package__, name) for name in names]


def _graph_steps() -> list[Step]:
    """Names and reasons to join them, of people, accounts and events."""
    links = ("link_facts", "parted", "stated_links")
    people = ("names", "record_twins", "person_subjects", "person_edges", "apart_pairs")
    domains = ("account_records", "domain_records", "mail_domains", "domain_accounts")
    accounts = ("account_names", "account_edges", "account_apart_pairs")
    events = ("object_kinds", "twins", "parted_events", "twin_subjects", "twin_edges", "shared_kinds")
    return _files(*links, *people, *domains, *accounts, *events)


def _attribute_steps(agreement: Agreement) -> list[Step]:
    """What is known of people and accounts, today and as known."""
    return [
        *_files("name_people", "name_accounts", "account_record_states"),
        *spans.steps("account", ACCOUNT_COLUMNS, _declared(agreement, "account")),
        *_files("accounts", "account_known", "person_record_states"),
        *spans.steps("person", PERSON_COLUMNS, _declared(agreement, "person", "lead")),
        *_files("person_mail", "person_known", "people", "person_states", "actors", "visitor_spans"),
    ]


def _like_steps() -> list[Step]:
    return _files("twin_copies", "seen_events", "clusters")


def _counting_steps() -> list[Step]:
    tables = ("like_events", "like_copies", "uncounted", "links")
    return _files(*tables, "deal_aliases", "deal_persons", "deals_counted", "unattributed")


def _declared(agreement: Agreement, *things: str) -> list[str]:
    return sorted(name for name, field in agreement.fields.items() if field.on in things)


def _join_people(engine: Engine) -> None:
    size = _count(engine, "names")
    rows = engine.query('SELECT a_no, b_no, firmness, a_kind, b_kind, "at" FROM person_edges')
    a_visits = _numbers(rows, "a_kind") == VISITOR
    b_visits = _numbers(rows, "b_kind") == VISITOR
    edges = Edges(_numbers(rows, "a_no"), _numbers(rows, "b_no"), _numbers(rows, "firmness"))
    merging = edges.take(a_visits == b_visits)
    keep = keep_apart(size, merging, _pairs(engine, "apart_pairs"))
    labels = components(size, merging.take(keep))
    sees = a_visits != b_visits
    visitor = np.where(a_visits, edges.a, edges.b)[sees]
    person = np.where(a_visits, edges.b, edges.a)[sees]
    at = _numbers(rows.set_column(5, "at", rows["at"].cast(pa.int64())), "at")[sees]
    owned = assign(labels, Sightings(labels[visitor], labels[person], at))
    people = numbered(owned.owner)
    names = np.arange(size, dtype=np.int64)
    shared = np.isin(labels, owned.shared.visitor)
    _add(engine, "name_owners", name_no=names, person=people)
    _add(engine, "shared_visitors", name_no=names[shared], group_no=labels[shared])
    engine.add(
        "shared_sightings",
        pa.table(
            {
                "group_no": owned.shared.visitor,
                "person": people[owned.shared.person],
                "at": pa.array(owned.shared.at, type=pa.timestamp("us")),
            }
        ),
    )
    _add_heads(engine, "person_heads", "person", people)
    _add_cut(engine, "cut_person_edges", merging.take(~keep))


def _join_accounts(engine: Engine) -> None:
    size = _count(engine, "account_names")
    rows = engine.query("SELECT a_no, b_no, firmness FROM account_edges")
    edges = Edges(*(_numbers(rows, column) for column in ("a_no", "b_no", "firmness")))
    keep = keep_apart(size, edges, _pairs(engine, "account_apart_pairs"))
    accounts = numbered(components(size, edges.take(keep)))
    _add(engine, "account_owners", name_no=np.arange(size, dtype=np.int64), account=accounts)
    _add_heads(engine, "account_heads", "account", accounts)
    _add_cut(engine, "cut_account_edges", edges.take(~keep))


def _join_twins(engine: Engine) -> None:
    rows = engine.query("SELECT subject, other FROM twin_edges")
    both = pa.chunked_array([*rows["subject"].chunks, *rows["other"].chunks], type=pa.string())
    coded = both.combine_chunks().dictionary_encode()
    codes = np.asarray(coded.indices, dtype=np.int64)
    firmness = np.zeros(len(rows), dtype=np.int64)
    labels = components(len(coded.dictionary), Edges(codes[: len(rows)], codes[len(rows) :], firmness))
    engine.add("twin_groups", pa.table({"subject": coded.dictionary, "group_no": labels}))


def _join_long_runs(engine: Engine) -> None:
    rows = engine.query(_LONG_RUNS)
    sources = rows["source"].combine_chunks().dictionary_encode()
    at = np.asarray(rows["at"].cast(pa.int64()), dtype=np.int64)
    places = pair_up(_numbers(rows, "run"), np.asarray(sources.indices, dtype=np.int64), at)
    engine.add("long_pairs", pa.table({"fact_id": rows["fact_id"], "place": places}))


_LONG_RUNS = """
SELECT dense_rank() OVER (ORDER BY table_name, person, kind, about, run_no) AS run, source, "at", fact_id
FROM clusters WHERE long
ORDER BY run, "at", source, fact_id
"""


def _count(engine: Engine, table: str) -> int:
    return int(engine.query(f"SELECT count(*) AS n FROM {table}").to_pylist()[0]["n"])  # noqa: S608


def _pairs(engine: Engine, table: str) -> list[tuple[int, int]]:
    rows = engine.query(f"SELECT stays_no, leaves_no FROM {table}").to_pylist()  # noqa: S608
    return [(row["stays_no"], row["leaves_no"]) for row in rows]


def _numbers(rows: pa.Table, column: str) -> NDArray[np.int64]:
    return np.asarray(rows[column], dtype=np.int64)


def _add(engine: Engine, name: str, **columns: NDArray[np.int64]) -> None:
    engine.add(name, pa.table(columns))


def _add_heads(engine: Engine, name: str, thing: str, numbers: NDArray[np.int64]) -> None:
    """The lowest name of each thing: the one it is known by."""
    things, first = np.unique(numbers, return_index=True)
    engine.add(name, pa.table({thing: things, "name_no": first}))


def _add_cut(engine: Engine, name: str, edges: Edges) -> None:
    _add(engine, name, a_no=edges.a, b_no=edges.b, firmness=edges.firmness)
