"""The reference of preferences and usage against examples computed by hand, at the edges of their rules."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from signal_worlds import COLUMNS, D, Tale, ago
from tests.reference.signals import preferences, usage
from tests.reference.signals.facts import interactions_at
from tests.reference.signals.usage import WeightedAnswer, weighted_answers
from tests.reference.signals.world import Values
from voice_worlds import VOICE_TABLES

NO_DISCOUNT = {"discount_share": None, "discounted_sale_share": None}


def preferred(tale: Tale, d: date = D) -> Values:
    """The row of customer A."""
    world = tale.world(d)
    return preferences.rows(world, interactions_at(world))[d.isoformat(), "A"]


def tops(tale: Tale, kind: str, d: date = D) -> tuple[object, object, object]:
    """Top, previous and recent category or line."""
    row = preferred(tale, d)
    return row[f"top_{kind}"], row[f"previous_top_{kind}"], row[f"recent_top_{kind}"]


# --- Preferences


def test_those_who_never_bought_or_spoke_prefer_nothing() -> None:
    tale = Tale()
    tale.customer("A")
    assert set(preferred(tale).values()) == {None}


@pytest.mark.parametrize(
    ("back", "expected"),
    [
        (0, ("spa", None, "spa")),
        (364, ("spa", None, "spa")),
        (365, ("spa", "spa", None)),
        (729, ("spa", "spa", None)),
        (730, (None, None, None)),
    ],
)
def test_windows_of_what_is_bought_most(back: int, expected: tuple[str | None, ...]) -> None:
    tale = Tale()
    tale.sale(ago(back), category="spa")
    assert tops(tale, "category") == expected
    assert tops(tale, "lob") == tuple("venue" if name else None for name in expected)


def test_the_greatest_net_is_top_and_what_was_taken_back_does_not_count() -> None:
    tale = Tale()
    tale.sale(ago(10), "60", category="spa")
    tale.sale(ago(9), "50", category="spa")
    ride = tale.sale(ago(8), "120", category="ride")
    assert tops(tale, "category")[0] == "ride"
    tale.refund(ride, ago(5), "10.01")
    assert tops(tale, "category", ago(6))[0] == "ride"
    assert tops(tale, "category")[0] == "spa"


@pytest.mark.parametrize(("last", "expected"), [((10, 9), "ride"), ((9, 10), "spa"), ((9, 9), "ride")])
def test_equal_nets_go_by_the_later_last_sale_then_by_name(last: tuple[int, int], expected: str) -> None:
    tale = Tale()
    for category, day in zip(("spa", "ride"), last, strict=True):
        tale.sale(ago(50), "40", category=category)
        tale.sale(ago(day), "60", category=category)
    assert tops(tale, "category")[0] == expected


def test_unknown_categories_are_no_preference_but_their_line_is() -> None:
    tale = Tale()
    tale.sale(ago(10), "500", category="unknown")
    tale.sale(ago(10), "500", "lease")
    tale.sale(ago(10), "1", category="spa")
    assert tops(tale, "category")[0] == "spa"
    assert tops(tale, "lob")[0] == "venue"


def test_amounts_are_compared_in_the_reporting_currency() -> None:
    tale = Tale()
    tale.delivery.fx_rates.append({"currency": "USD", "rate_date": ago(10).isoformat(), "rate_to_reporting": "7"})
    tale.sale(ago(10), "20", category="spa", currency="USD")
    tale.sale(ago(10), "139.99", category="ride")
    assert tops(tale, "category")[0] == "spa"


@pytest.mark.parametrize(
    ("sales", "expected"),
    [
        ([(400, "venue", "spa"), (10, "venue", "spa")], False),
        ([(400, "venue", "spa"), (10, "venue", "ride")], True),
        ([(400, "venue", "spa"), (10, "energy", "spa")], True),
        ([(400, "venue", ""), (10, "venue", "spa")], False),
        ([(400, "venue", ""), (10, "energy", "spa")], True),
        ([(10, "venue", "spa")], None),
        ([(400, "venue", "spa")], None),
    ],
)
def test_habits_change_where_a_pair_is_known_and_differs(
    sales: list[tuple[int, str, str]], expected: bool | None
) -> None:
    tale = Tale()
    for back, lob, category in sales:
        tale.sale(ago(back), "10", lob, category=category)
    assert preferred(tale)["has_changed_habits"] is expected


def test_the_declared_channel_is_that_of_the_profile_at_d() -> None:
    tale = Tale()
    tale.customer("A", preferred_channel="sms", recorded_at=f"{ago(100)} 12:00:00")
    tale.customer("A", preferred_channel="carrier pigeon", recorded_at=f"{ago(60)} 12:00:00")
    tale.customer("A", preferred_channel="email", recorded_at=f"{ago(50)} 12:00:00")
    tale.interaction(ago(70), "call_in", channel="phone")
    assert preferred(tale, ago(51))["declared_channel"] == "sms"
    row = preferred(tale)
    assert (row["declared_channel"], row["used_channel"], row["preferred_channel"]) == ("email", "phone", "email")


@pytest.mark.parametrize(
    ("interactions", "expected"),
    [
        ([(1, "call_in", "phone"), (2, "click", "app"), (3, "click", "app")], "app"),
        ([(1, "call_in", "phone"), (2, "click", "app")], "app"),
        ([(364, "call_in", "phone")], "phone"),
        ([(365, "call_in", "phone")], None),
        ([(1, "call_out", "phone"), (2, "click", "app")], "app"),
        ([(1, "click", ""), (2, "click", ""), (3, "click", "app")], "app"),
        ([*[(5, "click", "web")] * 4, (9, "click", "app"), (8, "click", "app")], "web"),  # more than 3 a day count too
    ],
)
def test_the_used_channel_is_the_most_frequent_of_inbound_interactions(
    interactions: list[tuple[int, str, str]], expected: str | None
) -> None:
    tale = Tale()
    tale.customer("A")
    for back, event_type, channel in interactions:
        tale.interaction(ago(back), event_type, channel=channel)
    row = preferred(tale)
    assert row["used_channel"] == row["preferred_channel"] == expected


def test_the_purchase_channel_is_the_most_frequent_of_730_days() -> None:
    tale = Tale()
    for back, channel in ((729, "web"), (10, "kiosk"), (730, "kiosk"), (5, "")):
        tale.sale(ago(back), channel=channel)
    assert preferred(tale)["purchase_channel"] == "kiosk"
    tale.sale(ago(3), channel="web")
    assert preferred(tale)["purchase_channel"] == "web"


@pytest.mark.parametrize(
    ("gross", "discount", "back", "expected"),
    [
        ("100", "10", 0, ("0.1000", "1.0000")),
        ("100", "0", 0, ("0.0000", "0.0000")),
        ("100", "100", 0, ("1.0000", "1.0000")),
        ("100", "100.01", 0, None),
        ("100", "-1", 0, None),
        ("100", "", 0, None),
        ("0", "0", 0, None),
        ("", "10", 0, None),
        ("30", "10", 729, ("0.3333", "1.0000")),
        ("30", "10", 730, None),
        ("99999999999.99", "99999999999.99", 0, ("1.0000", "1.0000")),
        ("100000000000", "0", 0, None),
    ],
)
def test_discounts_in_relation_to_gross_amounts(
    gross: str, discount: str, back: int, expected: tuple[str, str] | None
) -> None:
    tale = Tale()
    tale.sale(ago(back), gross_amount=gross, discount_amount=discount)
    row = preferred(tale)
    found = {name: row[name] for name in NO_DISCOUNT}
    values = (Decimal(value) for value in expected) if expected else (None, None)
    assert found == dict(zip(NO_DISCOUNT, values, strict=True))


def test_gross_and_discount_are_converted_to_cents_first() -> None:
    tale = Tale()
    tale.delivery.fx_rates.append({"currency": "JPY", "rate_date": ago(10).isoformat(), "rate_to_reporting": "0.05"})
    tale.sale(ago(10), "1", gross_amount="1.10", discount_amount="0.10", currency="JPY")  # 0.06 and 0.01
    tale.sale(ago(10), "1", gross_amount="1", discount_amount="0")
    row = preferred(tale)
    assert (row["discount_share"], row["discounted_sale_share"]) == (Decimal("0.0094"), Decimal("0.5000"))


def test_sales_that_were_taken_back_say_nothing() -> None:
    tale = Tale()
    txn_id = tale.sale(ago(10), channel="web", gross_amount="100", discount_amount="10")
    tale.refund(txn_id, ago(5))
    tale.sale(ago(20), channel="kiosk")
    row = preferred(tale)
    assert (row["purchase_channel"], row["discount_share"]) == ("kiosk", None)


# --- Usage


def used(tale: Tale, *answers: WeightedAnswer, d: date = D) -> dict[tuple[str, str], Values]:
    """The rows of customer A by line and category."""
    rows = usage.rows(tale.world(d), list(answers))
    return {(lob, category): row for (_, customer_id, lob, category), row in rows.items() if customer_id == "A"}


def test_homes_and_old_purchases_are_not_used() -> None:
    tale = Tale()
    tale.sale(ago(1), lob="property_sale", category="home")
    tale.sale(ago(730), category="spa")
    tale.sale(ago(729), category="ride")
    tale.refund(tale.sale(ago(3), category="food"), ago(2))
    assert set(used(tale)) == {("venue", "ride")}


def test_what_has_no_category_is_a_category() -> None:
    tale = Tale()
    tale.sale(ago(1))
    tale.sale(ago(2), category="unknown")
    tale.sale(ago(2), lob="energy")
    found = used(tale)
    assert {key: row["use_count_12m"] for key, row in found.items()} == {
        ("venue", "unknown"): 2,
        ("energy", "unknown"): 1,
    }


def test_uses_are_days_and_units_are_summed() -> None:
    tale = Tale()
    for back, quantity in ((0, "2"), (0, "0.5"), (364, ""), (365, "9"), (100, "0")):
        tale.sale(ago(back), category="spa", quantity=quantity)
    assert used(tale)["venue", "spa"] == {
        "use_count_12m": 3,
        "active_months_12m": 3,  # January, September and December
        "exposed_months": 12,
        "units_12m": Decimal("3.500"),
        "usage_rate": Decimal("0.2500"),
        "last_used_date": D.isoformat(),
        "satisfaction_basis": None,
        "rating_count": 0,
        "usage_satisfaction": None,
    }


@pytest.mark.parametrize(
    ("d", "first", "exposed"),
    [
        (date(2024, 12, 31), date(2024, 12, 1), 1),
        (date(2024, 12, 31), date(2024, 11, 30), 2),
        (date(2024, 12, 31), date(2023, 6, 1), 12),
        (date(2024, 12, 15), date(2023, 6, 1), 12),  # 13 calendar months are touched
        (date(2024, 2, 29), date(2023, 3, 1), 12),
    ],
)
def test_months_are_exposed_from_the_first_sale_on(d: date, first: date, exposed: int) -> None:
    tale = Tale()
    tale.sale(first, category="spa")
    assert used(tale, d=d)["venue", "spa"]["exposed_months"] == exposed


def test_the_first_sale_counts_at_any_age_and_the_rate_is_at_most_1() -> None:
    tale = Tale()
    tale.sale(ago(1500), category="spa")
    tale.sale(ago(400), category="spa")
    row = used(tale)["venue", "spa"]
    assert (row["use_count_12m"], row["exposed_months"], row["usage_rate"]) == (0, 12, Decimal("0.0000"))
    assert (row["units_12m"], row["last_used_date"]) == (Decimal("0.000"), ago(400).isoformat())
    d = date(2024, 12, 15)
    for month in range(1, 13):
        tale.sale(date(2024, month, 1), category="spa")
    tale.sale(date(2023, 12, 17), category="spa")  # d - 364
    row = used(tale, d=d)["venue", "spa"]
    assert (row["active_months_12m"], row["usage_rate"]) == (13, Decimal("1.0000"))


def answer(
    score: str, weight: str, txn_id: str | None = None, lob: str | None = "venue", system: str = "default"
) -> WeightedAnswer:
    """An answer of customer A."""
    return WeightedAnswer(system, "A", lob, txn_id, Fraction(score), Fraction(weight))


def test_satisfaction_is_that_of_the_product_else_of_the_line() -> None:
    tale = Tale()
    spa, ride = tale.sale(ago(3), category="spa"), tale.sale(ago(3), category="ride")
    tale.sale(ago(3), lob="energy", category="power")
    answers = [
        answer("100", "0.5", spa),
        answer("0", "0.25", spa, lob=None),
        answer("50", "1", "T-missing"),
        answer("25", "1"),
        answer("10", "1", lob="energy"),
        WeightedAnswer("default", "B", "venue", ride, Fraction(1), Fraction(1)),
    ]
    found = used(tale, *answers)
    columns = ("satisfaction_basis", "rating_count", "usage_satisfaction")
    assert {key[1]: tuple(row[column] for column in columns) for key, row in found.items()} == {
        "spa": ("product", 2, Decimal("66.6667")),
        "ride": ("line", 2, Decimal("37.5000")),
        "power": ("line", 1, Decimal("10.0000")),
    }


def test_the_rating_of_another_product_is_none_of_the_line() -> None:
    tale = Tale()
    spa = tale.sale(ago(3), category="spa")
    tale.sale(ago(3), category="ride")
    row = used(tale, answer("100", "1", spa))["venue", "ride"]
    assert (row["satisfaction_basis"], row["rating_count"], row["usage_satisfaction"]) == (None, 0, None)


def test_an_answer_on_what_was_given_back_is_still_one_on_that_product() -> None:
    tale = Tale()
    spa = tale.sale(ago(9), category="spa")
    free = tale.sale(ago(9), "0", category="ride")
    late = tale.sale(ago(9), category="food", recorded_at=f"{ago(1)} 12:00:00")
    void = tale.sale(ago(9), category="food", payment_status="void")
    tale.refund(spa, ago(8))
    for category in ("spa", "ride", "food"):
        tale.sale(ago(3), category=category)
    answers = answer("100", "1", spa), answer("40", "1", free), answer("70", "1", late), answer("20", "1", void)
    columns = ("satisfaction_basis", "usage_satisfaction")

    def at(d: date) -> dict[str, tuple[object, ...]]:
        return {key[1]: tuple(row[name] for name in columns) for key, row in used(tale, *answers, d=d).items()}

    same = {"spa": ("product", Decimal("100.0000")), "ride": ("product", Decimal("40.0000"))}
    assert at(ago(2)) == same | {"food": ("line", Decimal("45.0000"))}
    assert at(D) == same | {"food": ("product", Decimal("70.0000"))}


def test_of_sales_with_one_number_the_system_of_the_answer_tells_which() -> None:
    tale = Tale()
    spa = tale.sale(ago(3), category="spa", source_system="b")
    tale.sale(ago(3), category="ride", source_system="c", txn_id=spa)
    tale.sale(ago(3), category="food", customer="B", source_system="a", txn_id=spa)
    tale.delivery = replace(tale.delivery, transaction_columns=(*COLUMNS, "source_system"))
    answers = answer("10", "1", spa, system="c"), answer("20", "1", spa, system="b"), answer("60", "1", spa, system="a")
    found = {key[1]: (row["rating_count"], row["usage_satisfaction"]) for key, row in used(tale, *answers).items()}
    assert found == {"spa": (2, Decimal("40.0000")), "ride": (1, Decimal("10.0000"))}


def test_answers_weigh_what_they_weigh_for_satisfaction() -> None:
    tale = Tale()
    spa = tale.sale(ago(3), category="spa")
    asked = {"customer_id": "A", "scale": "csat_5", "question_code": "overall", "responded_at": ago(180).isoformat()}
    told = {"response_id": "S1", "score": "4", "txn_id": spa, "lob": "venue"}
    tale.delivery.surveys.append(asked | told)
    tale.delivery.surveys.append(asked | told | {"response_id": "S2", "responded_at": ago(730).isoformat()})
    (found,) = weighted_answers(tale.world(D, VOICE_TABLES))
    assert (found.source_system, found.customer_id, found.lob, found.txn_id) == ("default", "A", "venue", spa)
    assert (found.score_norm, found.weight) == (Fraction(75), Fraction(1, 2))
