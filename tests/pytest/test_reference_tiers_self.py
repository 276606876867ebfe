"""The reference of value tiers against examples worked out by hand."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from signal_worlds import MadePolicy, Row, Tale, ago
from tests.reference import Options, grade
from tests.reference.attention import Seen, attention_rows, potential_grade, spending_power
from tests.reference.experts import components, quantile, rows, trimmed_mean
from tests.reference.explanation import Explained, held_tier, medians, ranks, reason_rows, shares
from tests.reference.monitoring import direction, drifts, migrations
from tests.reference.overrides import Judge, Override, Standing, accepted_overrides, known_overrides, renewal_count
from tests.reference.registers import Customers
from tests.reference.tier_dates import graded_dates, is_review
from tests.reference.tier_facts import energy_rises, has_several_properties, keep_scores, maintain_scores
from tests.reference.tier_machine import Computed, Observation, walk
from tests.reference.tiers import Said, first_rule

D = date(2024, 12, 31)
LIVE = MadePolicy({})
TERMS = {
    "margin_hold_months": "12",
    "grandfather_months": "6",
    "energy_rise_months": "3",
    "energy_rise_ratio": "1.5",
    "energy_rise_min_kwh": "300",
    "multi_property_units": "2",
    "multi_property_months": "12",
}
CUTS = [("SC_HIGH", "70", "67"), ("SC_MED", "40", "37")]


def policy(**tables: list[Row]) -> MadePolicy:
    """A policy with some tables replaced."""
    return MadePolicy(tables)


def calendar(*rows: Row) -> MadePolicy:
    """A policy with a calendar of reviews."""
    return policy(policy_review_calendar=list(rows))


# --- Dates


@pytest.mark.parametrize(
    ("months", "day", "expected"),
    [
        (3, date(2024, 3, 31), True),
        (3, date(2024, 3, 30), False),
        (3, date(2024, 4, 30), False),
        (1, date(2024, 2, 29), True),
        (1, date(2024, 2, 28), False),
        (6, date(2024, 6, 30), True),
        (6, date(2024, 9, 30), False),
        (12, date(2024, 12, 31), True),
    ],
)
def test_a_review_is_the_last_day_of_a_month_of_the_calendar(months: int, day: date, expected: bool) -> None:
    assert is_review(day, calendar({"months_between_reviews": str(months)})) is expected


def test_the_calendar_in_force_on_the_day_decides() -> None:
    policy = calendar(
        {"months_between_reviews": "6", "effective_to": "2024-09-30"},
        {"months_between_reviews": "3", "effective_from": "2024-09-30"},
    )
    assert [is_review(d, policy) for d in (date(2024, 3, 31), date(2024, 9, 30))] == [False, True]


def quarters(*told: tuple[int, int]) -> list[date]:
    """Quarter ends by year and number."""
    return [date(year, 3 * n, 31 if n in (1, 4) else 30) for year, n in told]


def test_the_reviews_a_tier_rests_on_are_graded_and_not_shown() -> None:
    dates = graded_dates(D, 1, date(2000, 1, 1), LIVE)
    assert dates.shown == quarters((2024, 3), (2024, 4))
    # B is September, A June: above 2024-06 less 12 months.
    assert dates.memory == quarters((2023, 3), (2023, 4), (2024, 1), (2024, 2))


def test_between_reviews_the_last_review_is_remembered_too() -> None:
    dates = graded_dates(date(2025, 2, 10), 0, date(2000, 1, 1), LIVE)
    assert dates.shown == [date(2025, 2, 10)]
    assert dates.memory == quarters((2023, 4), (2024, 1), (2024, 2), (2024, 3), (2024, 4))
    assert date(2025, 2, 10) not in dates.reviews


def test_nothing_before_the_first_sale_is_graded() -> None:
    assert graded_dates(D, 8, date(2024, 6, 30), LIVE).all == quarters((2024, 2), (2024, 3), (2024, 4))
    assert graded_dates(D, 1, date(2024, 4, 1), LIVE).memory == quarters((2024, 2))
    assert graded_dates(D, 8, None, LIVE).all == [D]


def test_a_short_memory_still_has_the_review_before_the_last() -> None:
    short = policy(
        policy_tiers=[TERMS | {"margin_hold_months": "1"}],
        policy_tier_rules=[{"rule_order": "1", "rule_path": "LOW", "value_tier": "low", "hold_months": ""}],
    )
    assert graded_dates(D, 0, date(2000, 1, 1), short).memory == quarters((2024, 3))


@pytest.mark.parametrize(
    ("freeze", "first"),
    [
        ((date(2024, 2, 1), date(2025, 1, 1)), date(2022, 12, 31)),  # B: 2023-12-31
        ((date(2024, 2, 1), date(2024, 12, 31)), date(2023, 12, 31)),  # over by the first date shown
        ((date(2025, 1, 1), date(2025, 5, 1)), date(2023, 12, 31)),  # not begun
    ],
)
def test_a_tier_that_is_frozen_needs_the_reviews_before_it_froze(freeze: tuple[date, date], first: date) -> None:
    assert graded_dates(D, 0, date(2000, 1, 1), LIVE, [freeze]).memory[0] == first


# --- The first rule


@pytest.mark.parametrize(
    ("said", "has_bought", "path"),
    [
        ({"energy_kwh_12m": 30_000, "composite_score": 90}, True, "HR_ENERGY"),
        ({"energy_kwh_12m": Fraction("29999.999"), "composite_score": 70}, True, "SC_HIGH"),
        ({"composite_score": 40, "engagement_score": 99, "days_since_interaction": 1}, True, "SC_MED"),
        ({"composite_score": 39, "engagement_score": 60, "days_since_interaction": 90}, True, "MR_ENGAGED"),
        ({"composite_score": 39, "engagement_score": 60, "days_since_interaction": 91}, True, "LOW"),
        ({"composite_score": 39, "engagement_score": Fraction("59.9999"), "days_since_interaction": 1}, True, "LOW"),
        ({"engagement_score": 60}, True, "LOW"),
        ({"intent_level": "C-"}, False, "POT"),
        ({"intent_level": "D"}, False, "NOQ"),
    ],
)
def test_the_first_rule_that_holds_is_taken(said: dict[str, object], has_bought: bool, path: str) -> None:
    customer = Customers(Tale().delivery, Options()).known_at("A", D)
    consenting = type(customer)("person", None, True)
    measured = dict.fromkeys(
        ("property_net_60m", "firm_units_60m", "spend_12m_outside_property", "composite_score"), None
    ) | {name: said.get(name) for name in ("composite_score", *Said.__annotations__)}
    assert first_rule(consenting, has_bought, measured, said.get("intent_level"), LIVE, D)[0] == path


def cut_rows(**changes: str) -> list[Row]:
    """The cuts of the score for persons."""
    rows = [{"rule_path": path, "threshold": cut, "maintain": keep} for path, cut, keep in CUTS]
    return [row | {"customer_type": "person", "measure": "composite_score"} | changes for row in rows]


def test_a_lower_score_that_kept_a_tier_keeps_it_for_some_months() -> None:
    changed = date(2024, 7, 1)
    old = cut_rows(effective_to=changed.isoformat())
    new = [row | {"maintain": "69"} for row in cut_rows(effective_from=changed.isoformat(), threshold="80")]
    in_time = policy(policy_tiers=[TERMS], policy_tier_thresholds=[*old, *new])
    assert maintain_scores("person", in_time, D) == {1: 69, 2: 69}
    assert keep_scores("person", in_time, D) == {1: 69, 2: 69}  # June 30 is six months ago: no longer
    assert keep_scores("person", in_time, date(2024, 12, 29)) == {1: 37, 2: 67}  # June 30 is within
    at_once = policy(policy_tiers=[TERMS | {"grandfather_months": "0"}], policy_tier_thresholds=[*old, *new])
    assert keep_scores("person", at_once, changed) == {1: 69, 2: 69}
    assert keep_scores("person", at_once, changed - timedelta(days=1)) == {1: 37, 2: 67}


def test_without_a_score_that_keeps_the_cut_keeps() -> None:
    plain = policy(policy_tiers=[TERMS], policy_tier_thresholds=cut_rows(maintain=""))
    assert keep_scores("person", plain, D) == {1: 40, 2: 70}
    assert keep_scores("company", plain, D) == {1: None, 2: None}


# --- The machine


def seen(told: str, **changes: object) -> Observation:
    """What one date says: a rule path, or a score by which the rule is found."""
    hard = {"HR": ("HR_SPEND", "high", 12), "EN": ("MR_ENGAGED", "medium", 0)}
    if told in ("EXCL", "POT", "NOQ"):
        return Observation(told, {"POT": "potential"}.get(told))
    name, _, score = told.partition(" ")
    path, tier, hold = hard.get(name, (None, None, 0))
    score = score if path else told
    value = None if score in ("", "none") else Fraction(score)
    if path is None:
        level = 0 if value is None else 2 if value >= 70 else 1 if value >= 40 else 0
        path, tier = [("LOW", "low"), ("SC_MED", "medium"), ("SC_HIGH", "high")][level]
    return Observation(
        path,
        tier,
        value,
        {1: Fraction(37), 2: Fraction(67)},
        {1: Fraction(37), 2: Fraction(67)},
        **({"margin_hold_months": 12, "hold_months": hold} | changes),
    )


def lived(*told: str | None, ahead: int = 0) -> list[str]:
    """Tier and reason at quarterly reviews; what follows `ahead` from the end is between reviews."""
    days = [date(2020 + n // 4, 3 * (n % 4) + 3, 28) for n in range(len(told))]
    walked = walk(
        (d, n < len(told) - ahead, one and seen(one)) for n, (d, one) in enumerate(zip(days, told, strict=True))
    )
    short = {"low": "0", "medium": "1", "high": "2", "potential": "p", None: "-"}
    return [f"{short[walked[d].tier]} {walked[d].reason}" for d in days if d in walked]


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        # A rise takes one review, a first assignment none.
        (["39", "70"], ["0 INITIAL", "2 EARNED"]),
        # On the keep score it is kept, a year at most: 3, 6 and 9 months, not 12; then softly.
        (["70", "67", "67", "67", "67", "67"],
         ["2 INITIAL", "2 HELD_BY_MARGIN", "2 HELD_BY_MARGIN", "2 HELD_BY_MARGIN", "1 EARNED", "1 EARNED"]),
        # Earning it again starts the year anew.
        (["70", "67", "70", "67", "67", "67", "67"],
         ["2 INITIAL", "2 HELD_BY_MARGIN", "2 EARNED", *["2 HELD_BY_MARGIN"] * 3, "1 EARNED"]),
        # Below once is no fall, twice is.
        (["70", "66.9999", "67", "66", "66"],
         ["2 INITIAL", "2 HELD_BY_MARGIN", "2 HELD_BY_MARGIN", "2 HELD_BY_MARGIN", "1 EARNED"]),
        # After a fall the keep score helps no more.
        (["70", "66", "66", "69"], ["2 INITIAL", "2 HELD_BY_MARGIN", "1 EARNED", "1 EARNED"]),
        # Two steps down take two reviews.
        (["70", "10", "10", "10"], ["2 INITIAL", "2 HELD_BY_MARGIN", "1 SOFT_LANDING", "0 EARNED"]),
        # No score is below.
        (["70", "none", "none", "none"], ["2 INITIAL", "2 HELD_BY_MARGIN", "1 SOFT_LANDING", "0 EARNED"]),
        # A hard rule holds a year, whatever the score; then one step at a time.
        (["HR 10", "10", "10", "10", "10", "10"],
         ["2 INITIAL", *["2 HELD_BY_RULE"] * 3, "1 SOFT_LANDING", "0 EARNED"]),
        # A rule of a score holds nothing.
        (["EN 10", "10", "10"], ["1 INITIAL", "1 HELD_BY_MARGIN", "0 EARNED"]),
        # Medium falls on its own while the high rule held.
        (["HR 50", "50", "10", "10", "10", "10"],
         ["2 INITIAL", "2 HELD_BY_RULE", "2 HELD_BY_RULE", "2 HELD_BY_RULE", "1 SOFT_LANDING", "0 EARNED"]),
        # A break forgets everything.
        (["70", "66", "EXCL", "66", "10"],
         ["2 INITIAL", "2 HELD_BY_MARGIN", "- EXCL", "1 INITIAL", "1 HELD_BY_MARGIN"]),
        (["HR 10", "NOQ", "10"], ["2 INITIAL", "- NOQ", "0 INITIAL"]),
        (["POT", None, "40"], ["p POT", "1 INITIAL"]),
        (["70", None, "10"], ["2 INITIAL", "0 INITIAL"]),
    ],
)  # fmt: skip
def test_a_tier_is_kept_as_the_rules_say(told: list[str | None], expected: list[str]) -> None:
    assert lived(*told) == expected


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (["40", "70"], "1 WAITS_FOR_REVIEW"),
        (["70", "10"], "2 HELD_UNTIL_REVIEW"),
        (["70", "70"], "2 EARNED"),
        (["POT", "10"], "0 INITIAL"),
        (["NOQ", "POT"], "p POT"),
        (["70", "EXCL"], "- EXCL"),
        ([None, "70"], "2 INITIAL"),
    ],
)
def test_between_reviews_nobody_falls_and_who_is_new_is_graded_at_once(told: list[str | None], expected: str) -> None:
    assert lived(*told, ahead=1)[-1] == expected


def with_lift(told: str, energy: bool = True, homes: bool = False) -> Observation:
    """What one date says, with a lift."""
    return seen(told, has_energy_rise=energy, has_several_properties=homes)


def test_a_lift_gives_one_step_and_not_more() -> None:
    def last(*observations: Observation, is_between: bool = True) -> Computed:
        days = [date(2020, 3 * n, 28) for n in range(1, len(observations) + 1)]
        places = [not is_between or d != days[-1] for d in days]
        return walk(zip(days, places, observations, strict=True))[days[-1]]

    assert last(seen("10"), with_lift("10")) == Computed("medium", "INTERIM_ENERGY_RISE")
    assert last(seen("10"), with_lift("80")) == Computed("medium", "INTERIM_ENERGY_RISE")
    assert last(seen("10"), with_lift("10", False, True)) == Computed("medium", "INTERIM_MULTI_PROPERTY")
    assert last(seen("10"), with_lift("10", True, True)) == Computed("medium", "INTERIM_ENERGY_RISE")
    assert last(seen("70"), with_lift("70")) == Computed("high", "EARNED")
    assert last(with_lift("10")) == Computed("low", "INITIAL")
    assert last(with_lift("10"), is_between=False) == Computed("low", "INITIAL")
    assert last(seen("POT"), with_lift("10")) == Computed("low", "INITIAL")
    at_review = last(seen("10"), with_lift("10"), is_between=False)
    assert at_review == Computed("medium", "INTERIM_ENERGY_RISE")
    # What was lifted at a review is not held at the next, but until it.
    assert last(seen("10"), with_lift("10"), seen("10"), is_between=False) == Computed("low", "EARNED")
    assert last(seen("10"), with_lift("10"), seen("10")) == Computed("medium", "HELD_UNTIL_REVIEW")
    # A second lift adds nothing to the first.
    assert last(seen("10"), with_lift("10"), with_lift("10")) == Computed("medium", "HELD_UNTIL_REVIEW")


def test_a_cut_that_rose_is_told_apart_from_the_margin() -> None:
    def at(score: str, keep: int, maintain: int) -> str:
        cuts = {
            "keep": {1: Fraction(keep), 2: Fraction(keep)},
            "maintain": {1: Fraction(maintain), 2: Fraction(maintain)},
        }
        first = Observation("SC_MED", "medium", Fraction(75), **cuts, margin_hold_months=12)
        second = Observation("LOW", "low", Fraction(score), **cuts, margin_hold_months=12)
        return walk([(date(2020, 3, 31), True, first), (date(2020, 6, 30), True, second)])[date(2020, 6, 30)].reason

    assert at("37", 37, 50) == "GRANDFATHERED"
    assert at("49.9999", 37, 50) == "GRANDFATHERED"
    assert at("50", 37, 50) == "HELD_BY_MARGIN"
    assert at("36", 37, 50) == "HELD_BY_MARGIN"


# --- Lifts


@pytest.mark.parametrize(
    ("kwh", "least", "last_review", "expected"),
    [
        ("150", "300", date(2024, 9, 30), True),
        ("149.999", "300", date(2024, 9, 30), False),
        ("150", "450", date(2024, 9, 30), True),
        ("150", "450.001", date(2024, 9, 30), False),
        ("150", "300", D, False),
        ("150", "300", date(2024, 12, 30), True),
    ],
)
def test_energy_rises_against_the_same_months_of_the_year_before(
    kwh: str, least: str, last_review: date, expected: bool
) -> None:
    tale = Tale()
    for year, used in ((2023, "100"), (2024, kwh)):
        for month in (10, 11, 12):
            tale.reading(f"{year}-{month}-01", used, granularity="month")
    world = tale.world(tables={"policy_tiers": [TERMS | {"energy_rise_min_kwh": least}]})
    assert ("A" in energy_rises(world, last_review)) is expected
    assert energy_rises(world, None) == set()


def test_a_month_that_is_missing_lifts_nobody() -> None:
    tale = Tale()
    for start in ("2023-10-01", "2023-12-01", "2024-10-01", "2024-11-01", "2024-12-01"):
        tale.reading(start, "100" if start < "2024" else "900", granularity="month")
    assert energy_rises(tale.world(tables={"policy_tiers": [TERMS]}), date(2024, 9, 30)) == set()


@pytest.mark.parametrize(("day", "expected"), [(date(2024, 1, 1), True), (date(2023, 12, 31), False)])
def test_two_homes_of_a_year_lift(day: date, expected: bool) -> None:
    tale = Tale()
    for bought in (day, D):
        tale.sale(bought, "1000000", "property_sale", order_id=f"H{bought}")
    world = tale.world()
    made = policy(policy_tiers=[TERMS])
    assert has_several_properties(world.views["A"], world.contracts, made, D) is expected
    assert has_several_properties(None, world.contracts, made, D) is False


# --- Overrides

ORDERED = {
    "override_id": "O1",
    "customer_id": "A",
    "kind": "set",
    "tier": "high",
    "reason_code": "key_account",
    "reason_text": "long enough",
    "requested_by": "E1",
    "approved_by": "E2",
    "approved_at": "2024-12-01 10:00:00",
    "valid_from": "2024-12-01",
    "valid_to": "2025-01-01",
}
REVIEWED = date(2024, 9, 30)


def versions(*rows: Row) -> list[Override]:
    """The accepted versions of some rows that differ from the one above."""
    tale = Tale()
    tale.customer("A")
    tale.delivery.tier_overrides.extend(
        {column: text for column, text in (ORDERED | row).items() if text != ""} for row in rows
    )
    return accepted_overrides(tale.delivery, Options(), Customers(tale.delivery, Options()))


def judged(
    *rows: Row,
    computed: str | None = "low",
    frozen: str | None = "medium",
    is_graded: bool = True,
    tables: dict[str, list[Row]] | None = None,
) -> Judge:
    """The verdicts at D, where A has a computed tier, and had another at the last review."""
    tier = {"A": Computed(computed, "EARNED" if computed else "NOQ")}
    reviews = {REVIEWED: {"A": Computed(frozen, "EARNED")}} if frozen else {}
    standing = Standing(D, {"A"} if is_graded else set(), tier, reviews)
    return Judge(known_overrides(versions(*rows), D), MadePolicy(tables or {}), standing)


@pytest.mark.parametrize(
    ("row", "status"),
    [
        ({}, "applied"),
        ({"axis": "Value", "kind": "SET", "tier": "High", "reason_code": "KEY_ACCOUNT"}, "applied"),
        ({"axis": "points"}, "unknown_axis"),
        ({"kind": "raise"}, "unknown_kind"),
        ({"kind": ""}, "unknown_kind"),
        ({"tier": ""}, "unknown_tier"),
        ({"tier": "gold"}, "unknown_tier"),
        ({"tier": "potential"}, "applied"),
        ({"kind": "floor", "tier": "potential"}, "unknown_tier"),
        ({"kind": "freeze", "tier": "gold"}, "applied"),
        ({"kind": "freeze", "tier": ""}, "applied"),
        ({"reason_code": "because"}, "unknown_reason"),
        ({"reason_code": ""}, "unknown_reason"),
        ({"reason_text": "123456789"}, "reason_text_short"),
        ({"reason_text": "1234567890"}, "applied"),
        ({"reason_text": ""}, "reason_text_short"),
        ({"approved_by": ""}, "not_approved"),
        ({"approved_at": ""}, "not_approved"),
        ({"approved_at": "2024-12-31 23:59:59"}, "applied"),
        ({"approved_at": "2025-01-01 00:00:00"}, "not_approved"),
        ({"requested_by": ""}, "approved_by_requester"),
        ({"requested_by": " e2 "}, "approved_by_requester"),
        ({"valid_to": "2024-12-01"}, "period_empty"),
        ({"valid_from": "2024-01-02", "valid_to": "2025-01-01"}, "applied"),
        ({"valid_from": "2024-01-01", "valid_to": "2025-01-01"}, "too_long"),
        ({"revoked_at": "2024-12-31 08:00:00"}, "revoked"),
        ({"revoked_at": "2025-01-01 08:00:00"}, "applied"),
        ({"valid_from": "2025-01-01", "valid_to": "2025-01-02"}, "pending"),
        ({"valid_from": "2024-12-31"}, "applied"),
        ({"valid_to": "2024-12-31"}, "expired"),
    ],
)
def test_an_override_is_judged_by_the_first_thing_that_is_wrong(row: Row, status: str) -> None:
    assert judged(row).statuses == {("default", "O1"): status}


def test_an_override_needs_somebody_to_work_on() -> None:
    key = "default", "O1"
    assert judged({}, is_graded=False).statuses[key] == "not_graded"
    assert judged({"kind": "floor"}, computed=None).statuses[key] == "nothing_to_hold"
    assert judged({}, computed=None).statuses[key] == "applied"
    assert judged({"kind": "freeze"}, frozen=None).statuses[key] == "nothing_to_hold"
    assert judged({"kind": "freeze"}, frozen="potential").statuses[key] == "nothing_to_hold"
    before = {"kind": "freeze", "valid_from": "2024-09-29"}
    assert judged(before).statuses[key] == "nothing_to_hold"
    assert judged(before | {"valid_from": "2024-09-30"}).statuses[key] == "applied"


@pytest.mark.parametrize(
    ("approver", "axis", "tier", "kind", "expected"),
    [
        ("E2", "value", "high", "set", "applied"),
        ("e2", "value", "*", "set", "applied"),
        ("*", "value", "medium", "set", "approver_not_allowed"),
        ("*", "value", "medium", "freeze", "applied"),
        ("*", "card", "*", "set", "approver_not_allowed"),
        ("E3", "value", "*", "set", "approver_not_allowed"),
    ],
)
def test_an_approver_has_to_be_allowed(approver: str, axis: str, tier: str, kind: str, expected: str) -> None:
    rows = [{"approver": approver, "axis": axis, "tier": tier}]
    assert judged({"kind": kind}, tables={"policy_approvers": rows}).statuses["default", "O1"] == expected


@pytest.mark.parametrize(
    ("kind", "tier", "computed", "final"),
    [
        ("set", "low", "high", "low"),
        ("set", "potential", "high", "potential"),
        ("floor", "medium", "low", "medium"),
        ("floor", "medium", "high", "high"),
        ("ceiling", "medium", "high", "medium"),
        ("ceiling", "medium", "low", "low"),
        ("freeze", "", "high", "medium"),
        ("freeze", "low", None, "medium"),
    ],
)
def test_an_override_gives_its_tier(kind: str, tier: str, computed: str | None, final: str) -> None:
    assert judged({"kind": kind, "tier": tier}, computed=computed).applied["A"].final_tier == final


@pytest.mark.parametrize(
    ("one", "other", "first"),
    [
        ({"kind": "set"}, {"kind": "freeze", "approved_at": "2024-12-05"}, "O1"),
        ({"kind": "floor"}, {"kind": "freeze", "approved_at": "2024-11-05"}, "O2"),
        ({"kind": "floor"}, {"kind": "ceiling", "approved_at": "2024-12-05"}, "O2"),
        ({"kind": "floor", "approved_at": "2024-12-05"}, {"kind": "ceiling"}, "O1"),
        ({}, {"tier": "low"}, "O2"),
        ({"kind": "floor"}, {"kind": "freeze", "valid_from": "2024-09-01"}, "O1"),  # nothing to hold: no rival
        ({"kind": "floor"}, {"kind": "set", "revoked_at": "2024-12-20"}, "O1"),
    ],
)
def test_one_override_goes_first(one: Row, other: Row, first: str) -> None:
    judge = judged(one, {"override_id": "O2"} | other)
    assert judge.applied["A"].override.override_id == first
    assert sorted(judge.statuses.values()).count("applied") == 1


def test_of_one_number_in_two_systems_the_greater_system_goes_first() -> None:
    judge = judged({"tier": "low"}, {"source_system": "zeta"})
    assert judge.statuses == {("default", "O1"): "overruled", ("zeta", "O1"): "applied"}


def test_a_review_judges_the_version_it_knew() -> None:
    told = versions({}, {"recorded_at": "2024-12-10", "tier": "low"}, {"recorded_at": "2024-12-20", "tier": "medium"})
    tiers = [known_overrides(told, d)[0].tier for d in (date(2000, 1, 1), date(2024, 12, 19), date(2024, 12, 20))]
    assert tiers == ["high", "low", "medium"]
    assert versions({"recorded_at": "2024-12-10"}, {"recorded_at": "2024-12-10", "tier": "low"}) == []


@pytest.mark.parametrize(
    "row",
    [
        {"override_id": ""},
        {"customer_id": ""},
        {"customer_id": "B"},
        {"valid_from": ""},
        {"valid_to": "some day"},
        {"valid_from": "1989-12-31"},
    ],
)
def test_a_row_without_what_it_needs_is_no_override(row: Row) -> None:
    assert versions(row) == []


def test_renewals_began_earlier_and_ask_for_the_same() -> None:
    known = known_overrides(
        versions(
            {"override_id": "O0", "valid_from": "2024-01-01", "revoked_at": "2024-01-01"},
            {"override_id": "O1"},
            {"override_id": "O2"},
            {"override_id": "O3", "valid_from": "2024-01-01", "tier": "low"},
            {"override_id": "O4", "kind": "freeze", "valid_from": "2024-02-01"},
            {"override_id": "O5", "kind": "freeze", "tier": ""},
        ),
        D,
    )
    counts = {override.override_id: renewal_count(override, known) for override in known}
    assert counts == {"O0": 0, "O1": 1, "O2": 1, "O3": 0, "O4": 0, "O5": 1}


# --- Experts


@pytest.mark.parametrize(
    ("values", "mean", "spread"),
    [
        ([7], "7", "0"),
        ([1, 2, 4, 10], "4.25", "3.75"),  # quartiles 1.75 and 5.5
        ([1, 2, 4, 10, 10], "5.3333", "8"),  # without one 1 and one 10: 16 / 3
    ],
)
def test_a_panel_has_a_trimmed_mean_and_a_spread(values: list[int], mean: str, spread: str) -> None:
    assert trimmed_mean(values, 5) == Fraction(mean)
    assert quantile(values, Fraction(3, 4)) - quantile(values, Fraction(1, 4)) == Fraction(spread)


def panel(*told: tuple[str, str, str], **cells: str) -> Tale:
    """Scores of A by (expert, dimension, score), a day before D."""
    tale = Tale()
    tale.customer("A")
    for number, (expert, dimension, score) in enumerate(told):
        row = {"score_id": f"S{number}", "expert_id": expert, "customer_id": "A", "dimension": dimension}
        row |= {"score": score, "round_no": "1", "scored_at": ago(1).isoformat()} | cells
        tale.delivery.expert_scores.append(row)
    return tale


DIMENSIONS = [
    {"dimension": "potential", "weight": "3", "is_reversed": "false"},
    {"dimension": "risk", "weight": "1", "is_reversed": "true"},
]
PANEL = {
    "policy_experts": [{"max_age_days": "365", "trim_from": "5", "min_experts": "3", "max_iqr": "2"}],
    "policy_expert_dimensions": DIMENSIONS,
}


def test_only_dimensions_in_consensus_count_and_risk_counts_against() -> None:
    told = [("a", "potential", "7"), ("b", "potential", "7"), ("c", "Potential", "10"), ("d", "potential", "0")]
    told += [("a", "risk", "10"), ("b", "risk", "10"), ("c", "risk", "10.0"), ("d", "luck", "3")]
    world = panel(*told).world(tables=PANEL)
    found = rows(world)
    key = D.isoformat(), "A"
    assert found[*key, "potential"] | {"last_round": 1} == {
        "expert_count": 3, "mean_score": 8, "score_iqr": Fraction(3, 2), "consensus": "consensus", "last_round": 1,
    }  # fmt: skip
    # (3 x 77.7778 + 1 x 0) / 4
    assert components(world, found) == {"A": Fraction("58.3333")}
    apart = panel(("a", "risk", "1"), ("b", "risk", "2"), ("c", "risk", "10")).world(tables=PANEL)
    assert rows(apart)[*key, "risk"]["consensus"] == "no_consensus"
    assert components(apart, rows(apart)) == {}
    few = panel(("a", "risk", "1"), ("b", "risk", "1")).world(tables=PANEL)
    assert rows(few)[*key, "risk"]["consensus"] == "too_few"


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ({}, {}, 2),
        ({"round_no": "2"}, {}, 1),
        ({"scored_at": D.isoformat()}, {"round_no": "9"}, 1),
        ({"scored_at": "", "recorded_at": D.isoformat()}, {}, 1),
        ({}, {"scored_at": ago(365).isoformat()}, 1),
        ({"scored_at": ago(365).isoformat()}, {"scored_at": ago(364).isoformat()}, 2),
        ({}, {"recorded_at": (D + timedelta(days=1)).isoformat()}, 1),
        ({}, {"round_no": ""}, 1),
    ],
)
def test_the_last_score_of_an_expert_counts(one: Row, other: Row, expected: int) -> None:
    tale = panel(("a", "risk", "1"), ("a", "risk", "2"))
    for row, changes in zip(tale.delivery.expert_scores, (one, other), strict=True):
        row |= changes
    assert rows(tale.world(tables=PANEL))[D.isoformat(), "A", "risk"]["mean_score"] == expected


# --- Reasons


def test_shares_sum_to_the_total_exactly() -> None:
    third = Fraction(1, 3)
    assert shares({"a": third, "b": third, "c": third}, 10_000) == {"a": 3334, "b": 3333, "c": 3333}
    assert shares({"b": Fraction("0.00006"), "a": Fraction("0.00007")}, 1) == {"b": 0, "a": 1}
    assert shares({}, 0) == {}


WEIGHTS = {"rfm": Fraction("0.3"), "clv": Fraction("0.3"), "loyalty": Fraction("0.1"), "feedback": Fraction("0.2")}


def test_contributions_and_losses_of_a_customer() -> None:
    explained = Explained(
        {"rfm": Fraction(50), "clv": Fraction(100), "loyalty": Fraction(0), "feedback": None}, WEIGHTS
    )
    # (15 + 30) / 0.7 = 64.285714..: rounded down they are 21.4285 and 42.8571.
    assert explained.composite == 642_857
    assert explained.contributions == {"rfm": 214_286, "clv": 428_571, "loyalty": 0}
    assert explained.losses == {"rfm": 214_286, "clv": 0, "loyalty": 142_857}
    assert ranks(explained.contributions) == {"clv": 1, "rfm": 2, "loyalty": 3}


@pytest.mark.parametrize(
    ("cut", "expected"),
    [
        ("65", {"rfm": "1.6666", "loyalty": "4.9997"}),  # 0.71424.. x 0.7 / weight, less half a step
        ("70", {"rfm": "13.3333", "loyalty": "39.9997"}),
        ("85.7143", {"rfm": "50.0000"}),
        ("85.7144", {}),
    ],
)
def test_the_change_to_the_next_tier_is_the_smallest_that_reaches_it(cut: str, expected: dict[str, str]) -> None:
    scores = {"rfm": Fraction(50), "clv": Fraction(100), "loyalty": Fraction(0)}
    explained = Explained(scores, WEIGHTS)
    found = {name: explained.change_to(Fraction(cut), name) for name in scores}
    assert {n: str(Decimal(units).scaleb(-4)) for n, units in found.items() if units is not None} == expected
    for name, units in found.items():
        if units is not None:
            for step, reaches in ((units, True), (units - 1, False)):
                moved = Explained(scores | {name: scores[name] + Fraction(step, 10_000)}, WEIGHTS)
                assert (Fraction(moved.composite, 10_000) >= Fraction(cut)) is reaches


def test_reasons_of_a_customer_in_rows() -> None:
    own = Explained({"rfm": Fraction(50), "clv": Fraction(30), "loyalty": None, "feedback": Fraction(50)}, WEIGHTS)
    other = Explained({"rfm": Fraction(40), "clv": Fraction(90), "loyalty": None, "feedback": None}, WEIGHTS)
    tier = dict.fromkeys(
        ("value_tier", "computed_tier", "rule_tier", "rule_path", "reason", "override_kind", "override_tier")
    )
    tier |= {"composite_score": Decimal("42.5"), "next_tier": "high", "score_gap_to_next": Fraction("27.5")}
    middle = medians([own, other])
    assert middle == {"rfm": 187_500, "clv": 112_500, "feedback": 125_000}
    found = reason_rows(own, middle, tier, {1: Fraction(40), 2: Fraction(70)}, {1: Fraction(37), 2: None})
    assert [found[name]["contribution_rank"] for name in WEIGHTS] == [1, 3, None, 2]
    assert [found[name]["lost_rank"] for name in WEIGHTS] == [2, 1, None, 3]
    assert [found[name]["top_plus_rank"] for name in WEIGHTS] == [None, None, None, None]
    assert [found[name]["top_minus_rank"] for name in WEIGHTS] == [2, 1, None, 3]
    # 27.5 x 0.8 / 0.3 = 73.33 is too much for rfm and too much for clv; feedback would need 110.
    assert [found[name]["change_to_next"] for name in WEIGHTS] == [None, None, None, None]
    assert found["loyalty"]["contribution"] == 0 and found["loyalty"]["contribution_median"] is None
    near = reason_rows(own, middle, tier, {1: None, 2: Fraction(50)}, {1: None, 2: None})
    assert [near[name]["is_smallest_change"] for name in WEIGHTS] == [False, True, False, False]
    assert near["rfm"]["change_to_next"] == near["clv"]["change_to_next"] == Decimal("19.9999")


@pytest.mark.parametrize(
    ("computed", "reason", "expected"),
    [
        ("high", "EARNED", None),
        (None, "NOQ", None),
        ("low", "INITIAL", None),
        ("high", "HELD_BY_RULE", "high"),
        ("high", "INTERIM_ENERGY_RISE", "medium"),
        ("medium", "WAITS_FOR_REVIEW", "medium"),
    ],
)
def test_a_tier_that_is_held_is_told(computed: str | None, reason: str, expected: str | None) -> None:
    assert held_tier(computed, reason) == expected


# --- Flags and views

CALM = Seen("medium", "medium", True, "person", "venue", 1, None, None, "mature", None, None, None, None)
FLAGS = {"min_peers": "3", "peer_quantile": "0.8"}


def flags(**changes: object) -> dict[str, object]:
    """The flags of one customer without peers."""
    row = attention_rows({"A": Seen(**(vars(CALM) | changes))}, FLAGS)["A"]
    return {name: row[name] for name in ("at_risk_reason", "upside_reason", "attention_reason")}


@pytest.mark.parametrize(
    ("changes", "at_risk", "upside"),
    [
        ({}, None, None),
        ({"lifecycle_stage": "dormant"}, "lifecycle", None),
        ({"lifecycle_stage": "churned", "sat_class": "dissatisfied", "fb_grade": "negative"},
         "lifecycle, dissatisfied, negative_feedback", None),
        ({"value_tier": "low", "fb_grade": "negative"}, None, None),
        ({"value_tier": "high", "lifecycle_stage": "growth"}, None, None),
        ({"lifecycle_stage": "growth", "intent_level": "B-"}, None, "growth, intent"),
        ({"intent_level": "C+"}, None, None),
        ({"clv_band": "high"}, None, "clv_band"),
        ({"clv_band": "mid"}, None, None),
        ({"clv_band": "mid", "value_tier": "low"}, None, "clv_band"),
        ({"sat_class": "dissatisfied", "intent_level": "A"}, "dissatisfied", "intent"),
    ],
)  # fmt: skip
def test_who_is_at_risk_and_who_could_be_more(
    changes: dict[str, object], at_risk: str | None, upside: str | None
) -> None:
    reason = "both" if at_risk and upside else "at_risk" if at_risk else "upside" if upside else None
    expected = {"at_risk_reason": at_risk, "upside_reason": upside, "attention_reason": reason}
    assert flags(**changes) == expected


def test_peers_are_told_by_share_and_quantile() -> None:
    def group(line: str, high: int, others: int) -> dict[str, Seen]:
        members = [("high", "high")] * high + [("low", "low")] * others
        return {f"{line}{n}": Seen(*told, **(dict(list(vars(CALM).items())[2:]) | {"main_lob": line}))
                for n, told in enumerate(members)}  # fmt: skip

    everybody = group("venue", 2, 1) | group("lease", 1, 3) | group("energy", 1, 1)
    found = attention_rows(everybody, FLAGS)
    assert found["venue2"]["peer_high_share"] == Decimal("0.6667")
    assert found["energy0"]["peer_high_share"] is None
    # Shares of the low: 0.6667, 0.25, 0.25, 0.25. Four fifths of four are 3.2, and three are smaller than the greatest.
    assert not any(row["upside_flag"] for row in found.values())
    lower = attention_rows(everybody, FLAGS | {"peer_quantile": "0.75"})
    assert [c for c, row in lower.items() if row["upside_flag"]] == ["venue2"]


@pytest.mark.parametrize(
    ("tier", "level", "window", "grade"),
    [
        ("potential", "A", "within_1m", "A+"),
        ("potential", "A", "within_3m", "A"),
        ("potential", "A", "within_6m", "A-"),
        ("potential", "A", "over_6m", "A-"),
        ("potential", "B+", "within_1m", "B+"),
        ("potential", "D", None, "D"),
        ("potential", None, None, "C-"),
        ("low", "A", "within_1m", None),
    ],
)
def test_potential_is_graded_by_intent(tier: str, level: str | None, window: str | None, grade: str | None) -> None:
    assert potential_grade(tier, level, window) == grade


POWER = [
    {"basis": "income", "code": "mid", "lower_bound": "0", "spending_power_band": "mid_range"},
    *(
        {"basis": "ticket", "code": lob, "lower_bound": bound, "spending_power_band": band}
        for lob, bound, band in [
            ("venue", "0", "low_end"), ("venue", "1000", "high_end"), ("lease", "100", "mid_range"),
        ]
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("income", "sales", "expected"),
    [
        ("mid", [("venue", "5000")], ("mid_range", "income")),
        ("high", [("venue", "999.99")], ("low_end", "ticket")),
        (None, [("venue", "1000")], ("high_end", "ticket")),
        (None, [("venue", "500"), ("venue", "500"), ("lease", "100")], ("mid_range", "ticket")),
        (None, [("lease", "99.99")], (None, None)),
        (None, [], (None, None)),
    ],
)
def test_spending_power_goes_by_income_else_by_the_largest_ticket(
    income: str | None, sales: list[tuple[str, str]], expected: tuple[str | None, str | None]
) -> None:
    tale = Tale()
    for lob, amount in sales:
        tale.sale(ago(3000), amount, lob)
    view = tale.world().views.get("A") if sales else None
    assert spending_power(income, view.sales if view else [], POWER) == expected


# --- Moves


def test_moves_are_counted_and_have_a_direction() -> None:
    states = {date(2024, 9, 30): {"A": "low", "B": "low", "C": "high"}, D: dict.fromkeys("ABCE", "low")}
    found = migrations(states, {D: {"A": Decimal("2.50"), "C": Decimal("1")}})
    key = "2024-09-30", "2024-12-31"
    assert found[*key, "low", "low"] == {
        "customer_count": 2, "share": 1, "value_moved": Decimal("2.50"), "direction": "same",
    }  # fmt: skip
    assert found[*key, "high", "low"]["direction"] == "down"
    assert found[*key, "not_known", "low"]["direction"] == "entered"
    assert [direction(*way) for way in (("unqualified", "potential"), ("low", "excluded"), ("excluded", "low"))] == [
        "up",
        "left",
        "entered",
    ]


def test_drift_is_measured_against_the_date_before_and_a_year_before() -> None:
    days = [date(2023, 12, 31), date(2024, 3, 31), date(2024, 12, 31)]
    half = {"A": "low", "B": "high", "C": "excluded"}
    found = drifts({days[0]: half, days[1]: half, days[2]: {"A": "low", "B": "low"}})
    assert found["2024-03-31", "previous"] == {"psi": 0, "drift": "none"}
    assert ("2024-03-31", "year_before") not in found
    # 0.5 ln 2 + (0.0001 - 0.5) ln 0.0002 = 0.3466 + 4.2577
    assert found["2024-12-31", "year_before"] == {"psi": Decimal("4.6043"), "drift": "alarm"}


# --- Together


def test_a_tier_is_the_same_alone_in_a_long_run_and_years_later() -> None:
    tale = Tale()
    tale.customer("A")
    for year in range(2018, 2025):
        for month in range(1, 13, 1 if year in (2019, 2022) else 5):
            amount = "900000" if (year, month) == (2020, 6) else "90"
            tale.sale(date(year, month, 15), amount, category="spa")
    tale.delivery.tier_overrides.append(
        ORDERED | {"kind": "freeze", "valid_from": "2021-07-05", "valid_to": "2022-06-05", "approved_at": "2021-07-01"}
    )

    def tiers(as_of: date, count: int) -> dict[str, object]:
        return {
            key[0]: row
            for key, row in grade(tale.delivery, Options(as_of_date=as_of, review_count=count)).tiers.items()
        }

    whole = tiers(D, 27)
    assert {row["reason"] for row in whole.values()} >= {"INITIAL", "HELD_BY_RULE", "EARNED"}
    assert whole["2022-03-31"]["override_kind"] == "freeze"
    for day in list(whole)[::3]:
        assert tiers(date.fromisoformat(day), 0)[day] == whole[day]


def test_an_override_leaves_nothing_behind() -> None:
    tale = Tale()
    tale.sale(date(2024, 1, 15))
    plain = grade(tale.delivery, Options(as_of_date=D)).tiers
    tale.delivery.tier_overrides.append(
        ORDERED | {"valid_from": "2024-05-01", "valid_to": "2024-08-01", "approved_at": "2024-05-01"}
    )
    overridden = grade(tale.delivery, Options(as_of_date=D)).tiers
    changed = {key for key, row in overridden.items() if row != plain[key]}
    assert changed == {("2024-06-30", "A")}
    row = overridden["2024-06-30", "A"]
    assert (row["value_tier"], row["override_id"], row["override_kind"], row["override_days_left"]) == (
        *("high", "O1", "set"),
        32,
    )
    same = ("computed_tier", "reason", "rule_path", "composite_score", "next_tier", "score_gap_to_next")
    assert [row[name] for name in same] == [plain["2024-06-30", "A"][name] for name in same]


def test_moments_of_approval_are_compared_as_moments() -> None:
    one, other = versions({"approved_at": "2024-12-01T02:00:00Z"}, {"override_id": "O2"})
    assert one.approved_at == other.approved_at == datetime.fromisoformat("2024-12-01T10:00:00+08:00")
