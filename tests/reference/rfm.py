"""Section 5: scores of each line held and of the customer."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from tests.reference.clocks import in_last_days
from tests.reference.measures import YEAR, CustomerView, LineMeasures
from tests.reference.numbers import round_half_away, to_decimal
from tests.reference.policy import SCORED, Policy

TWO_YEARS = 730
TRUNCATED_DAYS = 30
Values = dict[str, object]


@dataclass(frozen=True)
class LineScores:
    """Scores 1-5 of a line held."""

    r_score: int
    f_score: int
    m_score: int
    score_mode: str


def score_by_cuts(value: Fraction, cuts: dict[int, Fraction], is_lower_better: bool) -> int:
    """The highest score whose bound is met; 1 when none is."""
    met = [score for score, bound in cuts.items() if (value <= bound if is_lower_better else value >= bound)]
    return max(met, default=1)


def score_by_rank(value: Fraction, everybody: list[Fraction], is_lower_better: bool) -> int:
    """1 + least(4, floor(5 x percent_rank)), ties to the lower score."""
    worse = sum(1 for other in everybody if (other > value if is_lower_better else other < value))
    return 1 + min(4, 5 * worse // max(1, len(everybody) - 1))


def _value(measures: LineMeasures, measure: str) -> Fraction:
    return {
        "recency": Fraction(measures.r_days),
        "frequency": Fraction(measures.f_units, 10_000),
        "monetary": Fraction(measures.m_units, 10_000),
    }[measure]


def mode_of(measure: str, holder_count: int, policy: Policy, d: date) -> str:
    """How a measure is scored among so many holders: fixed, quantile, or fixed_fallback where they are too few."""
    row = policy.measures(d)[measure]
    if row["mode"] != "quantile":
        return "fixed"
    return "quantile" if holder_count >= int(row["min_population"]) else "fixed_fallback"


def score(value: Fraction, everybody: list[Fraction], lob: str, measure: str, policy: Policy, d: date) -> int:
    """The score of a value in a line (or `group`) among the values of everybody who holds it."""
    is_lower_better = policy.measures(d)[measure]["direction"] == "lower_is_better"
    if mode_of(measure, len(everybody), policy, d) == "quantile":
        return score_by_rank(value, everybody, is_lower_better)
    return score_by_cuts(value, policy.cuts(lob, measure, d), is_lower_better)


def score_line(mine: LineMeasures, holders: list[LineMeasures], lob: str, policy: Policy, d: date) -> LineScores:
    """Scores of one customer in one line; `holders` are the measures of everybody who holds it at d."""
    scores = {}
    for measure in SCORED:
        everybody = [_value(holder, measure) for holder in holders]
        scores[measure] = score(_value(mine, measure), everybody, lob, measure, policy, d)
    if mine.m_units < 0:
        scores["monetary"] = 1
    modes = {mode_of(measure, len(holders), policy, d) for measure in SCORED}
    mode = next((mode for mode in ("quantile", "fixed_fallback") if mode in modes), "fixed")
    return LineScores(scores["recency"], scores["frequency"], scores["monetary"], mode)


def m_score_units(line_units: list[int], cap_share: Fraction) -> int:
    """The value behind the group's M score, in 1e-4: what one line has above its share does not count."""
    total, largest = sum(line_units), max(line_units)
    above_share = max(Fraction(0), largest - cap_share * total)
    return round_half_away(max(Fraction(largest), total - above_share))


def line_row(measures: LineMeasures, scores: LineScores) -> Values:
    """One row of customer_rfm_lines_history."""
    return {
        "r_days": measures.r_days,
        "f_value": to_decimal(measures.f_units, 4),
        "m_value": to_decimal(measures.m_units, 4),
        "r_score": scores.r_score,
        "f_score": scores.f_score,
        "m_score": scores.m_score,
        "is_m_negative": measures.m_units < 0,
        "score_mode": scores.score_mode,
    }


def empty_row() -> Values:
    """The RFM of a customer who holds no line."""
    return {
        "r_days": None,
        "f_value": 0,
        "m_value": Decimal(0),
        "r_score": 0,
        "f_score": 0,
        "m_score": 0,
        "rfm_code": "000",
        "rfm_total": 0,
        "rfm_score_100": Decimal(0),
        "rfm_segment": "prospect",
        "spend_12m": Decimal(0),
        "units": Decimal(0),
        "variety_lobs": 0,
        "variety_categories": 0,
        "has_known_category": False,
        "is_m_negative": False,
        "has_truncated_history": False,
        "score_mode": "fixed",
        "first_purchase_date": None,
        "last_purchase_date": None,
    }


def customer_row(
    view: CustomerView,
    measures: dict[str, LineMeasures],
    scores: dict[str, LineScores],
    everybody: list[Fraction],
    policy: Policy,
    d: date,
    first_sale: date,
) -> Values:
    """The RFM of a customer over the lines held (at least one); `everybody` are the group values of all holders."""
    r_score = max(line.r_score for line in scores.values())
    f_score = group_f_score(scores, policy, d)
    m_units = sum(line.m_units for line in measures.values())
    m_score = 1
    if m_units >= 0:
        m_score = score(group_value(measures, policy, d), everybody, "group", "monetary", policy, d)
    first = min(occasion.date for occasion in view.occasions)
    recent_occasions = [occasion for occasion in view.occasions if in_last_days(occasion.date, d, TWO_YEARS)]
    recent = [sale for sale in view.sales if sale.net > 0 and in_last_days(sale.transaction.event_date, d, TWO_YEARS)]
    spend = sum(posting.net for posting in view.postings if in_last_days(posting.value_date, d, YEAR))
    return {
        "r_days": min(line.r_days for line in measures.values()),
        "f_value": len(recent_occasions),
        "m_value": to_decimal(m_units, 4),
        "r_score": r_score,
        "f_score": f_score,
        "m_score": m_score,
        "rfm_code": f"{r_score}{f_score}{m_score}",
        "rfm_total": r_score + f_score + m_score,
        "rfm_score_100": to_decimal(score_100_units(r_score, f_score, m_score, policy, d), 4),
        "rfm_segment": segment(r_score, f_score + m_score, view, policy, d),
        "spend_12m": to_decimal(spend, 2),
        "units": to_decimal(int(sum(sale.transaction.quantity for sale in recent) * 1000), 3),
        "variety_lobs": len({occasion.lob for occasion in recent_occasions}),
        "variety_categories": len({sale.transaction.category for sale in recent} - {None}),
        "has_known_category": any(sale.net > 0 and sale.transaction.category for sale in view.sales),
        "is_m_negative": m_units < 0,
        "has_truncated_history": (first - first_sale).days <= TRUNCATED_DAYS,
        "score_mode": mode_of("monetary", len(everybody), policy, d),
        "first_purchase_date": first.isoformat(),
        "last_purchase_date": max(occasion.date for occasion in view.occasions).isoformat(),
    }


def group_f_score(scores: dict[str, LineScores], policy: Policy, d: date) -> int:
    """The weighted mean of the lines' frequency scores, half up."""
    weights = {lob: policy.lobs(d)[lob].rfm_weight for lob in scores}
    weighted = sum(weights[lob] * line.f_score for lob, line in scores.items())
    return round_half_away(weighted / sum(weights.values()))


def group_value(measures: dict[str, LineMeasures], policy: Policy, d: date) -> Fraction:
    """The value behind the customer's M score."""
    line_units = [line.m_units for line in measures.values()]
    return Fraction(m_score_units(line_units, policy.parameter("lob_cap_share", d)), 10_000)


def score_100_units(r_score: int, f_score: int, m_score: int, policy: Policy, d: date) -> int:
    """The weighted score out of 100, in 1e-4."""
    weights = {measure: Fraction(row["weight"]) for measure, row in policy.measures(d).items()}
    weighted = weights["recency"] * r_score + weights["frequency"] * f_score + weights["monetary"] * m_score
    return round_half_away(100 * weighted / 5 * 10_000)


def segment(r_score: int, f_plus_m: int, view: CustomerView, policy: Policy, d: date) -> str:
    """The segment of the cell, or `new` where the cell yields and the first purchase is young."""
    name, yields_to_new = policy.segment(r_score, (f_plus_m + 1) // 2, d)
    first = min(occasion.date for occasion in view.occasions)
    new_days = max(policy.lobs(d)[occasion.lob].new_days for occasion in view.occasions if occasion.date == first)
    return "new" if yields_to_new and (d - first).days <= new_days else name
