"""The labels reports give to what has no name of its own, in words; and what they count by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from accord.desk.campaigns.lines import UNNAMED

if TYPE_CHECKING:
    from accord.desk.reading import Reading

CHANNELS = {
    "(sales)": _("Sales outreach"),
    "(not set)": _("No channel on record"),
    "(none)": _("No touch to credit"),
}

BY = {
    "channel": _("Channel"),
    "campaign": _("Campaign"),
    "content": _("Content"),
    "team": _("Team"),
    "person": _("Person of sales"),
}
"""What conversions are counted by."""
SPENT_BY = {by: BY[by] for by in ("channel", "campaign")}
"""What money is spent by."""

NAMELESS: Mapping[str, Mapping[str, Any]] = {
    "channel": CHANNELS,
    "campaign": {label: name for label, (name, _under) in UNNAMED.items()},
    "content": {"(sales)": _("Sales outreach"), "(not set)": _("No piece on record")},
    "team": {"marketing": _("Marketing"), "sales": _("Sales")},
    "person": {"(marketing)": _("Marketing"), "(not set)": _("Sales, nobody on record")},
}


def is_named(by: str, label: str) -> bool:
    """Whether a report's label names something, and is not what belongs to no channel, campaign or piece."""
    return by == "team" or label not in NAMELESS[by]


def named(reading: Reading, by: str, label: str) -> Any:
    """A label of a report by channel, campaign, content, team or person, for people."""
    known = reading.campaign_names if by == "campaign" else {}
    return NAMELESS[by].get(label) or known.get(label, label)
