"""The reference against hand-computed examples and against sentences that must always be true."""

from collections import defaultdict
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from strategies import ALL_COLUMNS, POLICIES, REQUIRED, History, changed_policy, histories
from tests.reference import Delivery, Options, Result, grade
from tests.reference.clocks import add_months, months_touched
from tests.reference.compare import compare_rows, is_same
from tests.reference.delivery import POLICY_FOLDER
from tests.reference.numbers import round_half_away
from tests.reference.policy import Policy
from tests.reference.rfm import m_score_units, score_100_units, score_by_cuts, score_by_rank
from tests.reference.text import normalise, parse_date, parse_money, parse_timestamp
from tests.reference.tier_dates import graded_dates
from tests.reference.tiers import composite_units

D = date(2024, 12, 31)
POLICY = Policy(POLICY_FOLDER)
PROPERTIES = settings(
    max_examples=60,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.too_slow],
)
Row = dict[str, str]


def sale(txn_id: str, day: str, amount: str, **cells: str) -> Row:
    """A purchase of customer C in a venue."""
    row = {"txn_id": txn_id, "customer_id": "C", "event_at": day, "amount": amount, "lob": "venue"}
    return row | {"txn_type": "purchase"} | cells


def refund(txn_id: str, day: str, amount: str, original: str, **cells: str) -> Row:
    """A refund of customer C in a venue."""
    return sale(txn_id, day, amount) | {"txn_type": "refund", "original_txn_id": original} | cells


def bill(txn_id: str, day: str, amount: str = "100", **cells: str) -> Row:
    """A lease bill of customer C."""
    return sale(txn_id, day, amount) | {"txn_type": "bill", "lob": "lease"} | cells


def graded(*transactions: Row, columns: tuple[str, ...] = ALL_COLUMNS, **changes: object) -> Result:
    """Grade some transactions of customers C and B at D; other tables and options by name."""
    tables = {name: changes.pop(name) for name in ("products", "contracts", "fx_rates") if name in changes}
    customers = changes.pop("customers", [{"customer_id": "C"}, {"customer_id": "B"}])
    delivery = Delivery(customers, list(transactions), columns, **tables)
    return grade(delivery, Options(**({"as_of_date": D} | changes)))


def of_customer(result: Result, d: date = D, customer_id: str = "C") -> dict[str, object]:
    """The RFM, where there is one, and the tier of one customer in one dict."""
    key = d.isoformat(), customer_id
    return result.customers.get(key, {}) | result.tiers[key]


def of_transaction(result: Result, txn_id: str) -> dict[str, object]:
    """One accepted transaction."""
    return result.transactions["default", txn_id]


def of_line(result: Result, lob: str = "venue", d: date = D) -> dict[str, object]:
    """The measures and scores of C in one line."""
    return result.lines[d.isoformat(), "C", lob]


def shown_dates(as_of: date, review_count: int, first_sale: date) -> list[date]:
    """The dates that marts show."""
    return graded_dates(as_of, review_count, first_sale, POLICY).shown


# --- 1 Clocks


def test_months_are_added_clamped_to_the_month_end() -> None:
    assert add_months(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert add_months(date(2023, 1, 31), 1) == date(2023, 2, 28)
    assert add_months(date(2024, 2, 29), -12) == date(2023, 2, 28)
    assert add_months(date(2024, 3, 31), -60) == date(2019, 3, 31)


def test_review_dates_are_quarter_ends_not_before_the_first_transaction() -> None:
    ends = [date(2024, 6, 30), date(2024, 9, 30)]
    assert shown_dates(D, 8, date(2024, 6, 30)) == [*ends, D]
    assert shown_dates(D, 8, date(2024, 7, 1)) == [date(2024, 9, 30), D]
    assert shown_dates(D, 1, date(2020, 1, 1)) == [date(2024, 9, 30), D]
    assert shown_dates(date(2025, 1, 1), 1, date(2020, 1, 1)) == [D, date(2025, 1, 1)]
    assert shown_dates(D, 0, date(2020, 1, 1)) == [D]


@pytest.mark.parametrize(
    ("business_tz", "text", "expected"),
    [
        ("Asia/Shanghai", "2024-06-30T16:30:00Z", "2024-07-01"),
        ("UTC", "2024-06-30T16:30:00Z", "2024-06-30"),
        ("UTC", "2024-07-01 07:59:59", "2024-06-30"),
        ("Asia/Shanghai", "2024-07-01 00:00:00+09:00", "2024-06-30"),
        ("Asia/Shanghai", "20240701", "2024-07-01"),
    ],
)
def test_the_event_date_is_local(business_tz: str, text: str, expected: str) -> None:
    result = graded(sale("1", text, "5"), business_tz=business_tz)
    assert of_transaction(result, "1")["event_date"] == expected


def test_a_row_recorded_late_is_seen_from_its_recording_on() -> None:
    result = graded(sale("1", "2024-09-30", "500", recorded_at="2024-10-01"), sale("2", "2024-02-01", "10"))
    assert of_customer(result, date(2024, 9, 30))["spend_12m"] == Decimal("10.00")
    assert of_customer(result)["spend_12m"] == Decimal("510.00")


def test_the_cutoff_hides_what_was_recorded_after_it() -> None:
    rows = [sale("1", "2024-09-30", "500", recorded_at="2024-10-02"), sale("2", "2024-02-01", "10")]
    late_name = {"customer_id": "C", "status": "closed", "recorded_at": "2024-10-02"}
    result = graded(*rows, customers=[{"customer_id": "C"}, late_name], knowledge_cutoff="2024-10-01 00:00:00")
    assert of_customer(result)["spend_12m"] == Decimal("10.00")
    assert of_customer(result)["exclusion_reason"] is None


def test_as_of_is_the_last_known_date_by_default() -> None:
    rows = [sale("1", "2024-05-01", "5"), sale("2", "2024-05-02", "5", recorded_at="2024-05-09")]
    assert graded(*rows, as_of_date=None).as_of_date == date(2024, 5, 9)
    assert graded(*rows, as_of_date=None, landed_on=date(2024, 5, 7)).as_of_date == date(2024, 5, 1)


# --- 2 What becomes of a delivered row


@pytest.mark.parametrize(
    ("text", "expected"),
    [("　Ａ１ ", "A1"), ("e\u0301", "é"), ("a\u200bb", "ab"), ("N/A", None), ("—", None), ("－", None), (" ", None)],
)
def test_text_is_normalised(text: str, expected: str | None) -> None:
    assert normalise(text) == expected


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("12", 1200),
        ("-12.5", -1250),
        ("¥1,234.50", 123450),
        ("(12.00)", -1200),
        ("12.345", 1235),
        ("-12.345", -1235),
        ("12.3449", 1234),
        ("1e5", None),
        ("1.2.3", None),
        ("", None),
    ],
)
def test_money_is_read(text: str, cents: int | None) -> None:
    assert parse_money(normalise(text)) == cents


def test_dates_are_read_in_the_declared_order_only() -> None:
    assert parse_date("2024/2/29") == date(2024, 2, 29)
    assert parse_date("2023-02-29") is None
    assert parse_date("03-04-2024") is None
    assert parse_date("2024-04-03", "dmy") == parse_date("20240403", "mdy") == date(2024, 4, 3)
    assert parse_date("2024/04/03", "dmy") is None
    assert parse_date("03-04-2024", "dmy") == date(2024, 4, 3)
    assert parse_date("03-04-2024", "mdy") == date(2024, 3, 4)
    assert parse_timestamp("2024-01-01 25:00", "UTC") is None


@pytest.mark.parametrize(
    ("cells", "rule_id"),
    [
        ({"txn_id": ""}, "txn_id_missing"),
        ({"customer_id": "-"}, "customer_id_missing"),
        ({"txn_id": "x" * 65}, "id_too_long"),
        ({"customer_id": "x" * 65}, "id_too_long"),
        ({"event_at": "soon"}, "event_at_unparsable"),
        ({"event_at": ""}, "event_at_unparsable"),
        ({"amount": "ten"}, "amount_unparsable"),
        ({"amount": ""}, "amount_unparsable"),
        ({"txn_type": "gift"}, "txn_type_unknown"),
        ({"lob": "casino"}, "lob_unknown"),
        ({"lob": ""}, "lob_missing"),
        ({"currency": "EURO"}, "currency_unknown"),
        ({"txn_type": "adjustment"}, "direction_missing"),
        ({"txn_type": "adjustment", "direction": "up"}, "direction_missing"),
        ({"event_at": "1989-12-31"}, "event_at_too_old"),
        ({"event_at": "2025-01-02"}, "event_at_future"),
        ({"amount": "100000000000"}, "amount_out_of_range"),
        ({"amount": "-1"}, "negative_amount"),
        ({"amount": "-1", "txn_type": "deposit"}, "negative_amount"),
        ({"quantity": "-0.5"}, "quantity_negative"),
        ({"customer_id": "stranger"}, "orphan_customer"),
        ({"currency": "USD"}, "fx_missing"),
        ({"txn_type": "refund"}, "orphan_refund"),
        ({"txn_type": "bill_credit", "original_txn_id": "none such"}, "orphan_refund"),
        ({"amount": "ten", "lob": "casino", "customer_id": "stranger"}, "amount_unparsable"),
    ],
)
def test_a_broken_rule_rejects_the_row(cells: Row, rule_id: str) -> None:
    fate = graded(sale("1", "2024-05-01", "5") | cells).fates[0]
    assert (fate.outcome, fate.rule_id) == ("rejected", rule_id)


@pytest.mark.parametrize(
    "cells",
    [
        {"event_at": "2025-01-01"},
        {"amount": "99999999999.99"},
        {"amount": "-1", "txn_type": ""},
        {"txn_type": "refund", "payment_status": "void"},
        {"currency": "RMB"},
        {"quantity": "many"},
        {"recorded_at": "yesterday"},
    ],
)
def test_a_row_at_the_edge_is_accepted(cells: Row) -> None:
    result = graded(
        sale("1", "2024-05-01", "5") | cells, columns=tuple(c for c in ALL_COLUMNS if c != "original_txn_id")
    )
    assert result.fates[0].outcome == "accepted"


def test_equal_rows_are_dropped_and_different_ones_all_wait() -> None:
    one = sale("1", "2024-05-01", "5", currency="RMB")
    two = sale("2", "2024-05-01", "5")
    again = one | {"amount": " ¥5.00\u200b", "event_at": "20240430T16:00:00Z", "currency": "CNY"}
    result = graded(one, again, two, two, two | {"amount": "x"}, two | {"txn_id": "3"})
    assert [(f.outcome, f.rule_id) for f in result.fates] == [
        ("accepted", None),
        ("duplicate", None),
        *[("rejected", "duplicate_conflict")] * 3,
        ("accepted", None),
    ]


def test_a_row_that_waits_for_its_customer_can_be_admitted() -> None:
    row = sale("1", "2024-05-01", "5", customer_id="stranger")
    result = graded(row, admit_unknown_customers=True)
    assert result.fates[0].outcome == "accepted"
    assert of_customer(result, customer_id="stranger")["rule_path"] == "LOW"
    assert ("2024-03-31", "stranger") not in result.customers


@pytest.mark.parametrize(("admits", "buyer", "is_moved"), [(True, "E", True), (True, "C", False), (False, "E", False)])
def test_a_contract_moves_to_a_stranger_only_if_admitted_with_transactions(
    admits: bool, buyer: str, is_moved: bool
) -> None:
    before = LEASE | {"start_date": "2024-01-01"}
    moved = before | {"customer_id": "E", "recorded_at": "2024-06-01"}
    rows = [bill("1", "2024-10-01"), sale("2", "2024-05-01", "5", customer_id=buyer)]
    result = graded(*rows, contracts=[before, moved], admit_unknown_customers=admits)
    assert (of_line(result, "lease")["r_days"] > 0) is is_moved


def test_content_that_is_equal_to_the_letter_counts_once_where_it_came_first() -> None:
    rates = [
        {"currency": "USD", "rate_date": "2024-05-01", "rate_to_reporting": "7"},
        {"currency": "USD", "rate_date": "2024-05-01", "rate_to_reporting": "8"},
        {"currency": "USD", "rate_date": "2024-05-01", "rate_to_reporting": "7"},
    ]
    result = graded(sale("1", "2024-05-08", "100", currency="USD"), fx_rates=rates)
    assert of_transaction(result, "1")["net_amount"] == Decimal("800.00")
    result = graded(sale("1", "2024-05-08", "100", currency="USD"), fx_rates=[*rates, rates[0] | {"source": "bank"}])
    assert of_transaction(result, "1")["net_amount"] == Decimal("700.00")


# --- 3 Transactions


def test_a_refund_is_taken_from_its_sale_up_to_what_is_left() -> None:
    rows = [sale("1", "2024-05-01", "100"), refund("2", "2024-05-03", "70", "1"), refund("3", "2024-05-02", "50", "1")]
    result = graded(*rows)
    assert of_transaction(result, "3")["unapplied_refund_amount"] == Decimal("0.00")
    assert of_transaction(result, "2")["unapplied_refund_amount"] == Decimal("20.00")
    assert of_transaction(result, "1")["refunded_amount"] == Decimal("100.00")
    assert of_transaction(result, "1")["net_amount"] == Decimal("0.00")


def test_a_refund_works_at_the_date_of_its_sale_once_it_is_known() -> None:
    result = graded(sale("1", "2024-08-01", "100"), refund("2", "2024-11-01", "40", "1"))
    assert of_customer(result, date(2024, 9, 30))["spend_12m"] == Decimal("100.00")
    assert of_customer(result)["spend_12m"] == Decimal("60.00")
    result = graded(sale("1", "2023-12-20", "100"), refund("2", "2024-11-01", "40", "1"))
    assert of_customer(result)["spend_12m"] == Decimal("0.00")


def test_a_refund_recorded_before_its_sale_waits_for_it() -> None:
    late = sale("1", "2024-08-01", "100", recorded_at="2024-10-05")
    result = graded(late, refund("2", "2024-08-02", "40", "1"), sale("3", "2024-02-01", "7"))
    assert of_customer(result, date(2024, 9, 30))["spend_12m"] == Decimal("7.00")
    assert of_customer(result)["spend_12m"] == Decimal("67.00")


def test_a_refund_of_another_customers_sale_is_an_orphan() -> None:
    rows = [sale("1", "2024-05-01", "100"), refund("2", "2024-05-01", "100", "1", customer_id="B")]
    assert graded(*rows).fates[1].rule_id == "orphan_refund"


@pytest.mark.parametrize(("mode", "spend"), [("hold", "100.00"), ("subtract", "70.00")])
def test_an_orphan_is_held_or_subtracted(mode: str, spend: str) -> None:
    rows = [sale("1", "2024-05-01", "100"), refund("2", "2024-05-01", "-30", "none such")]
    result = graded(*rows, orphan_refund_mode=mode)
    assert of_customer(result)["spend_12m"] == Decimal(spend)
    assert result.fates[1].rule_id == "orphan_refund"


def test_without_originals_a_refund_takes_back_the_latest_sale_of_its_amount() -> None:
    rows = [
        sale("1", "2024-05-01", "100"),
        sale("2", "2024-05-02", "100"),
        refund("3", "2024-05-03", "-100", ""),
        refund("4", "2024-05-04", "-100", ""),
        refund("5", "2024-05-05", "-100", ""),
        sale("6", "2024-05-06", "100"),
        refund("7", "2024-05-06", "-99", ""),
    ]
    result = graded(*rows[:3], columns=REQUIRED)
    assert (of_transaction(result, "1")["net_amount"], of_transaction(result, "2")["net_amount"]) == (
        Decimal("100.00"),
        Decimal("0.00"),
    )
    result = graded(*rows, columns=REQUIRED)
    assert [fate.outcome for fate in result.fates] == ["accepted"] * 7
    assert of_transaction(result, "1")["net_amount"] == Decimal("0.00")
    assert of_transaction(result, "5")["net_amount"] == Decimal("-100.00")
    assert of_transaction(result, "7")["net_amount"] == Decimal("-99.00")
    assert of_customer(result)["spend_12m"] == Decimal("-99.00")


def test_a_rate_may_be_seven_days_old_and_the_refund_uses_the_rate_of_its_sale() -> None:
    rates = [
        {"currency": "USD", "rate_date": "2024-05-01", "rate_to_reporting": "7"},
        {"currency": "USD", "rate_date": "2024-06-01", "rate_to_reporting": "8"},
    ]
    rows = [
        sale("1", "2024-05-08", "100.01", currency="USD"),
        sale("2", "2024-05-09", "100", currency="USD"),
        refund("3", "2024-06-01", "50", "1", currency="USD"),
    ]
    result = graded(*rows, fx_rates=rates)
    assert [fate.rule_id for fate in result.fates] == [None, "fx_missing", None]
    assert of_transaction(result, "1")["net_amount"] == Decimal("350.07")


def test_a_refund_in_another_currency_is_converted_at_the_sales_date() -> None:
    rates = [
        {"currency": "USD", "rate_date": "2024-05-01", "rate_to_reporting": "7.5"},
        {"currency": "EUR", "rate_date": "2024-05-01", "rate_to_reporting": "8"},
        {"currency": "EUR", "rate_date": "2024-06-01", "rate_to_reporting": "9"},
    ]
    rows = [sale("1", "2024-05-01", "100", currency="USD"), refund("2", "2024-06-01", "10", "1", currency="EUR")]
    result = graded(*rows, fx_rates=rates)
    assert of_transaction(result, "1")["refunded_amount"] == Decimal("10.67")
    assert of_transaction(result, "1")["net_amount"] == Decimal("669.98")


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({}, "0.35"),
        ({"product_id": "P"}, "0.5"),
        ({"product_id": "P", "cost_amount": "2"}, "0.333333"),
        ({"cost_amount": "4"}, "-0.333333"),
        ({"cost_amount": "1000"}, "-100"),
        ({"product_id": "Q"}, "0.35"),
    ],
)
def test_the_margin_is_the_rows_the_products_or_the_lines(cells: Row, expected: str) -> None:
    products = [
        {"product_id": "P", "lob": "venue", "default_margin_rate": "0.5"},
        {"product_id": "Q", "lob": "venue", "default_margin_rate": "1.5"},
    ]
    result = graded(sale("1", "2024-05-01", "3", **cells), products=products)
    assert of_transaction(result, "1")["margin_rate"] == Fraction(expected)


def test_contribution_rounds_half_away_from_zero() -> None:
    result = graded(
        sale("1", "2024-05-01", "0.05", cost_amount="0.02"), sale("2", "2024-05-01", "0.50", cost_amount="1")
    )
    assert of_transaction(result, "1")["contribution_amount"] == Decimal("0.03")
    assert of_transaction(result, "2")["contribution_amount"] == Decimal("-0.50")
    assert [round_half_away(Fraction(n, 2)) for n in (-5, -3, 3, 5)] == [-3, -2, 2, 3]


def test_deposits_and_void_rows_are_worth_nothing() -> None:
    rows = [sale("1", "2024-05-01", "100", txn_type="deposit"), sale("2", "2024-05-01", "100", payment_status="void")]
    result = graded(*rows)
    assert [fate.outcome for fate in result.fates] == ["accepted", "accepted"]
    assert of_customer(result)["rfm_code"] == "000"


def test_an_adjustment_counts_at_its_own_date_and_is_no_purchase() -> None:
    credit = sale("2", "2024-06-01", "30", txn_type="adjustment", direction="credit")
    result = graded(sale("1", "2024-05-01", "100"), credit)
    assert of_customer(result)["spend_12m"] == Decimal("70.00")
    assert of_customer(result)["f_value"] == 1
    assert of_line(result)["m_value"] == Decimal("24.5000")


def test_occasions_are_days_and_orders() -> None:
    rows = [
        sale("1", "2024-05-01", "1"),
        sale("2", "2024-05-01", "2"),
        sale("3", "2024-05-01", "3", order_id="O"),
        sale("4", "2024-05-02", "4", order_id="O"),
        sale("5", "2024-05-03", "0"),
        sale("6", "2024-05-04", "6"),
        refund("7", "2024-05-04", "6", "6"),
    ]
    assert of_customer(graded(*rows))["f_value"] == 3


def test_instalments_of_one_home_are_one_occasion_of_the_first_date() -> None:
    home = {"lob": "property_sale", "contract_id": "K"}
    rows = [sale("1", "2023-05-01", "1000", **home), sale("2", "2024-05-01", "1000", **home)]
    result = graded(*rows, refund("3", "2024-06-01", "1000", "1", lob="property_sale"))
    assert of_line(result, "property_sale")["f_value"] == 1
    assert of_line(result, "property_sale")["r_days"] == (D - date(2023, 5, 1)).days


# --- 4 Measures


def test_a_contribution_of_600000_is_recognised_over_sixty_months() -> None:
    bought = sale("1", "2022-03-15", "5000000", lob="property_sale")
    assert of_line(graded(bought), "property_sale")["m_value"] == Decimal("119934.2826")
    bought = sale("1", "2019-01-01", "5000000", lob="property_sale")
    assert of_line(graded(bought), "property_sale")["m_value"] == Decimal("0.0000")


def test_recognition_adds_up_before_it_divides() -> None:
    one = sale("1", "2024-12-31", "0.10", cost_amount="0")
    assert of_line(graded(one))["m_value"] == Decimal("0.0032")
    assert of_line(graded(one, one | {"txn_id": "2"}))["m_value"] == Decimal("0.0065")
    february = sale("3", "2023-02-01", "0.10", cost_amount="0")
    result = graded(february, sale("4", "2023-03-02", "0.10", cost_amount="0"), as_of_date=date(2023, 3, 1))
    assert of_line(result, d=date(2023, 3, 1))["m_value"] == Decimal("0.1000")


def test_windows_are_half_open() -> None:
    rows = [sale("1", "2024-01-02", "10"), sale("2", "2024-01-01", "20"), sale("3", "2023-01-02", "40")]
    result = graded(*rows, sale("4", "2023-01-01", "80"))
    assert of_customer(result)["spend_12m"] == Decimal("10.00")
    assert of_customer(result)["f_value"] == 3
    assert of_customer(result)["units"] == Decimal("3.000")


def test_a_fully_refunded_customer_holds_nothing() -> None:
    result = graded(sale("1", "2024-11-01", "100"), refund("2", "2024-12-01", "100", "1"))
    assert of_customer(result)["rfm_code"] == "000"
    assert of_customer(result)["rfm_segment"] == "prospect"
    assert of_customer(result)["r_days"] is None
    assert result.lines == {}


LEASE = {"contract_id": "K", "customer_id": "C", "lob": "lease", "status": "active"}


@pytest.mark.parametrize(
    ("contract", "r_days"),
    [
        ({"start_date": "2024-01-01"}, 0),
        ({"start_date": "2024-01-01", "end_date": "2024-12-31"}, 0),
        ({"start_date": "2024-01-01", "end_date": "2024-12-30"}, 1),
        ({"start_date": "2024-01-01", "cancelled_at": "2024-12-21"}, 10),
        ({"signed_at": "2024-01-01"}, 0),
        ({"start_date": "2024-01-01", "status": "subscribed"}, 60),
        ({"start_date": "2024-01-01", "recorded_at": "2025-01-01"}, 60),
        ({"start_date": "2024-01-01", "lob": "energy"}, 60),
    ],
)
def test_recency_of_a_contract_line_is_0_while_a_contract_runs(contract: Row, r_days: int) -> None:
    result = graded(bill("1", "2024-11-01"), contracts=[LEASE | contract])
    assert of_line(result, "lease")["r_days"] == r_days


@pytest.mark.parametrize(
    ("cells", "r_days"),
    [
        ({"due_date": "2024-12-01"}, 0),
        ({"due_date": "2024-11-30"}, 365),
        ({"due_date": "2024-11-30", "paid_at": "2024-12-31"}, 0),
        ({"due_date": "2024-11-30", "paid_at": "2025-01-01"}, 365),
        ({"due_date": "2024-11-30", "payment_status": "paid"}, 0),
        ({"due_date": "2024-11-30", "amount": "0"}, 0),
    ],
)
def test_an_overdue_bill_ends_that(cells: Row, r_days: int) -> None:
    rows = [bill("1", "2024-01-01", payment_status="unpaid"), bill("2", "2024-11-30", **cells)]
    result = graded(*rows, contracts=[LEASE | {"start_date": "2023-06-01"}])
    assert of_line(result, "lease")["r_days"] == r_days


def test_the_version_of_a_contract_known_at_the_review_counts() -> None:
    versions = [
        LEASE | {"start_date": "2024-01-01", "end_date": "2024-10-31", "recorded_at": "2024-11-15"},
        LEASE | {"start_date": "2024-01-01", "recorded_at": "2024-01-01"},
    ]
    result = graded(bill("1", "2024-02-01"), bill("2", "2024-10-01"), contracts=versions)
    assert of_line(result, "lease", date(2024, 9, 30))["r_days"] == 0
    assert of_line(result, "lease")["r_days"] == (D - date(2024, 10, 31)).days


@pytest.mark.parametrize(
    ("months", "contract", "f_value"),
    [
        (range(1, 13), {"start_date": "2023-01-01"}, "12.0000"),
        ([1, 2, 3], {"start_date": "2023-01-01"}, "3.0000"),
        ([10, 11], {"start_date": "2024-10-15"}, "8.0000"),
        ([8, 9], {"start_date": "2024-06-01", "end_date": "2024-10-31"}, "4.8000"),
        ([6, 7, 8], {"start_date": "2024-06-01", "end_date": "2024-07-31"}, "12.0000"),
        ([6], {"start_date": "2024-07-01"}, "1.7143"),
    ],
)
def test_frequency_of_a_contract_line_is_months_paid_per_year_exposed(
    months: list[int], contract: Row, f_value: str
) -> None:
    rows = [bill(f"{month}", f"2024-{month:02d}-05") for month in months]
    assert of_line(graded(*rows, contracts=[LEASE | contract]), "lease")["f_value"] == Decimal(f_value)


def test_unpaid_bills_are_no_months_paid() -> None:
    rows = [bill("1", "2024-07-05", due_date="2024-12-30"), bill("2", "2024-08-05", payment_status="partial")]
    result = graded(*rows, bill("3", "2024-09-05", paid_at="2024-12-01", payment_status="unpaid"))
    assert of_line(result, "lease")["f_value"] == Decimal("2.0000")


def test_calendar_months_touched() -> None:
    assert months_touched(date(2023, 12, 31), date(2024, 1, 1)) == 2
    assert months_touched(date(2024, 3, 1), date(2024, 3, 31)) == 1


# --- 5 RFM


@pytest.mark.parametrize(("day", "score"), [("2024-12-01", 5), ("2024-11-30", 4), ("2024-01-01", 2), ("2023-12-31", 1)])
def test_recency_scores_by_cuts(day: str, score: int) -> None:
    assert of_line(graded(sale("1", day, "5")))["r_score"] == score


@pytest.mark.parametrize(("amount", "score"), [("200", 2), ("199.99", 1), ("4999.99", 4), ("5000", 5), ("0.01", 1)])
def test_value_scores_by_cuts(amount: str, score: int) -> None:
    assert of_line(graded(sale("1", "2024-05-05", amount, cost_amount="0")))["m_score"] == score


def test_a_negative_value_scores_1_and_says_so() -> None:
    result = graded(sale("1", "2024-12-01", "5", cost_amount="10"))
    assert (of_line(result)["m_score"], of_line(result)["is_m_negative"]) == (1, True)
    assert (of_customer(result)["m_score"], of_customer(result)["is_m_negative"]) == (1, True)


def test_scores_by_rank_give_ties_the_lower_score() -> None:
    values = [Fraction(v) for v in (1, 1, 1, 1, 2, 3)]
    assert [score_by_rank(v, values, is_lower_better=False) for v in values] == [1, 1, 1, 1, 5, 5]
    assert [score_by_rank(v, values, is_lower_better=True) for v in values] == [3, 3, 3, 3, 2, 1]
    assert score_by_rank(Fraction(7), [Fraction(7)], is_lower_better=False) == 1


@pytest.mark.parametrize(("population", "mode", "scores"), [("2", "quantile", (1, 5)), ("3", "fixed_fallback", (1, 1))])
def test_quantiles_need_a_population(tmp_path: Path, population: str, mode: str, scores: tuple[int, int]) -> None:
    by_rank = {"mode": "quantile", "min_population": population}
    folder = changed_policy(tmp_path, {"policy_rfm_measures": lambda row: [row | by_rank]})
    rows = [sale("1", "2024-05-01", "5"), sale("2", "2024-05-01", "6", customer_id="B")]
    result = graded(*rows, policy_folder=folder)
    found = tuple(result.lines[D.isoformat(), customer_id, "venue"]["m_score"] for customer_id in "CB")
    assert (of_customer(result)["score_mode"], found) == (mode, scores)


def test_the_policy_row_in_force_on_the_review_date_counts(tmp_path: Path) -> None:
    folder = changed_policy(tmp_path, {"policy_tier_thresholds": lambda row: [row | {"effective_to": "2024-12-31"}]})
    result = graded(sale("1", "2024-05-01", "900000"), policy_folder=folder)
    assert of_customer(result, date(2024, 9, 30))["rule_path"] == "HR_SPEND"
    assert of_customer(result)["rule_path"] == "LOW"


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([10000], 10000),
        ([-10], -10),
        ([8000, 2000], 9000),
        ([9000, 1000], 9000),
        ([5000, 5000], 10000),
        ([8000, 8000, -6000], 9000),
        ([1, -5], 1),
    ],
)
def test_one_line_cannot_lift_the_group_alone(lines: list[int], expected: int) -> None:
    assert m_score_units([line * 10_000 for line in lines], Fraction(7, 10)) == expected * 10_000


def test_the_group_takes_the_best_recency_and_the_mean_frequency() -> None:
    rows = [sale("1", "2024-12-30", "100"), bill("2", "2024-07-01"), bill("3", "2024-08-01")]
    result = graded(*rows, contracts=[LEASE | {"start_date": "2024-07-01", "end_date": "2024-08-31"}])
    assert (of_line(result)["f_score"], of_line(result, "lease")["f_score"]) == (1, 5)
    assert of_customer(result)["rfm_code"] == "531"
    assert of_customer(result)["rfm_total"] == 9
    assert of_customer(result)["rfm_score_100"] == Decimal("48.0000")
    assert of_customer(result)["r_days"] == 1
    assert of_customer(result)["m_value"] == Decimal("92.2581")


def test_the_score_is_weighted_out_of_100() -> None:
    assert score_100_units(5, 5, 5, POLICY, D) == 1_000_000
    assert score_100_units(5, 3, 4, POLICY, D) == 780_000


@pytest.mark.parametrize(("day", "segment"), [("2024-10-02", "new"), ("2024-10-01", "about_to_sleep")])
def test_a_young_customer_is_new(day: str, segment: str) -> None:
    assert of_customer(graded(sale("1", day, "5")))["rfm_segment"] == segment


def test_variety_and_units_look_at_what_is_left() -> None:
    products = [{"product_id": "P", "lob": "venue", "category": "spa"}]
    rows = [
        sale("1", "2024-05-01", "5", product_id="P", quantity="2.5"),
        sale("2", "2024-05-01", "5", category="ride", product_id="P"),
        sale("3", "2024-05-01", "5", category="unknown"),
        sale("4", "2024-05-01", "5", category="food", lob="energy"),
        refund("5", "2024-05-02", "5", "4"),
    ]
    result = of_customer(graded(*rows, products=products))
    assert (result["units"], result["variety_lobs"], result["variety_categories"]) == (Decimal("4.500"), 1, 2)


def test_history_is_truncated_when_it_begins_with_the_data() -> None:
    early = sale("1", "2024-01-01", "5", customer_id="B")
    assert of_customer(graded(early, sale("2", "2024-01-31", "5")))["has_truncated_history"] is True
    assert of_customer(graded(early, sale("2", "2024-02-01", "5")))["has_truncated_history"] is False


# --- 6 Population


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"status": "test"}, "test"),
        ({"status": "closed", "recorded_at": "2025-01-01"}, None),
        ({"status": "closed", "updated_at": "2025-01-01"}, None),
        ({"status": "closed", "created_at": "2024-12-31"}, "closed"),
        ({"status": "staff"}, "staff"),
        ({"status": "deceased", "profiling_consent": "no"}, "deceased"),
        ({"status": "closed"}, "closed"),
        ({"profiling_consent": "否"}, "profiling_consent_withdrawn"),
        ({"profiling_consent": ""}, None),
    ],
)
def test_some_customers_are_not_graded(cells: Row, reason: str | None) -> None:
    found = of_customer(graded(sale("1", "2024-05-01", "5"), customers=[{"customer_id": "C"} | cells]))
    assert found["exclusion_reason"] == reason
    assert (found["rule_path"] == "EXCL") == (reason is not None)
    assert (found["value_tier"] is None) == (reason is not None)


def test_excluded_customers_have_no_figures() -> None:
    result = graded(sale("1", "2024-05-01", "5"), customers=[{"customer_id": "C", "status": "staff"}])
    row = result.tiers[D.isoformat(), "C"]
    assert (D.isoformat(), "C") not in result.customers
    assert result.lines == {}
    assert (row["composite_score"], row["coverage"], row["spend_12m_outside_property"]) == (None, 0, None)


def test_a_customer_not_yet_on_record_is_of_the_type_of_the_first_version() -> None:
    customers = [{"customer_id": "C", "customer_type": "company", "recorded_at": "2025-01-01"}]
    result = graded(sale("1", "2024-05-01", "200000", cost_amount="200000"), customers=customers)
    assert of_customer(result)["rule_path"] == "LOW"


def test_a_customer_is_known_by_record_or_by_purchase() -> None:
    created = {"customer_id": "B", "created_at": "2024-08-01", "recorded_at": "2024-11-01"}
    customers = [{"customer_id": "C", "recorded_at": "2024-08-01"}, created]
    result = graded(sale("1", "2024-03-31", "5"), customers=customers)
    assert ("2024-03-31", "C") in result.tiers
    assert ("2024-06-30", "B") not in result.tiers
    assert ("2024-09-30", "B") in result.tiers


def test_versions_of_a_customer_add_up_per_column() -> None:
    customers = [
        {"customer_id": "C", "status": "closed", "recorded_at": "2024-10-10"},
        {"customer_id": "C", "status": "active", "marketing_consent": "yes", "recorded_at": "2024-01-01"},
    ]
    result = graded(sale("1", "2024-02-01", "0"), customers=customers)
    assert of_customer(result, date(2024, 9, 30))["rule_path"] == "POT"
    assert of_customer(result)["exclusion_reason"] == "closed"


# --- 7 Value tier


@pytest.mark.parametrize(("consent", "path", "tier"), [("yes", "POT", "potential"), ("", "NOQ", None)])
def test_who_never_bought_is_potential_or_nothing(consent: str, path: str, tier: str | None) -> None:
    found = of_customer(graded(customers=[{"customer_id": "C", "marketing_consent": consent}]))
    assert (found["rule_path"], found["value_tier"]) == (path, tier)


@pytest.mark.parametrize(
    ("customer_type", "amount", "path"),
    [
        ("person", "200000", "HR_SPEND"),
        ("person", "199999.99", "LOW"),
        ("company", "200000", "LOW"),
        ("company", "2000000", "HR_SPEND"),
    ],
)
def test_spend_on_the_threshold_counts(customer_type: str, amount: str, path: str) -> None:
    row = sale("1", "2024-01-02", amount, cost_amount=amount)
    found = of_customer(graded(row, customers=[{"customer_id": "C", "customer_type": customer_type}]))
    assert (found["spend_12m_outside_property"], found["rule_path"]) == (Decimal(amount), path)


@pytest.mark.parametrize(
    ("day", "amount", "path"),
    [("2020-01-01", "3000000", "HR_PROPERTY"), ("2020-01-01", "2999999.99", "LOW"), ("2019-12-31", "3000000", "LOW")],
)
def test_property_counts_for_sixty_months(day: str, amount: str, path: str) -> None:
    found = of_customer(graded(sale("1", day, amount, lob="property_sale", cost_amount=amount)))
    assert found["rule_path"] == path


HOME = {"contract_id": "K", "customer_id": "C", "lob": "property_sale", "status": "signed", "total_amount": "1000"}


@pytest.mark.parametrize(
    ("amount", "contract", "firm"),
    [
        ("300", {}, 1),
        ("299.99", {}, 0),
        ("1", {"total_amount": ""}, 1),
        ("1", {"handover_date": "2024-12-31"}, 1),
        ("1", {"handover_date": "2025-01-01"}, 0),
        ("1000", {"cancelled_at": "2024-12-31"}, 0),
        ("1000", {"cancelled_at": "2025-01-01"}, 1),
        ("1", {"recorded_at": "2025-01-01"}, 1),
        ("1", {"contract_id": "another"}, 1),
    ],
)
def test_a_firm_unit_is_paid_in_part_or_handed_over(amount: str, contract: Row, firm: int) -> None:
    row = sale("1", "2024-05-01", amount, lob="property_sale", contract_id="K")
    assert of_customer(graded(row, contracts=[HOME | contract]))["firm_units_60m"] == firm


def test_two_firm_units_are_high_value() -> None:
    rows = [sale(n, "2024-05-01", "10", lob="property_sale", order_id=n, cost_amount="10") for n in "12"]
    assert of_customer(graded(*rows))["rule_path"] == "HR_PROPERTY"


def test_the_composite_is_the_mean_of_what_is_there() -> None:
    weights = {"rfm": Fraction("0.85"), "variety": Fraction("0.15")}
    assert composite_units({"rfm": Fraction(50), "variety": None}, weights) == 500_000
    assert composite_units({"rfm": Fraction(50), "variety": Fraction(100)}, weights) == 575_000
    assert composite_units({"rfm": None, "variety": None}, weights) is None


def test_variety_is_a_component_where_a_category_is_known() -> None:
    """Loyalty, of 30 days of 1826, is .25 x .016429 / .60; lifetime value has no weight."""
    found = of_customer(graded(sale("1", "2024-12-01", "20000", category="spa", cost_amount="0")))
    assert found["rfm_score_100"] == Decimal("66.0000")
    assert (found["composite_score"], found["coverage"]) == (Decimal("44.9620"), Decimal("0.6267"))
    assert (found["rule_path"], found["value_tier"]) == ("SC_MED", "medium")
    found = of_customer(graded(sale("1", "2024-12-01", "20000", cost_amount="0")))
    assert (found["composite_score"], found["coverage"]) == (Decimal("47.3384"), Decimal("0.5600"))


def test_a_high_score_is_high_value() -> None:
    """RFM 100 and, of 11 repeats and 338 days, loyalty 66.046."""
    rows = [sale(str(month), f"2024-{month:02d}-28", "5000", cost_amount="0") for month in range(1, 13)]
    found = of_customer(graded(*rows))
    assert (found["composite_score"], found["rule_path"]) == (Decimal("90.2989"), "SC_HIGH")


def test_reasons_add_up_to_the_composite() -> None:
    result = graded(sale("1", "2024-12-01", "20000", category="spa", cost_amount="0"))
    rows = [row for (customer_id, _), row in result.reasons.items() if customer_id == "C"]
    assert sum(row["contribution"] for row in rows) == of_customer(result)["composite_score"] == Decimal("44.9620")
    assert sum(row["contribution"] + row["points_lost"] for row in rows) == 100


# --- The comparison


def test_a_comparison_sees_values_missing_rows_and_types() -> None:
    expected = {("2024-12-31", "C"): {"m_value": Decimal("1.0000"), "is_new": True, "r_days": None}}
    row = {"as_of_date": D, "customer_id": "C", "m_value": Decimal("1.0000"), "is_new": True, "r_days": None}

    def differences(*rows: dict[str, object]) -> list[str]:
        return compare_rows("m", ("as_of_date", "customer_id"), expected, list(rows))

    assert differences(row) == []
    assert differences() == ["m 2024-12-31/C: not in the mart"]
    assert len(differences(row, row)) == 1
    assert len(differences(row, row | {"customer_id": "B"})) == 1
    assert len(differences(row | {"m_value": Decimal("1.0001")})) == 1
    assert len(differences(row | {"is_new": 1})) == 1
    assert len(differences(row | {"r_days": 0})) == 1
    assert len(differences({column: value for column, value in row.items() if column != "r_days"})) == 1
    assert is_same(Decimal("0.3333"), Fraction(1, 3))
    assert not is_same(Decimal("0.3334"), Fraction(1, 3))


# --- Sentences that are always true


def graded_history(history: History) -> Result:
    """The grades of a generated history."""
    return grade(history.delivery, history.options)


@PROPERTIES
@given(histories())
def test_every_row_has_one_fate(history: History) -> None:
    result = graded_history(history)
    accepted = [fate.txn_id for fate in result.fates if fate.outcome == "accepted"]
    assert len(result.fates) == len(history.delivery.transactions)
    assert {fate.outcome for fate in result.fates} <= {"accepted", "rejected", "duplicate"}
    assert sorted(accepted) == sorted(txn_id for _, txn_id in result.transactions)
    assert all((fate.rule_id is not None) == (fate.outcome == "rejected") for fate in result.fates)


@PROPERTIES
@given(histories())
def test_refunds_take_no_more_than_the_sale(history: History) -> None:
    for row in graded_history(history).transactions.values():
        is_refunded = row["txn_role"] == "sale" and row["is_known"]
        assert 0 <= row["refunded_amount"] <= (row["amount"] if is_refunded else 0)
        assert row["unapplied_refund_amount"] >= 0
        assert row["net_amount"] >= 0 or row["txn_role"] != "sale"
        assert row["net_amount"] == 0 or row["is_known"]


@PROPERTIES
@given(histories())
def test_what_is_left_of_a_sale_is_its_amount_less_its_refunds(history: History) -> None:
    columns = tuple(c for c in history.delivery.transaction_columns if c != "currency")
    delivery = replace(history.delivery, transaction_columns=columns)
    for row in grade(delivery, history.options).transactions.values():
        if row["txn_role"] == "sale" and row["is_known"]:
            assert row["net_amount"] == row["amount"] - row["refunded_amount"]


@PROPERTIES
@given(histories())
def test_tiers_partition_the_customers(history: History) -> None:
    result = graded_history(history)
    tier_of = dict(POLICY.tier_rules(D))
    assert set(result.customers) == {key for key, row in result.tiers.items() if row["exclusion_reason"] is None}
    for key, row in result.tiers.items():
        bought = any(line[:2] == key for line in result.lines)
        assert row["rule_tier"] == tier_of[row["rule_path"]]
        assert (row["rule_path"] == "EXCL") == (row["exclusion_reason"] is not None)
        assert row["rule_path"] in ("EXCL", "POT", "NOQ") or bought
        assert row["rule_path"] not in ("POT", "NOQ") or not bought


@pytest.mark.parametrize("policy", POLICIES)
@settings(parent=PROPERTIES, max_examples=20)
@given(history=histories())
def test_group_figures_follow_from_the_lines(
    history: History, policy: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = changed_policy(tmp_path_factory.mktemp("policy"), POLICIES[policy])
    result = grade(history.delivery, replace(history.options, policy_folder=folder))
    lines = defaultdict(list)
    for (d, customer_id, _), row in result.lines.items():
        lines[d, customer_id].append(row)
    for key, row in result.customers.items():
        held = lines[key]
        assert row["m_value"] == sum(line["m_value"] for line in held)
        assert row["r_score"] == max((line["r_score"] for line in held), default=0)
        assert (row["rfm_code"] == "000") == (not held)
        assert row["rfm_segment"] != "impossible"
        for measure in ("f_score", "m_score"):
            assert (1 if held else 0) <= row[measure] <= (5 if held else 0)
        for line in held:
            assert {1, 2, 3, 4, 5} >= {line["r_score"], line["f_score"], line["m_score"]}


@PROPERTIES
@given(histories(), st.integers(0, 99))
def test_the_order_of_the_rows_means_nothing(history: History, seed: int) -> None:
    rows = list(history.delivery.transactions)
    Random(seed).shuffle(rows)
    shuffled = grade(replace(history.delivery, transactions=rows), history.options)
    result = graded_history(history)
    assert (shuffled.lines, shuffled.customers, shuffled.tiers) == (result.lines, result.customers, result.tiers)
    assert shuffled.transactions == result.transactions


@PROPERTIES
@given(histories())
def test_a_review_alone_equals_the_review_within_a_history(history: History) -> None:
    plain = replace(history.options, orphan_refund_mode="hold", review_count=2)
    whole = grade(history.delivery, plain)
    d = whole.review_dates[0]
    alone = grade(history.delivery, replace(plain, as_of_date=d, review_count=0))
    key = d.isoformat()
    assert {k: v for k, v in whole.lines.items() if k[0] == key} == alone.lines
    assert {k: v for k, v in whole.tiers.items() if k[0] == key} == alone.tiers
    assert {k: v for k, v in whole.customers.items() if k[0] == key} == alone.customers


@PROPERTIES
@given(histories(headers=("full", "small")), st.integers(1, 10_000_000), st.integers(0, 400))
def test_more_spend_never_lowers_the_value_score(history: History, cents: int, back: int) -> None:
    result = graded_history(history)
    d = result.as_of_date
    held = sorted(key for key in result.lines if key[0] == d.isoformat())
    assume(held)
    _, customer_id, lob = held[back % len(held)]
    day = date.fromordinal(d.toordinal() - back)
    more = sale("more", f"{day:%Y%m%d}", f"{cents // 100}.{cents % 100:02d}", customer_id=customer_id, lob=lob)
    delivery = replace(history.delivery, transactions=[*history.delivery.transactions, more])
    after = grade(delivery, history.options)
    key = d.isoformat(), customer_id
    assert after.customers[key]["m_score"] >= result.customers[key]["m_score"]
    assert after.lines[*key, lob]["m_value"] >= result.lines[*key, lob]["m_value"]


@PROPERTIES
@given(histories(max_customers=12, headers=("full",)))
def test_refunding_everything_leaves_nothing(history: History) -> None:
    plain = replace(history.options, knowledge_cutoff=None)
    result = grade(history.delivery, plain)
    day = result.as_of_date.isoformat()
    given_back = [
        refund(f"back-{row['txn_id']}", day.replace("-", ""), "99999999999", row["txn_id"])
        | {column: row[column] for column in ("customer_id", "source_system") if column in row}
        for row in history.delivery.transactions
        if (row.get("source_system", "default"), row.get("txn_id")) in result.transactions
    ]
    delivery = replace(history.delivery, transactions=[*history.delivery.transactions, *given_back])
    after = grade(delivery, plain)
    as_of_rows = [row for (d, _), row in after.customers.items() if d == day]
    assert all(row["rfm_code"] == "000" for row in as_of_rows)
    sales = [row for row in after.transactions.values() if row["txn_role"] == "sale" and row["is_known"]]
    assert all(row["net_amount"] == 0 and row["contribution_amount"] == 0 for row in sales)


@given(st.integers(-10_000, 10_000), st.integers(0, 10_000), st.sampled_from(sorted(POLICY.lob_names())))
def test_a_better_value_never_scores_lower(value: int, more: int, lob: str) -> None:
    for measure, is_lower_better in (("recency", True), ("frequency", False), ("monetary", False)):
        cuts = POLICY.cuts(lob, measure, D)
        better = Fraction(value - more if is_lower_better else value + more)
        worse_score = score_by_cuts(Fraction(value), cuts, is_lower_better)
        assert score_by_cuts(better, cuts, is_lower_better) >= worse_score
