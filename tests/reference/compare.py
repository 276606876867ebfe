"""The marts against the reference: every difference as one line of text, nothing rounded away."""

import math
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction

from tests.reference.numbers import round_half_away
from tests.reference.oracle import Result
from tests.reference.transactions import LONGEST_ID

MartRow = dict[str, object]
MartRows = dict[str, list[MartRow]]
Key = tuple[object, ...]

MARTS = (
    "review_dates",
    "transactions",
    "customer_rfm_lines_history",
    "customer_rfm_history",
    "customer_tier_history",
    "customer_tier_reasons",
    "rejected_rows",
    "load_reconciliation",
)
"""The marts that `compare` wants to see."""
CLV_MARTS = (
    "customer_clv_history",
    "clv_backtest",
    "clv_backtest_deciles",
    "clv_calibrations",
    "clv_gate",
)
"""The marts that `compare_clv` wants to see."""
SIGNAL_KEYS = {
    "customer_satisfaction_history": ("as_of_date", "customer_id"),
    "customer_feedback_history": ("as_of_date", "customer_id"),
    "customer_lifecycle_history": ("as_of_date", "customer_id"),
    "customer_loyalty_history": ("as_of_date", "customer_id"),
    "customer_engagement_history": ("as_of_date", "customer_id"),
    "customer_intent_history": ("as_of_date", "customer_id"),
    "customer_preferences_history": ("as_of_date", "customer_id"),
    "customer_usage_history": ("as_of_date", "customer_id", "lob", "category"),
    "customer_energy_history": ("as_of_date", "customer_id"),
    "loyalty_cohorts": ("as_of_date", "cohort"),
    "satisfaction_segments": ("as_of_date", "segment_type", "segment"),
    "survey_responses": ("source_system", "response_id"),
    "feedback_cases": ("source_system", "complaint_id"),
    "voice_of_customer": ("month", "theme_source", "theme", "value_tier"),
    "referrals": ("source_system", "referral_id"),
}
"""The marts that `compare_signals` wants to see, with their keys."""
TIER_KEYS = {
    "customer_tiers": ("customer_id",),
    "customer_expert_scores_history": ("as_of_date", "customer_id", "dimension"),
    "override_audit": ("source_system", "override_id"),
    "tier_migrations": ("from_date", "to_date", "from_tier", "to_tier"),
    "tier_drift": ("as_of_date", "compared_with"),
}
"""The marts that `compare_tiers` wants to see beside MARTS, with their keys."""
DOUBLE_SLACK = Fraction(1, 10**9)
LINE_KEY = ("as_of_date", "customer_id", "lob")
CUSTOMER_KEY = ("as_of_date", "customer_id")
BACKTEST_KEY = ("as_of_date", "lob", "measure", "predictor")
CLV_SLACK = {2: Fraction(1, 100), 4: Fraction(1, 10**4), 6: Fraction(2, 10**6)}
"""How far a decimal that comes from powers and logarithms may be off, by its places."""


def compare(result: Result, marts: MartRows) -> list[str]:
    """All differences between the reference and the marts; none means equal.

    `marts` holds the rows of each mart in MARTS, as dicts by column. A mart without a column that the reference has
    differs.
    """
    checks: list[Callable[[], list[str]]] = [
        lambda: _compare_review_dates(result, marts["review_dates"]),
        lambda: _compare_rejected(result, marts["rejected_rows"]),
        lambda: _compare_counts(result, marts["load_reconciliation"]),
        lambda: compare_rows("transactions", ("source_system", "txn_id"), result.transactions, marts["transactions"]),
        lambda: compare_rows("customer_rfm_lines_history", LINE_KEY, result.lines, marts["customer_rfm_lines_history"]),
        lambda: compare_rows("customer_rfm_history", CUSTOMER_KEY, result.customers, marts["customer_rfm_history"]),
        lambda: compare_rows("customer_tier_history", CUSTOMER_KEY, result.tiers, marts["customer_tier_history"]),
        lambda: compare_rows(
            "customer_tier_reasons", ("customer_id", "component"), result.reasons, marts["customer_tier_reasons"]
        ),
    ]
    return [difference for check in checks for difference in check()]


def compare_clv(result: Result, marts: MartRows) -> list[str]:
    """All differences between the lifetime values of the reference and the marts in CLV_MARTS; none means equal."""
    clv = result.clv
    checks = {
        "customer_clv_history": (LINE_KEY, clv.history),
        "clv_backtest": (BACKTEST_KEY, clv.backtest),
        "clv_backtest_deciles": ((*BACKTEST_KEY, "decile"), clv.deciles),
        "clv_calibrations": (("as_of_date", "lob", "purchase_bin"), clv.calibrations),
        "clv_gate": (("as_of_date", "lob"), clv.gate),
    }
    return [
        difference
        for mart, (key, expected) in checks.items()
        for difference in compare_rows(mart, key, expected, marts[mart], is_close)
    ]


def compare_tiers(result: Result, marts: MartRows) -> list[str]:
    """All differences between the tiers of the reference and the marts in TIER_KEYS; none means equal.

    Overrides of cards are none of its business.
    """
    as_of = result.as_of_date.isoformat()
    own = {mart: result.signals[mart] for mart in TIER_KEYS}
    own["customer_tiers"] = {key[1:]: row for key, row in result.tiers.items() if key[0] == as_of}
    rows = dict(marts) | {"override_audit": [row for row in marts["override_audit"] if row["axis"] != "card"]}
    return [
        difference
        for mart, key in TIER_KEYS.items()
        for difference in compare_rows(mart, key, own[mart], rows[mart], is_close if mart == "tier_drift" else is_same)
    ]


def compare_signals(result: Result, marts: MartRows) -> list[str]:
    """All differences between the other signals of the reference and the marts in SIGNAL_KEYS; none means equal."""
    return [
        difference
        for mart, key in SIGNAL_KEYS.items()
        for difference in compare_rows(mart, key, result.signals[mart], marts[mart])
    ]


def compare_rows(
    mart: str,
    key_columns: Iterable[str],
    expected: dict[Key, dict[str, object]],
    rows: list[MartRow],
    is_equal: Callable[[object, object], bool] | None = None,
) -> list[str]:
    """The differences of one mart: missing, extra and repeated keys, and every unequal value."""
    keys = [tuple(plain(row[column]) for column in key_columns) for row in rows]
    differences = [f"{mart} {_name(key)}: {count} rows" for key, count in Counter(keys).items() if count > 1]
    found = dict(zip(keys, rows, strict=True))
    differences += [f"{mart} {_name(key)}: not in the mart" for key in sorted(set(expected) - set(found))]
    differences += [f"{mart} {_name(key)}: not in the reference" for key in sorted(set(found) - set(expected))]
    for key in sorted(set(found) & set(expected)):
        for column, value in expected[key].items():
            if column not in found[key]:
                differences.append(f"{mart} {_name(key)} {column}: no such column")
            elif not (is_equal or is_same)(found[key][column], value):
                told = f"mart {plain(found[key][column])}, reference {value}"
                differences.append(f"{mart} {_name(key)} {column}: {told}")
    return differences


def is_same(found: object, expected: object) -> bool:
    """Whether a value of a mart is the expected one.

    A fraction is rounded to the scale of a decimal of the mart first; a double of the mart (shares of a score, nothing
    that decides) has to agree to 9 decimals.
    """
    if isinstance(found, float):
        return isinstance(expected, Fraction) and abs(Fraction(found) - expected) < DOUBLE_SLACK
    found = plain(found)
    if isinstance(expected, Fraction) and isinstance(found, Decimal):
        places = max(0, -found.as_tuple().exponent)
        return Fraction(found) * 10**places == round_half_away(expected * 10**places)
    if isinstance(expected, bool) or expected is None or isinstance(expected, str):
        return type(found) is type(expected) and found == expected
    return isinstance(found, int | Decimal) and not isinstance(found, bool) and Fraction(found) == Fraction(expected)


def is_close(found: object, expected: object) -> bool:
    """Whether a value of a mart of lifetime values is the expected one.

    Texts, counts and booleans are the same; a double agrees to 9 digits, a decimal to CLV_SLACK of its places.
    """
    if isinstance(found, float) and isinstance(expected, float | Fraction):
        return math.isclose(found, expected, rel_tol=float(DOUBLE_SLACK), abs_tol=1e-15)
    if isinstance(found, Decimal) and isinstance(expected, float | Fraction | Decimal):
        slack = CLV_SLACK[-found.as_tuple().exponent]
        return abs(Fraction(found) - Fraction(expected)) <= slack
    return is_same(found, expected)


def plain(value: object) -> object:
    """A date as ISO text, anything else as it is."""
    return value.isoformat() if isinstance(value, date) else value


def _name(key: Key) -> str:
    return "/".join(str(part) for part in key)


def _compare_review_dates(result: Result, rows: list[MartRow]) -> list[str]:
    found = sorted(plain(row["as_of_date"]) for row in rows)
    expected = [day.isoformat() for day in result.review_dates]
    return [] if found == expected else [f"review_dates: mart {found}, reference {expected}"]


def _compare_rejected(result: Result, rows: list[MartRow]) -> list[str]:
    """Rejected transactions by id and rule; a mart shows no id that is longer than an id may be."""
    found = Counter((row["record_key"], row["rule_id"]) for row in rows if row["source_table"] == "transactions")
    rejected = [fate for fate in result.fates if fate.outcome == "rejected"]
    expected = Counter(
        (fate.txn_id if len(fate.txn_id or "") <= LONGEST_ID else None, fate.rule_id) for fate in rejected
    )
    lines = [f"rejected_rows {key}: only in the mart ({count})" for key, count in (found - expected).items()]
    return lines + [f"rejected_rows {key}: only in the reference ({n})" for key, n in (expected - found).items()]


def _compare_counts(result: Result, rows: list[MartRow]) -> list[str]:
    """Delivered, accepted, rejected and duplicate transactions, over all files."""
    outcomes = Counter(fate.outcome for fate in result.fates)
    expected = {
        "delivered_row_count": len(result.fates),
        "accepted_row_count": outcomes["accepted"],
        "rejected_row_count": outcomes["rejected"],
        "duplicate_row_count": outcomes["duplicate"],
    }
    own = [row for row in rows if row["source_table"] == "transactions"]
    found = {column: sum(int(row[column]) for row in own) for column in expected}
    return [] if found == expected else [f"load_reconciliation: mart {found}, reference {expected}"]
