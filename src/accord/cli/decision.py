"""What all attribution models agree on about the spend, printed."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from accord.cli.output import Format, print_json, print_rows, text
from accord.insight.attribution.decision import by_model

if TYPE_CHECKING:
    from accord.insight.attribution.decision import Amount, Decision, Line, Move

VERDICTS = {
    "more": "earns more than its share of the spend",
    "less": "earns less than its share of the spend",
    "models_disagree": "the models disagree",
    "unsure": "within chance",
    "thin": "too few journeys to tell",
    None: "costs nothing",
}
CAVEAT = (
    "Credit is not what would be missing without the spend: only an experiment tells that. "
    "Intervals are of 90%."
)


def decision(folder: Path, by: str, format: Format, **options: Any) -> None:
    """Print the verdict on each channel or campaign, whether the models would decide alike, and one move."""
    from accord.workspace import Workspace

    found = Workspace(folder).decision(by=by, **options)
    if format is Format.json:
        print_json(asdict(found))
    elif format is Format.csv:
        print_rows(by_model(found, by), format)
    else:
        print_rows([_row(by, line) for line in found.lines], format, empty="Nothing was spent or credited.")
        _print_sentences(found)


def _row(by: str, line: Line) -> dict[str, Any]:
    return {
        by: line.label,
        "cost": line.cost,
        "of spend": _percent(line.cost_share),
        "of credit": _between(*line.spread) if line.spread else None,
        "journeys": line.journeys,
        "verdict": VERDICTS[line.verdict],
        "returns more than": ", ".join(line.above) or None,
    }


def _print_sentences(found: Decision) -> None:
    if found.settled is None:
        print("\nToo little is known to decide anything by these numbers.")
    elif found.settled:
        print("\nNo two models contradict each other: whichever is chosen, the decision is the same.")
    else:
        named = ", ".join(line.label for line in found.lines if line.verdict == "models_disagree")
        print(f"\nThe choice of the model would decide about: {named}.")
    if found.move:
        _print_move(found.move)
    print(f"\n{CAVEAT}")


def _print_move(move: Move) -> None:
    moved = f"{move.part:.0%} of what {move.source} costs ({text(move.amount)})"
    print(f"\nMoving {moved} to {move.target}, if it returns what the spend there returned so far:")
    print_rows([{"model": model, "gain": _sure(gain)} for model, gain in move.gain.items()], Format.table)


def _sure(amount: Amount) -> str:
    return f"{text(amount.counted)} ({text(amount.low)} to {text(amount.high)})"


def _between(low: float, high: float) -> str:
    return _percent(low) if _percent(low) == _percent(high) else f"{low:.0%} to {high:.0%}"


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.0%}"
