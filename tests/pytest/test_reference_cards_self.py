"""The reference of cards against examples computed by hand, at the edges of its rules."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from club_worlds import CLUB_TABLES, Membership, Tables, always, card_rules, column
from signal_worlds import ALWAYS, MadePolicy, Row
from tests.reference.books import Books
from tests.reference.cards.ladder import ENTRY, MAINTAIN, Ladder
from tests.reference.cards.machine import Cause, Machine, Period, State, Upgrade, end_of_month, walked
from tests.reference.cards.metrics import Meter, facts_of, first_day_of_period, last_anniversary, whole_months
from tests.reference.cards.paths import month_ends
from tests.reference.club import Club
from tests.reference.delivery import Options
from tests.reference.points.accounts import accounts_at
from tests.reference.points.rules import Rules
from tests.reference.points.sales import Till, qualifying_entries
from tests.reference.registers import Contracts, Customers

SINCE = date(2022, 1, 1)
START = date(2023, 3, 10)
DIAMOND = 4


def joined(since: date | str = SINCE, **cells: str) -> Membership:
    """A is a member."""
    tale = Membership()
    tale.member(since, **cells)
    return tale


def reasons(club: Club, account_id: str = "A") -> list[tuple[str, object]]:
    """What happened, and when."""
    return column(club.history, "reason", account_id)


def program(**cells: str) -> Tables:
    """A card program that is always in force."""
    return {"policy_card_program": always("policy_card_program", **cells)}


# --- Dates


@pytest.mark.parametrize(
    ("since", "t", "anniversary"),
    [
        (date(2020, 2, 29), date(2023, 2, 27), date(2022, 2, 28)),
        (date(2020, 2, 29), date(2023, 2, 28), date(2023, 2, 28)),
        (date(2020, 2, 29), date(2024, 2, 28), date(2023, 2, 28)),
        (date(2020, 2, 29), date(2024, 2, 29), date(2024, 2, 29)),
        (date(2020, 5, 1), date(2020, 5, 1), date(2020, 5, 1)),
    ],
)
def test_anniversaries_of_a_leap_day_are_on_the_28th(since: date, t: date, anniversary: date) -> None:
    assert last_anniversary(since, t) == anniversary


@pytest.mark.parametrize(
    ("since", "t", "months"),
    [
        (date(2023, 1, 31), date(2023, 2, 27), 0),
        (date(2023, 1, 31), date(2023, 2, 28), 1),
        (date(2023, 1, 31), date(2023, 3, 30), 1),
        (date(2023, 1, 31), date(2024, 1, 31), 12),
        (date(2023, 1, 31), date(2023, 1, 31), 0),
    ],
)
def test_months_count_when_they_are_whole(since: date, t: date, months: int) -> None:
    assert whole_months(since, t) == months


@pytest.mark.parametrize(
    ("cells", "first"),
    [
        ({"period_type": "rolling", "period_months": "12"}, date(2023, 3, 1)),
        ({"period_type": "rolling", "period_months": "24"}, date(2022, 12, 2)),
        ({"period_type": "calendar_year"}, date(2024, 1, 1)),
        ({"period_type": "anniversary"}, date(2024, 1, 1)),
        ({"period_type": "lifetime"}, date(2022, 12, 2)),
    ],
)
def test_the_first_day_of_a_period(cells: Row, first: date) -> None:
    assert first_day_of_period(cells, date(2023, 1, 1), 30, date(2024, 2, 29)) == first


def test_a_validity_ends_with_a_month() -> None:
    assert end_of_month(date(2023, 2, 10), 12) == date(2024, 2, 29)
    assert end_of_month(date(2024, 2, 29), 12) == date(2025, 2, 28)
    assert month_ends(date(2024, 1, 31), date(2024, 3, 31)) == [date(2024, 2, 29), date(2024, 3, 31)]


# --- What is measured


def measured(tale: Membership, t: date, since: date = SINCE, **tables: list[Row]) -> dict[str, Fraction]:
    """What is measured of A on a day, as the account at that day."""
    options = Options(as_of_date=date(2024, 12, 31))
    rules = Rules(MadePolicy(CLUB_TABLES | tables))
    customers = Customers(tale.delivery, options)
    books = Books(tale.delivery, options, rules, customers, options.as_of_date)
    till = Till(tale.delivery, options, books.book.sales, Contracts(tale.delivery, options, customers), rules)
    (account,) = accounts_at(tale.delivery, options, customers, options.as_of_date)
    earnings = till.earnings(account, options.as_of_date)
    posted = [(earning.sale, earning.posted_on) for earning in earnings]
    facts = facts_of(books.book, qualifying_entries(earnings, options.as_of_date), posted)
    return dict(Meter(facts, rules).metrics(["A"], since, t))


def test_points_count_by_date_of_sale_and_day_of_posting() -> None:
    tale = joined()
    sale = tale.sale(date(2023, 6, 1), "100", recorded_at="2023-07-01")
    tale.sale(date(2022, 6, 1), "7")
    tale.refund(sale, date(2024, 2, 1), "40")
    days = {
        date(2023, 5, 31): 7,
        date(2023, 6, 30): 0,
        date(2023, 7, 1): 100,
        date(2024, 1, 31): 100,
        date(2024, 2, 1): 60,
        date(2024, 5, 31): 60,
        date(2024, 6, 1): 0,
    }
    assert {t: measured(tale, t)["qualifying_points"] for t in days} == days
    assert measured(tale, date(2024, 6, 1))["lifetime_points"] == 67


def test_spend_is_of_the_period_and_homes_are_spread() -> None:
    tale = joined()
    tale.sale(date(2024, 3, 1), "100.50")
    tale.sale(date(2024, 3, 1), "20", txn_type="adjustment", direction="credit")
    tale.sale(date(2023, 3, 1), "1000")
    tale.sale(date(2020, 3, 1), "1826", "property_sale")
    assert measured(tale, date(2024, 6, 1))["net_spend"] == Fraction("446.5")
    assert measured(tale, date(2024, 2, 29))["net_spend"] == 1000 + 366
    assert measured(tale, date(2024, 2, 28))["net_spend"] == 1000 + 365
    assert measured(tale, date(2022, 1, 1))["net_spend"] == 31


def test_the_spread_of_homes_is_rounded_once_to_four_places() -> None:
    tale = joined("2024-01-01")
    for _ in range(2):
        tale.sale(date(2024, 1, 1), "100", "property_sale")
    assert measured(tale, date(2024, 1, 1), date(2024, 1, 1))["net_spend"] == Fraction("0.1095")


def test_occasions_are_distinct_and_have_something_left() -> None:
    tale = joined()
    tale.sale(date(2024, 3, 1))
    tale.sale(date(2024, 3, 1))
    sale = tale.sale(date(2024, 3, 2), lob="lease")
    tale.sale(date(2023, 3, 2))
    tale.refund(sale, date(2024, 4, 1))
    told = {t: measured(tale, t) for t in (date(2024, 3, 1), date(2024, 3, 2), date(2024, 4, 1))}
    assert [int(metrics["occasions"]) for metrics in told.values()] == [2, 2, 1]
    assert [int(metrics["lobs"]) for metrics in told.values()] == [1, 2, 1]


@pytest.mark.parametrize(
    ("cells", "t", "told"),
    [
        ({"due_date": "2024-04-01"}, date(2024, 5, 1), 1),
        ({"due_date": "2024-04-01"}, date(2024, 5, 2), 0),
        ({"due_date": "2024-04-01", "paid_at": "2024-06-01"}, date(2024, 5, 31), 0),
        ({"due_date": "2024-04-01", "paid_at": "2024-06-01"}, date(2024, 6, 1), 1),
        ({"due_date": "2024-04-01", "lob": "venue"}, date(2024, 12, 1), 1),
        ({"due_date": "2024-04-01", "amount": "0"}, date(2024, 12, 1), 1),
        ({"payment_status": "unpaid"}, date(2024, 12, 1), 1),
    ],
)
def test_a_bill_is_overdue_after_its_grace(cells: Row, t: date, told: int) -> None:
    tale = joined()
    tale.sale(date(2024, 3, 1), **({"lob": "lease", "txn_type": "bill"} | cells))
    assert measured(tale, t)["no_overdue"] == told


# --- Rules


def metrics(**values: int) -> dict[str, Fraction]:
    """Metrics of a day, 0 where nothing is told."""
    names = ("qualifying_points", "net_spend", "occasions", "lobs", "tenure_months", "lifetime_points")
    return {name: Fraction(values.get(name, 0)) for name in names} | {"no_overdue": Fraction(values.get("paid", 1))}


@pytest.mark.parametrize(
    ("values", "entry", "keep"),
    [
        ({}, 0, 0),
        ({"qualifying_points": 400}, 0, 1),
        ({"qualifying_points": 499}, 0, 1),
        ({"qualifying_points": 500}, 1, 1),
        ({"net_spend": 20_000}, 1, 1),
        ({"net_spend": 15_999}, 0, 0),
        ({"qualifying_points": 2_000}, 1, 1),
        ({"qualifying_points": 2_000, "occasions": 2}, 2, 2),
        ({"qualifying_points": 2_000, "lobs": 2}, 2, 2),
        ({"net_spend": 500_000, "occasions": 2}, 4, 4),
        ({"net_spend": 500_000, "occasions": 2, "paid": 0}, 2, 2),
        ({"net_spend": 400_000, "occasions": 2}, 3, 4),
    ],
)
def test_a_rank_is_met_by_any_route(values: dict[str, int], entry: int, keep: int) -> None:
    ladder = Ladder(Rules(MadePolicy(CLUB_TABLES)))
    ranks = [ladder.rank(metrics(**values), purpose, START) for purpose in (ENTRY, MAINTAIN)]
    assert ranks == [entry, keep]


@pytest.mark.parametrize(
    ("values", "tier", "gap"),
    [
        ({"qualifying_points": 300}, "silver", (200, None, Fraction(2, 5))),
        ({"net_spend": 15_000}, "silver", (None, 5_000, Fraction(1, 4))),
        ({"qualifying_points": 500}, "silver", (0, None, 0)),
        ({"qualifying_points": 1_500, "occasions": 1}, "gold", (500, None, Fraction(1, 2))),
        ({"qualifying_points": 1_500, "occasions": 2}, "gold", (500, None, Fraction(1, 4))),
        ({"qualifying_points": 1_500, "net_spend": 72_000, "lobs": 2}, "gold", (None, 8_000, Fraction(1, 10))),
    ],
)
def test_the_nearest_route_misses_the_smallest_share(values: dict[str, int], tier: str, gap: tuple) -> None:
    found = Ladder(Rules(MadePolicy(CLUB_TABLES))).gap(metrics(**values), tier, ENTRY, START)
    assert (found.points, found.spend, found.share) == gap


# --- The machine, on figures made up


@dataclass
class Told:
    """Ranks told by the day from which they hold."""

    entry: dict[str, int]
    keep: dict[str, int] = field(default_factory=dict)
    keep_by_old_rows: int = 0
    refunds: dict[str, str] = field(default_factory=dict)
    others: dict[str, list[State]] = field(default_factory=dict)
    sales: dict[str, Cause] = field(default_factory=dict)

    @staticmethod
    def _last(told: dict[str, int], t: date) -> int:
        return max(((day, rank) for day, rank in told.items() if day <= str(t)), default=("", 0))[1]

    def entry_rank(self, t: date) -> int:
        return self._last(self.entry, t)

    def keep_rank(self, t: date, rows_of: date) -> int:
        return max(self._last(self.keep, t), self.entry_rank(t)) if rows_of == t else self.keep_by_old_rows

    def cause(self, t: date) -> Cause | None:
        return self.sales.get(str(t))

    def is_refunded(self, cause: Cause, t: date) -> bool:
        return self.refunds.get(str(t)) == cause.txn_id

    def arrivals(self, t: date) -> list[State]:
        return self.others.get(str(t), [])


def lived(told: Told, last: str = "2030-12-31", **tables: list[Row]) -> list[Period]:
    """A card since START, walked every single day."""
    days = [START + timedelta(days=n) for n in range((date.fromisoformat(last) - START).days + 1)]
    machine = Machine(Ladder(Rules(MadePolicy(CLUB_TABLES | tables))), told)
    return walked(machine, days, lambda t, rank: (rank, None, None))


def story(periods: list[Period]) -> list[tuple[str, int, str]]:
    """Day, rank and reason of each period."""
    return [(str(period.valid_from), period.state.rank, period.reason) for period in periods]


def sale(txn_id: str, day: str) -> Cause:
    """A sale that may be the cause."""
    return Cause("default", txn_id, date.fromisoformat(day))


def test_entry_on_the_first_day_upgrades_at_once() -> None:
    periods = lived(Told({"2023-03-10": 2}), "2024-03-30")
    assert story(periods) == [("2023-03-10", 2, "UPGRADE")]
    assert periods[0].state.valid_to == date(2024, 3, 31)
    assert story(lived(Told({}))) == [("2023-03-10", 0, "INITIAL")]


def test_a_card_falls_one_step_at_a_time_after_its_grace() -> None:
    periods = lived(Told({"2023-04-05": 2, "2023-05-01": 0}), "2026-12-31")
    assert story(periods) == [
        ("2023-03-10", 0, "INITIAL"),
        ("2023-04-05", 2, "UPGRADE"),
        ("2024-04-30", 2, "GRACE"),
        ("2024-07-29", 1, "DOWNGRADE"),
        ("2025-07-31", 1, "GRACE"),
        ("2025-10-29", 0, "DOWNGRADE"),
    ]
    assert [period.state.valid_to for period in periods[-2:]] == [date(2025, 7, 31), None]


@pytest.mark.parametrize(
    ("cells", "fall"),
    [
        ({"grace_days": "0"}, ("2024-04-30", 3, "DOWNGRADE")),
        ({"grace_days": "0", "downgrade_mode": "to_earned"}, ("2024-04-30", 1, "DOWNGRADE")),
        ({"grace_days": "0", "downgrade_mode": "to_base"}, ("2024-04-30", 0, "DOWNGRADE")),
        ({"grace_days": "1"}, ("2024-04-30", 4, "GRACE")),
    ],
)
def test_how_a_card_falls(cells: Row, fall: tuple[str, int, str]) -> None:
    told = Told({"2023-04-05": DIAMOND, "2023-05-01": 1})
    assert story(lived(told, "2024-04-30", **program(**cells)))[-1] == fall


def test_what_is_kept_is_renewed_from_the_end_of_the_validity() -> None:
    periods = lived(Told({"2023-04-05": 2, "2023-05-01": 0}, {"2023-05-01": 2, "2025-04-30": 1}), "2025-07-29")
    assert story(periods)[2:] == [
        ("2024-04-30", 2, "REQUALIFIED"),
        ("2025-04-30", 2, "GRACE"),
        ("2025-07-29", 1, "DOWNGRADE"),
    ]
    assert periods[2].state.valid_to == date(2025, 4, 30)


def test_in_grace_a_card_is_restored_or_raised() -> None:
    told = Told({"2023-04-05": 2, "2023-05-01": 0}, {"2024-07-29": 2, "2025-01-01": 0})
    periods = lived(told, "2025-04-30")
    assert story(periods)[2:] == [
        ("2024-04-30", 2, "GRACE"),
        ("2024-07-29", 2, "REQUALIFIED_IN_GRACE"),
        ("2025-04-30", 2, "GRACE"),
    ]
    assert periods[3].state.valid_to == date(2025, 4, 30)
    periods = lived(Told({"2023-04-05": 2, "2023-05-01": 0, "2024-06-10": 3}), "2024-12-31")
    assert story(periods)[2:] == [("2024-04-30", 2, "GRACE"), ("2024-06-10", 3, "UPGRADE")]
    assert (periods[-1].state.in_grace, periods[-1].state.valid_to) == (False, date(2025, 6, 30))


def test_one_level_at_a_time_where_the_program_says_so() -> None:
    periods = lived(Told({"2023-04-05": 3}), "2023-05-01", **program(allow_multi_level_up="false"))
    assert story(periods)[1:] == [
        ("2023-04-05", 1, "UPGRADE"),
        ("2023-04-06", 2, "UPGRADE"),
        ("2023-04-07", 3, "UPGRADE"),
    ]


@pytest.mark.parametrize(("day", "reason"), [("2023-04-04", "UPGRADE"), ("2023-04-03", "LATE_EVENT")])
def test_an_upgrade_more_than_a_day_after_its_sale_is_late(day: str, reason: str) -> None:
    told = Told({"2023-04-05": 1}, sales={"2023-04-05": sale("T1", day)})
    assert story(lived(told, "2023-06-01"))[1:] == [("2023-04-05", 1, reason)]


def test_the_refund_of_the_sale_that_raised_a_card_takes_it_back() -> None:
    told = Told(
        {"2023-04-05": 1, "2023-06-10": 3, "2023-08-01": 1},
        sales={"2023-04-05": sale("T1", "2023-04-05"), "2023-06-10": sale("T2", "2023-06-10")},
        refunds={"2023-07-01": "T2", "2023-08-01": "T2", "2023-09-01": "T1"},
    )
    periods = lived(told, "2023-12-31")
    assert story(periods)[2:] == [("2023-06-10", 3, "UPGRADE"), ("2023-08-01", 1, "REFUND_REVERSAL")]
    assert periods[-1].state.valid_to == date(2024, 4, 30)
    assert periods[-1].state.upgrade is None


def test_a_refund_leads_to_what_is_earned_and_begins_a_validity_where_none_is_left() -> None:
    told = Told(
        {"2023-04-05": 3, "2023-08-01": 2},
        sales={"2023-04-05": sale("T1", "2023-04-05")},
        refunds={"2023-08-01": "T1"},
    )
    periods = lived(told, "2023-12-31")
    assert story(periods)[-1] == ("2023-08-01", 2, "REFUND_REVERSAL")
    assert periods[-1].state.valid_to == date(2024, 8, 31)


@pytest.mark.parametrize(
    ("refunds", "is_reversed"),
    [
        ({"2024-04-30": "T1"}, True),
        ({"2024-05-01": "T1"}, False),
        ({"2023-08-01": "T0"}, False),
    ],
)
def test_only_a_refund_of_the_cause_within_the_validity_counts(refunds: dict[str, str], is_reversed: bool) -> None:
    told = Told(
        {"2023-04-05": 1, "2023-05-01": 0},
        sales={"2023-04-05": sale("T1", "2023-04-05")},
        refunds=refunds,
    )
    periods = lived(told, "2024-05-15")
    assert ("REFUND_REVERSAL" in [reason for _, _, reason in story(periods)]) == is_reversed


def test_after_a_renewal_no_sale_is_the_cause() -> None:
    told = Told(
        {"2023-04-05": 1, "2024-05-10": 0},
        sales={"2023-04-05": sale("T1", "2023-04-05")},
        refunds={"2024-05-10": "T1"},
    )
    assert story(lived(told, "2024-12-31"))[2:] == [("2024-04-30", 1, "REQUALIFIED")]


def test_a_merge_brings_the_higher_card_with_its_validity() -> None:
    other = State(rank=3, valid_to=date(2023, 12, 31), granted_on=date(2022, 12, 5))
    told = Told({"2023-04-05": 1, "2023-05-01": 0}, others={"2023-06-01": [State(), other, State(rank=2)]})
    periods = lived(told, "2024-01-31")
    assert story(periods)[2:] == [("2023-06-01", 3, "MERGE_RESOLUTION"), ("2023-12-31", 3, "GRACE")]


def test_at_equal_ranks_the_later_validity_stays() -> None:
    later = State(rank=1, valid_to=date(2024, 6, 30), granted_on=SINCE)
    told = Told({"2023-04-05": 1, "2023-05-01": 0}, others={"2023-06-01": [later], "2023-06-02": [later]})
    periods = lived(told, "2023-12-31")
    assert story(periods)[2:] == [("2023-06-01", 1, "MERGE_RESOLUTION")]
    assert periods[-1].state.valid_to == date(2024, 6, 30)


def test_a_card_in_grace_may_come_with_a_merge() -> None:
    other = State(rank=2, valid_to=date(2023, 5, 31), grace_until=date(2023, 8, 29), granted_on=SINCE)
    periods = lived(Told({}, others={"2023-06-01": [other]}), "2023-09-01")
    assert story(periods)[1:] == [("2023-06-01", 2, "MERGE_RESOLUTION"), ("2023-08-29", 1, "DOWNGRADE")]
    assert periods[1].state.in_grace


def test_a_merge_and_an_upgrade_on_one_day_are_one_period() -> None:
    other = State(rank=2, valid_to=date(2023, 12, 31), granted_on=SINCE)
    periods = lived(Told({"2023-06-01": 3}, others={"2023-06-01": [other]}), "2023-07-01")
    assert story(periods)[1:] == [("2023-06-01", 3, "UPGRADE")]


def test_five_renewals_at_platinum_are_a_floor_of_gold() -> None:
    told = Told({"2023-04-05": 3, "2028-05-01": 0})
    periods = lived(told, "2032-12-31", **program(downgrade_mode="to_base", grace_days="0"))
    assert story(periods)[2:] == [
        *((f"{year}-04-30", 3, "REQUALIFIED") for year in range(2024, 2029)),
        ("2029-04-30", 2, "DOWNGRADE"),
        *((f"{year}-04-30", 2, "REQUALIFIED") for year in range(2030, 2033)),
    ]
    assert [period.state.floor_rank for period in periods[5:8]] == [None, 2, 2]


def test_a_fall_begins_the_count_of_renewals_anew() -> None:
    told = Told({"2023-04-05": DIAMOND, "2024-05-01": 3})
    periods = lived(told, "2030-12-31", **program(grace_days="0"))
    assert story(periods)[2:4] == [("2024-04-30", 4, "REQUALIFIED"), ("2025-04-30", 3, "DOWNGRADE")]
    assert periods[-1].state.renewals == {1: 5, 2: 5, 3: 5}
    assert [period.state.floor_rank for period in periods[-2:]] == [None, 2]


def test_what_was_granted_by_milder_rules_is_kept_by_them_once() -> None:
    told = Told({"2023-04-05": 2, "2023-05-01": 0}, keep_by_old_rows=2)
    assert story(lived(told, "2024-04-30"))[-1] == ("2024-04-30", 2, "GRACE")
    periods = lived(told, "2024-04-30", **program(grandfathered="true"))
    assert story(periods)[-1] == ("2024-04-30", 2, "GRANDFATHERED")


def test_the_state_before_an_upgrade_is_remembered() -> None:
    told = Told(
        {"2023-04-05": 1, "2023-06-10": 2},
        sales={day: sale(day, day) for day in ("2023-04-05", "2023-06-10")},
    )
    upgrade = lived(told, "2023-07-01")[-1].state.upgrade
    assert upgrade == Upgrade(
        sale("2023-06-10", "2023-06-10"), date(2023, 6, 10), 1, date(2024, 4, 30), date(2023, 4, 5)
    )


# --- Whole histories


def test_the_threshold_itself_is_enough() -> None:
    tale = joined()
    tale.sale(date(2023, 3, 10), "499")
    assert reasons(tale.club()) == [("2022-01-01", "INITIAL")]
    tale.sale(date(2023, 3, 11), "1")
    club = tale.club("2024-02-01")
    assert reasons(club) == [("2022-01-01", "INITIAL"), ("2023-03-11", "UPGRADE")]
    assert column(club.history, "caused_by_txn_id") == [("2022-01-01", None), ("2023-03-11", "T1")]
    assert column(club.history, "valid_until") == [("2022-01-01", "2023-03-11"), ("2023-03-11", None)]


def test_the_cause_is_the_sale_that_happened_last() -> None:
    tale = joined()
    tale.sale(date(2023, 3, 10), "400", event_at="2023-03-10 18:00:00")
    tale.sale(date(2023, 3, 10), "400", event_at="2023-03-10 12:00:00")
    tale.sale(date(2023, 3, 9), "400", recorded_at="2023-03-10")
    assert column(tale.club().history, "caused_by_txn_id")[1] == ("2023-03-10", "T0")


def test_a_sale_and_its_refund_on_one_day_are_no_event() -> None:
    tale = joined()
    sale_id = tale.sale(date(2023, 3, 10), "600")
    tale.refund(sale_id, date(2023, 3, 10), "600")
    assert reasons(tale.club()) == [("2022-01-01", "INITIAL")]


def test_several_sales_of_a_day_are_one_upgrade() -> None:
    tale = joined()
    for amount in ("600", "1500", "3000"):
        tale.sale(date(2023, 3, 10), amount, order_id=amount)
    assert column(tale.club("2023-04-01").history, "card_tier") == [
        ("2022-01-01", "regular"),
        ("2023-03-10", "platinum"),
    ]


def test_what_was_bought_before_membership_counts_for_thirty_days() -> None:
    for day, is_silver in ((date(2021, 12, 2), True), (date(2021, 12, 1), False)):
        tale = joined()
        tale.sale(day, "600")
        first = column(tale.club("2022-02-01").history, "card_tier")
        assert first == [("2022-01-01", "silver" if is_silver else "regular")]


def test_what_is_recorded_late_raises_a_card_when_it_is_known() -> None:
    tale = joined()
    tale.sale(date(2023, 3, 10), "600", recorded_at="2023-06-01")
    assert reasons(tale.club("2023-12-31"))[1:] == [("2023-06-01", "LATE_EVENT")]
    assert tale.club("2023-05-31").cards["A",]["card_tier"] == "regular"


def test_a_home_raises_a_card_at_a_month_end() -> None:
    tale = joined()
    tale.sale(date(2023, 3, 10), "1826000", "property_sale", contract_id="")
    rows = [row for row in card_rules() if row["metric"] != "qualifying_points"]
    club = tale.club("2023-12-31", policy_card_rules=rows)
    assert reasons(club)[1:] == [("2023-03-31", "UPGRADE")]
    assert measured(tale, date(2023, 3, 29))["net_spend"] < 20_000 < measured(tale, date(2023, 3, 31))["net_spend"]


def test_an_unpaid_bill_stands_in_the_way_of_platinum() -> None:
    tale = joined()
    tale.sale(date(2023, 1, 5), "10", "lease", txn_type="bill", due_date="2023-01-10", paid_at="2023-05-20")
    tale.sale(date(2023, 3, 10), "6000")
    assert column(tale.club("2023-12-31").history, "card_tier")[1:] == [
        ("2023-03-10", "gold"),
        ("2023-05-20", "platinum"),
    ]


def test_a_year_in_the_life_of_a_card() -> None:
    tale = joined()
    tale.sale(date(2023, 3, 10), "600")
    club = tale.club("2024-04-30")
    assert club.cards["A",] == {
        "account_id": "A",
        "card_tier": "silver",
        "since": "2023-03-10",
        "valid_to": "2024-03-31",
        "is_in_grace": True,
        "next_tier": "gold",
        "gap_points": 2000,
        "gap_spend": None,
        "keep_gap_points": 400,
        "keep_gap_spend": None,
        "days_left": 60,
        "has_downgrade_risk": True,
        "progress": Decimal("0.0000"),
        "is_blocked_by_overdue": False,
        "reason": "GRACE",
        "is_floor": False,
    }
    assert not tale.club("2024-04-29").cards["A",]["has_downgrade_risk"]
    assert tale.club("2024-01-31").cards["A",]["has_downgrade_risk"] is False
    tale.sale(date(2024, 4, 30), "400")
    assert reasons(tale.club("2024-04-30"))[-1] == ("2024-04-30", "REQUALIFIED_IN_GRACE")
    assert tale.club("2024-04-30").cards["A",]["valid_to"] == "2025-03-31"


def test_at_the_top_there_is_nothing_to_reach() -> None:
    tale = joined()
    for day in (1, 2):
        tale.sale(date(2024, 12, day), "6000")
    row = tale.club().cards["A",]
    assert [row[name] for name in ("card_tier", "next_tier", "gap_points", "gap_spend", "progress")] == [
        *("diamond", None, None, None),
        Decimal("1.0000"),
    ]
    assert (row["keep_gap_points"], row["has_downgrade_risk"]) == (0, False)


def test_new_rules_hold_at_once_for_entries() -> None:
    tale = joined()
    tale.sale(date(2023, 3, 10), "450")
    milder = [
        ALWAYS
        | row
        | {"effective_from": "2023-06-01", "threshold": str(int(row["threshold"]) // 2), "policy_version": "2"}
        for row in card_rules()
    ]
    older = [ALWAYS | row | {"effective_to": "2023-06-01"} for row in card_rules()]
    club = tale.club("2024-06-30", policy_card_rules=[*older, *milder])
    assert reasons(club)[1:] == [("2023-06-01", "UPGRADE"), ("2024-06-30", "GRACE")]
    assert column(club.history, "caused_by_txn_id")[1] == ("2023-06-01", None)


def test_holders_stay_to_the_end_of_their_validity_under_harder_rules() -> None:
    tale = joined()
    tale.sale(date(2023, 3, 10), "600")
    tale.sale(date(2023, 5, 1), "450")
    harder = [
        ALWAYS
        | row
        | {"effective_from": "2023-06-01", "threshold": str(int(row["threshold"]) * 2), "policy_version": "2"}
        for row in card_rules()
    ]
    older = [ALWAYS | row | {"effective_to": "2023-06-01"} for row in card_rules()]
    rows = {"policy_card_rules": [*older, *harder]}
    assert reasons(tale.club("2024-03-31", **rows))[2:] == [("2024-03-31", "GRACE")]
    kept = tale.club("2024-03-31", **rows, **program(grandfathered="true"))
    assert reasons(kept)[2:] == [("2024-03-31", "GRANDFATHERED")]


def test_merged_members_show_one_card() -> None:
    tale = Membership()
    tale.member("2022-05-01", "A")
    tale.member("2022-01-01", "B")
    tale.customer("N")
    tale.sale(date(2023, 3, 10), "600", customer="A")
    tale.sale(date(2023, 3, 11), "1500", customer="N")
    tale.merge("A", "B", "2023-06-01")
    tale.merge("N", "B", "2023-07-01")
    club = tale.club("2023-12-31")
    assert list(zip(*(column(club.history, n, "B") for n in ("card_tier", "reason")), strict=True))[1:] == [
        (("2023-06-01", "silver"), ("2023-06-01", "MERGE_RESOLUTION")),
        (("2023-07-01", "gold"), ("2023-07-01", "UPGRADE")),
    ]
    assert reasons(club, "A") == []
    assert club.cards["A",] == club.cards["B",]
    assert set(club.cards) == {("A",), ("B",)}


def test_the_period_of_a_merged_account_goes_back_to_its_first_member() -> None:
    tale = Membership()
    tale.member("2022-01-01", "A")
    tale.member("2023-05-25", "B")
    tale.sale(date(2023, 2, 1), "300", customer="A")
    tale.sale(date(2023, 5, 26), "300", customer="B")
    tale.merge("A", "B", "2023-06-01")
    assert reasons(tale.club("2023-12-31"), "B") == [("2023-05-25", "INITIAL"), ("2023-06-01", "UPGRADE")]


# --- Overrides


def test_an_override_shows_its_card_and_leaves_nothing_behind() -> None:
    tale = joined()
    tale.sale(date(2023, 3, 10), "600")
    tale.override("set", "platinum", "2023-04-01", "2023-05-01")
    club = tale.club("2023-12-31")
    assert list(
        zip(*([v for _, v in column(club.history, n)] for n in ("card_tier", "computed_tier", "reason")), strict=True)
    ) == [
        ("regular", "regular", "INITIAL"),
        ("silver", "silver", "UPGRADE"),
        ("platinum", "silver", "OVERRIDE_BEGIN"),
        ("silver", "silver", "OVERRIDE_END"),
    ]
    assert column(club.history, "override_id")[2] == ("2023-04-01", "O0")
    assert club.cards["A",]["since"] == "2023-05-01"
    assert tale.club("2023-04-15").cards["A",]["next_tier"] == "diamond"
    assert [row["benefit"] for row in tale.club("2023-04-15").benefits] == ["parking", "lounge"]


@pytest.mark.parametrize(
    ("kind", "tier", "shown"),
    [
        ("floor", "gold", "gold"),
        ("floor", "regular", "silver"),
        ("ceiling", "regular", "regular"),
        ("ceiling", "gold", "silver"),
        ("set", "regular", "regular"),
        ("freeze", "", "regular"),
        ("lift", "gold", "silver"),
        ("set", "high", "silver"),
    ],
)
def test_what_overrides_do(kind: str, tier: str, shown: str) -> None:
    tale = joined()
    tale.override(kind, tier, "2023-03-01", "2023-05-01")
    tale.sale(date(2023, 3, 10), "600")
    assert tale.club("2023-04-01").cards["A",]["card_tier"] == shown


@pytest.mark.parametrize(
    ("cells", "days"),
    [
        ({}, ("2023-04-01", "2023-05-01")),
        ({"recorded_at": "2023-04-10"}, ("2023-04-10", "2023-05-01")),
        ({"approved_at": "2023-04-11"}, ("2023-04-11", "2023-05-01")),
        ({"revoked_at": "2023-04-20"}, ("2023-04-01", "2023-04-20")),
        ({"approved_by": ""}, None),
        ({"approved_by": "Ann"}, None),
        ({"reason_text": "short"}, None),
        ({"reason_code": "whim"}, None),
        ({"axis": "value"}, None),
        ({"valid_to": "2024-04-01"}, None),
        ({"valid_to": "2023-04-01"}, None),
    ],
)
def test_when_an_override_is_in_force(cells: Row, days: tuple[str, str] | None) -> None:
    tale = joined()
    tale.override("set", "gold", "2023-04-01", "2023-05-01", **cells)
    told = [day for day, _ in reasons(tale.club("2023-12-31"))[1:]]
    assert told == list(days or ())


def test_set_goes_before_freeze_and_freeze_before_floor() -> None:
    tale = joined()
    tale.override("floor", "gold", "2023-04-01", "2023-08-01", approved_at="2023-03-20")
    tale.override("freeze", "", "2023-05-01", "2023-07-01", approved_at="2023-03-10")
    tale.override("set", "diamond", "2023-06-01", "2023-06-10", approved_at="2023-03-01")
    assert column(tale.club("2023-12-31").history, "card_tier")[1:] == [
        ("2023-04-01", "gold"),
        ("2023-05-01", "regular"),
        ("2023-06-01", "diamond"),
        ("2023-06-10", "regular"),
        ("2023-07-01", "gold"),
        ("2023-08-01", "regular"),
    ]


def test_an_upgrade_under_an_override_keeps_its_reason() -> None:
    tale = joined()
    tale.override("set", "gold", "2023-03-10", "2023-08-01")
    tale.sale(date(2023, 3, 10), "600")
    assert reasons(tale.club("2023-12-31"))[1:] == [("2023-03-10", "UPGRADE"), ("2023-08-01", "OVERRIDE_END")]


def test_the_override_of_a_merged_customer_counts_from_the_merge_on() -> None:
    tale = joined()
    tale.member(SINCE, "B")
    tale.override("set", "gold", "2023-03-10", "2023-08-01")
    tale.merge("A", "B", "2023-06-01")
    assert reasons(tale.club("2023-12-31"), "B")[1:] == [
        ("2023-06-01", "OVERRIDE_BEGIN"),
        ("2023-08-01", "OVERRIDE_END"),
    ]


def test_a_multiplier_goes_by_the_card_shown() -> None:
    tale = joined()
    tale.override("set", "diamond", "2023-03-10", "2023-03-12")
    for day in range(10, 14):
        tale.sale(date(2023, 3, day), "10")
    points = [row["points"] for row in tale.club().ledger if row["currency"] == "redeemable"]
    assert points == [10, 20, 20, 10]
