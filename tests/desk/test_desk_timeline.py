"""A story in pages: every event and every decision once, in order."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from accord.desk.leads.happenings import Words
from accord.desk.leads.timeline import timeline

NOON = datetime(2026, 5, 1, 12)


def event(hours: float, **more: Any) -> dict[str, Any]:
    known = dict.fromkeys(("asset", "form", "path", "outcome", "direction", "owner", "channel", "campaign"))
    fit = {"quality": "human", "quality_reason": None, "counted": True, "uncounted_reason": None}
    at = {"at": NOON + timedelta(hours=hours), "team": "marketing", "kind": "page_view", "source": "web"}
    return known | fit | at | more


def cycle(*decided: float) -> dict[str, Any]:
    made = [
        {"stage": "mql", "decided_at": NOON + timedelta(hours=h), "fit": 40, "engagement": 30, "version": "v"}
        for h in decided
    ]
    empty = {"verdicts": [], "stages": [], "closed_at": None}
    return {"cycle_no": 1, "opened_at": NOON, "decisions": made, **empty}


def page(
    events: list[dict[str, Any]], before: str | None, until: datetime | None = None, **more: bool
) -> Any:
    story = {"timeline": events, "timeline_before": before, "cycles": [cycle(2, 6)], "deals": []}
    return timeline(story, Words({"mql": "MQL"}, {}, {}), "Europe/Berlin", until, **more)


def titles(told: Any) -> list[str]:
    return [line.happening.title for line in told.lines]


def test_decisions_stand_once_on_the_page_of_the_events_around_them() -> None:
    first = page([event(8), event(6), event(4)], "fact 4")
    assert titles(first) == ["Looked at a page", "Reaches MQL", "Looked at a page", "Looked at a page"]
    assert first.earlier == {"before": "fact 4", "until": "2026-05-01T16:00:00"}
    second = page([event(2), event(0)], None, datetime.fromisoformat(first.earlier["until"]))
    assert titles(second) == ["Reaches MQL", "Looked at a page", "The lead opens", "Looked at a page"]
    assert second.earlier == {}


def test_a_page_put_below_another_does_not_name_its_day_again() -> None:
    until = NOON + timedelta(hours=4)
    assert page([event(2)], None, until).lines[0].day == date(2026, 5, 1)
    assert page([event(2)], None, until, continues=True).lines[0].day is None


def test_days_are_local_and_quiet_ones_are_told() -> None:
    lines = page([event(24 * 9), event(11)], None).lines
    # 23:00 in UTC is the next day in Berlin.
    assert [line.day for line in lines if line.day] == [date(2026, 5, 10), date(2026, 5, 2), date(2026, 5, 1)]
    assert [line.quiet_days for line in lines] == [0, 8, 0, 0, 0]


def test_what_does_not_count_says_why() -> None:
    mail = event(1, kind="email_open", quality="machine", quality_reason="names itself a bot", asset="News")
    copy = event(2, kind="call", team="sales", counted=False, uncounted_reason="the same as crm:call:1")
    second, first = (line.happening for line in page([copy, mail], None).lines if line.happening.unfit)
    assert (first.title, first.icon, first.unfit) == ("Opened a mail: News", "bot", "names itself a bot")
    assert (second.team, second.unfit) == ("s", "the same as crm:call:1")
