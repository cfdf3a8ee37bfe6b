"""One lead's story as text a person reads."""

from __future__ import annotations

from typing import Any

from accord.cli.output import Format, print_rows, text

EVENTS_PRINTED = 15


def print_lead(story: dict[str, Any]) -> None:
    """Print who it is, each cycle's stages, score and gates, and the latest events."""
    person, account = story["person"], story["account"] or {}
    name = " ".join(filter(None, (person.get("first_name"), person.get("last_name"))))
    _heading(" · ".join(filter(None, (name, person.get("email"), person["person_id"]))))
    shown = ("job_title", "role", "seniority", "country", "lead_source")
    print(", ".join(f"{key} {person[key]}" for key in shown if person.get(key)) or "Nothing else is known.")
    if account:
        shown = ("name", "domain", "industry", "employees", "country")
        print("Account: " + ", ".join(text(account[key]) for key in shown if account.get(key)))
    if story["excluded_by"]:
        print(f"Excluded by the agreement's rule {story['excluded_by']}: never qualified, never credited.")
    for cycle in story["cycles"]:
        _print_cycle(cycle)
    _heading(f"Latest events, times in UTC ({min(len(story['timeline']), EVENTS_PRINTED)})")
    print_rows([_event(event) for event in story["timeline"][:EVENTS_PRINTED]], Format.table, empty="None.")


def _print_cycle(cycle: dict[str, Any]) -> None:
    closed = f", closed {text(cycle['closed_at'])} ({cycle['closed_by']})" if cycle["closed_at"] else ""
    _heading(
        f"Lead, cycle {cycle['cycle_no']}: stage {cycle['stage']}, opened {text(cycle['opened_at'])}{closed}"
    )
    score = cycle["score"]
    print(
        f"Score now {text(score['score'])}: fit {text(score['fit'])}, engagement {text(score['engagement'])}"
    )
    print_rows([_line(line) for line in cycle["score_lines"]], Format.table, empty="No rule gives points.")
    for gate in cycle["gates"]:
        _print_gate(gate, cycle["decisions"])
    for verdict in cycle["verdicts_without_evidence"]:
        missing = verdict["evidence"].replace("_", " ")
        print(f"\n{verdict['stage']}: said {text(verdict['at'])}, not entered: no {missing} is on record")
    _heading("Stages")
    print_rows(cycle["stages"], Format.table, empty="No stage reached yet.")


def _print_gate(gate: dict[str, Any], decisions: list[dict[str, Any]]) -> None:
    print()
    made = next((row for row in decisions if row["stage"] == gate["stage"]), None)
    if made:
        print(
            f"{gate['stage']}: reached {text(made['decided_at'])} with fit {text(made['fit'])}, engagement "
            f"{text(made['engagement'])}, under version {made['version']}"
        )
    else:
        print(f"{gate['stage']}: not reached. It needs {gate['when']}")
    for part in gate["parts"]:
        verdict = {True: "holds", False: "does not hold", None: "unknown"}[part["holds"]]
        values = ", ".join(f"{field} is {_value(value)}" for field, value in part["values"].items())
        print(f"  now {part['part']}: {verdict} ({values})")


def _value(value: str | None) -> str:
    """A field's value as the condition read it, numbers without trailing zeros."""
    if value is None:
        return "missing"
    try:
        return text(float(value))
    except ValueError:
        return value


def _line(line: dict[str, Any]) -> dict[str, Any]:
    missing = f"unknown: {line['missing']} missing" if line["missing"] else ""
    return {
        "part": line["part"],
        "rule": line["rule"],
        "points": line["points"],
        "hits": line["hits"],
        "why": missing,
    }


def _event(event: dict[str, Any]) -> dict[str, Any]:
    what = " ".join(str(event[k]) for k in ("kind", "path", "form", "asset", "outcome") if event[k])
    counts = (
        ""
        if event["counted"] and event["quality"] == "human"
        else event["quality_reason"] or event["uncounted_reason"]
    )
    return {
        "at": event["at"],
        "team": event["team"],
        "what": what,
        "channel": event["channel"],
        "not counted": counts or "",
    }


def _heading(title: str) -> None:
    print(f"\n{title}\n{'─' * min(len(title), 100)}")
