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

# ── Sources (their usual gap is worked out in freshness.sql) ─────────────────────────────────────────────
SILENT_GAPS = 3
"""A source is silent when nothing came for this many of its usual gaps..."""

SILENT_DAYS = 2
"""...and for this many days at least."""

BROKEN_GAPS = 10
"""After this many of its usual gaps a silent source counts as broken."""

ENDED_DAYS = 90
"""A source silent for longer has ended, and is no news as long as others still come."""
