"""A made-up company of any size, written as facts by SQL alone, the same at every run."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from accord.ledger.engine import DuckDBEngine, Step
from accord.ledger.tables import FACTS, SQL_TYPES
from accord.ledger.writer import Ledger

NOW = datetime(2026, 9, 1)
SECONDS = 540 * 86400
"""Eighteen months of business."""
PORTION = 10_000_000
"""So many facts are written at once."""

COMMON = {
    "source": "'crm'",
    "twin": "NULL",
    "deleted": "false",
    "source_updated_at": "NULL",
    "assumed": "false",
    "file_no": "1",
}
START = "TIMESTAMP '2025-03-01'"

PEOPLE = {
    "object": "'person'",
    "source_id": "i::VARCHAR",
    "occurred_at": f"{START} + to_seconds((hash(i) % {SECONDS})::BIGINT)",
    "actor": "concat('crm:person:', i)",
    "email": "concat('p', i, '@firm', i // 4, '.example')",
    "first_name": "['Ada', 'Ben', 'Carla', 'Dan', 'Eva', 'Finn', 'Gina', 'Hugo', 'Ines', 'Jonas']"
    "[(1 + hash(100 * i + 33) % 10)::BIGINT]",
    "last_name": "concat(['Ber', 'Hol', 'Kal', 'Mor', 'Ross', 'Wei', 'Zan', 'Lin']"
    "[(1 + hash(100 * i + 34) % 8)::BIGINT], ['ger', 'den', 'strom', 'i', 'mann', 'ova', 'sen', 'er']"
    "[(1 + hash(100 * i + 35) % 8)::BIGINT])",
    "owner_id": "CASE WHEN i % 5 < 4 THEN concat('crm:owner:', hash(100 * i + 36) % 40) END",
    "account_id": "concat('crm:account:', i // 4)",
    "role": "['operations', 'finance', 'it', NULL][(1 + hash(100 * i + 1) % 4)::BIGINT]",
    "seniority": "['manager', 'head', 'vp', 'c_level'][(1 + hash(100 * i + 2) % 4)::BIGINT]",
    "country": "['DE', 'FR', 'GB', 'XX'][(1 + hash(100 * i + 3) % 4)::BIGINT]",
}
OWNERS = {
    "object": "'owner'",
    "source_id": "i::VARCHAR",
    "occurred_at": START,
    "email": "concat('rep', i, '@seller.example')",
    "first_name": "'Rep'",
    "last_name": "concat('No', i)",
}
ACCOUNTS = {
    "object": "'account'",
    "source_id": "i::VARCHAR",
    "occurred_at": START,
    "name": "concat('Firm ', i)",
    "domain": "concat('firm', i, '.example')",
    "employees": "(hash(100 * i + 4) % 3000)::DOUBLE",
}
TOUCHES = {
    "object": "'touch'",
    "source_id": "i::VARCHAR",
    # One after the other, so that each portion is of months of its own, as loads are.
    "occurred_at": f"{START} + to_seconds((i * {SECONDS} // {{touches}})::BIGINT)",
    "actor": "concat('crm:person:', hash(100 * i + 6) % {people})",
    "kind": "['page_view', 'page_view', 'page_view', 'page_view', 'page_view', 'page_view', 'page_view', "
    "'email_open', 'email_open', 'email_open', 'email_click', 'email_click', 'webinar', 'form_submit', "
    "'content_download', 'content_download'][(1 + hash(100 * i + 7) % 16)::BIGINT]",
    "path": "['/', '/pricing', '/product', '/blog/a', '/blog/b', '/docs']"
    "[(1 + hash(100 * i + 8) % 6)::BIGINT]",
    "form": "['newsletter', 'contact', 'demo', 'guide', 'price', 'event', 'trial', 'news']"
    "[(1 + hash(100 * i + 9) % 8)::BIGINT]",
    "message": "concat('m', hash(100 * i + 10) % 500)",
    "agent": "concat('Mozilla/5.0 (test ', hash(100 * i + 11) % 50, ')')",
    "utm_source": "['google', 'linkedin', 'newsletter', 'google', 'partner.example', 'criteo', 'youtube', "
    "NULL][(1 + hash(100 * i + 12) % 8)::BIGINT]",
    "utm_medium": "['cpc', 'paid_social', 'email', 'organic', 'referral', 'display', 'video', NULL]"
    "[(1 + hash(100 * i + 12) % 8)::BIGINT]",
    "utm_campaign": "concat('c', hash(100 * i + 12) % 8 + 8 * (hash(100 * i + 13) % 5))",
    "origin": "coalesce(utm_source, '(direct)')",
    "medium": "coalesce(utm_medium, '(none)')",
    "channel": "['Paid Search', 'Paid Social', 'Email', 'Organic Search', 'Referral', 'Display', "
    "'Organic Video', 'Direct'][(1 + hash(100 * i + 12) % 8)::BIGINT]",
    "campaign": "utm_campaign",
}
ACTIVITIES = {
    "object": "'activity'",
    "source_id": "i::VARCHAR",
    "occurred_at": f"{START} + to_seconds((hash(100 * i + 14) % {SECONDS})::BIGINT)",
    "actor": "concat('crm:person:', hash(100 * i + 15) % {people})",
    "owner_id": "concat('crm:owner:', hash(100 * i + 16) % 40)",
    "kind": "['call', 'email', 'meeting'][(1 + hash(100 * i + 17) % 3)::BIGINT]",
    "direction": "'outbound'",
    "outcome": "['connected', 'no_answer'][(1 + hash(100 * i + 18) % 2)::BIGINT]",
}
DEALS = {
    "object": "'deal'",
    "source_id": "i::VARCHAR",
    "occurred_at": f"{START} + to_days((120 + hash(100 * i + 19) % 300)::INTEGER)",
    "account_id": "concat('crm:account:', hash(100 * i + 20) % ({people} // 4))",
    "actor": "concat('crm:person:', (hash(100 * i + 20) % ({people} // 4)) * 4)",
    "owner_id": "concat('crm:owner:', hash(100 * i + 37) % 40)",
    "name": "concat('Cell ', i)",
    "amount": "(1000 + hash(100 * i + 21) % 90000)::DECIMAL(18, 4)",
    "currency": "'EUR'",
    "status": "['open', 'won', 'lost'][(1 + hash(100 * i + 22) % 3)::BIGINT]",
    "created_at": "occurred_at",
    "closed_at": "CASE WHEN status <> 'open' THEN occurred_at + INTERVAL 60 DAY END",
}
CAMPAIGNS = {
    "object": "'campaign'",
    "source_id": "i::VARCHAR",
    "occurred_at": START,
    "name": "concat('c', i)",
    "channel": "['Paid Search', 'Paid Social', 'Email', NULL, NULL, 'Display', NULL, NULL]"
    "[(1 + i % 8)::BIGINT]",
    "audience": "['small', 'mid_market', 'enterprise', NULL][(1 + i % 4)::BIGINT]",
}
SPEND = {
    "object": "'cost'",
    "source_id": "i::VARCHAR",
    "occurred_at": f"{START} + to_days((i // 40)::INTEGER) + INTERVAL 11 HOUR",
    "campaign_id": "concat('crm:campaign:', i % 40)",
    "platform": "'google_ads'",
    "cost": "(10 + hash(100 * i + 23) % 500)::DECIMAL(18, 4)",
    "currency": "'EUR'",
}
REVENUE = {
    "object": "'invoice'",
    "source_id": "i::VARCHAR",
    "occurred_at": f"{START} + to_days((hash(100 * i + 24) % 540)::INTEGER) + INTERVAL 11 HOUR",
    "account_id": "concat('crm:account:', hash(100 * i + 20) % ({people} // 4))",
    "amount": "(100 + hash(100 * i + 25) % 9000)::DECIMAL(18, 4)",
    "currency": "'EUR'",
    "kind": "'new'",
    "until": "occurred_at + INTERVAL 180 DAY",
}
FEEDBACK = {
    "object": "'verdict'",
    "source_id": "i::VARCHAR",
    "occurred_at": f"{START} + to_seconds((hash(100 * i + 26) % {SECONDS})::BIGINT)",
    "actor": "concat('crm:person:', hash(100 * i + 27) % {people})",
    "kind": "'verdict'",
    "verdict": "['accepted', 'accepted', 'returned', 'qualified'][(1 + hash(100 * i + 28) % 4)::BIGINT]",
    "reason": "CASE WHEN verdict = 'returned' THEN "
    "['too_small', 'no_interest', 'bad_data'][(1 + hash(100 * i + 29) % 3)::BIGINT] END",
}
STAGE_MOVES = {
    "object": "'move'",
    "source_id": "i::VARCHAR",
    "occurred_at": f"{START} + to_seconds((hash(100 * i + 30) % {SECONDS})::BIGINT)",
    "actor": "concat('crm:person:', hash(100 * i + 31) % {people})",
    "stage": "['mql', 'mql', 'sal', 'sql', 'disqualified'][(1 + hash(100 * i + 32) % 5)::BIGINT]",
}


def make(folder: Path, people: int, touches: int) -> Ledger:
    """A ledger in `folder` with so many people and touches, and all that happens to them to match."""
    ledger = Ledger(folder / "ledger")
    engine = DuckDBEngine(folder / "making", folders=[ledger.folder])
    sizes = {
        "accounts": (ACCOUNTS, people // 4),
        "people": (PEOPLE, people),
        "owners": (OWNERS, 40),
        "touches": (touches_of(touches), touches),
        "activities": (ACTIVITIES, touches // 20),
        "deals": (DEALS, people // 50),
        "campaigns": (CAMPAIGNS, 40),
        "spend": (SPEND, 40 * SECONDS // 86400),
        "revenue": (REVENUE, people // 50),
        "feedback": (FEEDBACK, people // 8),
        "stage_moves": (STAGE_MOVES, people // 5),
    }
    for table, (columns, count) in sizes.items():
        for start in range(0, count, PORTION):
            engine.run([staged(table, columns, range(start, min(start + PORTION, count)), people)])
            ledger.append(engine, table, "staged", load_id="benchmark", recorded_at=NOW, history=True)
    engine.close()
    return ledger


def touches_of(count: int) -> dict[str, str]:
    """The columns of so many touches."""
    return TOUCHES | {"occurred_at": TOUCHES["occurred_at"].replace("{touches}", str(count))}


def staged(table: str, columns: dict[str, str], numbers: range, people: int) -> Step:
    """The rows of one table, made from their numbers."""
    written = COMMON | columns
    names = [
        "source",
        "object",
        "source_id",
        "twin",
        "deleted",
        "occurred_at",
        "source_updated_at",
        "assumed",
    ]
    names += ["file_no", *(c.name for c in FACTS[table].columns)]
    types = {c: SQL_TYPES[FACTS[table].column(c).type] for c in names if c != "file_no"} | {
        "file_no": "BIGINT"
    }
    values = [
        f"CAST({written.get(name, 'NULL').replace('{people}', str(people))} AS {types[name]}) AS {name}"
        for name in names
    ]
    return Step(
        "staged", f"SELECT {', '.join(values)} FROM range({numbers.start}, {numbers.stop}) AS numbers(i)"
    )
