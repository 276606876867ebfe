"""Section 2: feedback of every graded customer, the cases behind it, and what customers speak of."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal, localcontext
from fractions import Fraction

from tests.reference.clocks import in_last_days
from tests.reference.policy import YEAR
from tests.reference.signals.answers import DISSATISFIED, SatisfactionPolicy, last_answers
from tests.reference.signals.cases import COMPLAINT, PRAISE, SUGGESTION
from tests.reference.signals.judged_cases import FeedbackPolicy, Judged, judged_at
from tests.reference.signals.survey_rows import surveys_at
from tests.reference.signals.weights import DIGITS, rounded, share
from tests.reference.signals.world import Rows, Values, World

QUARTER = 90
SHOWN_CHARACTERS = 40
DIGITS_OF_TEXT = set("0123456789")
NOT_CUSTOMERS = {"test", "staff"}
VOICE_COUNTS = (
    "customer_count",
    "complaint_count",
    "suggestion_count",
    "adopted_count",
    "praise_count",
    "answer_count",
    "dissatisfied_count",
)


def rows(world: World) -> Rows:
    """The rows of customer_feedback_history at d by (as_of_date, customer_id)."""
    policy, cases = FeedbackPolicy.of(world.policy, world.d), defaultdict(list)
    for judged in judged_at(world):
        cases[judged.case.customer_id].append(judged)
    return {
        (world.d.isoformat(), customer_id): feedback_row(
            cases[customer_id], sales_count(world, customer_id), policy.numbers, world.d
        )
        for customer_id in world.graded
    }


def sales_count(world: World, customer_id: str) -> int:
    """Sales of the last 365 days of which something is left."""
    view = world.views.get(customer_id)
    sales = view.sales if view is not None else []
    return sum(1 for sale in sales if sale.net > 0 and in_last_days(sale.transaction.event_date, world.d, YEAR))


def feedback_row(cases: list[Judged], sales: int, numbers: dict[str, Fraction], d: date) -> Values:
    """What the cases of one customer say at d."""
    fresh = [case for case in cases if is_fresh(case, int(numbers["max_age_days"]), d)]
    index = rounded(sum((case.points for case in fresh), Fraction(0)), 4)
    grade, reason = grade_of(cases, index, numbers, d)
    told = [case.case.created_on for case in cases if case.is_feedback]
    return {
        "fb_index": index if grade is not None else None,
        "fb_grade": grade,
        "fb_reason": reason,
        "fb_score": None if grade is None else logistic(index, numbers["score_scale"]),
        **counts(cases),
        **complaint_figures([case for case in cases if case.is_complaint], sales, d),
        "last_feedback_date": max(told).isoformat() if told else None,
    }


def is_fresh(case: Judged, max_age_days: int, d: date) -> bool:
    """Whether a case still says something: it is feedback of the last days, or an open complaint."""
    is_recent = in_last_days(case.case.created_on, d, max_age_days)
    return case.is_feedback and (is_recent or (case.is_complaint and case.is_open))


def grade_of(cases: list[Judged], index: Fraction, numbers: dict[str, Fraction], d: date) -> tuple[str | None, str]:
    """Grade and reason: the first that matches."""
    complaints = [case for case in cases if case.is_complaint]
    recent = [c for c in complaints if in_last_days(c.case.created_on, d, int(numbers["recent_days"]))]
    if not any(case.is_feedback for case in cases):
        return None, "no_feedback"
    if not any(is_fresh(case, int(numbers["max_age_days"]), d) for case in cases):
        return None, "expired"
    if any(case.is_open and case.severity == "critical" for case in complaints):
        return "negative", "open_critical"
    if len(recent) >= numbers["many_complaints"]:
        return "negative", "many_complaints"
    if index <= numbers["negative_until"]:
        return "negative", "index"
    return "positive" if index >= numbers["positive_from"] else "neutral", "index"


def logistic(index: Fraction, scale: Fraction) -> Fraction:
    """The index on a scale of 0 to 100, 4 decimals."""
    exponent = -index / scale
    with localcontext() as context:
        context.prec = DIGITS
        score = 100 / (1 + (Decimal(exponent.numerator) / Decimal(exponent.denominator)).exp())
    return rounded(Fraction(score), 4)


def counts(cases: list[Judged]) -> dict[str, int]:
    """How much feedback of each kind there is."""
    complaints = [case for case in cases if case.is_complaint]
    return {
        "complaint_count": len(complaints),
        "suggestion_count": sum(1 for case in cases if case.case.feedback_type == SUGGESTION),
        "adopted_count": sum(1 for case in cases if case.state.is_adopted),
        "praise_count": sum(1 for case in cases if case.case.feedback_type == PRAISE),
        "open_complaint_count": sum(1 for case in complaints if case.is_open),
        "open_critical_count": sum(1 for case in complaints if case.is_open and case.severity == "critical"),
        "reopened_complaint_count": sum(1 for case in complaints if case.state.reopened_count > 0),
        "repeat_complaint_count": sum(1 for case in complaints if case.is_repeat),
        "sla_missed_count": sum(1 for case in complaints if case.is_sla_missed),
    }


def complaint_figures(complaints: list[Judged], sales: int, d: date) -> Values:
    """How many complaints, and how they were handled."""
    in_year = sum(1 for case in complaints if in_last_days(case.case.created_on, d, YEAR))
    hours = [case.state.resolution_hours for case in complaints if case.state.is_done]
    met = sum(1 for case in complaints if not case.is_sla_missed)
    return {
        "complaints_90d": sum(1 for case in complaints if in_last_days(case.case.created_on, d, QUARTER)),
        "complaints_12m": in_year,
        "sales_12m": sales,
        "complaints_per_100_bills": share(100 * in_year, sales, 2),
        "mean_resolution_hours": share(sum(hours), len(hours), 2),
        "sla_met_share": share(met, len(complaints)),
    }


def feedback_cases(world: World) -> Rows:
    """The rows of feedback_cases (d is the as-of date) by (source_system, complaint_id)."""
    return {
        judged.case.key: case_row(judged, is_graded=judged.case.customer_id in world.graded)
        for judged in judged_at(world)
    }


def case_row(judged: Judged, is_graded: bool) -> Values:
    """State and points of a case, the latter of graded customers; delays, severity and repeats of complaints only."""
    state, has_points = judged.state, is_graded and judged.full_points is not None
    row = {
        "customer_id": judged.case.customer_id,
        "feedback_type": judged.case.feedback_type,
        "category": shown_category(judged.case.category),
        "status": state.status,
        "incident_id": judged.case.incident_id,
        "points": rounded(judged.full_points, 4) if has_points else None,
        "points_left": rounded(judged.points, 6) if has_points else None,
    }
    if judged.case.feedback_type != COMPLAINT:
        return row
    return row | {
        "severity": judged.severity,
        "reopened_count": state.reopened_count,
        "resolution_hours": state.resolution_hours,
        "is_sla_missed": judged.is_sla_missed,
        "is_repeat": judged.is_repeat,
    }


def shown_category(category: str | None) -> str:
    """The category where it is no free text."""
    if category is None:
        return "unknown"
    return "other" if len(category) > SHOWN_CHARACTERS or DIGITS_OF_TEXT & set(category) else category


def month_of(day: date) -> str:
    """The first day of the month."""
    return day.replace(day=1).isoformat()


def voice_of_customer(world: World, value_tiers: dict[str, str | None]) -> Rows:
    """The rows of voice_of_customer (d is the as-of date) by (month, theme_source, theme, value_tier)."""
    groups, customers = defaultdict(lambda: dict.fromkeys(VOICE_COUNTS, 0)), defaultdict(set)

    def add(customer_id: str, theme: tuple[str, str, str], names: Iterable[str]) -> None:
        if world.customers.known_at(customer_id, world.d).exclusion_reason in NOT_CUSTOMERS:
            return
        key = *theme, value_tiers.get(customer_id) or "none"
        customers[key].add(customer_id)
        for name in names:
            groups[key][name] += 1
        groups[key]["customer_count"] = len(customers[key])

    for judged in judged_at(world):
        case = judged.case
        if judged.is_feedback:
            names = [f"{case.feedback_type}_count"] + ["adopted_count"] * judged.state.is_adopted
            add(case.customer_id, (month_of(case.created_on), "feedback", shown_category(case.category)), names)
    policy = SatisfactionPolicy.of(world.policy, world.d)
    for answer in last_answers(surveys_at(world), policy):
        survey = answer.survey
        names = ["answer_count"] + ["dissatisfied_count"] * (answer.answer_class == DISSATISFIED)
        add(survey.customer_id, (month_of(survey.answer_date), "survey", survey.question_code), names)
    return dict(groups)
