"""The reference of points against examples computed by hand, at the edges of its rules."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from club_worlds import CLUB_TABLES, Membership, Row, Tables, always, entries, rate
from signal_worlds import MadePolicy
from tests.reference.club import Club
from tests.reference.delivery import Options
from tests.reference.points.accounts import accounts_at
from tests.reference.points.entries import MIDNIGHT, REDEEMABLE, Entry
from tests.reference.points.ledger import Lot, Purse, expires_on
from tests.reference.points.rules import Rules
from tests.reference.registers import Customers

SINCE = date(2023, 1, 1)


def joined(since: date | str = SINCE, **cells: str) -> Membership:
    """A is a member."""
    tale = Membership()
    tale.member(since, **cells)
    return tale


def venue(**cells: str) -> Tables:
    """Visits earn by these cells."""
    return {"policy_points_rates": [rate("venue", **cells)]}


def statuses(club: Club) -> list[str]:
    """The statuses of the events, in the order of their ids."""
    return [row["event_status"] for _, row in sorted(club.events.items())]


def balance(club: Club, account_id: str = "A") -> int:
    """What an account has."""
    return club.balances[account_id,]["balance"]


# --- Members and accounts


@pytest.mark.parametrize(
    ("cells", "is_member"),
    [
        ({"member_since": "2024-12-31"}, True),
        ({"member_since": "2025-01-01"}, False),
        ({"member_since": ""}, False),
        ({"member_since": "soon"}, False),
        ({"member_since": "2024-01-01", "status": "closed"}, True),
        ({"member_since": "2024-01-01", "status": "deceased"}, True),
        ({"member_since": "2024-01-01", "status": "test"}, False),
        ({"member_since": "2024-01-01", "status": "staff"}, False),
        ({"member_since": "2024-01-01", "profiling_consent": "no"}, True),
        ({"member_since": "2024-01-01", "recorded_at": "2025-01-01"}, False),
    ],
)
def test_who_is_a_member(cells: dict[str, str], is_member: bool) -> None:
    tale = Membership()
    tale.customer("A", **cells)
    assert (("A",) in tale.club().balances) == is_member


def test_a_later_version_without_a_day_of_membership_takes_none_away() -> None:
    tale = joined(recorded_at="2023-01-01")
    tale.customer("A", status="active", recorded_at="2024-01-01")
    tale.customer("A", member_since="2030-01-01", recorded_at="2024-02-01")
    assert tale.club().accounts[0].since == SINCE


def links(tale: Membership, d: str = "2024-12-31") -> dict[str, str]:
    """The account of everybody who has one."""
    options = Options(as_of_date=date.fromisoformat(d))
    accounts = accounts_at(tale.delivery, options, Customers(tale.delivery, options), options.as_of_date)
    return {customer_id: account.account_id for account in accounts for customer_id in account.customers}


def trio() -> Membership:
    """Three members."""
    tale = Membership()
    for number, name in enumerate("ABC"):
        tale.member(date(2023, 1 + number, 1), name)
    return tale


def test_a_chain_is_followed_to_its_end() -> None:
    tale = trio()
    tale.merge("A", "B", "2024-03-01")
    tale.merge("B", "C", "2024-02-01")
    assert links(tale) == dict.fromkeys("ABC", "C")
    assert links(tale, "2024-02-29") == {"A": "A", "B": "C", "C": "C"}
    assert tale.club().accounts[0].joined == {"A": date(2024, 3, 1), "B": date(2024, 2, 1)}
    assert tale.club().accounts[0].since == date(2023, 1, 1)


@pytest.mark.parametrize(
    ("cells", "is_merged"),
    [
        ({}, True),
        ({"valid_from": "2024-12-31"}, True),
        ({"valid_from": "2025-01-01"}, False),
        ({"valid_from": "soon"}, False),
        ({"recorded_at": "2024-12-31 23:00:00"}, True),
        ({"recorded_at": "2025-01-01"}, False),
        ({"valid_to": "2024-12-31"}, False),
        ({"valid_to": "2025-01-01"}, True),
        ({"link_type": "household"}, False),
        ({"link_type": "crm_match"}, False),
        ({"link_type": "friend"}, False),
        ({"to_customer_id": "nobody"}, False),
        ({"to_customer_id": "A"}, False),
        ({"to_customer_id": ""}, False),
    ],
)
def test_which_links_count(cells: Row, is_merged: bool) -> None:
    tale = trio()
    tale.merge("A", "B", "2024-06-01", **cells)
    assert (links(tale)["A"] == "B") == is_merged


def test_a_link_may_be_closed_by_a_later_version() -> None:
    tale = trio()
    tale.merge("A", "B", "2024-03-01", valid_to="2024-06-01", recorded_at="2024-07-01")
    tale.merge("A", "B", "2024-03-01", recorded_at="2024-03-05")
    assert links(tale) == dict(zip("ABC", "ABC", strict=True))
    assert links(tale, "2024-06-30")["A"] == "B"
    tale.merge("A", "B", "2024-03-01", decided_by="desk", recorded_at="2024-08-01")
    assert tale.club().accounts[0].joined == {"A": date(2024, 3, 5)}


def test_circles_and_conflicts_count_for_nobody() -> None:
    tale = trio()
    tale.member(SINCE, "X")
    tale.merge("A", "B", "2024-03-01")
    tale.merge("B", "A", "2024-04-01")
    tale.merge("C", "A", "2024-05-01")
    assert links(tale, "2024-03-31") == {"A": "B", "B": "B", "C": "C", "X": "X"}
    assert links(tale) == {"A": "A", "B": "B", "C": "A", "X": "X"}
    tale.merge("C", "X", "2024-06-01")
    assert links(tale) == {"A": "A", "B": "B", "C": "C", "X": "X"}
    tale.merge("A", "X", "2024-07-01")
    assert links(tale) == {"A": "A", "B": "A", "C": "C", "X": "X"}
    tale.merge("X", "nobody", "2024-06-01")
    tale.merge("X", "B", "2024-06-01")
    assert links(tale) == {"A": "A", "B": "A", "C": "C", "X": "A"}


def test_an_end_that_is_no_member_becomes_one() -> None:
    tale = Membership()
    tale.customer("Z")
    tale.member("2023-05-01", "A")
    tale.member("2023-04-01", "B")
    tale.merge("A", "B", "2024-01-01")
    tale.merge("B", "Z", "2024-02-01")
    (account,) = tale.club().accounts
    assert (account.account_id, account.since) == ("Z", date(2023, 4, 1))
    assert account.paths == {"A": date(2023, 5, 1), "B": date(2023, 4, 1), "Z": date(2023, 4, 1)}


# --- What a sale earns


@pytest.mark.parametrize(
    ("cells", "points", "qualifying"),
    [
        ({}, 100, 100),
        ({"amount": "100.99"}, 100, 100),
        ({"category": "spa"}, 200, 100),
        ({"category": "ride"}, 100, 100),
        ({"partner_id": "HOTEL"}, 150, 100),
        ({"partner_id": "HOTEL", "amount": "99.99"}, 149, 99),
        ({"partner_id": "OTHER"}, 100, 100),
        ({"lob": "energy"}, 0, 0),
        ({"amount": "0.99"}, 0, 0),
        ({"event_at": "2022-12-02"}, 100, 100),
        ({"event_at": "2022-12-01"}, 0, 0),
        ({"product_id": "P-no"}, 0, 0),
        ({"product_id": "P-yes"}, 100, 100),
        ({"product_id": "P-none"}, 100, 100),
        ({"payment_status": "void"}, 0, 0),
        ({"txn_type": "deposit"}, 0, 0),
    ],
)
def test_what_a_sale_earns(cells: Row, points: int, qualifying: int) -> None:
    tale = joined()
    tale.delivery.products.extend(
        [
            {"product_id": "P-no", "lob": "venue", "is_points_eligible": "true"},
            {"product_id": "P-no", "lob": "venue", "is_points_eligible": "no", "recorded_at": "2024-01-01"},
            {"product_id": "P-yes", "lob": "venue", "is_points_eligible": ""},
        ]
    )
    tale.sale(date(2024, 1, 1), **cells)
    club = tale.club()
    assert club.balances["A",]["lifetime_earned"] == points
    assert sum(points for _, points, _ in entries(club, "qualifying")) == qualifying


@pytest.mark.parametrize(
    ("cells", "posted_on"),
    [
        ({"event_at": "2022-12-15"}, "2023-01-01"),
        ({"event_at": "2022-12-15", "recorded_at": "2023-02-01"}, "2023-02-01"),
        ({"event_at": "2023-01-01"}, "2023-01-01"),
    ],
)
def test_nothing_is_posted_before_membership(cells: Row, posted_on: str) -> None:
    tale = joined()
    tale.sale(SINCE, **cells)
    assert entries(tale.club("2023-03-01")) == [("earn", 100, posted_on)]


def test_nothing_is_posted_before_membership_is_known() -> None:
    tale = Membership()
    tale.customer("A", recorded_at="2023-01-01")
    tale.customer("A", member_since="2023-01-01", recorded_at="2023-05-05")
    tale.customer("A", member_since="2023-02-01", recorded_at="2023-06-05")
    sale = tale.sale(date(2023, 3, 1))
    tale.refund(sale, date(2023, 5, 4), "40")
    tale.sale(date(2023, 5, 6), "1")
    tale.event("partner_earn", 5, "2023-03-02")
    club = tale.club("2023-07-01")
    assert entries(club) == [("earn", 60, "2023-05-05"), ("earn", 5, "2023-05-05"), ("earn", 1, "2023-05-06")]


def test_the_multiplier_is_that_of_the_card_of_the_day_before() -> None:
    tale = joined()
    tale.sale(date(2024, 1, 1), "500")
    tale.sale(date(2024, 1, 1), "10", event_at="2024-01-01 20:00:00")
    tale.sale(date(2024, 1, 2), "10")
    tale.sale(date(2024, 1, 3), "10", partner_id="HOTEL")
    rows = [row for row in tale.club().ledger if row["currency"] == "redeemable"]
    assert [(row["points"], row["multiplier"]) for row in rows] == [
        (500, 1),
        (10, 1),
        (11, Fraction("1.1")),
        (16, Fraction("1.65")),
    ]


def test_what_is_recorded_late_is_multiplied_by_the_card_of_its_day() -> None:
    tale = joined()
    tale.sale(date(2024, 1, 1), "500")
    tale.sale(date(2024, 1, 2), "10", recorded_at="2024-05-01")
    tale.sale(date(2024, 1, 1), "10", recorded_at="2024-05-01")
    assert entries(tale.club())[1:] == [("earn", 10, "2024-05-01"), ("earn", 11, "2024-05-01")]


def test_before_a_merge_everybody_earns_by_its_own_card() -> None:
    tale = Membership()
    tale.member("2023-01-01", "A")
    tale.member("2023-01-01", "B")
    tale.customer("N")
    tale.sale(date(2024, 1, 1), "500", customer="A")
    tale.sale(date(2024, 2, 1), "100", customer="A")
    tale.sale(date(2024, 2, 1), "100", customer="B")
    tale.sale(date(2024, 2, 1), "100", customer="N")
    tale.merge("A", "B", "2024-03-01")
    tale.merge("N", "B", "2024-03-01")
    for name in "ABN":
        tale.sale(date(2024, 3, 1), "100", customer=name)
        tale.sale(date(2024, 3, 2), "100", customer=name)
    rows = [r for r in tale.club().ledger if r["currency"] == "redeemable" and r["event_date"] > "2024-01-01"]
    earned = {(r["customer_id"], r["event_date"]): r["points"] for r in rows if r["entry_type"] == "earn"}
    assert earned == {
        ("A", "2024-02-01"): 110,
        ("B", "2024-02-01"): 100,
        ("N", "2024-02-01"): 100,
        ("A", "2024-03-01"): 110,
        ("B", "2024-03-01"): 100,
        ("N", "2024-03-01"): 100,
        **{(name, "2024-03-02"): 110 for name in "ABN"},
    }


@pytest.mark.parametrize(
    ("cells", "posted_on"),
    [
        ({"payment_status": "paid"}, "2024-03-01"),
        ({"payment_status": "paid", "paid_at": "2024-04-05"}, "2024-04-05"),
        ({"paid_at": "2024-02-05"}, "2024-03-01"),
        ({"paid_at": "2024-02-05", "recorded_at": "2024-04-01"}, "2024-04-01"),
        ({"payment_status": "unpaid"}, None),
        ({"due_date": "2024-03-20"}, None),
        ({}, "2024-03-01"),
        ({"paid_at": "2025-01-01"}, None),
    ],
)
def test_a_bill_is_posted_when_it_is_paid(cells: Row, posted_on: str | None) -> None:
    tale = joined()
    tale.sale(date(2024, 3, 1), lob="lease", **cells)
    assert entries(tale.club()) == ([("earn", 50, posted_on)] if posted_on else [])


def home(tale: Membership, **cells: str) -> str:
    """A home for 1,000,000, signed on 1 January 2024."""
    told = {"status": "signed", "signed_at": "2024-01-01", "total_amount": "1000000"}
    return tale.contract("property_sale", **(told | cells))


@pytest.mark.parametrize(
    ("cells", "days"),
    [
        ({}, ["2024-05-01", "2024-05-01"]),
        ({"handover_date": "2024-04-01"}, ["2024-04-01", "2024-05-01"]),
        ({"handover_date": "2024-02-01"}, ["2024-03-01", "2024-05-01"]),
        ({"total_amount": ""}, ["2024-03-01", "2024-05-01"]),
        ({"total_amount": "2000000"}, []),
        ({"cancelled_at": "2024-04-30", "status": "cancelled"}, []),
        ({"cancelled_at": "2024-05-02", "status": "cancelled"}, ["2024-05-01", "2024-05-01"]),
        ({"recorded_at": "2024-03-02"}, ["2024-03-01", "2024-05-01"]),
    ],
)
def test_a_home_is_posted_when_it_is_firm(cells: Row, days: list[str]) -> None:
    tale = joined()
    contract_id = home(tale, **cells)
    tale.sale(date(2024, 3, 1), "200000", "property_sale", contract_id=contract_id)
    tale.sale(date(2024, 5, 1), "100000", "property_sale", contract_id=contract_id)
    assert entries(tale.club(), "qualifying") == [
        ("earn", points, day) for points, day in zip((200, 100), days, strict=False)
    ]


def test_a_home_without_a_contract_is_posted_when_known_and_capped() -> None:
    tale = joined()
    tale.sale(date(2024, 3, 1), "5000000", "property_sale", recorded_at="2024-03-04")
    assert entries(tale.club(), "qualifying") == [("earn", 2000, "2024-03-04")]
    assert entries(tale.club()) == []


def test_caps_hold_for_a_sale_and_for_a_day() -> None:
    tale = joined()
    for amount in ("70", "500", "60"):
        tale.sale(date(2024, 3, 1), amount)
    tale.sale(date(2024, 3, 2), "60")
    club = tale.club(**venue(sale_cap="80", day_cap="180", qualifying_sale_cap="65"))
    assert [points for _, points, _ in entries(club)] == [70, 80, 30, 60]
    assert [points for _, points, _ in entries(club, "qualifying")] == [65, 65, 60, 60]


def test_who_is_posted_first_is_granted_first() -> None:
    tale = joined()
    tale.sale(date(2024, 3, 1), "70", recorded_at="2024-03-05")
    tale.sale(date(2024, 3, 1), "60")
    assert entries(tale.club(**venue(day_cap="100"))) == [("earn", 60, "2024-03-01"), ("earn", 40, "2024-03-05")]


def test_refunds_known_at_posting_are_taken_off_before() -> None:
    tale = joined()
    sale = tale.sale(date(2024, 3, 1), "100", recorded_at="2024-03-05")
    tale.refund(sale, date(2024, 3, 2), "30")
    tale.refund(sale, date(2024, 3, 5), "30")
    tale.refund(sale, date(2024, 3, 6), "10.01")
    assert entries(tale.club()) == [("earn", 40, "2024-03-05"), ("reversal", -11, "2024-03-06")]


def test_split_refunds_take_back_what_one_would() -> None:
    tale = joined()
    sale = tale.sale(date(2024, 3, 1), "100.50")
    for day in range(2, 6):
        tale.refund(sale, date(2024, 3, day), "33.50")
    assert entries(tale.club()) == [
        ("earn", 100, "2024-03-01"),
        ("reversal", -33, "2024-03-02"),
        ("reversal", -34, "2024-03-03"),
        ("reversal", -33, "2024-03-04"),
    ]
    assert balance(tale.club()) == 0


def test_a_refund_takes_only_what_was_granted_above_the_caps() -> None:
    tale = joined()
    sale = tale.sale(date(2024, 3, 1), "100")
    tale.refund(sale, date(2024, 3, 2), "50")
    tale.refund(sale, date(2024, 3, 3), "20")
    assert entries(tale.club(**venue(sale_cap="40"))) == [("earn", 40, "2024-03-01"), ("reversal", -10, "2024-03-03")]


def test_a_refund_before_the_points_are_available_nets_the_lot() -> None:
    tale = joined()
    sale = tale.sale(date(2024, 3, 1), "100")
    tale.refund(sale, date(2024, 3, 8), "40")
    tale.refund(sale, date(2024, 3, 9), "10")
    club = tale.club(**venue(pending_days="7"))
    assert entries(club) == [
        ("earn", 100, "2024-03-08"),
        ("reversal", -40, "2024-03-08"),
        ("reversal", -10, "2024-03-09"),
    ]
    assert [row["balance_after"] for row in club.ledger if row["currency"] == "redeemable"] == [60, 60, 50]
    assert club.lots == [
        {
            "account_id": "A",
            "points": 60,
            "remaining_points": 50,
            "available_on": "2024-03-08",
            "expires_on": "2026-03-31",
        }
    ]
    pending = tale.club("2024-03-07", **venue(pending_days="7")).balances["A",]
    assert (pending["balance"], pending["pending"]) == (0, 100)


def test_pending_points_are_counted_net() -> None:
    tale = joined()
    sale = tale.sale(date(2024, 3, 1), "100")
    tale.refund(sale, date(2024, 3, 2), "40")
    row = tale.club("2024-03-03", **venue(pending_days="7")).balances["A",]
    assert (row["balance"], row["pending"], row["lifetime_earned"]) == (0, 60, 60)


def test_the_bonus_of_a_day_is_given_once_and_taken_back_with_the_last_sale() -> None:
    tale = joined()
    one = tale.sale(date(2024, 3, 1), "100", event_at="2024-03-01 10:00:00")
    two = tale.sale(date(2024, 3, 1), "100", event_at="2024-03-01 11:00:00")
    tale.sale(date(2024, 3, 2), "0.50")
    tale.refund(one, date(2024, 3, 3), "100")
    tale.refund(two, date(2024, 3, 4), "99")
    tale.refund(two, date(2024, 3, 5), "1")
    club = tale.club(**venue(bonus_points="20"))
    assert entries(club) == [
        ("earn", 100, "2024-03-01"),
        ("bonus", 20, "2024-03-01"),
        ("earn", 100, "2024-03-01"),
        ("bonus", 20, "2024-03-02"),
        ("reversal", -100, "2024-03-03"),
        ("reversal", -99, "2024-03-04"),
        ("reversal", -20, "2024-03-05"),
        ("reversal", -1, "2024-03-05"),
    ]
    assert {row["entry_type"] for row in club.ledger if row["currency"] == "qualifying"} == {"earn", "reversal"}


def test_a_sale_of_nothing_brings_no_bonus() -> None:
    tale = joined()
    sale = tale.sale(date(2024, 3, 1), "100", event_at="2024-03-01 09:00:00")
    tale.refund(sale, date(2024, 3, 1), "100")
    tale.sale(date(2024, 3, 1), "0", event_at="2024-03-01 10:00:00")
    assert entries(tale.club(**venue(bonus_points="20"))) == []
    tale.sale(date(2024, 3, 1), "5", event_at="2024-03-01 11:00:00")
    assert entries(tale.club(**venue(bonus_points="20"))) == [("earn", 5, "2024-03-01"), ("bonus", 20, "2024-03-01")]


# --- Lots, one after the other


@pytest.mark.parametrize(
    ("available_on", "expiry"),
    [
        (date(2024, 2, 29), date(2026, 3, 31)),
        (date(2022, 2, 28), date(2024, 3, 31)),
        (date(2022, 3, 31), date(2024, 3, 31)),
        (date(2022, 4, 1), date(2024, 6, 30)),
        (date(2022, 9, 30), date(2024, 9, 30)),
        (date(2022, 10, 1), date(2024, 12, 31)),
    ],
)
def test_a_lot_expires_on_the_last_day_of_a_quarter(available_on: date, expiry: date) -> None:
    assert expires_on(available_on, Rules(MadePolicy(CLUB_TABLES))) == expiry


def purse(*points: int) -> Purse:
    """Lots with so many points."""
    entry = Entry("A", "A", REDEEMABLE, "earn", "t", "s", "1", 1, MIDNIGHT, SINCE, SINCE, SINCE)
    made = Purse()
    for number in points:
        made.put(Lot(entry, number, SINCE))
    return made


def left(made: Purse) -> list[int]:
    """What is left of each lot."""
    return [lot.remaining for lot in made.lots]


def test_the_oldest_lot_is_spent_first_and_what_was_spent_last_comes_back_first() -> None:
    made = purse(100, 50, 30)
    made.spend(120)
    assert left(made) == [0, 30, 30]
    assert made.give_back(40) == 0
    assert left(made) == [20, 50, 30]


def test_what_goes_back_to_an_expired_lot_is_lost() -> None:
    made = purse(100, 50)
    made.spend(120)
    made.lots[0].is_expired = True
    assert made.give_back(60) == 40
    assert (left(made), made.balance) == ([0, 50], 50)


def test_debt_is_paid_by_what_comes() -> None:
    made = purse(10)
    made.spend(40)
    assert (made.balance, made.debt) == (-30, 30)
    assert made.give_back(5) == 0
    made.put(Lot(made.lots[0].entry, 100, SINCE))
    assert (left(made), made.debt) == ([0, 75], 0)


def test_a_lot_expires_before_anything_else_that_day() -> None:
    tale = joined("2020-01-01")
    tale.sale(date(2020, 2, 29), "100")
    tale.event("redeem", 30, "2022-03-30")
    tale.sale(date(2022, 3, 31), "50")
    tale.event("redeem", 60, "2022-03-31")
    tale.event("redeem", 50, "2022-03-31")
    club = tale.club("2022-03-31")
    assert entries(club) == [
        ("earn", 100, "2020-02-29"),
        ("redeem", -30, "2022-03-30"),
        ("expire", -70, "2022-03-31"),
        ("earn", 50, "2022-03-31"),
        ("redeem", -50, "2022-03-31"),
    ]
    assert statuses(club) == ["accepted", "overdraft", "accepted"]
    assert [row["balance_after"] for row in club.ledger if row["currency"] == "redeemable"] == [100, 70, 0, 50, 0]
    assert entries(tale.club("2022-03-30"))[-1] == ("redeem", -30, "2022-03-30")


def test_points_given_back_after_their_lot_expired_expire_at_once() -> None:
    tale = joined("2020-01-01")
    tale.sale(date(2020, 2, 1), "100")
    tale.sale(date(2020, 8, 1), "100")
    redeemed = tale.event("redeem", 120, "2022-03-01")
    tale.event("redeem_cancel", 50, "2022-04-01", original_event_id=redeemed)
    club = tale.club("2022-06-01")
    assert entries(club)[-2:] == [("redeem_cancel", 50, "2022-04-01"), ("expire", -30, "2022-04-01")]
    row = club.balances["A",]
    assert (row["balance"], row["lifetime_redeemed"], row["lifetime_expired"]) == (100, 70, 30)
    assert (row["next_expiry_on"], row["next_expiry_points"], row["expiring_90d"]) == ("2022-09-30", 100, 0)
    assert tale.club("2022-07-02").balances["A",]["expiring_90d"] == 100


def test_a_reversal_may_leave_a_debt_that_later_points_pay() -> None:
    tale = joined()
    sale = tale.sale(date(2024, 1, 1), "100")
    tale.event("redeem", 80, "2024-02-01")
    tale.refund(sale, date(2024, 3, 1), "100")
    tale.sale(date(2024, 5, 1), "100")
    row = tale.club("2024-04-30").balances["A",]
    assert (row["balance"], row["spendable"], row["debt"], row["liability"]) == (-80, 0, 80, Decimal("0.00"))
    club = tale.club()
    assert (balance(club), club.lots[0]["remaining_points"]) == (20, 20)
    assert club.balances["A",]["liability"] == Decimal("0.15")


def test_the_figures_of_an_account_without_entries_are_zero() -> None:
    row = joined().club().balances["A",]
    assert row.pop("next_expiry_on") is None
    assert set(row.values()) == {0}


# --- Events


@pytest.mark.parametrize(
    ("cells", "status"),
    [
        ({}, "accepted"),
        ({"points": "0"}, None),
        ({"points": "-5"}, None),
        ({"points": "1.5"}, None),
        ({"points": "many"}, None),
        ({"points": "1000000000"}, "overdraft"),
        ({"points": "1000000001"}, None),
        ({"event_type": "gift"}, None),
        ({"customer_id": "nobody"}, None),
        ({"event_at": ""}, None),
        ({"event_at": "1989-12-31"}, None),
        ({"event_at": "2025-01-01"}, None),
        ({"recorded_at": "2025-01-01"}, None),
        ({"event_type": "transfer"}, None),
        ({"event_type": "adjust", "direction": "up"}, None),
        ({"event_type": "transfer", "direction": "credit"}, "accepted"),
        ({"event_type": "transfer", "direction": "debit"}, "accepted"),
        ({"event_at": "2022-12-31 23:59:59"}, "not_member"),
        ({"event_at": "2023-01-01 00:00:00"}, "overdraft"),
        ({"customer_id": "N"}, "not_member"),
        ({"points": "101"}, "overdraft"),
        ({"event_type": "redeem_cancel", "original_event_id": "E0"}, "original_missing"),
    ],
)
def test_what_becomes_of_an_event(cells: Row, status: str | None) -> None:
    tale = joined()
    tale.customer("N")
    tale.sale(date(2024, 1, 1), "100")
    tale.event("redeem", 100, "2024-02-01")
    tale.delivery.points_events[0].update(cells)
    assert statuses(tale.club()) == ([status] if status else [])


@pytest.mark.parametrize(
    ("points", "approved_by", "direction", "outcome"),
    [
        (500, "", "credit", ("accepted", 500)),
        (501, "", "credit", ("adjust_not_approved", 0)),
        (501, "ann", "credit", ("accepted", 501)),
        (500, "", "debit", ("accepted", -500)),
        (501, "", "debit", ("adjust_not_approved", 0)),
    ],
)
def test_large_adjustments_need_approval(points: int, approved_by: str, direction: str, outcome: tuple) -> None:
    tale = joined()
    tale.event("adjust", points, "2024-02-01", approved_by=approved_by, direction=direction)
    club = tale.club()
    assert (*statuses(club), balance(club)) == outcome


def test_a_transfer_out_needs_the_balance() -> None:
    tale = joined()
    tale.event("partner_earn", 50, "2024-01-01")
    tale.event("transfer", 51, "2024-02-01", direction="debit")
    tale.event("transfer", 50, "2024-02-02", direction="debit")
    club = tale.club()
    assert statuses(club) == ["accepted", "overdraft", "accepted"]
    assert entries(club) == [("earn", 50, "2024-01-01"), ("adjust", -50, "2024-02-02")]


def test_a_redemption_is_cancelled_once() -> None:
    tale = joined()
    tale.event("partner_earn", 50, "2024-01-01")
    redeemed = tale.event("redeem", 50, "2024-02-01")
    for points in (20, 31, 30, 1):
        tale.event("redeem_cancel", points, "2024-02-02", original_event_id=redeemed)
    tale.event("redeem_cancel", 1, "2024-02-03", original_event_id=redeemed, source_system="pos")
    club = tale.club()
    assert statuses(club) == [
        *("accepted", "accepted", "accepted"),
        *("cancel_exceeds_redeem", "accepted", "cancel_exceeds_redeem", "original_missing"),
    ]
    assert balance(club) == 50


def test_the_cancellation_of_a_refused_or_later_redemption_finds_none() -> None:
    tale = joined()
    refused = tale.event("redeem", 50, "2024-02-01")
    tale.event("redeem_cancel", 50, "2024-02-02", original_event_id=refused)
    tale.event("partner_earn", 50, "2024-03-01")
    late = tale.event("redeem", 50, "2024-03-02", recorded_at="2024-04-01")
    tale.event("redeem_cancel", 50, "2024-03-03", original_event_id=late)
    tale.event("redeem_cancel", 51, "2024-03-04", original_event_id=refused)
    missing = "original_missing"
    assert statuses(tale.club()) == ["overdraft", missing, "accepted", "accepted", missing, missing]


def test_after_an_overdraft_later_redemptions_are_judged_without_it() -> None:
    tale = joined()
    tale.event("partner_earn", 50, "2024-01-01")
    tale.event("redeem", 60, "2024-02-01")
    tale.event("redeem", 50, "2024-02-02")
    tale.event("redeem", 1, "2024-02-03")
    assert statuses(tale.club()) == ["accepted", "overdraft", "accepted", "overdraft"]


def test_events_have_no_versions() -> None:
    tale = joined()
    tale.event("partner_earn", 50, "2024-01-01")
    tale.delivery.points_events.append(dict(tale.delivery.points_events[0]))
    assert balance(tale.club()) == 50
    tale.delivery.points_events.append(tale.delivery.points_events[0] | {"points": "60", "recorded_at": "2024-02-01"})
    assert balance(tale.club()) == 0
    assert tale.club().events == {}


# --- Merges and closed accounts


def test_the_events_of_a_group_are_one_ledger() -> None:
    tale = Membership()
    tale.member("2024-02-01", "A")
    tale.member("2023-01-01", "B")
    tale.sale(date(2023, 5, 1), "100", customer="A")
    tale.sale(date(2023, 6, 1), "100", customer="B")
    tale.event("redeem", 150, "2023-07-01", customer="A")
    tale.merge("B", "A", "2024-03-01")
    club = tale.club()
    assert entries(club) == [
        ("earn", 100, "2023-05-01"),
        ("earn", 100, "2023-06-01"),
        ("redeem", -150, "2023-07-01"),
        ("merge_out", -50, "2024-03-01"),
        ("merge_in", 50, "2024-03-01"),
    ]
    assert [row["customer_id"] for row in club.ledger if row["currency"] == "redeemable"] == ["A", "B", "A", "B", "A"]
    assert (balance(club), club.lots[0]["remaining_points"]) == (50, 50)


def test_a_chain_hands_on_what_it_took_in() -> None:
    tale = trio()
    for name in "ABC":
        tale.sale(date(2024, 1, 1), "10", customer=name)
    tale.merge("A", "B", "2024-02-01")
    tale.merge("B", "C", "2024-03-01")
    moved = [entry for entry in entries(tale.club(), account_id="C") if entry[0].startswith("merge")]
    assert moved == [
        ("merge_out", -10, "2024-02-01"),
        ("merge_in", 10, "2024-02-01"),
        ("merge_out", -20, "2024-03-01"),
        ("merge_in", 20, "2024-03-01"),
    ]


def test_what_a_closed_account_has_is_forfeited_and_nothing_comes_after() -> None:
    tale = joined(recorded_at="2023-01-01")
    tale.customer("A", status="closed", recorded_at="2024-03-10")
    tale.customer("A", status="active", recorded_at="2024-05-01")
    sale = tale.sale(date(2024, 3, 1), "100")
    tale.sale(date(2024, 3, 10), "40")
    tale.sale(date(2024, 3, 11), "7")
    tale.event("redeem", 60, "2024-03-10")
    tale.event("partner_earn", 5, "2024-03-11")
    tale.event("partner_earn", 6, "2024-04-30", recorded_at="2024-05-01")
    tale.refund(sale, date(2024, 4, 1), "30")
    club = tale.club(**venue(pending_days="3"))
    assert entries(club) == [
        ("earn", 100, "2024-03-04"),
        ("redeem", -60, "2024-03-10"),
        ("forfeit", -40, "2024-03-10"),
        ("earn", 40, "2024-03-13"),
        ("forfeit", -40, "2024-03-13"),
        ("reversal", -30, "2024-04-01"),
        ("earn", 6, "2024-05-01"),
    ]
    assert statuses(club) == ["accepted", "not_member", "accepted"]
    assert (balance(club), club.balances["A",]["lifetime_forfeited"]) == (-24, 80)
    assert sum(points for _, points, _ in entries(club, "qualifying")) == 110


def test_points_given_back_after_an_account_was_opened_again_return_to_their_lots() -> None:
    tale = joined(recorded_at="2023-01-01")
    tale.customer("A", status="closed", recorded_at="2024-03-10")
    tale.customer("A", status="active", recorded_at="2024-05-01")
    tale.sale(date(2024, 3, 1), "100")
    redeem = tale.event("redeem", 60, "2024-03-09")
    tale.event("redeem_cancel", 25, "2024-05-02", original_event_id=redeem)
    club = tale.club(**venue())
    assert entries(club)[-2:] == [("forfeit", -40, "2024-03-10"), ("redeem_cancel", 25, "2024-05-02")]
    assert (balance(club), club.balances["A",]["lifetime_expired"]) == (25, 0)


def test_only_the_end_of_a_chain_closes_an_account() -> None:
    tale = trio()
    tale.customer("A", status="closed", recorded_at="2024-03-10")
    tale.sale(date(2024, 4, 1), "100", customer="A")
    tale.merge("A", "B", "2024-03-10")
    assert balance(tale.club(), "B") == 100


def test_qualifying_points_of_a_year() -> None:
    tale = joined()
    for day in (date(2023, 12, 31), date(2024, 1, 1), date(2024, 12, 31)):
        tale.sale(day, "10")
    assert tale.club().balances["A",]["qualifying_12m"] == 20


def test_validity_is_that_of_the_day_of_the_lot_and_never_ends_before_an_earlier_one() -> None:
    changes = [("1990-01-01", "2024-01-01", "24"), ("2024-01-01", "2024-07-01", "3"), ("2024-07-01", "", "36")]
    program = [
        always("policy_points_program", effective_from=first, effective_to=until, validity_months=months)[0]
        for first, until, months in changes
    ]
    rules = Rules(MadePolicy({"policy_points_program": program}))
    days = [date(2023, 1, 1), date(2023, 12, 31), date(2024, 1, 1), date(2024, 6, 30), date(2024, 7, 1)]
    expected = [date(2025, 3, 31), date(2025, 12, 31), date(2025, 12, 31), date(2025, 12, 31), date(2027, 9, 30)]
    assert [expires_on(day, rules) for day in days] == expected
