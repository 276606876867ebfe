"""The reference of lifetime value against examples computed by hand, at the edges of its rules."""

import csv
import math
import os
from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from clv_stories import OPEN_GATE
from strategies import ALL_COLUMNS, changed_policy
from tests.reference import Delivery, Options, Result, grade
from tests.reference.clv import Parameters, summed
from tests.reference.clv_backtest import (
    CONTRIBUTION,
    PURCHASES,
    Case,
    backtest_row,
    calibration_rows,
    decile_rows,
    deciles,
    gate_row,
    in_units,
    mean_ranks,
    rank_correlation,
)
from tests.reference.clv_contracts import (
    Billing,
    Rates,
    band_rates,
    billing_of,
    contract_forecasts,
    is_due,
    is_renewed,
    is_usable,
    monthly_cents,
    months_left,
    survival,
    tenant_of,
    term_of,
)
from tests.reference.clv_facts import Forecast, LineFacts, month_by_month
from tests.reference.clv_repeat import (
    Buyer,
    FittedBuyer,
    PooledLine,
    expected_spend,
    pooled_rate,
    purchases_if_alive,
    repeat_forecasts,
)
from tests.reference.clv_repurchase import (
    Experience,
    Owner,
    add_experience,
    price_band,
    repurchase_forecasts,
    spend_by_price,
)
from tests.reference.clv_rows import discounted_cents, history_row, score_and_band, total_row
from tests.reference.delivery import POLICY_FOLDER
from tests.reference.measures import Posting
from tests.reference.policy import Policy, band_of
from tests.reference.registers import Contract
from warehouse import PROJECT

GOLDEN = Path(os.environ.get("REFERENCE_DATA", PROJECT.parent / "shared" / "data")) / "golden" / "bgnbd_mpmath_grid.csv"
D = date(2024, 12, 31)
POLICY = Policy(POLICY_FOLDER)
CLV = POLICY.clv(D)
LEASE = POLICY.tenure_bands("lease", D)
HOMES = POLICY.tenure_bands("property_sale", D)
BOUNDS = POLICY.price_bands(D)
Row = dict[str, str]


def ago(days: int) -> date:
    """A day before D."""
    return D - timedelta(days=days)


def contract(contract_id: str, start: date, end: date | None = None, **cells: object) -> Contract:
    """A lease; `cancelled_on` ends it earlier."""
    cancelled_on = cells.get("cancelled_on")
    ends_on = min((day for day in (end, cancelled_on) if day is not None), default=None)
    told = {"customer_id": "C", "lob": "lease", "status": "active", "handover_date": None, "total_cents": None}
    return Contract(
        contract_id, starts_on=start, ends_on=ends_on, end_date=end, **(told | {"cancelled_on": None} | cells)
    )


def billed(*bills: tuple[date, int], lob: str = "lease") -> LineFacts:
    """Postings of these days and cents; half of each is contribution."""
    return LineFacts(postings=[Posting(lob, day, cents, cents // 2) for day, cents in bills])


def months(*numbers: int) -> LineFacts:
    """A bill of 200 in each of these months before that of D (0: in it)."""
    return billed(*((date(2024 - n // 12, 12 - n % 12, 5), 20_000) for n in numbers))


# --- Bands


@pytest.mark.parametrize(
    ("days", "band"), [(0, "0-2"), (729, "0-2"), (730, "2-5"), (1824, "2-5"), (1825, "5+"), (99999, "5+")]
)
def test_a_band_begins_on_its_day(days: int, band: str) -> None:
    assert band_of(days, LEASE).name == band


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [(0, 730, (730, 0, 0)), (0, 731, (730, 1, 0)), (729, 1826, (1, 1095, 1)), (5, 5, (0, 0, 0)), (9, 3, (0, 0, 0))],
)
def test_days_are_counted_in_the_band_of_each(first: int, last: int, expected: tuple[int, ...]) -> None:
    assert tuple(band.days_between(first, last) for band in LEASE) == expected
    one_by_one = [band_of(day, LEASE).name for day in range(first, last)]
    assert tuple(one_by_one.count(band.name) for band in LEASE) == expected


# --- Contract lines


@pytest.mark.parametrize(("ended", "due"), [(90, True), (89, False), (91, True), (-10, False)])
def test_a_contract_is_due_when_the_grace_is_over(ended: int, due: bool) -> None:
    assert is_due(contract("K", ago(400), ago(ended)), CLV.renewal_grace_days, D) is due


@pytest.mark.parametrize(
    ("start", "end", "renewed"),
    [
        (1, None, True),
        (90, None, True),
        (91, None, False),
        (90, 91, True),
        (-200, 1, True),
        (-200, 0, False),
        (-200, -1, False),
        (-100, None, True),
    ],
)
def test_a_contract_is_renewed_up_to_the_last_day_of_the_grace(start: int, end: int | None, renewed: bool) -> None:
    """`start` and `end` of the other contract are days after the end of the first."""
    ended = ago(300)
    one = contract("1", ago(700), ended)
    last = None if end is None else ended + timedelta(days=end)
    other = contract("2", ended + timedelta(days=start), last)
    assert is_renewed(one, [one, other], CLV.renewal_grace_days) is renewed


def test_renewals_are_drawn_towards_the_share_assumed() -> None:
    ended = contract("1", ago(455), ago(90))
    assert band_rates({"C": [ended]}, LEASE, CLV, D)["0-2"].renewal == Fraction(14, 21)
    again = contract("2", D)
    assert band_rates({"C": [ended, again]}, LEASE, CLV, D)["0-2"].renewal == Fraction(15, 21)
    late = contract("2", D + timedelta(days=1))
    assert band_rates({"C": [ended, late]}, LEASE, CLV, D)["0-2"].renewal == Fraction(14, 21)
    running = contract("1", ago(455), ago(89))
    assert band_rates({"C": [running]}, LEASE, CLV, D)["0-2"].renewal == Fraction(7, 10)


def test_a_due_contract_counts_in_the_band_of_its_tenure_at_its_end() -> None:
    two_years = contract("1", ago(1000), ago(1000 - 730))
    a_day_less = contract("1", ago(1000), ago(1000 - 729))
    assert band_rates({"C": [two_years]}, LEASE, CLV, D)["2-5"].renewal == Fraction(15, 21)
    assert band_rates({"C": [a_day_less]}, LEASE, CLV, D)["0-2"].renewal == Fraction(14, 21)
    earlier = contract("0", ago(1730), ago(1200))
    rates = band_rates({"C": [earlier, a_day_less]}, LEASE, CLV, D)
    assert rates["2-5"].renewal == Fraction(15, 21)
    assert rates["0-2"].renewal == Fraction(14, 21)


def test_leaving_is_counted_over_the_months_of_each_band() -> None:
    rates = band_rates({"C": [contract("1", ago(760))]}, LEASE, CLV, D)
    assert rates["0-2"].leaving == Fraction(4, 10) / (Fraction(730, 30) + 20)
    assert rates["2-5"].leaving == Fraction(3, 10) / (1 + 20)
    assert rates["5+"].leaving == Fraction(1, 100)
    left = contract("1", ago(300), cancelled_on=ago(90))
    assert band_rates({"C": [left]}, LEASE, CLV, D)["0-2"].leaving == Fraction(14, 10) / (7 + 20)
    leaving = contract("1", ago(299), cancelled_on=ago(89))
    assert band_rates({"C": [leaving]}, LEASE, CLV, D)["0-2"].leaving == Fraction(4, 10) / (7 + 20)
    ahead = contract("1", D + timedelta(days=9))
    assert band_rates({"C": [ahead]}, LEASE, CLV, D)["0-2"].leaving == Fraction(2, 100)


def test_nobody_leaves_more_than_once_a_month() -> None:
    gone_at_once = {c: [contract(c, ago(200), cancelled_on=ago(200))] for c in "ABC"}
    weak = replace(CLV, prior_strength=Fraction(1, 2))
    assert band_rates(gone_at_once, LEASE, weak, D)["0-2"].leaving == 1
    assert survival(None, Rates(Fraction(0), Fraction(1)), D, 1) == 0


@pytest.mark.parametrize(
    ("end", "left"),
    [
        ("2024-12-31", 0),
        ("2025-01-30", 0),
        ("2025-01-31", 1),
        ("2025-02-27", 1),
        ("2025-02-28", 2),
        ("2027-12-30", 35),
        ("2027-12-31", 36),
        ("2099-12-31", 36),
    ],
)
def test_whole_months_are_left(end: str, left: int) -> None:
    assert months_left(D, date.fromisoformat(end)) == left


@pytest.mark.parametrize(
    ("start", "end", "told", "term"),
    [
        ("2024-01-01", "2024-12-31", None, 12),
        ("2024-01-01", "2024-12-30", None, 11),
        ("2024-01-31", "2024-02-01", None, 1),
        ("2024-01-05", "2024-01-20", None, 1),
        ("2024-01-01", "2024-12-31", 24, 24),
        ("2024-01-01", "2024-12-31", 0, 1),
        ("2024-01-01", None, None, 12),
    ],
)
def test_the_term_is_agreed_or_as_long_as_the_contract(
    start: str, end: str | None, told: int | None, term: int
) -> None:
    last = date.fromisoformat(end) if end else None
    assert term_of(contract("K", date.fromisoformat(start), last, term_months=told)) == term


def test_survival_drops_at_the_end_and_after_each_term() -> None:
    rates = Rates(Fraction(1, 2), Fraction(1, 10))
    ends = contract("K", ago(300), date(2025, 2, 28), term_months=3)
    found = [survival(ends, rates, D, month) for month in range(1, 9)]
    assert found == [1, 1, *[Fraction(1, 2)] * 3, *[Fraction(1, 4)] * 3]
    today = contract("K", ago(300), D, term_months=1)
    assert [survival(today, rates, D, month) for month in (1, 2)] == [Fraction(1, 2), Fraction(1, 4)]
    far = contract("K", ago(300), date(2099, 1, 1))
    assert survival(far, rates, D, 36) == 1
    cancelled = contract("K", ago(300), date(2099, 1, 1), cancelled_on=date(2025, 1, 31))
    assert [survival(cancelled, rates, D, month) for month in (1, 2)] == [1, 0]
    on_its_last_day = contract("K", ago(300), date(2025, 1, 31), cancelled_on=date(2025, 1, 31))
    assert [survival(on_its_last_day, rates, D, month) for month in (1, 2)] == [1, 0]
    too_late = contract("K", ago(300), date(2025, 1, 31), cancelled_on=date(2025, 2, 1))
    assert [survival(too_late, rates, D, month) for month in (1, 2)] == [1, Fraction(1, 2)]
    open_ended = contract("K", ago(300))
    assert [survival(open_ended, rates, D, month) for month in (1, 2)] == [Fraction(9, 10), Fraction(81, 100)]


@pytest.mark.parametrize(
    ("cells", "usable"),
    [
        ({}, True),
        ({"status": "subscribed"}, False),
        ({"cancelled_on": ago(401)}, False),
        ({"cancelled_on": ago(400)}, True),
    ],
)
def test_a_contract_that_ends_before_it_starts_is_none(cells: dict[str, object], usable: bool) -> None:
    assert is_usable(contract("K", ago(400), **cells)) is usable


def counted(*contracts: Contract, facts: LineFacts | None = None) -> str | None:
    """The contract that counts."""
    tenant = tenant_of(list(contracts), facts or LineFacts(), CLV, D)
    return tenant and (tenant.contract.contract_id if tenant.contract else "bills")


def test_the_contract_that_ends_last_counts() -> None:
    over, today = contract("1", ago(500), ago(1)), contract("2", ago(500), D)
    later, ahead = contract("3", ago(500), D + timedelta(days=1)), contract("4", D + timedelta(days=50))
    assert counted(over) is None
    assert counted(over, facts=months(0, 1, 2)) is None
    assert counted(over, today) == "2"
    assert counted(today, later) == "3"
    assert counted(later, ahead) == "4"
    assert counted(ahead, replace(ahead, contract_id="0")) == "0"
    assert counted(later, replace(later, contract_id="2")) == "2"


def test_tenure_counts_from_the_earliest_start() -> None:
    assert tenant_of([contract("1", ago(730)), contract("2", ago(5))], LineFacts(), CLV, D).tenure == 730
    assert tenant_of([contract("1", D + timedelta(days=5))], LineFacts(), CLV, D).tenure == 0
    assert tenant_of([contract("1", ago(9), ago(3)), contract("2", ago(5))], LineFacts(), CLV, D).tenure == 9


@pytest.mark.parametrize(("gap", "found"), [(92, "bills"), (93, None), (0, "bills")])
def test_a_bill_stands_in_for_a_contract_for_some_days(gap: int, found: str | None) -> None:
    facts = billed((ago(gap + 400), 100), (ago(gap), 100))
    assert counted(facts=facts) == found
    if found:
        assert tenant_of([], facts, CLV, D).tenure == gap + 400


def test_a_month_taken_back_is_not_billed() -> None:
    facts = billed((ago(150), 100), (ago(20), 100), (ago(20), -100))
    assert billing_of(facts.postings, D).count == 1
    assert counted(facts=facts) is None


def test_a_month_is_worth_the_mean_of_the_billed_ones() -> None:
    assert billing_of(months(0, 1, 2).postings, D).monthly == 10_000
    quarterly = billing_of(months(0, 3, 6, 9).postings, D)
    assert (quarterly.count, quarterly.span, quarterly.monthly) == (4, 9, Fraction(10_000, 3))
    assert billing_of(months(0, 5).postings, D).monthly is None
    assert billing_of(months(*range(13)).postings, D).count == 12
    assert billing_of(months(35).postings, D).count == 1
    assert billing_of(months(36).postings, D).count == 0
    assert billing_of([], D) == Billing(0, 0, 0, None)


def test_few_bills_are_worth_the_median_of_the_line() -> None:
    few = billing_of(months(0, 5).postings, D)
    assert monthly_cents(few, None) == 10_000
    assert monthly_cents(few, Fraction(7)) == 7
    assert monthly_cents(Billing(0, 0, 0, None), None) == 0
    contracts = {c: [contract(c, ago(400), customer_id=c)] for c in "ABCDE"}
    facts = {"A": months(0, 1, 2), "B": billed(*((ago(30 * n), 80_000) for n in (1, 2, 3))), "C": months(4)}
    found = contract_forecasts(facts, contracts, LEASE, CLV, D)
    cents = {c: forecast.contribution(1) / found["A"].contribution(1) for c, forecast in found.items()}
    assert cents == {"A": 1, "B": 4, "C": 1, "D": 1, "E": 1}
    assert [found[c].confidence for c in "ABCD"] == ["medium", "medium", "low", "low"]


def test_who_is_not_predicted_takes_no_part_in_the_median() -> None:
    contracts = {
        "A": [contract("A", ago(400), ago(100), customer_id="A")],
        "B": [contract("B", ago(9), customer_id="B")],
    }
    found = contract_forecasts({"A": months(3, 4, 5)}, contracts, LEASE, CLV, D)
    assert set(found) == {"B"}
    assert found["B"].contribution(30) == 0


def test_a_month_counts_by_the_part_inside() -> None:
    within = month_by_month(lambda month: Fraction(month), Fraction(30))
    assert [within(days) for days in (0, 15, 30, 31, 60)] == [0, Fraction(1, 2), 1, 1 + Fraction(2, 30), 3]


def test_a_negative_contribution_is_predicted_as_such() -> None:
    loss = LineFacts(postings=[Posting("lease", day, 100, -300) for day in (ago(0), ago(40), ago(70))])
    found = contract_forecasts({"C": loss}, {"C": [contract("K", ago(90))]}, LEASE, CLV, D)["C"]
    row = history_row(loss, found, "contract", CLV)
    assert row["predicted_clv_12m"] < 0
    assert row["clv_total"] == Decimal("-9.00") + row["predicted_clv_36m"]
    assert row["expected_purchases_30d"] is None and row["expected_spend"] is None


# --- Repeat lines


def buyer(x: int, age: int, cents: int = 0, later: int = 0, recency: int | None = None) -> Buyer:
    """A customer of the venues."""
    return Buyer(x, (age if x else 0) if recency is None else recency, age, cents, later)


def test_the_pooled_rate_is_drawn_towards_the_line() -> None:
    line = PooledLine.of([buyer(1, 100), buyer(0, 100)])
    assert line.daily_rate == Fraction(1, 200)
    assert pooled_rate(buyer(1, 100), line, Fraction(1)) == Fraction(2, 300)
    assert pooled_rate(buyer(0, 100), line, Fraction(1)) == Fraction(1, 300)
    assert pooled_rate(buyer(0, 0), line, Fraction(1)) == Fraction(1, 200)


def test_a_line_without_age_expects_nothing() -> None:
    facts = LineFacts(postings=[Posting("venue", D, 1000, 500)], purchases=[D])
    found = repeat_forecasts({"C": facts}, "bg_nbd", Parameters(), CLV, D)["C"]
    assert (found.purchases(365), found.p_no_purchase_90d, found.expected_spend) == (0, 1.0, 5)
    assert (found.method, found.status, found.p_alive) == ("pooled_rate", "not_identifiable", None)


def test_one_purchase_only_expects_nothing_more() -> None:
    facts = LineFacts(postings=[Posting("venue", ago(50), 1000, 500)], purchases=[ago(50)])
    found = repeat_forecasts({"C": facts}, "mbg_nbd", Parameters(), CLV, D)["C"]
    assert (found.purchases(365), found.contribution(365)) == (0, 0)


def test_the_spend_is_drawn_towards_the_line_and_not_below_0() -> None:
    line = PooledLine.of([buyer(1, 9, 3000), buyer(0, 9, 1500)])
    assert line.spend == 1500
    assert expected_spend(buyer(1, 9, 3000), line, None, Fraction(1)) == 15
    assert expected_spend(buyer(0, 9, 0), line, None, Fraction(1)) == Fraction(15, 2)
    assert expected_spend(buyer(0, 9, -1500), line, None, Fraction(1)) == 0
    assert expected_spend(buyer(0, 9, -9000), line, None, Fraction(1)) == 0


@pytest.mark.parametrize(("x", "cents", "expected"), [(2, 5000, 20), (0, 0, 10), (0, 9999, 10), (2, -100, 20 / 6)])
def test_the_fitted_spend_goes_by_the_purchases_after_the_first(x: int, cents: int, expected: float) -> None:
    found = expected_spend(buyer(x, 9, 0, cents), PooledLine(Fraction(0), Fraction(0)), (2.0, 3.0, 10.0), Fraction(1))
    assert found == pytest.approx(expected, rel=1e-14)


def test_who_bought_once_is_alive_but_where_leaving_can_come_at_once() -> None:
    parameters = (1.0, 10.0, 2.0, 4.0)
    assert FittedBuyer.of(buyer(0, 30), "bg_nbd", parameters).p_alive == 1
    assert FittedBuyer.of(buyer(0, 30), "mbg_nbd", parameters).p_alive == pytest.approx(1 / (1 + 2 / 4 * 4))
    twice = buyer(1, 30, recency=10)
    assert FittedBuyer.of(twice, "bg_nbd", parameters).p_alive == pytest.approx(1 / (1 + 2 / 4 * 2**2))
    assert FittedBuyer.of(twice, "mbg_nbd", parameters).p_alive == pytest.approx(1 / (1 + 2 / 5 * 2**2))
    long_gone = buyer(500, 3000, recency=1)
    assert FittedBuyer.of(long_gone, "bg_nbd", parameters).p_alive == 0


def test_no_purchase_is_leaving_or_waiting() -> None:
    found = FittedBuyer.of(buyer(0, 80), "bg_nbd", (2.0, 10.0, 2.0, 4.0))
    assert found.p_no_purchase(90) == pytest.approx(1 / 4)
    assert found.p_no_purchase(0) == 1
    assert found.purchases(0) == 0


def test_both_models_are_needed_to_be_fitted() -> None:
    facts = {"C": LineFacts(postings=[Posting("venue", ago(9), 1000, 500)], purchases=[ago(9)])}
    purchase, spend = (1.0, 10.0, 2.0, 4.0), (2.0, 3.0, 10.0)

    def found(parameters: Parameters) -> Forecast:
        return repeat_forecasts(facts, "bg_nbd", parameters, CLV, D)["C"]

    both = found(Parameters(purchase, spend))
    assert (both.method, both.status, both.confidence) == ("bg_nbd", "fitted", "high")
    half = found(Parameters(purchase, None))
    assert (half.method, half.status, half.confidence, half.expected_spend) == ("bg_nbd", "not_identifiable", "low", 5)
    half = found(Parameters(None, spend))
    assert (half.method, half.status, half.expected_spend) == ("pooled_rate", "not_identifiable", 10)


@pytest.mark.parametrize("z", [1e-6, 0.5, 3.0, 200.0])
def test_purchases_if_alive_are_a_logarithm_where_everything_is_1(z: float) -> None:
    assert purchases_if_alive(1, z, 1, 1) == pytest.approx(math.log1p(z), rel=1e-12)
    assert purchases_if_alive(2, z, 1e-9, 1) == pytest.approx(2 * z, rel=1e-6)
    assert purchases_if_alive(3, z, 1e9, 1e-9) == pytest.approx(1 - (1 + z) ** -3, rel=1e-6)


def test_purchases_agree_with_50_digit_arithmetic() -> None:
    if not GOLDEN.exists():
        pytest.skip("no reference data")
    with GOLDEN.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 600
    for number, row in enumerate(rows):
        r, alpha, a, b, x, recency, age, days = (float(row[c]) for c in ("r", "alpha", "a", "b", "x", "t_x", "T", "t"))
        fitted = FittedBuyer.of(Buyer(int(x), int(recency), int(age), 0, 0), "bg_nbd", (r, alpha, a, b))
        expected = [float(row[column]) for column in ("exp_trx_given_alive", "p_alive", "cond_exp_trx")]
        found = purchases_if_alive(fitted.shape, days / fitted.scale, fitted.a, fitted.stays)
        assert found == pytest.approx(expected[0], rel=1e-8), number
        assert fitted.p_alive == pytest.approx(expected[1], rel=1e-9, abs=1e-300), number
        assert fitted.purchases(days) == pytest.approx(expected[2], rel=1e-8, abs=1e-300), number


# --- Repurchase


def owner(
    *dates: date, elsewhere: date | None = None, cents: int = 100_000_000, contribution: int = 10_000_000
) -> Owner:
    """Somebody with homes bought on these days."""
    return Owner(list(dates), elsewhere, cents, contribution)


def experience(*owners: Owner) -> dict[tuple[str, bool], tuple[int, int]]:
    """Events and days at risk, where there are any."""
    seen: dict[tuple[str, bool], Experience] = defaultdict(Experience)
    for one in owners:
        add_experience(seen, one, HOMES, D)
    return {stratum: (found.events, found.days) for stratum, found in seen.items() if found.events or found.days}


@pytest.mark.parametrize(("gap", "band"), [(729, "0-2"), (730, "2-5")])
def test_a_second_home_counts_in_the_band_of_its_spell(gap: int, band: str) -> None:
    found = experience(owner(ago(gap), D))
    assert found[band, False][0] == 1
    assert found["0-2", False][1] == gap
    assert sum(days for _, days in found.values()) == gap


def test_another_line_is_held_from_its_day_on_but_only_afterwards_before_a_purchase() -> None:
    bought, again = ago(100), ago(40)
    assert experience(owner(bought, again, elsewhere=again)) == {("0-2", False): (1, 60), ("0-2", True): (0, 40)}
    day_before = again - timedelta(days=1)
    assert experience(owner(bought, again, elsewhere=day_before)) == {("0-2", False): (0, 59), ("0-2", True): (1, 41)}
    assert experience(owner(bought, elsewhere=bought)) == {("0-2", True): (0, 100)}
    assert experience(owner(bought, elsewhere=D)) == {("0-2", False): (0, 100)}
    assert experience(owner(D)) == {}


@pytest.mark.parametrize(
    ("price", "bound"), [("2000000", 2000000), ("1999999.99", 0), ("6000000", 6000000), ("0", 0), ("-5", 0)]
)
def test_a_price_on_the_bound_is_of_the_band_above(price: str, bound: int) -> None:
    assert price_band(owner(D, cents=int(Decimal(price) * 100)), BOUNDS) == bound


def test_the_spend_of_a_price_band_is_drawn_towards_the_line() -> None:
    cheap, dear = owner(D, ago(9), cents=200_00, contribution=40_00), owner(D, cents=3_000_000_00, contribution=600_00)
    spends = spend_by_price([cheap, dear], BOUNDS, Fraction(20))
    mean = Fraction(640, 3)
    assert spends == {0: (40 + 20 * mean) / 22, 2000000: (600 + 20 * mean) / 21, 6000000: mean}
    assert spend_by_price([replace(cheap, contribution=-1)], BOUNDS, Fraction(20))[0] == 0


def test_the_rate_of_a_month_is_that_of_the_tenure_at_its_end() -> None:
    def purchases(since: int, days: int) -> Fraction:
        facts = {"C": LineFacts(postings=[Posting("property_sale", ago(since), 100, 10)], occasion_dates=[ago(since)])}
        return repurchase_forecasts(facts, {"C": None}, HOMES, POLICY, D)["C"].purchases(days)

    young = Fraction(20, 100) / (Fraction(699, 365) + 20)
    assert purchases(699, 30) == young * 30 / 365
    assert purchases(699, 31) == young * 30 / 365 + Fraction(2, 100) / 365
    young = Fraction(20, 100) / (Fraction(700, 365) + 20)
    assert purchases(700, 30) == Fraction(2, 100) * 30 / 365
    old = Fraction(1, 1) / (Fraction(180, 365) + 20)
    assert purchases(8 * 365 + 180, 365) == old


@pytest.mark.parametrize(("events", "confidence"), [(4, "low"), (5, "medium")])
def test_five_events_in_the_stratum_are_enough(events: int, confidence: str) -> None:
    bought = [ago(300), ago(200)]
    facts = {
        str(n): LineFacts(postings=[Posting("property_sale", D, 1, 1)], occasion_dates=bought) for n in range(events)
    }
    found = repurchase_forecasts(facts, dict.fromkeys(facts), HOMES, POLICY, D)
    assert {forecast.confidence for forecast in found.values()} == {confidence}


# --- The marts


def steady(monthly: int, method: str = "contract") -> Forecast:
    """So much every 30 days."""
    return Forecast(method, "estimated", "low", lambda days: Fraction(monthly) * days / 30)


def test_months_are_discounted_to_their_end() -> None:
    yearly = 1.08
    expected = sum(100 / yearly ** (month / 12) for month in range(1, 37))
    found = discounted_cents(steady(100), CLV)
    assert found[36] == round(expected * 100)
    assert discounted_cents(steady(100), replace(CLV, discount_rate=Fraction(0))) == {12: 120_000, 36: 360_000}
    assert discounted_cents(None, CLV) == {12: 0, 36: 0}


def test_a_line_without_prediction_has_its_past() -> None:
    facts = billed((ago(9), 1000))
    row = history_row(facts, None, "contract", CLV)
    assert (row["method"], row["clv_status"], row["clv_confidence"]) == ("none", "ended", None)
    assert (row["historic_clv"], row["clv_total"], row["expected_purchases_30d"]) == (
        Decimal("5.00"),
        Decimal("5.00"),
        None,
    )
    assert history_row(facts, None, "repeat", CLV)["clv_status"] == "no_purchase"


def test_the_total_is_as_bad_as_its_worst_line() -> None:
    past = history_row(billed((ago(9), 1000)), None, "contract", CLV)
    good = history_row(None, replace(steady(5, "bg_nbd"), status="fitted", confidence="high"), "repeat", CLV)
    fair = history_row(
        None, replace(steady(7), confidence="medium", purchases=lambda days: Fraction(days)), "contract", CLV
    )
    total = total_row([past, good, fair])
    assert (total["clv_status"], total["clv_confidence"], total["method"]) == ("estimated", "medium", None)
    assert total["predicted_clv_36m"] == good["predicted_clv_36m"] + fair["predicted_clv_36m"]
    assert (total["expected_purchases_90d"], total["expected_spend"]) == (Decimal("90.000000"), None)
    alone = total_row([past])
    assert (alone["clv_status"], alone["clv_confidence"], alone["expected_purchases_30d"]) == (
        "no_purchase",
        None,
        None,
    )


@pytest.mark.parametrize(
    ("value", "score", "band"),
    [
        ("-100", "0", "low"),
        ("0", "0", "low"),
        ("250", "15", "low"),
        ("500", "30", "low"),
        ("1999.99", "49.9999", "low"),
        ("2000", "50", "mid"),
        ("100000", "93.3333", "high"),
        ("200000", "100", "high"),
        ("9999999", "100", "high"),
    ],
)
def test_the_score_lies_on_the_line_between_two_cuts(value: str, score: str, band: str) -> None:
    assert score_and_band(Fraction(value), [], POLICY.clv_cuts("person", D)) == (Fraction(score), band)


def test_the_score_may_go_by_the_share_of_lower_values() -> None:
    cuts = [
        replace(cut, measure="percent_rank", lower_bound=Fraction(bound))
        for cut, bound in zip(POLICY.clv_cuts("person", D), ("0.1", "0.2", "0.5", "0.6", "0.8", "0.9"), strict=True)
    ]
    everybody = [Fraction(n) for n in (-5, 1, 1, 2, 7)]
    found = [score_and_band(value, everybody, cuts)[0] for value in everybody]
    assert found == [0, Fraction("33.3333"), Fraction("33.3333"), Fraction("86.25"), 100]
    assert score_and_band(Fraction(3), [Fraction(3)], cuts) == (0, "low")


# --- Backtest and gate


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([7], [1]),
        ([3, 3, 3], [1, 1, 1]),
        ([0] * 5 + [1] * 5, [1] * 5 + [6] * 5),
        ([1, 2], [1, 10]),
        (list(range(10)), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
        (list(range(11)), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 10]),
        ([5, 0, 5, 5], [4, 1, 4, 4]),
    ],
)
def test_ties_share_the_lower_decile(values: list[int], expected: list[int]) -> None:
    assert deciles(values) == expected


def test_ties_share_their_mean_rank() -> None:
    assert mean_ranks([3, 1, 3, 2]) == [Fraction(7, 2), 1, Fraction(7, 2), 2]
    assert rank_correlation([1, 2, 2, 3], [1, 3, 2, 4]) == pytest.approx(4.5 / math.sqrt(4.5 * 5), rel=1e-14)
    assert rank_correlation([1, 2, 3], [9, 5, 1]) == pytest.approx(-1)
    assert rank_correlation([1, 1, 1], [1, 2, 3]) is None
    assert rank_correlation([1, 2, 3], [4, 4, 4]) is None
    assert rank_correlation([1], [1]) is None


@pytest.mark.parametrize(
    ("value", "measure", "units"),
    [
        (Fraction("0.005"), CONTRIBUTION, 1),
        (Fraction("-0.005"), CONTRIBUTION, -1),
        (Fraction("0.0049"), CONTRIBUTION, 0),
        (Fraction("0.0000005"), PURCHASES, 1),
        (Fraction(2, 3), PURCHASES, 666_667),
    ],
)
def test_predictions_are_rounded_one_by_one(value: Fraction, measure: str, units: int) -> None:
    assert in_units(value, measure) == units


def cases(count: int, model: int, actual: int, best: int, came: int) -> list[Case]:
    """So many customers who share a prediction and an outcome, and one more who is predicted `best`."""
    return [Case(str(n), model, 0, actual) for n in range(count)] + [Case("best", best, 0, came)]


def test_totals_ratio_and_capture_of_a_backtest() -> None:
    row = backtest_row([Case("A", 100, 0, 300), Case("B", 200, 0, -100)], CONTRIBUTION, "model")
    assert (row["predicted_total"], row["actual_total"], row["predicted_to_actual_ratio"]) == (3, 2, Fraction(3, 2))
    assert (row["mean_absolute_error"], row["top_decile_capture"]) == (Fraction(5, 2), Fraction(-1, 2))
    assert row["rank_correlation"] == pytest.approx(-1)
    row = backtest_row([Case("A", 100, 0, 1), Case("B", 200, 0, -1)], CONTRIBUTION, "naive")
    assert (row["predicted_to_actual_ratio"], row["top_decile_capture"], row["rank_correlation"]) == (None, None, None)


def test_deciles_add_up_and_empty_ones_are_not_told() -> None:
    rows = decile_rows(cases(9, 100, 50, 101, 70), CONTRIBUTION, "model")
    assert {decile: row["customer_count"] for decile, row in rows.items()} == {1: 9, 10: 1}
    assert rows[1]["predicted_total"] == 9 and rows[10]["actual_total"] == Fraction(7, 10)


def test_seven_purchases_and_more_are_one_bin() -> None:
    rows = calibration_rows([Case(str(x), x * 10**6, 0, 10**6, x) for x in (0, 6, 7, 9)] + [Case("none", 5, 5, 5)])
    assert {purchase_bin: row["customer_count"] for purchase_bin, row in rows.items()} == {0: 1, 6: 1, 7: 2}
    assert (rows[7]["predicted_mean"], rows[7]["naive_mean"], rows[7]["actual_mean"]) == (8, 0, 1)


def test_the_total_adds_up_the_lines_of_a_customer() -> None:
    assert summed([Case("A", 1, 2, 3), Case("B", 1, 1, 1), Case("A", 10, 20, 30, 4)]) == [
        Case("A", 11, 22, 33),
        Case("B", 1, 1, 1),
    ]


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        (None, "no_backtest"),
        ([], "few_customers"),
        (cases(98, 80, 100, 2000, 2500), "few_customers"),
        (cases(99, 80, 0, 2000, 0), "no_value"),
        (cases(99, 80, -100, 2000, 9900), "no_value"),
        (cases(99, 80, 100, 2000, 2500), None),
        (cases(99, 80, 100, 1999, 2500), "ratio"),
        (cases(99, 140, 100, 1640, 2500), None),
        (cases(99, 140, 100, 1641, 2500), "ratio"),
        (cases(99, 100, 100, 2475, 2475), None),
        (cases(99, 100, 100, 2475, 2474), "capture"),
        ([Case(str(n), 100, 0, 100) for n in range(100)], None),
        ([Case(str(n), 79, 0, 100) for n in range(100)], "ratio"),
    ],
)
def test_the_gate_opens_on_its_thresholds(found: list[Case] | None, reason: str | None) -> None:
    row = gate_row(found, CONTRIBUTION, CLV)
    assert (row["gate_reason"], row["is_passed"]) == (reason, reason is None)
    assert row["customer_count"] == len(found or [])


# --- From a delivery to the tiers


def sale(txn_id: str, day: date, amount: str, **cells: str) -> Row:
    """A purchase in a venue that costs nothing; customer C where none is named."""
    row = {"txn_id": txn_id, "customer_id": "C", "event_at": day.isoformat(), "amount": amount, "lob": "venue"}
    return row | {"txn_type": "purchase", "cost_amount": "0"} | cells


def graded(*rows: Row, folder: Path = POLICY_FOLDER, **tables: list[Row]) -> Result:
    """Grade the transactions of customers B, C and E at D alone."""
    customers = tables.pop("customers", [{"customer_id": customer_id} for customer_id in "BCE"])
    delivery = Delivery(customers, list(rows), ALL_COLUMNS, **tables)
    return grade(delivery, Options(as_of_date=D, review_count=0, policy_folder=folder))


START = date(2023, 12, 31)


@pytest.mark.parametrize(("first", "reason"), [(START, "few_customers"), (date(2024, 1, 1), "no_backtest")])
def test_a_backtest_starts_with_the_first_sale(first: date, reason: str) -> None:
    gate = graded(sale("1", first, "5")).clv.gate
    assert {lob: row["gate_reason"] for (_, lob), row in gate.items()} == dict.fromkeys(
        ("energy", "lease", "property_sale", "property_service", "venue", "total"), reason
    )
    assert gate[D.isoformat(), "property_sale"]["measure"] == PURCHASES
    assert gate[D.isoformat(), "total"]["measure"] == CONTRIBUTION


def test_a_backtest_beside_what_came() -> None:
    """At the start B has bought on two days, 100 apart; C once, on the day itself. Of one of B's later days half
    comes back. The pooled rate is 1 / 100 a day: B 2 / 200 a day, C 1 / 100; every purchase was worth 100."""
    rows = [
        sale("1", START - timedelta(days=100), "100", customer_id="B"),
        sale("2", START, "100", customer_id="B"),
        sale("3", START, "100"),
        sale("4", START + timedelta(days=1), "60", customer_id="B"),
        sale("5", START + timedelta(days=1), "0", customer_id="B"),
        sale("6", D, "80", customer_id="B"),
        sale("7", D, "40", customer_id="B", txn_type="refund", original_txn_id="6"),
        sale("8", D, "70", customer_id="E"),
    ]
    clv = graded(*rows).clv
    day = D.isoformat()
    assert clv.backtest[day, "venue", PURCHASES, "model"] == {
        "prediction_date": START.isoformat(),
        "customer_count": 2,
        "predicted_total": Fraction(732, 100),
        "actual_total": 2,
        "predicted_to_actual_ratio": Fraction(366, 100),
        "mean_absolute_error": Fraction(266, 100),
        "rank_correlation": None,
        "top_decile_capture": None,
    }
    naive = clv.backtest[day, "venue", PURCHASES, "naive"]
    assert (naive["predicted_total"], naive["rank_correlation"]) == (Fraction(366, 100), pytest.approx(1))
    assert clv.backtest[day, "total", CONTRIBUTION, "model"]["predicted_total"] == 732
    assert clv.backtest[day, "total", CONTRIBUTION, "naive"]["predicted_total"] == 366
    assert clv.backtest[day, "total", CONTRIBUTION, "naive"]["actual_total"] == 100
    assert {key[2]: row["actual_mean"] for key, row in clv.calibrations.items()} == {0: 0, 1: 2}
    assert clv.gate[day, "venue"]["gate_reason"] == "few_customers"


def test_free_purchases_count_and_those_taken_back_do_not() -> None:
    rows = [
        sale("1", D - timedelta(days=100), "0"),
        sale("2", D - timedelta(days=50), "30"),
        sale("3", D - timedelta(days=50), "30", txn_type="refund", original_txn_id="2"),
        sale("4", D, "30"),
    ]
    history = graded(*rows).clv.history
    assert history[D.isoformat(), "C", "venue"]["expected_purchases_90d"] == Decimal("0.900000")
    nothing = graded(*rows[1:3]).clv.history
    assert nothing[D.isoformat(), "C", "venue"]["method"] == "none"
    assert nothing[D.isoformat(), "C", "total"]["clv_score"] is None
    assert (D.isoformat(), "B", "total") not in nothing


def test_the_component_counts_where_the_gate_of_the_total_is_passed(tmp_path: Path) -> None:
    rows = [sale(f"{c}{n}", D - timedelta(days=90 * n), "1000", customer_id=c) for c in "BCE" for n in range(8)]
    shut = graded(*rows)
    assert ("C", "clv") not in shut.reasons
    assert shut.tiers[D.isoformat(), "C"]["coverage"] == Decimal("0.5600")
    folder = changed_policy(tmp_path, {"policy_clv": lambda row: [row | OPEN_GATE]})
    result = graded(*rows, folder=folder)
    assert result.clv.gate[D.isoformat(), "total"]["is_passed"] is True
    score = result.clv.history[D.isoformat(), "C", "total"]["clv_score"]
    reason = result.reasons["C", "clv"]
    assert (reason["weight"], reason["score"]) == (Fraction(25, 100), score)
    assert result.tiers[D.isoformat(), "C"]["coverage"] == Decimal("0.6700")
    rfm = Fraction(result.customers[D.isoformat(), "C"]["rfm_score_100"])
    loyalty = Fraction(result.signals["customer_loyalty_history"][D.isoformat(), "C"]["loyalty_score"])
    composite = (30 * rfm + 25 * score + 12 * loyalty) / 67
    assert abs(Fraction(result.tiers[D.isoformat(), "C"]["composite_score"]) - composite) <= Fraction(1, 20_000)


def test_a_contract_not_yet_billed_has_a_value_and_an_adjustment_alone_a_past() -> None:
    signed = {"contract_id": "K", "customer_id": "C", "lob": "lease", "status": "signed", "start_date": "2025-02-01"}
    credit = sale("1", ago(5), "30", customer_id="B", lob="lease", txn_type="adjustment", direction="credit")
    bills = [sale(f"b{n}", ago(31 * n), "100", customer_id="E", lob="lease", txn_type="bill") for n in range(3)]
    history = graded(*bills, credit, contracts=[signed]).clv.history
    row = history[D.isoformat(), "C", "lease"]
    assert (row["method"], row["historic_clv"], row["clv_confidence"]) == ("open_contract", 0, "low")
    assert row["predicted_clv_12m"] == history[D.isoformat(), "E", "lease"]["predicted_clv_12m"] > 0
    row = history[D.isoformat(), "B", "total"]
    assert (row["clv_status"], row["clv_total"], row["clv_band"]) == ("no_purchase", Decimal("-30.00"), None)
    assert history[D.isoformat(), "B", "lease"]["clv_status"] == "ended"


def test_excluded_customers_are_no_part_of_it() -> None:
    rows = [sale("1", ago(200), "100"), sale("2", ago(100), "100"), sale("3", ago(100), "900", customer_id="B")]
    customers = [{"customer_id": "C"}, {"customer_id": "B", "status": "staff"}]
    history = graded(*rows, customers=customers).clv.history
    assert {customer_id for _, customer_id, _ in history} == {"C"}
    assert history[D.isoformat(), "C", "venue"]["expected_spend"] == 100
