"""The reference of referrals, loyalty and cohorts against examples computed by hand, at the edges of its rules."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest

from signal_worlds import LOYALTY, D, Tale, ago
from tests.reference.delivery import Options
from tests.reference.signals import cohorts, loyalty, referrals
from tests.reference.signals.cohorts import quarter
from tests.reference.signals.facts import interactions_at
from tests.reference.signals.loyalty import LoyaltyPolicy, level_of, loyalty_score
from tests.reference.signals.world import Rows, Values, World

REFERRED = ago(200)
POLICY = LoyaltyPolicy(LOYALTY, {})


def judged(tale: Tale, d: date = D, options: Options | None = None) -> dict[str, tuple[str, bool]]:
    """Verdict and conversion by referral."""
    world = tale.world(d, options=options)
    found = referrals.rows(world, referrals.judged_referrals(world, interactions_at(world)))
    return {key[1]: (row["referral_verdict"], row["is_converted"]) for key, row in found.items()}


def referred(day: date = REFERRED, **cells: str) -> Tale:
    """A recommends B."""
    tale = Tale()
    tale.customer("B")
    tale.referral("A", "B", day, **cells)
    return tale


# --- Screening


def test_a_referral_without_id_referrer_or_date_is_no_referral() -> None:
    tale = referred()
    tale.customer("N", status="asleep")
    tale.referral("A", "B", REFERRED, referral_id="-")
    tale.referral("A", "B", REFERRED, referrer_customer_id="")
    tale.referral("N", "B", REFERRED)
    tale.referral("A", "B", REFERRED, referrer_customer_id="nobody")
    tale.referral("A", "B", None)
    assert set(judged(tale)) == {"R0"}


@pytest.mark.parametrize(
    ("cells", "is_there"),
    [
        ({"referred_at": "1989-12-31 23:59:59"}, False),
        ({"referred_at": "1990-01-01 00:00:00"}, True),
        ({"referred_at": f"{ago(-1)} 23:59:59"}, True),
        ({"referred_at": f"{ago(-2)} 00:00:00"}, False),
        ({"recorded_at": "1989-12-31"}, True),
        ({"recorded_at": str(ago(-2))}, True),
    ],
)
def test_referrals_are_from_1990_and_at_most_a_day_after_the_as_of_date(cells: dict[str, str], is_there: bool) -> None:
    tale = Tale()
    tale.referral("A", "B", None, **cells)
    assert len(referrals.accepted_referrals(tale.world())) == is_there


def test_equal_rows_are_one_and_different_rows_of_one_id_are_none() -> None:
    tale = referred()
    tale.delivery.referrals.append(
        tale.delivery.referrals[0] | {"referred_at": f"{REFERRED} 00:00:00", "batch_id": "2"}
    )
    assert judged(tale) == {"R0": ("valid", False)}
    tale.delivery.referrals.append(tale.delivery.referrals[0] | {"source_system": "crm"})
    world = tale.world()
    both = referrals.rows(world, referrals.judged_referrals(world, []))
    assert {key[0]: row["referral_verdict"] for key, row in both.items()} == {
        "crm": "valid",
        "default": "referred_before",
    }
    tale.delivery.referrals.append(tale.delivery.referrals[0] | {"status": "expired"})
    assert referrals.rows(tale.world(), referrals.judged_referrals(tale.world(), [])).keys() == {("crm", "R0")}


def test_spellings_of_one_status_make_no_other_row() -> None:
    tale = referred(status="已成交", lob="租赁")
    tale.delivery.referrals.append(tale.delivery.referrals[0] | {"status": "Converted", "lob": "lease"})
    assert judged(tale) == {"R0": ("valid", False)}
    tale.delivery.referrals.append(tale.delivery.referrals[0] | {"lob": "venue"})
    assert judged(tale) == {}


def test_without_a_date_the_recording_counts() -> None:
    tale = Tale()
    tale.customer("B")
    tale.referral("A", "B", None, recorded_at=f"{ago(30)} 12:00:00")
    tale.sale(ago(31), customer="B")
    assert judged(tale) == {"R0": ("earlier_customer", False)}
    assert judged(tale, ago(31)) == {}


def test_a_referral_recorded_late_is_not_known_before() -> None:
    tale = referred(recorded_at=f"{ago(10)} 12:00:00")
    assert judged(tale, ago(11)) == {}
    assert judged(tale, ago(10)) == {"R0": ("valid", False)}
    assert judged(tale, options=Options(as_of_date=D, knowledge_cutoff=f"{ago(20)} 00:00:00")) == {}


# --- Verdicts


@pytest.mark.parametrize("referee", ["", "nobody", "N"])
def test_a_referee_nobody_knows(referee: str) -> None:
    tale = Tale()
    tale.customer("N", status="asleep")
    tale.referral("A", referee, REFERRED)
    assert judged(tale) == {"R0": ("referee_unknown", False)}


def test_to_recommend_oneself() -> None:
    tale = Tale()
    tale.sale(ago(300))
    tale.referral("A", "A", REFERRED)
    assert judged(tale) == {"R0": ("self", False)}


@pytest.mark.parametrize("status", ["staff", "test", "closed"])
def test_a_referrer_who_is_not_graded_brings_nobody(status: str) -> None:
    tale = Tale()
    tale.customer("A", status=status)
    tale.customer("B")
    tale.customer("Z")
    tale.sale(ago(300), customer="Z")
    tale.referral("A", "B", REFERRED)
    tale.referral("A", "A", REFERRED)
    tale.referral("A", "nobody", REFERRED)
    tale.referral("A", "Z", REFERRED)
    tale.referral("C", "B", ago(100))
    verdicts = [verdict for verdict, _ in judged(tale).values()]
    assert verdicts == ["referrer_not_graded", "self", "referee_unknown", "referrer_not_graded", "valid"]


@pytest.mark.parametrize(("back", "expected"), [(201, "earlier_customer"), (200, "valid"), (199, "valid")])
def test_who_bought_before_the_referral_is_not_brought(back: int, expected: str) -> None:
    tale = referred()
    tale.sale(ago(back), customer="B")
    assert judged(tale) == {"R0": (expected, expected == "valid")}


def test_a_purchase_that_was_taken_back_or_is_not_known_yet_makes_no_earlier_customer() -> None:
    tale = referred()
    tale.refund(tale.sale(ago(300), customer="B"), ago(100))
    tale.sale(ago(250), customer="B", recorded_at=f"{ago(10)} 12:00:00")
    assert judged(tale, ago(101)) == {"R0": ("earlier_customer", False)}
    assert judged(tale, ago(100)) == {"R0": ("valid", False)}
    assert judged(tale, ago(10)) == {"R0": ("earlier_customer", False)}


def test_a_referee_who_is_not_graded_still_buys() -> None:
    tale = Tale()
    tale.customer("B", status="staff")
    tale.referral("A", "B", REFERRED)
    tale.sale(ago(190), customer="B")
    assert judged(tale) == {"R0": ("valid", True)}


@pytest.mark.parametrize(
    ("back", "event_type", "expected"),
    [
        (291, "enquiry", "valid"),
        (290, "enquiry", "earlier_lead"),
        (201, "site_visit", "earlier_lead"),
        (200, "site_visit", "valid"),
        (201, "page_view", "valid"),
    ],
)
def test_a_lead_of_the_90_days_before_is_not_brought(back: int, event_type: str, expected: str) -> None:
    tale = referred()
    tale.interaction(ago(back), event_type, "B")
    assert judged(tale) == {"R0": (expected, False)}


def test_leads_on_the_day_of_a_machine_count_nowhere() -> None:
    tale = referred()
    for _ in range(4):
        tale.interaction(ago(250), "enquiry", "B")
    assert judged(tale) == {"R0": ("valid", False)}


def test_the_first_referral_counts_even_where_it_was_recorded_later() -> None:
    tale = referred()
    tale.referral("C", "B", ago(201), recorded_at=f"{ago(50)} 12:00:00")
    assert judged(tale, ago(51)) == {"R0": ("valid", False)}
    assert judged(tale) == {"R0": ("referred_before", False), "R1": ("valid", False)}


def test_at_one_moment_the_smaller_id_is_first() -> None:
    tale = referred()
    tale.referral("C", "B", REFERRED)
    assert judged(tale) == {"R0": ("valid", False), "R1": ("referred_before", False)}


def test_a_referral_that_is_void_comes_before_nobody() -> None:
    tale = Tale()
    tale.referral("B", "B", ago(300))
    tale.interaction(ago(260), "enquiry", "B")
    tale.referral("C", "B", ago(250))
    tale.referral("A", "B", ago(150))
    assert judged(tale) == {"R0": ("self", False), "R1": ("earlier_lead", False), "R2": ("valid", False)}


def chain(*names: str, first: int = 300) -> Tale:
    """Each recommends the next, a day later."""
    tale = Tale()
    for name in dict.fromkeys(names):
        tale.customer(name)
    for number, (above, below) in enumerate(pairwise(names)):
        tale.referral(above, below, ago(first - number))
    return tale


def test_who_was_brought_by_the_referee_closes_a_cycle() -> None:
    assert judged(chain("A", "B", "A")) == {"R0": ("valid", False), "R1": ("cycle", False)}
    assert judged(chain("A", "B", "C", "A"))["R2"] == ("cycle", False)
    assert judged(chain("A", "B", "C", "D"))["R2"] == ("valid", False)


@pytest.mark.parametrize(("people", "expected"), [(11, "cycle"), (12, "valid")])
def test_a_cycle_is_looked_for_over_ten_links(people: int, expected: str) -> None:
    names = [f"P{number}" for number in range(people)]
    found = judged(chain(*names, names[0]))
    assert found[f"R{people - 1}"] == (expected, False)


def test_younger_and_void_referrals_close_no_cycle() -> None:
    tale = Tale()
    tale.referral("B", "A", ago(300))
    tale.referral("C", "A", ago(310))  # the first referral of A
    tale.referral("A", "B", ago(250))
    assert judged(tale) == {"R0": ("referred_before", False), "R1": ("valid", False), "R2": ("valid", False)}


def test_a_cycle_that_does_not_hold_the_referral_ends() -> None:
    tale = chain("A", "B", "A")
    tale.referral("A", "Z", ago(100))
    tale.customer("Z")
    assert judged(tale)["R2"] == ("valid", False)


# --- Conversion


@pytest.mark.parametrize(("days", "is_converted"), [(0, True), (365, True), (366, False)])
def test_a_referral_converts_within_365_days(days: int, is_converted: bool) -> None:
    tale = referred(ago(400))
    tale.sale(ago(400) + timedelta(days=days), customer="B")
    assert judged(tale) == {"R0": ("valid", is_converted)}


def test_a_refund_unconverts() -> None:
    tale = referred()
    txn_id = tale.sale(ago(190), customer="B")
    tale.refund(txn_id, ago(100), "99")
    assert judged(tale)["R0"] == ("valid", True)
    tale.refund(txn_id, ago(90), "1")
    assert judged(tale, ago(91))["R0"] == ("valid", True)
    assert judged(tale)["R0"] == ("valid", False)


@pytest.mark.parametrize(
    ("paid", "cells", "is_converted"),
    [
        ("299", {}, False),
        ("300", {}, True),
        ("1", {"handover_date": ago(0).isoformat()}, True),
        ("1", {"handover_date": ago(-1).isoformat()}, False),
        ("1000", {"status": "cancelled", "cancelled_at": ago(1).isoformat()}, False),
        ("1", {"total_amount": ""}, True),
    ],
)
def test_a_home_converts_once_it_is_firm(paid: str, cells: dict[str, str], is_converted: bool) -> None:
    tale = referred()
    told = {"status": "signed", "signed_at": ago(190).isoformat(), "total_amount": "1000"} | cells
    contract_id = tale.contract("property_sale", "B", **told)
    tale.sale(ago(190), paid, "property_sale", "B", contract_id=contract_id)
    assert judged(tale)["R0"] == ("valid", is_converted)


def test_a_home_converts_at_any_age() -> None:
    tale = referred(ago(5000))
    contract_id = tale.contract("property_sale", "B", total_amount="1000", signed_at=ago(4800).isoformat())
    tale.sale(ago(4800), "299", "property_sale", "B", contract_id=contract_id)
    assert judged(tale)["R0"] == ("valid", False)
    tale.sale(ago(1), "1", "property_sale", "B", contract_id=contract_id)
    assert judged(tale)["R0"] == ("valid", True)


def test_of_first_purchases_on_one_day_one_is_enough() -> None:
    tale = referred()
    contract_id = tale.contract("property_sale", "B", total_amount="1000", signed_at=ago(190).isoformat())
    tale.sale(ago(190), "1", "property_sale", "B", contract_id=contract_id)
    assert judged(tale)["R0"] == ("valid", False)
    tale.sale(ago(190), "1", "venue", "B")
    assert judged(tale)["R0"] == ("valid", True)


# --- Loyalty


def loyal(tale: Tale, stage: str = "mature", satisfaction: Values | None = None, d: date = D) -> Values:
    """The row of customer A, with the stage and the satisfaction given."""
    world = tale.world(d)
    key = d.isoformat(), "A"
    judgement = referrals.judged_referrals(world, interactions_at(world))
    lifecycle: Rows = {(d.isoformat(), c): {"lifecycle_stage": stage} for c in world.graded}
    return loyalty.rows(world, {key: satisfaction or {}}, lifecycle, judgement)[key]


def test_without_a_line_there_is_no_loyalty() -> None:
    tale = Tale()
    tale.customer("A")
    tale.customer("B")
    tale.referral("A", "B", REFERRED)
    assert loyal(tale, satisfaction={"sat_class": "satisfied"}) == {
        "loyalty_level": None,
        "repeat_line": None,
        "occasion_count": 0,
        "tenure_days": None,
        "referral_count": 1,
        "valid_referral_count": 1,
        "converted_referral_count": 0,
        "loyalty_score": None,
        "repeat_part": None,
        "tenure_part": None,
        "referral_part": Decimal("0.000000"),
        "attitude_part": Decimal("0.600000"),
    }
    tale.sale(ago(190), customer="B")
    assert loyal(tale)["referral_part"] == Decimal("0.500000")
    del tale.delivery.referrals[:]
    assert loyal(tale)["referral_part"] is loyal(tale)["attitude_part"] is None


@pytest.mark.parametrize(
    ("venue", "energy", "part", "line"),
    [
        (1, 0, "0.000000", "venue"),
        (2, 0, "0.090909", "venue"),
        (12, 0, "1.000000", "venue"),
        (13, 0, "1.000000", "venue"),
        (1, 13, "0.500000", "energy"),
        (1, 1, "0.000000", "energy"),
        (12, 25, "1.000000", "energy"),
        (12, 24, "1.000000", "venue"),
    ],
)
def test_repeat_is_that_of_the_line_nearest_to_its_target(venue: int, energy: int, part: str, line: str) -> None:
    tale = Tale()
    for lob, count in (("venue", venue), ("energy", energy)):
        for number in range(count):
            tale.sale(ago(3000 - number), lob=lob)
    row = loyal(tale)
    assert (row["repeat_part"], row["repeat_line"]) == (Decimal(part), line)
    assert row["occasion_count"] == venue + energy


def test_a_second_home_is_all_that_is_expected() -> None:
    tale = Tale()
    for order in ("H1", "H2"):
        tale.sale(ago(900), lob="property_sale", order_id=order)
    assert (loyal(tale)["repeat_part"], loyal(tale)["repeat_line"]) == (Decimal("1.000000"), "property_sale")


@pytest.mark.parametrize(
    ("back", "stage", "part"),
    [
        (0, "new", "0.000000"),
        (1, "new", "0.000548"),
        (913, "mature", "0.500000"),
        (1825, "decline", "0.999452"),
        (1826, "mature", "1.000000"),
        (4000, "growth", "1.000000"),
        (4000, "churned", "0.000000"),
        (4000, "dormant", "0.000000"),
        (4000, "reactivated", "1.000000"),
    ],
)
def test_tenure_is_full_after_five_years_and_nothing_for_those_who_are_gone(back: int, stage: str, part: str) -> None:
    tale = Tale()
    tale.sale(ago(back))
    row = loyal(tale, stage)
    assert (row["tenure_part"], row["tenure_days"]) == (Decimal(part), back)


@pytest.mark.parametrize(("converted", "part"), [(0, "0.000000"), (1, "0.500000"), (2, "1.000000"), (3, "1.000000")])
def test_two_converted_referrals_are_full(converted: int, part: str) -> None:
    tale = Tale()
    tale.sale(ago(300))
    tale.customer("X")
    tale.referral("A", "X", REFERRED)
    tale.referral("A", "", REFERRED)
    for number in range(converted):
        tale.sale(ago(190), customer=f"B{number}")
        tale.referral("A", f"B{number}", REFERRED)
    row = loyal(tale)
    assert row["referral_part"] == Decimal(part)
    counts = ("referral_count", "valid_referral_count", "converted_referral_count")
    assert tuple(row[name] for name in counts) == (converted + 2, converted + 1, converted)


def test_where_nobody_recommends_the_part_is_absent() -> None:
    tale = Tale()
    tale.sale(ago(300))
    assert loyal(tale)["referral_part"] is None
    tale.referral("C", "", ago(0))
    assert loyal(tale)["referral_part"] == Decimal("0.000000")
    assert loyal(tale, d=ago(1))["referral_part"] is None


@pytest.mark.parametrize(
    ("satisfaction", "part"),
    [
        ({"sat_class": "neutral", "is_attitudinally_loyal": True}, "1.000000"),
        ({"sat_class": "satisfied", "is_attitudinally_loyal": False}, "0.600000"),
        ({"sat_class": "satisfied", "is_attitudinally_loyal": None}, "0.600000"),
        ({"sat_class": "neutral"}, "0.300000"),
        ({"sat_class": "dissatisfied"}, "0.000000"),
        ({"sat_class": None, "is_attitudinally_loyal": True}, None),
        ({}, None),
    ],
)
def test_attitude_is_what_somebody_says(satisfaction: Values, part: str | None) -> None:
    tale = Tale()
    tale.sale(ago(300))
    assert loyal(tale, satisfaction=satisfaction)["attitude_part"] == (None if part is None else Decimal(part))


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (("1", "1", "1", "1"), "100.0000"),
        (("0.5", "0", None, None), "29.1667"),  # 17.5 / 0.6
        (("0.090909", "0.5", "0.5", None), "32.1023"),  # (3.181815 + 12.5 + 10) / 0.8
        (("0", "1", None, "0.6"), "46.2500"),  # (25 + 12) / 0.8
        ((None, None, None, None), None),
    ],
)
def test_the_score_is_the_weighted_mean_of_what_is_present(parts: tuple[str | None, ...], expected: str | None) -> None:
    found = dict(zip(loyalty.PARTS, (None if part is None else Decimal(part) for part in parts), strict=True))
    assert loyalty_score(found, POLICY) == (None if expected is None else Decimal(expected))


@pytest.mark.parametrize(
    ("score", "level"),
    [("70", "high"), ("69.9999", "medium"), ("40", "medium"), ("39.9999", "low"), ("0", "low"), (None, None)],
)
def test_levels_begin_on_their_bound(score: str | None, level: str | None) -> None:
    assert level_of(None if score is None else Decimal(score), POLICY) == level


# --- Cohorts


def cohort_rows(tale: Tale, d: date = D) -> dict[str, Values]:
    """The cohorts by name."""
    world: World = tale.world(d)
    judgement = referrals.judged_referrals(world, [])
    lifecycle: Rows = {(d.isoformat(), c): {"lifecycle_stage": "mature"} for c in world.graded}
    found = cohorts.rows(world, loyalty.rows(world, {}, lifecycle, judgement))
    return {cohort: row for (_, cohort), row in found.items()}


@pytest.mark.parametrize(
    ("day", "name"),
    [("2024-01-01", "2024-Q1"), ("2024-03-31", "2024-Q1"), ("2024-04-01", "2024-Q2"), ("2024-12-31", "2024-Q4")],
)
def test_a_cohort_is_a_quarter(day: str, name: str) -> None:
    assert quarter(date.fromisoformat(day)) == name


def test_cohorts_are_made_of_graded_customers_who_hold_a_line() -> None:
    tale = Tale()
    tale.customer("P")
    tale.customer("S", status="staff")
    tale.sale(date(2024, 2, 1), customer="S")
    assert cohort_rows(tale) == {}
    tale.sale(date(2024, 2, 1), customer="A")
    tale.sale(date(2024, 6, 1), customer="A")
    tale.sale(date(2024, 3, 31), customer="B")
    tale.sale(date(2024, 4, 1), customer="C")
    found = cohort_rows(tale)
    assert {name: (row["customer_count"], row["repeat_count"], row["repeat_rate"]) for name, row in found.items()} == {
        "2024-Q1": (2, 1, Decimal("0.5000")),
        "2024-Q2": (1, 0, Decimal("0.0000")),
        "all": (3, 1, Decimal("0.3333")),
    }


def test_retention_compares_the_last_three_months_with_those_before() -> None:
    tale = Tale()  # P: 1 October to 31 December, Q: 1 July to 30 September
    for customer, days in {
        "A": (date(2024, 7, 1), date(2024, 10, 1)),
        "B": (date(2024, 9, 30), date(2024, 12, 31)),
        "C": (date(2024, 6, 30), date(2024, 10, 1)),
        "E": (date(2024, 9, 30),),
    }.items():
        for day in days:
            tale.sale(day, customer=customer)
    tale.sale(date(2020, 1, 1), "9", "lease", "F", payment_status="unpaid")
    tale.contract("lease", "F", start_date="2020-01-01", end_date="2024-10-01")
    tale.sale(date(2020, 1, 1), "9", "property_sale", "G")
    tale.interaction(date(2024, 8, 1), "site_visit", "G")
    row = cohort_rows(tale)["all"]
    assert (row["active_before_count"], row["retained_count"], row["active_count"]) == (4, 3, 4)
    assert (row["retention_rate"], row["churn_rate"]) == (Decimal("0.7500"), Decimal("0.2500"))


def test_on_a_short_month_three_months_back_is_its_last_day() -> None:
    tale = Tale()
    tale.sale(date(2023, 11, 30), customer="A")
    tale.sale(date(2024, 2, 29), customer="B")
    tale.sale(date(2024, 3, 1), customer="C")
    row = cohort_rows(tale, date(2024, 5, 31))["all"]
    assert (row["active_before_count"], row["retained_count"]) == (1, 0)


def test_without_anybody_active_before_there_is_no_rate() -> None:
    tale = Tale()
    tale.sale(ago(0))
    row = cohort_rows(tale)["all"]
    names = ("retention_rate", "churn_rate", "renewal_rate")
    assert [row[name] for name in names] == [None, None, None]
    assert row["referral_rate"] == Decimal("0.0000")


@pytest.mark.parametrize(
    ("cells", "due"),
    [
        ({"end_date": "2024-12-31"}, 1),
        ({"end_date": "2024-10-01"}, 1),
        ({"end_date": "2024-09-30"}, 0),
        ({"end_date": "2025-01-01"}, 0),
        ({"end_date": "2024-11-30", "cancelled_at": "2024-11-29"}, 0),
        ({"end_date": "2024-11-30", "cancelled_at": "2024-11-30"}, 1),
        ({"end_date": "2024-11-30", "status": "subscribed"}, 0),
        ({"end_date": "2024-11-30", "lob": "property_service"}, 0),
        ({"end_date": "2024-11-30", "lob": "energy"}, 1),
        ({"cancelled_at": "2024-11-30"}, 0),
    ],
)
def test_contracts_are_due_that_came_to_their_end_in_the_three_months(cells: dict[str, str], due: int) -> None:
    tale = Tale()
    tale.sale(ago(900))
    tale.contract(**({"lob": "lease", "start_date": "2023-01-01"} | cells))
    assert cohort_rows(tale)["all"]["due_count"] == due


@pytest.mark.parametrize(
    ("cells", "renewed"),
    [
        ({"start_date": "2024-12-01"}, 1),
        ({"start_date": "2025-02-28"}, 1),  # 90 days after 30 November
        ({"start_date": "2025-03-01"}, 0),
        ({"start_date": "2023-06-01", "end_date": "2024-12-01"}, 1),
        ({"start_date": "2023-06-01", "end_date": "2024-11-30"}, 0),
        ({"start_date": "2024-12-01", "status": "subscribed"}, 0),
        ({"start_date": "2024-12-01", "lob": "energy"}, 0),
        ({"start_date": "2024-12-01", "customer": "B"}, 0),
        ({"signed_at": "2024-12-01"}, 1),
        ({"start_date": "2025-01-02", "cancelled_at": "2025-01-01", "status": "cancelled"}, 0),
        ({"start_date": "2025-01-02", "cancelled_at": "2025-01-02", "status": "cancelled"}, 1),
    ],
)
def test_a_contract_is_renewed_by_one_that_goes_on(cells: dict[str, str], renewed: int) -> None:
    tale = Tale()
    tale.sale(ago(900))
    tale.contract("lease", start_date="2023-01-01", end_date="2024-11-30")
    tale.contract(**({"lob": "lease"} | cells))
    row = cohort_rows(tale)["all"]
    assert row["renewed_count"] == renewed
    assert row["renewal_rate"] == Decimal(renewed) / row["due_count"]


def test_the_rate_of_referrers_is_among_those_who_are_active() -> None:
    tale = Tale()
    for customer, last in (("A", 10), ("B", 10), ("C", 10), ("E", 400)):
        tale.sale(ago(500), customer=customer)
        tale.sale(ago(last), customer=customer)
    for referrer, referee in (("A", "X"), ("E", "Y")):
        tale.sale(ago(190), customer=referee)
        tale.referral(referrer, referee, REFERRED)
    row = cohort_rows(tale)["all"]
    assert (row["referrer_count"], row["active_count"], row["referral_rate"]) == (1, 3, Decimal("0.3333"))
