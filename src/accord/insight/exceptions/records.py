"""Records that cannot carry what is built on them: without evidence, without a person, without a campaign."""

from __future__ import annotations

from accord.insight.exceptions import thresholds as at
from accord.insight.exceptions.finding import Finding, Look


def find(look: Look) -> list[Finding]:
    """Verdicts without the evidence agreed on, facts that name nobody, spend without a campaign."""
    return [*_unfounded_verdicts(look), *_nameless_facts(look), *_loose_spend(look)]


def _unfounded_verdicts(look: Look) -> list[Finding]:
    since = max(look.ago(at.SPAN_DAYS), look.live_since)
    found = []
    for row in look.ask("unfounded_verdicts", since):
        if row["unfounded"] < max(at.ENOUGH, at.LOST_SHARE * row["verdicts"]):
            continue
        data = {
            "count": row["unfounded"],
            "of": row["verdicts"],
            "stage": row["stage"],
            "label": row["label"],
            "evidence": row["evidence"],
            "days": at.SPAN_DAYS,
        }
        size = data["count"] / data["of"]
        found.append(Finding("unfounded_verdicts", "risk", "sales", data, "journey", {}, size))
    return found


def _nameless_facts(look: Look) -> list[Finding]:
    found = []
    for row in look.ask("nameless"):
        if row["nameless"] < max(at.ENOUGH, at.LOST_SHARE * row["facts"]):
            continue
        data = {"table": row["table_name"], "count": row["nameless"], "of": row["facts"]}
        size = data["count"] / data["of"]
        found.append(Finding("nameless_facts", "risk", "both", data, "imports", {}, size))
    return found


def _loose_spend(look: Look) -> list[Finding]:
    [row] = look.ask("loose_spend", look.ago(at.SPAN_DAYS))
    if not row["spend"] or row["loose"] < at.LOOSE_SPEND * float(row["spend"]):
        return []
    data = {
        "amount": row["loose"],
        "of": row["spend"],
        "share": float(row["loose"]) / float(row["spend"]),
        "currency": look.agreement.currency,
        "days": at.SPAN_DAYS,
    }
    return [Finding("loose_spend", "new", "marketing", data, "campaigns", {}, data["share"])]
