"""Section 1: satisfaction of every graded customer, and the survey rows behind it."""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction

from tests.reference.clocks import add_months, in_last_days
from tests.reference.registers import Contract
from tests.reference.signals.answers import (
    DISSATISFIED,
    NEUTRAL,
    SATISFIED,
    Answer,
    SatisfactionPolicy,
    by_customer,
    counted,
    in_age,
    last_answers,
    mean_norm,
    read_answer,
    weight_of,
)
from tests.reference.signals.survey_rows import Survey, surveys_at
from tests.reference.signals.weights import mean, weighted_mean
from tests.reference.signals.world import Rows, Values, World

PHONE = "phone_callback"
SILENT_ORDER = ("refused", "wrong_number", "not_reached", "pending", "non_responder")
OUTCOME_ORDER = ("connected_answered", "connected_refused", "wrong_number", "unreachable", "no_answer", "busy")
NOT_REACHED = {"no_answer", "busy", "unreachable"}
RATINGS = {"service_rating": "service", "product_rating": "product", "brand_awareness": "brand_awareness"}
LOYAL_QUESTIONS = ("overall", "rebuy_intent", "recommend")
TENURE_BANDS = ((60, "over_5y"), (24, "2_5y"), (12, "1_2y"), (0, "under_1y"))
"""From so many months after the handover on."""


def rows(world: World) -> Rows:
    """The rows of customer_satisfaction_history at d by (as_of_date, customer_id)."""
    policy, surveys = SatisfactionPolicy.of(world.policy, world.d), by_customer(surveys_at(world))
    return {
        (world.d.isoformat(), customer_id): satisfaction_row(surveys.get(customer_id, []), policy, world.d)
        | {"owner_tenure_band": owner_tenure_band(contracts_of(world, customer_id), world.d)}
        for customer_id in world.graded
    }


def contracts_of(world: World, customer_id: str) -> list[Contract]:
    """A customer's contracts in the version known at d."""
    return [contract for contract in world.contracts.values() if contract.customer_id == customer_id]


def satisfaction_row(surveys: list[Survey], policy: SatisfactionPolicy, d: date) -> Values:
    """What the survey rows of one customer say at d."""
    answers = last_answers(surveys, policy)
    recent = in_age(answers, policy, d)
    return {
        **index_columns(counted(answers, policy, d), policy, d),
        "response_status": response_status(surveys, policy, d),
        **contact_columns(surveys, policy, d),
        **{
            column: mean_norm([a for a in recent if a.survey.question_code == question], policy, d)
            for column, question in RATINGS.items()
        },
        "is_attitudinally_loyal": is_attitudinally_loyal(recent),
        "last_answer_date": last_day((survey.answer_date for survey in surveys if survey.is_answer), d),
        "last_asked_date": last_day((survey.asked_on for survey in surveys), d),
    }


def last_day(days: Iterable[date], d: date) -> str | None:
    """The last of the days that are not after d, as text."""
    return max((day.isoformat() for day in days if day <= d), default=None)


def index_columns(answers: list[Answer], policy: SatisfactionPolicy, d: date) -> Values:
    """Index, class, score and their reasons from the counted answers of one customer."""
    numbers, weights = policy.numbers, [weight_of(answer, policy, d) for answer in answers]
    index = mean(weighted_mean(zip(weights, (answer.value for answer in answers), strict=True)))
    weight = sum(weights, Fraction(0)) if answers else None
    is_negative = has_recent_negative(answers, policy, d)
    plain = index_class(index, numbers)
    is_capped = is_negative and plain == SATISFIED
    is_stale = weight is None or weight < numbers["min_weight"]
    score = None if is_stale or index is None else index
    if score is not None and is_negative:
        score = min(score, numbers["capped_score"])
    return {
        "sat_index": index,
        "sat_mean_norm": mean_norm(answers, policy, d),
        "answer_weight": weight,
        "answer_count": len(answers),
        "sat_class": NEUTRAL if is_capped else plain,
        "sat_confidence": None if weight is None else "stale" if is_stale else "firm",
        "has_recent_negative": is_negative,
        "sat_reason": None if plain is None else "recent_negative" if is_capped else "index",
        "sat_score": score,
    }


def index_class(index: Fraction | None, numbers: dict[str, Fraction]) -> str | None:
    """The class of an index."""
    if index is None:
        return None
    if index >= numbers["satisfied_from"]:
        return SATISFIED
    return DISSATISFIED if index < numbers["neutral_from"] else NEUTRAL


def has_recent_negative(answers: list[Answer], policy: SatisfactionPolicy, d: date) -> bool:
    """Whether a recent dissatisfied answer was not made good by a later satisfied one."""
    satisfied = [a.survey.answer_at for a in answers if a.answer_class == SATISFIED]
    return any(
        not any(moment > a.survey.answer_at for moment in satisfied)
        for a in answers
        if a.answer_class == DISSATISFIED and in_last_days(a.survey.answer_date, d, policy.days("recent_days"))
    )


def contact_outcome(survey: Survey) -> str:
    """What came of one attempt: answered, refused, wrong_number, not_reached or silent."""
    outcome = survey.callback_outcome
    if survey.is_answer:
        return "answered"
    if outcome is None:
        return "silent" if survey.responded_at is None else "refused"
    if outcome == "wrong_number":
        return "wrong_number"
    return "not_reached" if outcome in NOT_REACHED else "refused"


def response_status(surveys: list[Survey], policy: SatisfactionPolicy, d: date) -> str:
    """Whether and why there is an answer or none."""
    max_age = policy.days("max_age_days")
    answer_days = [survey.answer_date for survey in surveys if survey.is_answer]
    if any(in_last_days(day, d, max_age) for day in answer_days):
        return "answered"
    contacts = [survey for survey in surveys if in_last_days(survey.asked_on, d, max_age)]
    latest = max((survey.asked_on for survey in contacts), default=d)
    silent = "pending" if (d - latest).days <= policy.days("response_days") else "non_responder"
    outcomes = {contact_outcome(survey) for survey in contacts if survey.asked_on == latest}
    found = {silent if outcome == "silent" else outcome for outcome in outcomes}
    told = next((status for status in SILENT_ORDER if status in found), None)
    return told or ("expired" if answer_days else "not_surveyed")


def contact_columns(surveys: list[Survey], policy: SatisfactionPolicy, d: date) -> Values:
    """How often the customer was asked, and how calls went."""
    recent = [survey for survey in surveys if in_last_days(survey.asked_on, d, policy.days("max_age_days"))]
    calls = [survey for survey in recent if survey.channel == PHONE]
    answered = [s for s in calls if s.callback_outcome == "connected_answered"]
    issues = [survey for survey in recent if survey.callback_outcome in ("wrong_number", "unreachable")]
    return {
        "contact_count": distinct_contacts(recent),
        "callback_count": distinct_contacts(calls),
        "callback_answered_count": distinct_contacts(answered),
        "last_callback_outcome": last_callback_outcome(recent),
        "has_contact_issue": distinct_contacts(issues) >= policy.days("contact_issue_count"),
    }


def distinct_contacts(surveys: list[Survey]) -> int:
    """Contacts of a system by invitation, else by response."""
    return len({(survey.source_system, survey.invitation_id or survey.response_id) for survey in surveys})


def last_callback_outcome(surveys: list[Survey]) -> str | None:
    """The outcome of the latest call; of one day the first of the order."""
    called = [survey for survey in surveys if survey.callback_outcome is not None]
    latest = max((survey.asked_on for survey in called), default=None)
    outcomes = {survey.callback_outcome for survey in called if survey.asked_on == latest}
    return next((outcome for outcome in OUTCOME_ORDER if outcome in outcomes), None)


def is_attitudinally_loyal(answers: list[Answer]) -> bool | None:
    """Whether the last answers to all three questions are of satisfied people; None where one is missing."""
    own = [[a for a in answers if a.survey.question_code == question] for question in LOYAL_QUESTIONS]
    if not all(own):
        return None
    return all(max(mine, key=lambda answer: answer.order).answer_class == SATISFIED for mine in own)


def owner_tenure_band(contracts: list[Contract], d: date) -> str | None:
    """How long an owner has had the first home; None for customers without one."""
    homes = [
        contract
        for contract in contracts
        if contract.lob == "property_sale"
        and contract.status != "subscribed"
        and not (contract.cancelled_on is not None and contract.cancelled_on <= d)
    ]
    if not homes:
        return None
    handovers = [home.handover_date for home in homes if home.handover_date and home.handover_date <= d]
    if not handovers:
        return "signed_not_delivered"
    return next(band for months, band in TENURE_BANDS if add_months(min(handovers), months) <= d)


def survey_responses(world: World) -> Rows:
    """The rows of survey_responses (d is the as-of date) by (source_system, response_id)."""
    policy = SatisfactionPolicy.of(world.policy, world.d)
    found = {}
    for survey in surveys_at(world):
        is_graded = survey.customer_id in world.graded
        answer = read_answer(survey, policy) if survey.is_answer and is_graded else None
        found[survey.source_system, survey.response_id] = {
            "customer_id": survey.customer_id,
            "question_code": survey.question_code,
            "contact_outcome": contact_outcome(survey),
            "answer_class": answer.answer_class if answer else None,
            "score_norm": answer.norm if answer else None,
        }
    return found
