"""From when on something is an exception: every number the judgements in this package rest on.

`docs/explanation/exceptions.md` tells them in words.
"""

from __future__ import annotations

SPAN_DAYS = 90
"""How far the exceptions look back, unless told otherwise."""

RECENT_DAYS = 30
"""How far back speed and machine touches are read, if that holds enough."""

ENOUGH = 5
"""Fewer leads than this are no sample: no share is judged, no owner or team named as slowest."""

PLENTY = 20
"""As many leads make the recent days a sample of their own; with fewer, the whole span is read."""

# ── First contact ────────────────────────────────────────────────────────────────────────────────────────
KEPT_RISK = 0.90
"""First contact in time for less than this share of the leads is a risk..."""

KEPT_BAD = 0.75
"""...and for less than this share a broken promise."""

# ── Targets and deliveries ───────────────────────────────────────────────────────────────────────────────
PACE_GONE = 0.25
"""A running period is not judged before this share of it is gone."""

PACE_RISK = 0.90
"""Less than this share of the even pace is a risk..."""

PACE_BAD = 0.60
"""...and less than this share is hardly made up for."""

FALL = 0.95
"""What is at this share or more of the period before is no cause of a shortfall."""

# ── Campaigns and channels ───────────────────────────────────────────────────────────────────────────────
COSTLY = 0.05
"""A campaign costs much from this share of all spend on."""

RETURNED = 0.40
"""A campaign's leads come back too often from this share on..."""

RETURNED_TIMES = 2
"""...if that is this many times the share of all other leads."""

TOLD_CAMPAIGNS = 3
"""How many campaigns of one kind are told at most."""

CHANNEL_DAYS = 365
"""The days whose leads channels are compared by..."""

CHANNEL_RIPE_DAYS = 60
"""...without the last ones, whose leads have had no time."""

CHANNEL_LEADS = 30
"""A channel with fewer leads is no sample."""

CHANNEL_TIMES = 1.5
"""A channel does better when this many times the share of all other leads converts, beyond chance."""

CHANNEL_COST = 0.5
"""It is cheap when a conversion costs at most this share of what it costs over all channels."""

# ── Machines ─────────────────────────────────────────────────────────────────────────────────────────────
MACHINE_TOUCHES = 100
"""With fewer touches the share made by machines is not judged."""

MACHINE_TIMES = 2
"""Machines make far more touches than usual at this many times their usual share..."""

MACHINE_MORE = 0.10
"""...if that is at least this much more of all touches."""

SCANNED = 0.90
"""At a domain a scanner clicks everything, if machines make this share of its clicks..."""

SCANNED_CLICKS = 20
"""...of so many at least..."""

SCANNED_PEOPLE = 3
"""...in the mails of so many people."""

# ── Leads, content, records ──────────────────────────────────────────────────────────────────────────────
EXAMPLES = 3
"""How many examples are named."""

SELDOM_DAYS = 90
"""Content without a use for so many days is not used."""

LOST_SHARE = 0.05
"""Facts that name nobody, and verdicts without their evidence, are too many from this share on."""

LOOSE_SPEND = 0.20
"""Spend without a campaign is too much from this share of all spend on."""

# ── Sources (their usual gap is worked out in freshness.sql) ─────────────────────────────────────────────
SILENT_GAPS = 3
"""A source is silent when nothing came for this many of its usual gaps..."""

SILENT_DAYS = 2
"""...and for this many days at least."""

BROKEN_GAPS = 10
"""After this many of its usual gaps a silent source counts as broken."""

ENDED_DAYS = 90
"""A source silent for longer has ended, and is no news as long as others still come."""
