"""The tables of the agreement's page as files: its clauses as they are written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from accord.agreement import Agreement
    from accord.agreement.conditions import Condition
    from accord.desk.agreement.versions import Version

Rows = list[dict[str, Any]]


def rows(table: str, agreed: Agreement, versions: Sequence[Version]) -> tuple[str, Rows]:
    """The name and rows of a table; those of the stages if there is none of that name."""
    if table == "versions":
        return table, _versions(versions)
    name = table if table in TABLES else "stages"
    return name, TABLES[name](agreed)


def _stages(agreed: Agreement) -> Rows:
    return [
        {
            "stage": stage.name,
            "title": stage.title,
            "kind": stage.kind,
            "enter": stage.enter,
            "when": _text(stage.when),
            "evidence": stage.evidence,
            "within": str(stage.within) if stage.within else None,
        }
        for stage in agreed.stages
    ]


def _targets(agreed: Agreement) -> Rows:
    return [
        {
            "period": target.period,
            "segment": target.only_segment,
            "channel": target.only_channel,
            "team": target.only_team,
            "metric": target.metric,
            "value": target.value,
        }
        for target in agreed.targets
    ]


def _fit(agreed: Agreement) -> Rows:
    rules = agreed.scoring.fit.items()
    return [{"rule": name, "where": _text(rule.where), "points": rule.points} for name, rule in rules]


def _engagement(agreed: Agreement) -> Rows:
    return [
        {
            "rule": name,
            "on": rule.on,
            "where": _text(rule.where),
            "points": rule.points,
            "cap": rule.cap,
            "half_life": str(rule.half_life or ""),
            "expires": str(rule.expires or ""),
            "hand_raiser": rule.hand_raiser,
        }
        for name, rule in agreed.scoring.engagement.items()
    ]


def _audience(agreed: Agreement) -> Rows:
    audience = agreed.audience
    kinds = (("persona", audience.personas), ("segment", audience.segments), ("excluded", audience.exclude))
    return [
        {"name": who.name, "kind": kind, "where": _text(who.where), "to": getattr(who, "to", None)}
        for kind, several in kinds
        for who in several
    ]


def _reasons(agreed: Agreement) -> Rows:
    return [
        {"reason": reason.reason, "debits": reason.debits, "note": reason.note}
        for reason in agreed.verdicts.returns
    ]


def _versions(versions: Sequence[Version]) -> Rows:
    return [
        {
            "version": version.version,
            "registered_at": version.registered_at,
            "judges_from": version.start,
            "judges_until": version.end,
            "replaced": version.replaced,
        }
        for version in versions
    ]


def _text(condition: Condition | None) -> str | None:
    return condition.text if condition else None


TABLES: dict[str, Callable[[Agreement], Rows]] = {
    "stages": _stages,
    "targets": _targets,
    "fit": _fit,
    "engagement": _engagement,
    "audience": _audience,
    "reasons": _reasons,
}
