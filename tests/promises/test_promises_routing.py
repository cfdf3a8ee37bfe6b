"""Routing: fair at every moment, skipping who cannot take a lead, and every candidate explained."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from accord.promises.routing import Member, Pool, Reason, route
from accord.promises.turns import Turns, take_turn
from proof import EXAMPLES

NOBODY_OWED = Turns({})
MONDAY = datetime(2026, 4, 20)

weights = st.lists(st.integers(1, 20), min_size=1, max_size=8)


@settings(max_examples=EXAMPLES, deadline=None)
@given(weights, st.integers(1, 400))
def test_over_any_run_nobody_is_a_whole_lead_away_from_their_share(
    given_weights: list[int], leads: int
) -> None:
    members = [(f"rep {n}", weight) for n, weight in enumerate(given_weights)]
    whole, turns, had = sum(given_weights), NOBODY_OWED, Counter()
    for done in range(1, leads + 1):
        chosen, turns = take_turn(turns, members)
        had[chosen] += 1
        for name, weight in members:
            assert abs(Fraction(weight * done, whole) - had[name]) < 1
            assert turns.of(name) == Fraction(weight * done, whole) - had[name]


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.data())
def test_debts_add_up_to_nothing_and_the_absent_neither_gain_nor_lose(data: st.DataObject) -> None:
    members = [(f"rep {n}", weight) for n, weight in enumerate(data.draw(weights))]
    turns = NOBODY_OWED
    for _ in range(data.draw(st.integers(1, 60))):
        here = [m for m in members if data.draw(st.booleans())] or members[:1]
        before = turns
        chosen, turns = take_turn(turns, here)
        assert chosen in {name for name, _ in here}
        assert sum(turns.owed.values()) == 0
        gone = {name for name, _ in members} - {name for name, _ in here}
        assert all(turns.of(name) == before.of(name) for name in gone)


def test_equal_weights_take_turns_in_order() -> None:
    pool = Pool("reps", [Member("ann"), Member("ben"), Member("cem")], NOBODY_OWED)
    order = []
    for _ in range(6):
        assignment = route(pool, "otherwise")
        order.append(assignment.owner)
        pool = Pool("reps", pool.members, assignment.turns)
    assert sorted(order[:3]) == sorted(order[3:]) == ["ann", "ben", "cem"]


def test_a_bulk_of_leads_is_shared_and_not_heaped_on_one() -> None:
    pool, had = Pool("reps", [Member("ann", 3), Member("ben", 1)], NOBODY_OWED), Counter()
    for _ in range(100):
        assignment = route(pool, "otherwise")
        had[assignment.owner] += 1
        pool = Pool("reps", pool.members, assignment.turns)
    assert had == {"ann": 75, "ben": 25}


def test_who_cannot_take_a_lead_is_skipped_with_the_reason() -> None:
    members = [
        Member("ann", active=False),
        Member("ben", away_until=MONDAY),
        Member("cem", capacity=5, taken=5),
        Member("dag", paused=True),
        Member("eva", weight=0),
        Member("fay"),
        Member("gil"),
    ]
    assignment = route(Pool("reps", members, NOBODY_OWED), "segment = 'mid_market'")
    assert (assignment.owner, assignment.rule) == ("fay", "segment = 'mid_market'")
    assert [(c.name, c.reason) for c in assignment.considered] == [
        ("ann", Reason.INACTIVE),
        ("ben", Reason.AWAY),
        ("cem", Reason.FULL),
        ("dag", Reason.PAUSED),
        ("eva", Reason.NO_WEIGHT),
        ("fay", Reason.TURN),
        ("gil", Reason.NOT_THEIR_TURN),
    ]


def test_with_nobody_there_the_lead_stays_in_the_pool_and_no_turn_is_taken() -> None:
    assignment = route(Pool("reps", [Member("ann", away_until=MONDAY)], NOBODY_OWED), "otherwise")
    assert (assignment.owner, assignment.team, assignment.turns) == (None, "reps", NOBODY_OWED)


def test_an_accounts_owner_gets_it_without_a_turn_even_when_full() -> None:
    owner = Member("zoe", capacity=1, taken=1, paused=True)
    assignment = route(Pool("reps", [Member("ann")], NOBODY_OWED), "otherwise", owner)
    assert (assignment.owner, assignment.rule, assignment.turns) == ("zoe", "account owner", NOBODY_OWED)


def test_an_owner_who_left_is_passed_over() -> None:
    assignment = route(Pool("reps", [Member("ann")], NOBODY_OWED), "otherwise", Member("zoe", active=False))
    assert assignment.owner == "ann"
    assert [(c.name, c.reason) for c in assignment.considered] == [
        ("zoe", Reason.INACTIVE),
        ("ann", Reason.TURN),
    ]


def test_cover_is_temporary_and_its_turn_is_owed_by_the_owner() -> None:
    members = [Member("ann", away_until=MONDAY), Member("ben"), Member("cem")]
    assignment = route(Pool("reps", members, NOBODY_OWED), "otherwise", members[0])
    assert (assignment.owner, assignment.covers, assignment.returns_at) == ("ben", "ann", MONDAY)
    assert [(c.name, c.reason) for c in assignment.considered] == [
        ("ann", Reason.AWAY),
        ("ben", Reason.COVERS),
        ("cem", Reason.NOT_THEIR_TURN),
    ]
    # Ben's share of the turn stays his (+1/2), the turn itself is Ann's debt.
    assert assignment.turns.owed == {"ann": -1, "ben": Fraction(1, 2), "cem": Fraction(1, 2)}
    back = Pool("reps", [Member("ann"), Member("ben"), Member("cem")], assignment.turns)
    later = Counter()
    for _ in range(8):
        chosen = route(back, "otherwise")
        later[chosen.owner] += 1
        back = Pool("reps", back.members, chosen.turns)
    assert later == {"ann": 2, "ben": 3, "cem": 3}  # nine turns in all, three each


def test_an_owner_without_an_account_is_covered_for_without_a_return() -> None:
    members = [Member("ann"), Member("ben")]
    assignment = route(Pool("reps", members, NOBODY_OWED), "otherwise", Member("zoe", known=False))
    assert (assignment.owner, assignment.covers, assignment.returns_at) == ("ann", "zoe", None)
    assert assignment.rule == "account owner"
    assert [c.reason for c in assignment.considered] == [
        Reason.NO_ACCOUNT,
        Reason.COVERS,
        Reason.NOT_THEIR_TURN,
    ]


def test_cover_for_an_owner_of_another_team_costs_that_team_nothing_but_the_turn() -> None:
    outside = Member("zoe", away_until=MONDAY)
    assignment = route(Pool("reps", [Member("ann")], NOBODY_OWED), "otherwise", outside)
    assert (assignment.owner, assignment.covers) == ("ann", "zoe")
    assert assignment.turns.owed == {"ann": 0}
