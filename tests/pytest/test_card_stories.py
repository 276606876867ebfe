"""The families reach what they are written for, and what is always true holds for all of them."""

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from random import Random

import pytest

from card_stories import club_delivery
from club_policies import SILVER, VARIANTS, Variant
from signal_worlds import MadePolicy
from tests.reference.cards import machine
from tests.reference.club import Club, club_at
from tests.reference.delivery import POLICY_FOLDER
from tests.reference.points.entries import MIDNIGHT, REDEEMABLE, Entry
from tests.reference.points.ledger import Lot, Purse

CUSTOMERS = 500
OWN = {name: variant for name, variant in VARIANTS.items() if variant.tables}
REASONS = {
    *(machine.INITIAL, machine.REFUND_REVERSAL, machine.MERGE_RESOLUTION, machine.UPGRADE, machine.LATE_EVENT),
    *(machine.REQUALIFIED, machine.GRANDFATHERED, machine.GRACE, machine.REQUALIFIED_IN_GRACE, machine.DOWNGRADE),
    *(machine.OVERRIDE_BEGIN, machine.OVERRIDE_END),
}
STATUSES = {"accepted", "not_member", "adjust_not_approved", "original_missing", "cancel_exceeds_redeem", "overdraft"}
ENTRY_TYPES = {
    *("earn", "bonus", "reversal", "redeem", "redeem_cancel", "expire", "adjust", "merge_in", "merge_out", "forfeit"),
}


def lived(variant: Variant, customers: int = CUSTOMERS) -> Club:
    """The families of a variant, by its policy in memory."""
    delivery = club_delivery(variant.seed, customers, variant.as_of, SILVER)
    return club_at(delivery, variant.options(POLICY_FOLDER), MadePolicy(variant.tables))


@pytest.fixture(scope="module")
def clubs() -> dict[str, Club]:
    """All variants but that of the seeds."""
    return {name: lived(variant) for name, variant in OWN.items()}


def test_every_reason_status_and_type_is_reached(clubs: dict[str, Club]) -> None:
    reasons = {row["reason"] for club in clubs.values() for row in club.history.values()}
    statuses = Counter(row["event_status"] for club in clubs.values() for row in club.events.values())
    types = Counter(row["entry_type"] for club in clubs.values() for row in club.ledger)
    assert reasons == REASONS
    assert set(statuses) == STATUSES and min(statuses.values()) > 20
    assert set(types) == ENTRY_TYPES and min(types.values()) > 20


def test_every_tier_and_flag_is_reached(clubs: dict[str, Club]) -> None:
    cards = [row for club in clubs.values() for row in club.cards.values()]
    assert len({row["card_tier"] for row in cards}) == 5
    for flag in ("is_in_grace", "has_downgrade_risk", "is_floor"):
        assert {row[flag] for row in cards} == {True, False}
    balances = [row for club in clubs.values() for row in club.balances.values()]
    for figure in ("debt", "pending", "expiring_90d", "lifetime_forfeited", "lifetime_expired"):
        assert sum(row[figure] > 0 for row in balances) > 5
    groups = Counter(len(account.customers) for club in clubs.values() for account in club.accounts)
    assert groups[2] > 50 and groups[3] > 10 and groups[4] > 0


def test_balances_are_what_the_entries_and_the_lots_say(clubs: dict[str, Club]) -> None:
    for name, club in clubs.items():
        d = VARIANTS[name].as_of.isoformat()
        summed, left = Counter(), Counter()
        for row in club.ledger:
            if row["currency"] == "redeemable" and row["entry_on"] <= d:
                summed[row["account_id"]] += row["points"]
        for lot in club.lots:
            assert 0 < lot["remaining_points"] <= lot["points"]
            left[lot["account_id"]] += lot["remaining_points"]
        for (account_id,), row in club.balances.items():
            assert row["balance"] == summed[account_id]
            assert row["spendable"] == left[account_id]


def test_histories_have_no_gaps(clubs: dict[str, Club]) -> None:
    for club in clubs.values():
        days: dict[str, list[tuple[str, object]]] = {}
        for (account_id, first), row in sorted(club.history.items()):
            days.setdefault(account_id, []).append((first, row["valid_until"]))
        assert set(days) == {account.account_id for account in club.accounts}
        for periods in days.values():
            assert all(one[1] == other[0] for one, other in pairwise(periods))
            assert [until for _, until in periods].count(None) == 1


def test_what_was_shown_is_not_rewritten(clubs: dict[str, Club]) -> None:
    """Half a year before, cards and entries were what is said of them today, but for merges and corrected members."""
    variant, now = VARIANTS["small"], clubs["small"]
    delivery = club_delivery(variant.seed, CUSTOMERS, variant.as_of, SILVER)
    before = Variant(variant.seed, variant.as_of - timedelta(days=183), variant.tables)
    past = club_at(delivery, before.options(POLICY_FOLDER), MadePolicy(variant.tables))
    same = {(account.account_id, account.since) for account in now.accounts if len(account.customers) == 1}
    same &= {(account.account_id, account.since) for account in past.accounts if len(account.customers) == 1}
    alone, d = {account_id for account_id, _ in same}, before.as_of.isoformat()

    def reasons(club: Club) -> set[tuple[object, ...]]:
        return {(*key, row["reason"]) for key, row in club.history.items() if key[0] in alone and key[1] <= d}

    def entries(club: Club) -> Counter[tuple[object, ...]]:
        rows = [row for row in club.ledger if row["account_id"] in alone and row["posted_on"] <= d]
        return Counter(tuple(value for name, value in row.items() if name != "balance_after") for row in rows)

    assert len(alone) > 100
    assert reasons(past) == reasons(now)
    assert entries(past) == entries(now)


def test_the_order_of_rows_changes_nothing() -> None:
    variant = VARIANTS["changed"]
    delivery = club_delivery(9, 60, variant.as_of, SILVER)
    options, policy = variant.options(POLICY_FOLDER), MadePolicy(variant.tables)
    told = club_at(delivery, options, policy)
    for rows in (delivery.transactions, delivery.points_events, delivery.customer_identity, delivery.tier_overrides):
        Random(1).shuffle(rows)
    again = club_at(delivery, options, policy)
    assert (again.cards, again.history, again.balances) == (told.cards, told.history, told.balances)
    assert sorted(again.ledger, key=str) == sorted(told.ledger, key=str)


@pytest.mark.parametrize("seed", range(300))
def test_running_sums_say_the_same_as_lots_spent_one_by_one(seed: int) -> None:
    """The closed form of the rules: consumed = spent + greatest(0, running max of (expired points - spent))."""
    rng = Random(seed)
    purse, day = Purse(), date(2020, 1, 1)
    entry = Entry("A", "A", REDEEMABLE, "earn", "", "", "", 1, MIDNIGHT, day, day, day)
    earned = spent = lifted = expired = given_out = 0
    ends: list[int] = []
    for _ in range(60):
        kind = rng.choice(["put", "put", "spend", "spend", "give_back", "expire"])
        points = rng.randint(1, 100)
        if kind == "put":
            purse.put(Lot(entry, points, day))
            earned += points
            ends.append(earned)
        elif kind == "spend":
            purse.spend(points)
            spent += points
            given_out += points
        elif kind == "give_back" and given_out:
            back = min(points, given_out)
            expired += purse.give_back(back)
            spent -= back
            given_out -= back
        elif kind == "expire":
            live = [number for number, lot in enumerate(purse.lots) if not lot.is_expired]
            if live:
                expired += purse.lots[live[0]].remaining
                purse.lots[live[0]].is_expired = True
        gone = max((end for end, lot in zip(ends, purse.lots, strict=True) if lot.is_expired), default=0)
        lifted = max(lifted, gone - spent)
        consumed = spent + lifted
        assert purse.balance == earned - consumed
        assert expired == consumed - spent
        remaining = [max(0, min(lot.points, end - consumed)) for end, lot in zip(ends, purse.lots, strict=True)]
        assert [lot.remaining for lot in purse.lots] == remaining
