"""What sales does with those who qualify: contact, verdict, follow-up, meeting, deal."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from accord.sources.demo.activities import KINDS, OUTCOMES, Activities
from accord.sources.demo.campaigns import CAMPAIGNS, SME
from accord.sources.demo.cast import KEY_ACCOUNTS, REPS, SILENT_REP
from accord.sources.demo.chance import Draws, Flags, Floats, Ints, kept, running, stacked, within
from accord.sources.demo.clock import DAY, HOUR, OPEN, Clock
from accord.sources.demo.deals import WIN, Deals, dealings, struck
from accord.sources.demo.gate import NEVER
from accord.sources.demo.market import SEGMENTS, Market
from accord.sources.demo.people import People

VERDICTS = ("accepted", "returned", "qualified", "recycled", "disqualified")
REASONS = ("", "too_small", "wrong_person", "no_project", "bad_data", "other")
ATTEMPTS = 6
REST = 30 * DAY

SILENT_SHARE = 0.55
"""Of the silent rep's leads: those nobody contacts."""
FORGOTTEN_SHARE = 0.035
"""The same of everybody else's."""
USUAL_DELAY = 2.2 * HOUR
SLOW_DELAY = 22.0 * HOUR
"""Median business hours to the first contact: usually, and in the slow team since it is slow."""


@dataclass(frozen=True)
class Said:
    """Verdicts on leads."""

    person: Ints
    rep: Ints
    at: Ints
    verdict: Ints
    reason: Ints


@dataclass(frozen=True)
class Worked:
    """What sales did. `silent`: whom nobody contacted. `free_from`: when each person may qualify again,
    NEVER if not."""

    activities: Activities
    verdicts: Said
    deals: Deals
    silent: Ints
    free_from: Ints


@dataclass(frozen=True)
class _Leads:
    """Leads as they come to sales."""

    person: Ints
    at: Ints
    firm: Ints
    segment: Ints
    rep: Ints
    campaign: Ints
    slow: Flags
    ready: Flags
    """Has a budget and wants to decide soon."""


def work(person: Ints, at: Ints, everybody: People, market: Market, clock: Clock, draws: Draws) -> Worked:
    """What sales does with the people who qualify at these moments."""
    firm = everybody.firm[person]
    rep = market.rep[firm]
    ready = (everybody.budget[person] == 1) & np.isin(everybody.timeline[person], (1, 2))
    leads = _Leads(
        person, at, firm, market.segment[firm], rep, everybody.campaign[person], _slow(rep, at, clock), ready
    )
    silent_rep = [colleague.name for colleague in REPS].index(SILENT_REP)
    silent = draws.yes(np.where(leads.rep == silent_rep, SILENT_SHARE, FORGOTTEN_SHARE), len(person))
    spoken = kept(leads, ~silent)
    count = len(spoken.person)
    delay = draws.about(np.where(spoken.slow, SLOW_DELAY, USUAL_DELAY), 0.6, count)
    contact = clock.after_work(spoken.at, delay)
    accepted, first_verdicts = _verdict(spoken, contact, clock, draws)
    attempts, reached = _attempts(spoken, contact, accepted, clock, draws)
    meetings, later_verdicts, qualified = _follow_up(spoken, reached, accepted, clock, draws)
    won_over = qualified > 0
    deals = _deals(kept(spoken, won_over), qualified[won_over], clock, draws)
    free_from = np.full(everybody.known, NEVER)
    ended = later_verdicts.verdict >= VERDICTS.index("recycled")
    rest = np.where(later_verdicts.verdict == VERDICTS.index("recycled"), REST, 0)
    free_from[later_verdicts.person[ended]] = (later_verdicts.at + rest)[ended] + 1
    free_from[deals.person] = np.where(deals.won, NEVER, deals.closed + 1)
    return Worked(
        stacked([attempts, meetings, dealings(deals, clock, draws)]),
        stacked([first_verdicts, later_verdicts]),
        deals,
        person[silent],
        free_from,
    )


def _slow(rep: Ints, at: Ints, clock: Clock) -> Flags:
    """Whether a lead that comes to this rep at this moment waits long: the key accounts team has been slow
    since things went wrong."""
    team = np.array([colleague.team == KEY_ACCOUNTS for colleague in REPS])
    return np.asarray(team[rep] & (at >= clock.at(clock.troubled)))


def _verdict(leads: _Leads, contact: Ints, clock: Clock, draws: Draws) -> tuple[Flags, Said]:
    """Whether each lead is accepted, said soon after the first contact."""
    count = len(leads.person)
    small = leads.segment == SEGMENTS.index("small")
    chance = np.where(small, 0.36, 0.22)
    chance = np.where(leads.campaign == CAMPAIGNS.index(SME), 0.76, chance)
    chance = chance * np.where(_liking(leads) > 1.2, 0.5, 1.0) + np.where(leads.slow, 0.1, 0.0)
    returned = draws.yes(chance, count)
    at = clock.after_work(contact, draws.about(1.1 * HOUR, 0.7, count))
    by_size = np.array([(0, 12, 30, 36, 14, 8), (0, 74, 8, 11, 4, 3)])
    reason = np.where(returned, draws.pick_by(by_size, small.astype(np.int64)), 0)
    verdict = np.where(returned, VERDICTS.index("returned"), VERDICTS.index("accepted"))
    return ~returned, Said(leads.person, leads.rep, at, verdict, reason)


def _liking(leads: _Leads) -> Floats:
    """How much likelier than usual sales makes a deal of what each lead's campaign brings."""
    return np.array([campaign.deals for campaign in CAMPAIGNS])[leads.campaign]


def _attempts(
    leads: _Leads, contact: Ints, accepted: Flags, clock: Clock, draws: Draws
) -> tuple[Activities, Ints]:
    """Calls and mails until somebody answers or the rep gives up; and the moment of the last."""
    counts = np.minimum(1 + draws.some(np.where(accepted, 1.1, 0.3), len(leads.person)), ATTEMPTS)
    row = np.repeat(np.arange(len(counts)), counts)
    nth = within(counts)
    wait = np.where(nth == 0, 0.0, draws.about(1.5 * OPEN, 0.5, len(row)))
    at = clock.after_work(contact[row], running(wait, counts))
    last = nth == counts[row] - 1
    called = draws.yes(0.68, len(row))
    missed = np.where(draws.yes(0.7, len(row)), OUTCOMES.index("no_answer"), OUTCOMES.index("left_voicemail"))
    answered = last & draws.yes(np.where(accepted[row], 0.95, 0.6), len(row))
    outcome = np.where(
        called, np.where(answered, OUTCOMES.index("connected"), missed), OUTCOMES.index("sent")
    )
    kind = np.where(called, KINDS.index("call"), KINDS.index("email"))
    return Activities(leads.person[row], leads.rep[row], at, kind, outcome), at[last]


def _follow_up(
    leads: _Leads, reached: Ints, accepted: Flags, clock: Clock, draws: Draws
) -> tuple[Activities, Said, Ints]:
    """Meetings with those accepted, what is said of them then, and when they were qualified (0 if not)."""
    count = len(leads.person)
    chance = np.where(leads.ready, 0.9, 0.32) * np.where(leads.slow, 0.75, 1.0)
    meets = accepted & draws.yes(chance, count)
    meeting = clock.after_work(reached, draws.about(3.5 * OPEN, 0.5, count))
    held = meets & draws.yes(0.93, count)
    good = held & leads.ready
    qualified = np.where(good, clock.after_work(meeting + 2 * HOUR, draws.about(2 * HOUR, 0.6, count)), 0)
    fate = draws.pick((0.5, 0.18, 0.32), count)
    ends = accepted & ~good & (fate < 2)
    end = clock.after_work(reached, draws.about(11 * OPEN, 0.4, count))
    end_verdict = np.where(fate == 0, VERDICTS.index("recycled"), VERDICTS.index("disqualified"))
    outcome = np.where(held, OUTCOMES.index("held"), OUTCOMES.index("no_show"))[meets]
    meetings = Activities(
        leads.person[meets], leads.rep[meets], meeting[meets], np.full(int(meets.sum()), 2), outcome
    )
    verdict = np.where(good, VERDICTS.index("qualified"), end_verdict)
    said = good | ends
    moment = np.where(good, qualified, end)
    none = np.zeros(int(said.sum()), np.int64)
    return meetings, Said(leads.person[said], leads.rep[said], moment[said], verdict[said], none), qualified


def _deals(leads: _Leads, qualified: Ints, clock: Clock, draws: Draws) -> Deals:
    """The deals that sales makes of qualified leads."""
    liking = _liking(leads)
    makes = draws.yes(np.minimum(0.56 * liking, 0.95) * np.where(leads.slow, 0.8, 1.0), len(liking))
    leads, qualified, liking = kept(leads, makes), qualified[makes], liking[makes]
    count = len(liking)
    made = clock.after_work(qualified, draws.about(1.5 * OPEN, 0.7, count))
    chance = np.array(WIN)[leads.segment] * liking**0.7 * np.where(leads.slow, 0.5, 1.0)
    return struck(leads.person, leads.firm, leads.rep, leads.segment, made, chance, clock, draws)
