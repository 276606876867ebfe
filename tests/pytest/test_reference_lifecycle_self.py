"""The reference of the lifecycle against examples computed by hand, at the edges of its rules."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from signal_worlds import LIFECYCLE, D, Row, Tale, ago
from tests.reference.delivery import Options
from tests.reference.signals import lifecycle
from tests.reference.signals.activity import Span, counted, spans
from tests.reference.signals.facts import interactions_at
from tests.reference.signals.world import Values

FREE = {"cost_amount": "0"}  # the contribution is the amount


def life(tale: Tale, d: date = D, customer: str = "A", **policy: str) -> Values:
    """The row of a customer."""
    world = tale.world(d, {"policy_lifecycle": [LIFECYCLE | policy]})
    return lifecycle.rows(world, interactions_at(world))[d.isoformat(), customer]


def stage(tale: Tale, d: date = D, **policy: str) -> tuple[object, object]:
    """Stage and reason of customer A."""
    row = life(tale, d, **policy)
    return row["lifecycle_stage"], row["stage_reason"]


def sales(*back: int, amount: str = "100", lob: str = "venue", **cells: str) -> Tale:
    """A purchase on each of these days before D."""
    tale = Tale()
    for days in back:
        tale.sale(ago(days), amount, lob, **(FREE | cells))
    return tale


# --- Stages, in the order of the table


def test_nobody_who_holds_no_line_is_more_than_a_prospect() -> None:
    tale = Tale()
    tale.customer("A")
    assert life(tale) == {
        "lifecycle_stage": "prospect",
        "stage_reason": "never_bought",
        "expected_gap_days": None,
        "idle_days": None,
        "days_since_first_purchase": None,
        "rhythm_days": None,
        "idle_to_rhythm": None,
        "value_12m": None,
        "value_previous_12m": None,
        "value_trend_12m": None,
        "is_own_rhythm": None,
        "has_active_contract": False,
        "has_returned": False,
        "has_added_line": False,
        "stage_order": 1,
        "first_purchase_date": None,
        "last_activity_date": None,
    }


def test_a_customer_whose_purchases_were_all_taken_back_is_a_prospect_again() -> None:
    tale = Tale()
    tale.refund(tale.sale(ago(20)), ago(10))
    assert stage(tale, ago(11)) == ("new", "first_purchase")
    assert stage(tale, ago(10)) == ("prospect", "never_bought")


@pytest.mark.parametrize(
    ("back", "expected"),
    [
        (0, ("new", "first_purchase")),
        (90, ("new", "first_purchase")),
        (91, ("decline", "idle")),
        (180, ("decline", "idle")),
        (181, ("dormant", "idle")),
        (270, ("dormant", "idle")),
        (271, ("churned", "idle")),
    ],
)
def test_a_single_visit_ages_from_new_to_churned(back: int, expected: tuple[str, str]) -> None:
    assert stage(sales(back)) == expected


def test_the_figures_of_a_visit_270_days_ago() -> None:
    row = life(sales(270))
    assert (row["idle_days"], row["expected_gap_days"], row["rhythm_days"]) == (270, 90, Decimal("90.0"))
    assert row["idle_to_rhythm"] == Decimal("3.0000")
    assert row["is_own_rhythm"] is False
    assert row["first_purchase_date"] == row["last_activity_date"] == ago(270).isoformat()
    assert row["days_since_first_purchase"] == 270
    assert life(sales(271))["idle_to_rhythm"] == Decimal("3.0111")


def leased(end: date, status: str = "ended", **cells: str) -> Tale:
    """A lease of 300 days with a bill on its first day that was never paid."""
    tale = Tale()
    start = end - timedelta(days=300)
    contract_id = tale.contract("lease", start_date=start.isoformat(), status=status, **cells)
    tale.sale(start, "100", "lease", contract_id=contract_id, payment_status="unpaid", **FREE)
    return tale


@pytest.mark.parametrize(("back", "expected"), [(91, "contracts_over"), (90, "idle"), (93, "contracts_over")])
def test_a_contract_is_over_for_good_after_more_than_90_days(back: int, expected: str) -> None:
    tale = leased(ago(back), end_date=ago(back).isoformat())
    tale.sale(ago(back + 10), "100", "energy", payment_status="unpaid", **FREE)
    # 62 days would be 2 u: only a rhythm of the venue's 90 days lets 91 days be just above 1.
    lobs = [row | {"expected_gap_days": "88"} for row in tale.world().policy.rows("policy_lobs", D)]
    world = tale.world(D, {"policy_lobs": lobs})
    row = lifecycle.rows(world, [])[D.isoformat(), "A"]
    assert row["idle_to_rhythm"] > 1
    assert row["stage_reason"] == expected


def test_a_contract_that_is_over_needs_u_above_1_too() -> None:
    tale = leased(ago(91), end_date=ago(91).isoformat())
    lobs = [row | {"expected_gap_days": "91"} for row in tale.world().policy.rows("policy_lobs", D)]
    row = lifecycle.rows(tale.world(D, {"policy_lobs": lobs}), [])[D.isoformat(), "A"]
    assert row["idle_to_rhythm"] == 1
    assert row["stage_reason"] != "contracts_over"


@pytest.mark.parametrize(
    ("status", "back", "expected"),
    [
        ("terminated", 5, ("churned", "terminated")),
        ("cancelled", 5, ("churned", "terminated")),
        ("ended", 5, ("mature", "steady")),
        ("cancelled", 0, ("mature", "steady")),  # active on its last day
        ("cancelled", 1, ("churned", "terminated")),
    ],
)
def test_a_customer_whose_last_contract_was_given_up_is_gone(status: str, back: int, expected: tuple[str, str]) -> None:
    tale = leased(ago(back), status, end_date=ago(back).isoformat(), cancelled_at=ago(back).isoformat())
    assert stage(tale) == expected


def test_something_after_the_cancellation_keeps_the_customer() -> None:
    tale = leased(ago(5), "cancelled", cancelled_at=ago(5).isoformat())
    tale.sale(ago(5), **FREE)
    assert stage(tale) == ("churned", "terminated")
    tale.sale(ago(4), **FREE)
    assert stage(tale) == ("growth", "line_added")


def test_of_contracts_that_end_on_one_day_one_given_up_is_enough() -> None:
    tale = leased(ago(5), "ended", end_date=ago(5).isoformat())
    start = ago(300).isoformat()
    tale.contract("energy", start_date=start, status="terminated", end_date=ago(5).isoformat())
    assert stage(tale) == ("churned", "terminated")


def test_a_contract_that_ended_later_as_planned_hides_an_earlier_cancellation() -> None:
    tale = leased(ago(5), "ended", end_date=ago(5).isoformat())
    tale.contract("energy", start_date=ago(300).isoformat(), status="cancelled", cancelled_at=ago(6).isoformat())
    assert stage(tale) == ("mature", "steady")


def test_contracts_of_homes_are_none_of_those_that_end() -> None:
    tale = sales(100)
    tale.contract("property_sale", signed_at=ago(300).isoformat(), cancelled_at=ago(50).isoformat(), status="cancelled")
    row = life(tale)
    assert (row["idle_days"], row["stage_reason"], row["has_active_contract"]) == (100, "idle", False)
    tale.contract("property_sale", signed_at=ago(300).isoformat())
    assert life(tale) == row


def test_a_contract_that_has_not_begun_is_one_that_is_not_active() -> None:
    tale = sales(91)
    assert stage(tale) == ("decline", "idle")
    tale.contract("lease", start_date=ago(-1).isoformat(), status="signed")
    assert stage(tale) == ("churned", "contracts_over")
    assert stage(tale, ago(-1))[0] != "churned"


def test_an_owner_is_not_gone_with_a_cancelled_contract() -> None:
    tale = leased(ago(5), "cancelled", cancelled_at=ago(5).isoformat())
    tale.sale(ago(2000), "1000", "property_sale", **FREE)
    assert stage(tale)[1] != "terminated"


def test_a_contract_that_is_only_subscribed_is_no_contract() -> None:
    tale = sales(100)
    tale.contract("lease", start_date=ago(100).isoformat(), status="subscribed")
    assert life(tale)["idle_days"] == 100
    assert stage(tale) == ("decline", "idle")


@pytest.mark.parametrize(
    ("visits", "expected"),
    [
        ((400, 90), ("reactivated", "returned")),
        ((271, 90), ("reactivated", "returned")),  # 181 days > 2 x 90
        ((270, 90), ("mature", "steady")),  # 180 days
        ((400, 91), ("decline", "value_fell")),  # u above 1
        ((600, 400, 20), ("reactivated", "returned")),
    ],
)
def test_a_long_silence_makes_a_return(visits: tuple[int, ...], expected: tuple[str, str]) -> None:
    tale = sales(*visits)
    if expected[1] == "value_fell":
        tale.sale(ago(500), "1000", **FREE)
    assert stage(tale) == expected


@pytest.mark.parametrize(("back", "is_returned"), [(179, True), (180, False)])
def test_only_a_span_that_begins_in_the_last_180_days_returns(back: int, is_returned: bool) -> None:
    tale = sales(back, back + 500, 1)
    assert (stage(tale, max_gap_factor="2", return_gap_factor="2")[0] == "reactivated") is is_returned


def test_a_running_contract_leaves_no_silence() -> None:
    tale = sales(500, 20)
    tale.contract("lease", start_date=ago(600).isoformat())
    assert stage(tale)[0] != "reactivated"


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        ("100", "70", ("decline", "value_fell")),
        ("100", "70.01", ("mature", "steady")),
        ("100", "119.99", ("mature", "steady")),
        ("100", "120", ("growth", "value_rose")),
        ("0.01", "100", ("growth", "value_rose")),
    ],
)
def test_value_of_a_year_against_the_year_before(before: str, now: str, expected: tuple[str, str]) -> None:
    tale = Tale()
    for day, amount in ((ago(450), before), (ago(40), now)):
        tale.sale(day, amount, "property_service", **FREE)
    tale.contract("property_service", start_date=ago(460).isoformat())
    row = life(tale)
    assert (row["lifecycle_stage"], row["stage_reason"]) == expected
    assert (row["value_12m"], row["value_previous_12m"]) == (Decimal(now), Decimal(before))
    trend = Decimal(now) / Decimal(before) - 1
    assert row["value_trend_12m"] == trend.quantize(Decimal("0.0001"))


def test_there_is_no_trend_on_nothing() -> None:
    row = life(sales(40, 20))
    assert (row["value_previous_12m"], row["value_trend_12m"]) == (Decimal("0.00"), None)


def test_value_is_recognised_in_the_365_days_up_to_d_and_in_those_before() -> None:
    tale = sales(364, amount="10", lob="property_sale")
    world = tale.world(
        D, {"policy_lobs": [row | {"recognition_months": "1"} for row in tale.world().policy.rows("policy_lobs", D)]}
    )
    assert lifecycle.rows(world, [])[D.isoformat(), "A"]["value_12m"] == Decimal("10.00")
    later = tale.world(
        D + timedelta(days=1),
        {"policy_lobs": [row | {"recognition_months": "1"} for row in world.policy.rows("policy_lobs", D)]},
    )
    row = lifecycle.rows(later, [])["2025-01-01", "A"]
    # A month of 31 days (2024-01-02 to 2024-02-01), of which one day is in the year before.
    assert (row["value_12m"], row["value_previous_12m"]) == (Decimal("9.68"), Decimal("0.32"))


@pytest.mark.parametrize(
    ("d", "expected"),
    [(date(2024, 12, 30), "73.00"), (date(2024, 12, 31), "0.00"), (date(2025, 1, 1), "0.00")],
)
def test_a_home_that_has_run_off_is_left_out_from_the_last_day_of_its_recognition(d: date, expected: str) -> None:
    tale = Tale()
    tale.sale(date(2020, 1, 1), "365.40", "property_sale", **FREE)  # 1827 days, 0.20 a day, until 2024-12-31
    row = life(tale, d)
    assert row["value_12m"] == Decimal(expected)
    assert life(tale, d, exclude_run_off="false")["value_12m"] > 0


def test_a_line_added_within_12_months_is_growth() -> None:
    tale = Tale()
    tale.sale(date(2023, 12, 1), "100", **FREE)
    tale.sale(date(2024, 11, 20), "100", **FREE)
    tale.contract("energy", start_date="2023-12-01")
    assert stage(tale) == ("mature", "steady")
    tale.sale(date(2024, 1, 1), "1", "energy", **FREE)
    assert stage(tale) == ("growth", "line_added")


@pytest.mark.parametrize(
    ("first_other", "added", "expected"),
    [
        ("2023-12-01", "2024-01-01", "line_added"),
        ("2023-12-01", "2023-12-31", "steady"),
        ("2024-01-01", "2024-01-01", "steady"),
    ],
)
def test_a_line_is_added_after_another_one(first_other: str, added: str, expected: str) -> None:
    tale = Tale()
    tale.contract("energy", start_date="2023-12-01")
    tale.sale(date.fromisoformat(first_other), "1", **FREE)
    tale.sale(date.fromisoformat(added), "1", "energy", **FREE)
    assert stage(tale, growth_from="999999", decline_until="-1")[1] == expected


def test_steady_customers_are_mature() -> None:
    assert stage(sales(700, 600, 500, 400, 300, 200, 100, 50)) == ("mature", "steady")


def test_new_comes_after_dormant_and_before_decline() -> None:
    tale = sales(80, lob="lease")  # 80 / 31 = 2.58
    assert stage(tale) == ("dormant", "idle")
    assert stage(sales(62, lob="lease")) == ("new", "first_purchase")


def test_of_lines_first_bought_on_one_day_the_longest_new_days_count() -> None:
    tale = sales(300, lob="property_sale")
    tale.sale(ago(300), **FREE)
    tale.sale(ago(1), **FREE)
    tale.contract("energy", start_date=ago(300).isoformat())
    assert stage(tale) == ("new", "first_purchase")


@pytest.mark.parametrize(
    ("tale", "stage_name", "order"),
    [(sales(271), "churned", 2), (sales(181), "dormant", 3), (sales(5), "new", 5), (sales(91), "decline", 6)],
)
def test_stages_have_an_order(tale: Tale, stage_name: str, order: int) -> None:
    row = life(tale)
    assert (row["lifecycle_stage"], row["stage_order"]) == (stage_name, order)


def test_what_the_stages_rest_on_is_told() -> None:
    tale = sales(400, 10)
    names = ("has_active_contract", "has_returned", "has_added_line")
    assert [life(tale)[name] for name in names] == [False, True, False]
    tale.sale(ago(20), "10", "energy", payment_status="unpaid", **FREE)
    tale.contract("energy", start_date=ago(5).isoformat(), end_date=ago(0).isoformat())
    assert [life(tale)[name] for name in names] == [True, True, True]
    assert [life(tale, ago(-1))[name] for name in names] == [False, True, True]


# --- Rhythm


@pytest.mark.parametrize(
    ("visits", "rhythm", "is_own"),
    [
        ((0, 50, 100, 150), "90.0", False),  # four dates
        ((0, 50, 100, 150, 150), "90.0", False),  # one day twice
        ((0, 50, 100, 150, 200), "50.0", True),
        ((0, 10, 20, 30, 40), "45.0", True),  # not below half of 90
        ((0, 170, 340, 510, 680), "170.0", True),
        ((0, 181, 362, 543, 724), "180.0", True),  # not above twice 90
        ((0, 60, 130, 210, 300), "90.0", True),  # 60 70 80 90: the 4th, for 0.8 x 4 = 3.2
        ((0, 50, 110, 180, 260, 350), "80.0", True),  # 50 60 70 80 90: the 4th of 5
        ((0, 100, 200, 300, 729), "180.0", True),
        ((0, 100, 200, 300, 730), "90.0", False),  # the fifth is too old
        ((60, 160, 260, 360, 789), "180.0", True),  # 730 days up to the last purchase, not up to d
        ((60, 160, 260, 360, 790), "90.0", False),
    ],
)
def test_the_own_rhythm_is_p80_of_the_gaps(visits: tuple[int, ...], rhythm: str, is_own: bool) -> None:
    row = life(sales(*visits))
    assert (row["rhythm_days"], row["is_own_rhythm"]) == (Decimal(rhythm), is_own)


def test_rhythm_has_one_decimal() -> None:
    tale = sales(0, 10, 20, 30, 40, lob="energy")  # 31 days expected
    row = life(tale)
    assert (row["rhythm_days"], row["idle_to_rhythm"]) == (Decimal("15.5"), Decimal("0.0000"))
    assert life(tale, ago(-7))["idle_to_rhythm"] == Decimal("0.4516")


@pytest.mark.parametrize(
    ("old_line", "back", "expected"),
    [("energy", 734, 31), ("energy", 735, 90), ("property_sale", 10, 90)],  # 729 and 730 days before the last visit
)
def test_the_least_gap_of_the_lines_bought_lately_is_expected(old_line: str, back: int, expected: int) -> None:
    tale = sales(5)
    tale.sale(ago(back), "10", old_line, payment_status="unpaid", **FREE)
    assert life(tale)["expected_gap_days"] == expected


def test_a_line_under_an_active_contract_counts_however_old_its_purchase() -> None:
    tale = sales(5)
    tale.sale(ago(800), "10", "energy", payment_status="unpaid", **FREE)
    tale.contract("energy", start_date=ago(900).isoformat())
    assert life(tale)["expected_gap_days"] == 31


def test_an_active_contract_of_a_line_that_is_not_held_says_nothing_of_the_gap() -> None:
    tale = sales(5)
    tale.contract("energy", start_date=ago(900).isoformat())
    assert life(tale)["expected_gap_days"] == 90


def test_idleness_alone_does_not_slow_the_pace() -> None:
    tale = sales(800)
    tale.sale(ago(900), "10", "energy", payment_status="unpaid", **FREE)
    assert life(tale)["expected_gap_days"] == 31
    assert life(tale, ago(-2000))["expected_gap_days"] == 31


def test_where_the_last_activity_is_long_after_the_last_purchase_its_line_counts() -> None:
    tale = sales(2000)
    tale.contract("property_service", start_date=ago(2000).isoformat(), end_date=ago(800).isoformat(), status="ended")
    tale.sale(ago(2100), "10", "energy", payment_status="unpaid", **FREE)
    assert life(tale)["expected_gap_days"] == 90
    tale.sale(ago(2000), "10", "property_service", payment_status="unpaid", **FREE)
    assert life(tale)["expected_gap_days"] == 90
    tale.sale(ago(2000), "10", "lease", payment_status="unpaid", **FREE)
    assert life(tale)["expected_gap_days"] == 31


# --- Owners


def test_owners_are_expected_every_year_where_interactions_are_known() -> None:
    tale = sales(1000, lob="property_sale")
    assert life(tale)["expected_gap_days"] == 1825
    tale.interaction(ago(0), customer="B", recorded_at=f"{ago(-1)} 12:00:00")
    assert life(tale)["expected_gap_days"] == 1825
    tale.interaction(ago(0), "grade_set", customer="B")
    assert life(tale)["expected_gap_days"] == 365


@pytest.mark.parametrize(
    ("event_type", "idle"), [("page_view", 10), ("call_out", 1000), ("not_interested", 1000), ("gift", 1000)]
)
def test_interactions_of_owners_that_weigh_something_are_activity(event_type: str, idle: int) -> None:
    tale = sales(1000, lob="property_sale")
    tale.interaction(ago(10), event_type)
    assert life(tale)["idle_days"] == idle


def test_what_owners_asked_before_they_bought_is_no_activity() -> None:
    tale = sales(1000, lob="property_sale")
    home = tale.sale(ago(1100), lob="property_sale")
    tale.refund(home, ago(900))
    for back in (1001, 1000):
        tale.interaction(ago(back), "site_visit")
    found = sorted((D - span.begin).days for span in spans(tale.world(), "A", interactions_at(tale.world())))
    assert found == [1000, 1000]


def test_interactions_of_those_who_hold_another_line_are_no_activity() -> None:
    tale = sales(1000, lob="property_sale")
    tale.sale(ago(900), **FREE)
    tale.interaction(ago(10))
    assert life(tale)["idle_days"] == 900


def test_a_day_of_a_machine_counts_nowhere() -> None:
    tale = sales(1000, lob="property_sale")
    for _ in range(3):
        tale.interaction(ago(10))
    world = tale.world()
    assert len(counted(world, interactions_at(world))) == 3
    tale.interaction(ago(10), "call_out")
    assert life(tale)["idle_days"] == 1000


# --- Spans


def test_spans_are_purchases_paid_bills_and_contracts_up_to_d() -> None:
    tale = Tale()
    tale.sale(ago(50), **FREE)
    tale.sale(ago(40), "10", "energy", payment_status="paid", paid_at=ago(30).isoformat(), **FREE)
    tale.sale(ago(20), "10", "energy", payment_status="paid", paid_at=ago(-1).isoformat(), **FREE)
    tale.sale(ago(15), "10", "energy", payment_status="unpaid", **FREE)
    tale.sale(ago(14), "10", paid_at=ago(12).isoformat(), **FREE)
    tale.contract("lease", start_date=ago(60).isoformat(), end_date=ago(55).isoformat())
    tale.contract("lease", signed_at=ago(9).isoformat(), end_date=ago(-9).isoformat())
    tale.contract("lease", start_date=ago(-2).isoformat())
    tale.contract("lease", start_date=ago(3).isoformat(), cancelled_at=ago(5).isoformat(), status="cancelled")
    tale.contract("lease", start_date=ago(70).isoformat(), status="subscribed")
    tale.contract("property_sale", start_date=ago(80).isoformat())
    found = sorted((D - span.begin).days * 1000 + (D - span.end).days for span in spans(tale.world(), "A", []))
    expected = [9_000, 14_014, 15_015, 20_020, 30_030, 40_040, 50_050, 60_055]
    assert found == expected


@pytest.mark.parametrize(
    ("begin", "end", "expected"), [(5, 4, True), (6, 6, True), (4, 3, False), (9, 7, False), (9, 1, True), (7, 6, True)]
)
def test_a_span_touches_a_period_that_begins_after_its_first_day(begin: int, end: int, expected: bool) -> None:
    assert Span(ago(begin), ago(end)).touches(ago(7), ago(5)) is expected


def test_activity_recorded_late_is_not_there_before() -> None:
    tale = sales(200)
    tale.sale(ago(100), recorded_at=f"{ago(10)} 12:00:00", **FREE)
    assert life(tale, ago(11))["idle_days"] == 189
    assert life(tale, ago(10))["idle_days"] == 90


def test_a_contract_counts_in_the_version_known_at_d() -> None:
    tale = Tale()
    told: Row = {"start_date": ago(300).isoformat(), "recorded_at": f"{ago(300)} 12:00:00"}
    tale.contract("lease", **told)
    tale.sale(ago(300), "10", "lease", payment_status="unpaid", **FREE)
    tale.delivery.contracts.append(
        tale.delivery.contracts[0]
        | {"status": "cancelled", "cancelled_at": ago(40).isoformat(), "recorded_at": f"{ago(5)} 12:00:00"}
    )
    assert life(tale, ago(6))["idle_days"] == 0
    assert life(tale, ago(5))["idle_days"] == 35


def test_what_the_cutoff_hides_is_not_there() -> None:
    tale = sales(200, 10)
    options = Options(as_of_date=D, knowledge_cutoff=f"{ago(50)} 00:00:00")
    world = tale.world(D, options=options)
    assert lifecycle.rows(world, [])[D.isoformat(), "A"]["idle_days"] == 200
