"""What pages call the agreement's own names."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from accord.agreement import Agreement


def segment_words(agreement: Agreement) -> dict[str, str]:
    """What each segment is called."""
    return {segment.name: segment.label or _plain(segment.name) for segment in agreement.audience.segments}


def reason_words(agreement: Agreement) -> dict[str, str]:
    """What each reason for returning a lead is called."""
    return {reason.reason: reason.label or _plain(reason.reason) for reason in agreement.verdicts.returns}


def _plain(name: str) -> str:
    return name.replace("_", " ")
