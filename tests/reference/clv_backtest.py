"""Section 10: predictions made at an earlier date beside what came, and whether that is good enough."""

import math
from collections import Counter
from dataclasses import dataclass
from fractions import Fraction

from tests.reference.clv_facts import Number
from tests.reference.numbers import round_half_away
from tests.reference.policy import ClvPolicy

PURCHASES, CONTRIBUTION = "purchases", "contribution"
UNITS = {PURCHASES: 10**6, CONTRIBUTION: 100}
MOST_PURCHASES = 7
Values = dict[str, object]


@dataclass(frozen=True)
class Case:
    """A customer of a line in a backtest, in 1e-6 purchases or in cents; `x` of repeat lines only."""

    customer_id: str
    model: int
    naive: int
    actual: int
    x: int | None = None

    def predicted(self, predictor: str) -> int:
        """What the predictor said."""
        return self.model if predictor == "model" else self.naive


def in_units(value: Number, measure: str) -> int:
    """A prediction in whole units of its measure; halves away from zero."""
    return round_half_away(Fraction(value) * UNITS[measure])


def deciles(values: list[int]) -> list[int]:
    """1 + least(9, floor(10 x percent_rank)) of each value: ties share the lower one."""
    counts = Counter(values)
    below, lower = {}, 0
    for value in sorted(counts):
        below[value], lower = lower, lower + counts[value]
    return [1 + min(9, 10 * below[value] // max(1, len(values) - 1)) for value in values]


def mean_ranks(values: list[int]) -> list[Fraction]:
    """The place of each value in order, from 1; ties share the mean of theirs."""
    counts = Counter(values)
    ranks, lower = {}, 0
    for value in sorted(counts):
        ranks[value] = lower + Fraction(counts[value] + 1, 2)
        lower += counts[value]
    return [ranks[value] for value in values]


def rank_correlation(ones: list[int], others: list[int]) -> float | None:
    """Spearman's correlation; None where one side is constant."""
    if len(set(ones)) < 2 or len(set(others)) < 2:
        return None
    middle = Fraction(len(ones) + 1, 2)
    pairs = [(x - middle, y - middle) for x, y in zip(mean_ranks(ones), mean_ranks(others), strict=True)]
    both = sum(x * y for x, y in pairs)
    return float(both) / math.sqrt(sum(x * x for x, _ in pairs) * sum(y * y for _, y in pairs))


def backtest_row(cases: list[Case], measure: str, predictor: str) -> Values:
    """One row of clv_backtest, without its dates."""
    units = UNITS[measure]
    predicted, actual = [case.predicted(predictor) for case in cases], [case.actual for case in cases]
    total = sum(actual)
    best = [came for came, decile in zip(actual, deciles(predicted), strict=True) if decile == 10]
    error = sum(abs(said - came) for said, came in zip(predicted, actual, strict=True))
    return {
        "customer_count": len(cases),
        "predicted_total": Fraction(sum(predicted), units),
        "actual_total": Fraction(total, units),
        "predicted_to_actual_ratio": Fraction(sum(predicted), total) if total else None,
        "mean_absolute_error": Fraction(error, len(cases) * units),
        "rank_correlation": rank_correlation(predicted, actual),
        "top_decile_capture": Fraction(sum(best), total) if total and best else None,
    }


def decile_rows(cases: list[Case], measure: str, predictor: str) -> dict[int, Values]:
    """The rows of clv_backtest_deciles by decile; a decile nobody is in has none."""
    members: dict[int, list[Case]] = {}
    for case, decile in zip(cases, deciles([case.predicted(predictor) for case in cases]), strict=True):
        members.setdefault(decile, []).append(case)
    return {
        decile: {
            "customer_count": len(own),
            "predicted_total": Fraction(sum(case.predicted(predictor) for case in own), UNITS[measure]),
            "actual_total": Fraction(sum(case.actual for case in own), UNITS[measure]),
        }
        for decile, own in members.items()
    }


def calibration_rows(cases: list[Case]) -> dict[int, Values]:
    """The rows of clv_calibrations of a repeat line by purchase_bin: mean purchases by x."""
    members: dict[int, list[Case]] = {}
    for case in cases:
        if case.x is not None:
            members.setdefault(min(MOST_PURCHASES, case.x), []).append(case)
    return {
        purchase_bin: {
            "customer_count": len(own),
            "predicted_mean": Fraction(sum(case.model for case in own), len(own) * UNITS[PURCHASES]),
            "naive_mean": Fraction(sum(case.naive for case in own), len(own) * UNITS[PURCHASES]),
            "actual_mean": Fraction(sum(case.actual for case in own), len(own) * UNITS[PURCHASES]),
        }
        for purchase_bin, own in members.items()
    }


def gate_row(cases: list[Case] | None, measure: str, policy: ClvPolicy) -> Values:
    """One row of clv_gate; `cases` are None where there is no backtest at all."""
    row = backtest_row(cases, measure, "model") if cases else {}
    ratio, capture = row.get("predicted_to_actual_ratio"), row.get("top_decile_capture")
    count = len(cases or [])
    fails = {
        "no_backtest": cases is None,
        "few_customers": count < policy.gate_min_customers,
        "no_value": row.get("actual_total", 0) <= 0,
        "ratio": ratio is None or not policy.gate_min_ratio <= ratio <= policy.gate_max_ratio,
        "capture": capture is not None and capture < policy.gate_min_capture,
    }
    reason = next((name for name, is_failing in fails.items() if is_failing), None)
    return {
        "is_passed": reason is None,
        "gate_reason": reason,
        "measure": measure,
        "customer_count": count,
        "predicted_to_actual_ratio": ratio,
        "top_decile_capture": capture,
    }
