"""What each rule has to answer for: the leads it let in, and how many of them sales gave back."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from accord.insight.intervals import Share, share
from accord.insight.learning.holding import still_qualified

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from accord.agreement import Agreement
    from accord.insight.learning.handed import Handed

Half = Literal["fit", "engagement"]
HALVES: tuple[Half, Half] = ("fit", "engagement")


@dataclass(frozen=True)
class Debit:
    """A rule's account. `returned`: of the leads it let in and sales judged, those given back for a reason
    that speaks against its half of the score. `debit`: its part of these returns, where a return is shared
    equally by all rules of that half that let the lead in. `reasons`: the returns by reason."""

    half: Half
    rule: str
    let_in: int
    returned: Share
    debit: float
    reasons: dict[str, int]


def debits(leads: Sequence[Handed], agreement: Agreement) -> list[Debit]:
    """Every rule that let somebody in, the largest debit first.

    A rule let a lead in if the lead would not have qualified without its points; where no rule of a half was
    needed, because several sufficed, all of that half that gave points did.
    """
    against = speaks_against(agreement)
    let_in = _let_in(leads, agreement)
    accounts: dict[tuple[Half, str], list[Handed]] = defaultdict(list)
    owed: dict[tuple[Half, str], float] = defaultdict(float)
    for lead in leads:
        for half in HALVES:
            rules = let_in[half].get(lead.lead, [])
            for rule in rules:
                accounts[half, rule].append(lead)
                if _speaks(lead, half, against):
                    owed[half, rule] += 1 / len(rules)
    found = [_debit(half, rule, held, owed[half, rule], against) for (half, rule), held in accounts.items()]
    return sorted(found, key=lambda debit: (-debit.debit, debit.half, debit.rule))


def speaks_against(agreement: Agreement) -> dict[str, Half]:
    """The half of the score each return reason speaks against; those that speak against none left out."""
    return {one.reason: half for one in agreement.verdicts.returns for half in HALVES if one.debits == half}


def _speaks(lead: Handed, half: Half, against: dict[str, Half]) -> bool:
    return lead.verdict == "returned" and against.get(lead.reason or "") == half


def judged(leads: Iterable[Handed]) -> list[Handed]:
    """The leads of which sales said something."""
    return [lead for lead in leads if lead.verdict]


def _let_in(leads: Sequence[Handed], agreement: Agreement) -> dict[Half, dict[int, list[str]]]:
    """By half of the score and lead, the rules that let it in."""
    found: dict[Half, dict[int, list[str]]] = {}
    qualified = still_qualified(leads, agreement)
    kept = [lead for lead in leads if lead.lead in qualified]
    for half in HALVES:
        rules = getattr(agreement.scoring, half)
        needed = {rule: qualified - still_qualified(kept, agreement, (half, rule)) for rule in rules}
        found[half] = {lead.lead: _rules(lead, half, needed) for lead in kept}
    return found


def _rules(lead: Handed, half: Half, needed: dict[str, set[int]]) -> list[str]:
    without = [rule for rule, leads in needed.items() if lead.lead in leads]
    given = [rule for rule, points in getattr(lead, half).items() if points > 0 and rule in needed]
    return without or given


def _debit(half: Half, rule: str, held: list[Handed], owed: float, against: dict[str, Half]) -> Debit:
    said = judged(held)
    returned = [lead for lead in said if _speaks(lead, half, against)]
    reasons = Counter(lead.reason or "" for lead in returned)
    return Debit(half, rule, len(held), share(len(returned), len(said)), owed, dict(reasons.most_common()))
