"""Section 9, the marts: rows of customer_clv_history, and the score of the total."""

from bisect import bisect_left
from collections.abc import Iterable
from fractions import Fraction

from tests.reference.clv_facts import Forecast, LineFacts, Number
from tests.reference.numbers import round_half_away, to_decimal
from tests.reference.policy import ClvCut, ClvPolicy

SPANS = (30, 90, 365)
HORIZONS = (12, 36)
WORST_FIRST = {
    "clv_status": ("not_identifiable", "estimated", "fitted"),
    "clv_confidence": ("low", "medium", "high"),
}
Values = dict[str, object]


def discounted_cents(forecast: Forecast | None, policy: ClvPolicy) -> dict[int, int]:
    """The contribution of 12 and 36 months, each month's divided by the interest until then, in cents."""
    if forecast is None:
        return dict.fromkeys(HORIZONS, 0)
    yearly = 1 + float(policy.discount_rate)
    until = [float(forecast.contribution(policy.days_per_month * month)) for month in range(max(HORIZONS) + 1)]
    of_months = [(until[i] - until[i - 1]) / yearly ** (i / 12) for i in range(1, len(until))]
    return {months: cents(sum(of_months[:months])) for months in HORIZONS}


def cents(value: Number) -> int:
    """Whole cents; halves away from zero."""
    return round_half_away(Fraction(value) * 100)


def millionths(value: Number) -> int:
    """Whole millionths; halves away from zero."""
    return round_half_away(Fraction(value) * 10**6)


def history_row(facts: LineFacts | None, forecast: Forecast | None, kind: str, policy: ClvPolicy) -> Values:
    """The row of a customer and line; `kind` is how the line is predicted."""
    facts = facts or LineFacts()
    purchases = forecast.purchases if forecast else None
    predicted = discounted_cents(forecast, policy)
    ended = "ended" if kind == "contract" else "no_purchase"
    return {
        "method": forecast.method if forecast else "none",
        "clv_status": forecast.status if forecast else ended,
        "clv_confidence": forecast.confidence if forecast else None,
        "clv_band": None,
        "clv_score": None,
        "historic_revenue": to_decimal(facts.net, 2),
        "historic_clv": to_decimal(facts.contribution, 2),
        "predicted_clv_12m": to_decimal(predicted[12], 2),
        "predicted_clv_36m": to_decimal(predicted[36], 2),
        "clv_total": to_decimal(facts.contribution + predicted[policy.horizon_months], 2),
        **{
            f"expected_purchases_{days}d": to_decimal(millionths(purchases(days)), 6) if purchases else None
            for days in SPANS
        },
        "expected_spend": forecast.expected_spend if forecast else None,
        "p_alive": forecast.p_alive if forecast else None,
        "p_no_purchase_90d": forecast.p_no_purchase_90d if forecast else None,
    }


def total_row(lines: Iterable[Values]) -> Values:
    """The row `total` over the lines of a customer, without band and score."""
    lines = list(lines)
    summed = ["historic_revenue", "historic_clv", "predicted_clv_12m", "predicted_clv_36m", "clv_total"]
    predicted = [line for line in lines if line["method"] != "none"]
    worst = {
        column: next((value for value in order if value in {line[column] for line in predicted}), None)
        for column, order in WORST_FIRST.items()
    }
    row: Values = dict.fromkeys(lines[0]) | {column: sum(line[column] for line in lines) for column in summed}
    for days in SPANS:
        column = f"expected_purchases_{days}d"
        told = [line[column] for line in lines if line[column] is not None]
        row[column] = sum(told) if told else None
    return row | worst | {"clv_status": worst["clv_status"] or "no_purchase"}


def basis(total: Values, policy: ClvPolicy) -> Fraction:
    """What band and score look at."""
    column = "clv_total" if policy.tier_basis == "total" else f"predicted_clv_{policy.horizon_months}m"
    return Fraction(total[column])


def score_and_band(value: Fraction, everybody: list[Fraction], cuts: list[ClvCut]) -> tuple[Fraction, str]:
    """Score (4 decimals) and band of a value; `everybody` are the values of the type, in order."""
    if cuts[0].measure == "percent_rank":
        value = Fraction(bisect_left(everybody, value), max(1, len(everybody) - 1))
    met = [cut for cut in cuts if cut.lower_bound <= value]
    lower = met[-1] if met else cuts[0]
    above = cuts[len(met)] if met and len(met) < len(cuts) else None
    score = lower.score
    if above is not None:
        share = (value - lower.lower_bound) / (above.lower_bound - lower.lower_bound)
        score += share * (above.score - lower.score)
    return Fraction(round_half_away(score * 10_000), 10_000), lower.band
