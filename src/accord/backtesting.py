"""A backtest: two agreements judge the same past, each in an engine of its own, and are set side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from accord.errors import AccordError
from accord.insight.backtest import Backtest, Judged, Window, compare, judged_by
from accord.insight.backtest.sweeping import sweep
from accord.insight.planning.capacity import capacity
from accord.pipeline import Request, judged

if TYPE_CHECKING:
    from accord.agreement import Agreement
    from accord.insight.backtest.judging import Key
    from accord.ledger.engine import Engine
    from accord.ledger.writer import Ledger
    from accord.settings import Settings


class NoSuchGate(AccordError):
    """The agreements have no gate in common at which leads could be compared."""

    code = "no_such_gate"


@dataclass(frozen=True)
class Past:
    """The facts, the settings they are judged with, and the build that tells what became of leads."""

    ledger: Ledger
    settings: Settings
    outcomes: Engine


def backtest(
    past: Past,
    draft: Agreement,
    baseline: Agreement,
    window: Window,
    progress: Callable[[str], None] = lambda name: None,
) -> Backtest:
    """The draft beside the baseline. Raises NoSuchGate."""
    stage = _gate(draft, baseline)
    with ExitStack() as engines:
        ours, theirs = (
            engines.enter_context(
                judged(past.ledger, Request(one, past.settings, window.now), _told(progress, name))
            )
            for name, one in (("draft", draft), ("baseline", baseline))
        )
        new, old = judged_by(ours, draft, stage), judged_by(theirs, baseline, stage)
        new, old = (
            judged_by(ours, draft, stage, _missed(old, new)),
            judged_by(theirs, baseline, stage, _missed(new, old)),
        )
        swept = sweep(ours, draft, stage)
    hours = capacity(past.outcomes, draft, stage, window.now)
    return compare(new, old, past.outcomes, window, swept, hours)


def decided_since(
    past: Past, draft: Agreement, stage: str, start: datetime, now: datetime
) -> dict[Key, datetime]:
    """The leads that a draft would have put at a stage from a moment on, by person and cycle, with when."""
    with judged(past.ledger, Request(draft, past.settings, now)) as engine:
        found = judged_by(engine, draft, stage).qualified
    return {key: one.at for key, one in found.items() if start <= one.at <= now}


def _gate(draft: Agreement, baseline: Agreement) -> str:
    """The gate at which leads are handed over, else the first, if both have it. Raises NoSuchGate."""
    gates = [[stage.name for stage in one.stages if stage.kind == "gate"] for one in (draft, baseline)]
    wanted = draft.handoff.at if draft.handoff and draft.handoff.at in gates[0] else gates[0][:1]
    name = wanted if isinstance(wanted, str) else next(iter(wanted), "")
    if name not in gates[1]:
        raise NoSuchGate(
            f"The baseline has no gate {name!r}." if name else "The draft has no gate.",
            mend=f"Gates of the draft: {', '.join(gates[0]) or 'none'}; "
            f"of the baseline: {', '.join(gates[1]) or 'none'}. Give one the same name.",
        )
    return name


def _missed(by_one: Judged, by_other: Judged) -> Iterable[tuple[Key, datetime]]:
    """The leads that one qualifies and the other does not, with when."""
    missed = by_one.qualified.keys() - by_other.qualified.keys()
    return [(key, by_one.qualified[key].at) for key in missed]


def _told(progress: Callable[[str], None], name: str) -> Callable[[str], None]:
    return lambda step: progress(f"{name}: {step}")
