"""Sealed reports and what has become of their numbers, printed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from accord.cli.output import Format, measure, print_json, print_rows
from accord.cli.progress import building

if TYPE_CHECKING:
    from accord.insight.restatement import Restated
    from accord.restating import Restatement
    from accord.sealing import Sealed


def seal(folder: Path, name: str, start: date | None, end: date | None) -> None:
    """Seal the numbers of a period under a name."""
    from accord.workspace import Workspace

    sealed = Workspace(folder).seal(name, start, end)
    print(f"Sealed {len(sealed.numbers)} numbers of {_days(sealed)} as {name}, of build {sealed.build_id}.")


def sealed_reports(folder: Path, format: Format) -> None:
    """The sealed reports, oldest first."""
    from accord.workspace import Workspace

    rows = [
        {
            "name": sealed.name,
            "period": _days(sealed),
            "sealed_at": sealed.sealed_at,
            "sealed_by": sealed.sealed_by or None,
            "build": sealed.build_id,
            "version": sealed.version,
            "numbers": len(sealed.numbers),
        }
        for sealed in Workspace(folder).seals.all()
    ]
    print_rows(
        rows, format, empty="No report is sealed. Seal one with `accord seal NAME --from DAY --to DAY`."
    )


def restate(folder: Path, since: date | None, format: Format) -> None:
    """The numbers of the reports sealed since a day that differ now, by cause."""
    from accord.restating import as_dict
    from accord.workspace import Workspace

    workspace = Workspace(folder)
    begin, _ = workspace.moments(since, None)
    wanted = [sealed for sealed in workspace.seals.all() if begin is None or sealed.sealed_at >= begin]
    with building() as progress:
        found = [workspace.restate(sealed.name, progress) for sealed in wanted]
    if format is Format.json:
        print_json([as_dict(one) for one in found])
    elif format is Format.csv:
        print_rows([row for one in found for row in _parts(one)], format)
    else:
        _print(found)


def _parts(found: Restatement) -> Iterator[dict[str, Any]]:
    """A row for each number and cause."""
    from accord.restating import as_dict

    for number in as_dict(found)["numbers"]:
        about = {key: number[key] for key in ("report", "of", "figure", "model", "unit", "was", "now")}
        for part in number["parts"]:
            yield {"sealed": found.sealed.name} | about | part


def _print(found: list[Restatement]) -> None:
    if not found:
        print("No report sealed since then. Seal one with `accord seal NAME --from DAY --to DAY`.")
    for one in found:
        sealed = one.sealed
        print(f"{sealed.name}: {_days(sealed)}, sealed {sealed.sealed_at:%Y-%m-%d %H:%M} UTC")
        rows = [_line(restated) for restated in one.numbers]
        print_rows(rows, Format.table, empty="Every number is what it was.")
        print()


def _line(one: Restated) -> dict[str, Any]:
    number = one.number
    words = (number.of, *((number.figure,) if number.report != "scoreboard" else ()), number.model)
    parts = [f"{_signed(change, number.unit)} {cause}" for cause, change in one.parts]
    return {
        "report": number.report,
        "number": " · ".join(word for word in words if word),
        "was": measure(one.was, number.unit),
        "now": measure(one.now, number.unit),
        "change": _signed(one.change, number.unit),
        "because": "; ".join(parts),
    }


def _signed(change: Any, unit: str) -> str:
    text = measure(abs(change), unit)
    return f"{'−' if change < 0 else '+'}{text}"


def _days(sealed: Sealed) -> str:
    if sealed.start is None and sealed.end is None:
        return "all time"
    return f"{sealed.start or '..'} to {sealed.end or '..'}"
