"""What a company's own past teaches of its agreement, printed."""

from __future__ import annotations

import sys
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from accord.cli.output import Format, print_json, print_rows, share_text

if TYPE_CHECKING:
    from accord.insight.learning import Lessons
    from accord.insight.learning.definition import Definition
    from accord.insight.learning.score import Quality, Reason
    from accord.learning import Learned

LISTED = 20
"""So many leads are printed; JSON has all."""


def learn(folder: Path, horizon: int, days: int, save: Path | None, format: Format) -> None:
    """Print what is learned; `save`: where the drafts of the suggested edits are written, a file each."""
    from accord.workspace import Workspace

    space = Workspace(folder)
    lessons = space.lessons(since=timedelta(days=days))
    learned = space.learn(horizon=timedelta(days=horizon), progress=lambda step: print(step, file=sys.stderr))
    if save:
        _save(lessons, learned, save)
    if format is Format.json:
        print_json(_plain(lessons, learned))
    elif format is Format.csv:
        print_rows([_debit_row(row) for row in _debits(lessons)], format)
    else:
        _print_lessons(lessons)
        _print_score(learned)


def _plain(lessons: Lessons, learned: Learned | None) -> dict[str, Any]:
    return {
        "score": asdict(learned) if learned else None,
        "debits": _debits(lessons),
        "suggestions": [asdict(one) for one in lessons.suggestions],
        "reasons": asdict(lessons.reasons),
    }


def _debits(lessons: Lessons) -> list[dict[str, Any]]:
    return [asdict(one) for one in lessons.debits]


def _debit_row(row: dict[str, Any]) -> dict[str, Any]:
    told = {name: row[name] for name in ("half", "rule", "let_in")}
    return {
        **told,
        "judged": row["returned"]["of"],
        "returned": row["returned"]["count"],
        "debit": row["debit"],
    }


def _save(lessons: Lessons, learned: Learned | None, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if learned and learned.definition:
        (folder / "learned-fit.yaml").write_text(learned.definition.draft, encoding="utf-8")
    for number, one in enumerate(lessons.suggestions, start=1):
        (folder / f"{number}-{one.kind}.yaml").write_text(one.draft, encoding="utf-8")


def _print_lessons(lessons: Lessons) -> None:
    print("Rules by what sales gave back of the leads they let in")
    rows = [
        {
            "rule": one.rule,
            "half": one.half,
            "let in": one.let_in,
            "returned": share_text(one.returned),
            "debit": round(one.debit, 1),
            "reasons": ", ".join(f"{reason} {count}" for reason, count in one.reasons.items()),
        }
        for one in lessons.debits
    ]
    print_rows(rows, Format.table, empty="No lead was handed over.")
    print("\nEdits this speaks for")
    edits = [
        {
            "edit": one.says,
            "returned of those kept out": share_text(one.kept_out),
            "of the others": share_text(one.remaining),
            "mostly": one.reason,
            "accepted lost": one.accepted,
        }
        for one in lessons.suggestions
    ]
    print_rows(
        edits, Format.table, empty="None: no edit keeps out beyond chance more bad leads than good ones."
    )
    if edits:
        print("Write them to files with --save FOLDER, then try one with `accord backtest FILE`.")
    _print_reasons(lessons)


def _print_reasons(lessons: Lessons) -> None:
    reasons = lessons.reasons
    for own in reasons.own:
        print(f"\nOnly {own.seller or 'one seller'} gives the reason {own.reason} ({own.count} times).")
    for one in reasons.untried:
        print(
            f"\n{one.seller or 'Nobody named'} gave back {one.share.count} of {one.share.of} leads untried."
        )
    if reasons.won:
        print(f"\n{len(reasons.won)} given back, and won later all the same")
        names = ("name", "company", "reason", "returned_at", "returned_by", "won_at")
        print_rows([{name: row[name] for name in names} for row in reasons.won[:LISTED]], Format.table)


def _print_score(learned: Learned | None) -> None:
    if learned is None:
        print("\nThe agreement has no gate, so nobody qualifies and no score can be learned.")
        return
    what = f"{learned.outcome} within {learned.horizon_days} days of qualifying"
    counts = f"{learned.positive} of {learned.examples} worked leads"
    print(f"\nA learned score: {what} ({counts})")
    if not learned.enough or learned.score is None or learned.points is None:
        print(f"Not enough outcomes: {learned.needed} with and {learned.needed} without it are needed.")
        return
    print_rows([_quality("learned", learned.score), _quality("points", learned.points)], Format.table)
    if learned.assumed:
        print(f"Of {learned.assumed:.0%} of the leads the tools do not say since when what is known holds.")
    for one in learned.refused:
        print(f"Not learned from: {one.field} ({one.why}).")
    print()
    rows = [
        {
            "lead": lead.name or lead.person_id,
            "company": lead.company,
            "chance": f"{lead.told.probability:.0%}",
            "for": _reasons(lead.told.speaks_for),
            "against": _reasons(lead.told.speaks_against),
        }
        for lead in learned.leads[:LISTED]
    ]
    print_rows(rows, Format.table, empty="No lead that qualified lately is open.")
    if learned.definition:
        _print_definition(learned.definition)


def _print_definition(found: Definition) -> None:
    print(f"\nThe same as rules of fit, for fit >= {found.threshold} (AUC {found.auc:.3f})")
    print_rows([{"where": rule.where, "points": rule.points} for rule in found.rules], Format.table)
    print(f"Of the latest leads with the outcome {share_text(found.kept)} would still qualify by fit;")
    print(f"of those without it {share_text(found.spared)} would be spared.")
    print("It becomes the definition only as a draft both teams sign: --save FOLDER writes learned-fit.yaml,")
    print("`accord backtest` tries it on the past.")


def _quality(name: str, one: Quality) -> dict[str, Any]:
    told = {"auc": one.auc, "brier": one.brier, "lift of the best fifth": one.lift}
    return {"out of time": name} | {what: round(value, 3) for what, value in told.items()}


def _reasons(reasons: list[Reason]) -> str:
    return ", ".join(f"{one.field} {_value(one.value)}" for one in reasons)


def _value(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else "unknown" if value is None else str(value)
