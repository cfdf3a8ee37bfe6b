"""How fresh each source is, and which of them have fallen silent."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from exceptions_world import NOW, agreed, look, said

from accord.insight.exceptions import silence
from world import rows


def touches(source: str, every: int, last: int, count: int = 8) -> list[dict[str, Any]]:
    """Touches of a source on `count` days, one every so many days, the last so many days before now."""
    days = [NOW - timedelta(days=last + every * n) for n in range(count)]
    return [{"source": source, "occurred_at": day.isoformat(), "kind": "page_view"} for day in days]


def test_freshness_tells_tables_facts_newest_and_rhythm() -> None:
    planned = {"source": "web", "occurred_at": "2026-07-01", "kind": "event"}
    spend = {"source": "web", "occurred_at": "2026-05-30T06:00", "cost": 1, "currency": "EUR"}
    own = {"source": "accord", "actor": "crm:person:1", "move": "assigned"}
    facts = {"touches": [*touches("web", 7, 3), planned], "spend": [spend], "handoff_moves": [own]}
    seen = look(agreed(), facts)
    found = rows(seen.engine, "SELECT source, tables, facts, newest_at, usual_days FROM freshness")
    # Eight touches seven days apart, the last on 29 May, and a cost a day later: the median gap is 7.
    assert found == [("web", 2, 9, datetime(2026, 5, 30, 6), 7.0)]


def test_a_source_silent_for_longer_than_three_of_its_gaps_is_told() -> None:
    # Weekly and 22 days silent; daily and 11 days silent, more than ten gaps; and one in its rhythm.
    facts = touches("crm", 7, 22) + touches("web", 1, 11) + touches("hub", 1, 1)
    found = silence.find(look(agreed(), {"touches": facts}))
    assert [(f.kind, f.state, f.team, dict(f.data)) for f in found] == [
        ("source_silent", "risk", "both", {"source": "crm", "days": 22.0, "usual_days": 7.0}),
        ("source_silent", "bad", "both", {"source": "web", "days": 11.0, "usual_days": 1.0}),
    ]
    assert said("source_silent", found[0].data) == "Nothing from crm for 22 days"


def test_sources_in_their_rhythm_without_one_or_long_ended_are_not_told() -> None:
    weekly, daily, few, ended = (
        touches("crm", 7, 20),
        touches("web", 1, 3),
        touches("fair", 1, 30, count=4),
        touches("old", 1, 91),
    )
    assert silence.find(look(agreed(), {"touches": weekly + daily + few + ended})) == []


def test_when_everything_has_fallen_silent_it_is_told_once_and_nothing_counts_as_ended() -> None:
    [finding] = silence.find(look(agreed(), {"touches": touches("old", 1, 91)}))
    assert (finding.state, finding.data["source"], finding.data["days"]) == ("bad", "old", 91)
    [finding] = silence.find(look(agreed(), {"touches": touches("old", 1, 100) + touches("web", 7, 91)}))
    assert (finding.data["source"], finding.data["days"], finding.data["usual_days"]) == (None, 91, 7)
    assert said("source_silent", finding.data) == "Nothing from any source for 91 days"
