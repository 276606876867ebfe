"""Section 1: the answers a review knows, one per question and invitation, how good they are and what they weigh."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from fractions import Fraction

from tests.reference.clocks import in_last_days
from tests.reference.policy import Policy
from tests.reference.signals.survey_rows import Survey, surveys_at
from tests.reference.signals.weights import decay, mean, rounded, weighted_mean
from tests.reference.signals.world import World

SATISFIED, NEUTRAL, DISSATISFIED = "satisfied", "neutral", "dissatisfied"
CLASS_VALUES = {SATISFIED: Fraction(100), NEUTRAL: Fraction(50), DISSATISFIED: Fraction(0)}
NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class SatisfactionPolicy:
    """The row of policy_satisfaction, and what channels, types, scales and questions are worth."""

    numbers: dict[str, Fraction]
    scales: dict[str, dict[str, Fraction]]
    channels: dict[str, Fraction]
    types: dict[str, Fraction]
    questions: set[str]
    """Codes that count for satisfaction."""

    @classmethod
    def of(cls, policy: Policy, d: date) -> "SatisfactionPolicy":
        """The policy in force at d."""
        names = ("half_life_days", "max_age_days", "response_days", "min_weight", "satisfied_from", "neutral_from")
        names += ("recent_days", "capped_score", "contact_issue_count", "min_segment_size")
        bounds = ("least_score", "neutral_from", "satisfied_from", "greatest_score")
        row = policy.rows("policy_satisfaction", d)[0]
        return cls(
            numbers={name: Fraction(row[name]) for name in names},
            scales={
                row["scale"]: {bound: Fraction(row[bound]) for bound in bounds}
                for row in policy.rows("policy_survey_scales", d)
            },
            channels={row["channel"]: Fraction(row["weight"]) for row in policy.rows("policy_survey_channels", d)},
            types={row["survey_type"]: Fraction(row["weight"]) for row in policy.rows("policy_survey_types", d)},
            questions={
                row["question_code"]
                for row in policy.rows("policy_survey_questions", d)
                if row["counts_for_satisfaction"].lower() == "true"
            },
        )

    def days(self, name: str) -> int:
        """A number of days, or another whole number."""
        return int(self.numbers[name])


@dataclass(frozen=True)
class Answer:
    """An answer, its class, and its score as a percentage of the scale (4 decimals)."""

    survey: Survey
    answer_class: str
    norm: Fraction

    @property
    def value(self) -> Fraction:
        """100, 50 or 0."""
        return CLASS_VALUES[self.answer_class]

    @property
    def order(self) -> tuple[datetime, datetime, str, Fraction, str]:
        """What comes later counts."""
        survey = self.survey
        recorded_at = survey.recorded_at or NEVER
        return survey.answer_at, recorded_at, survey.response_id, survey.score, survey.source_system


def class_of(score: Fraction, scale: dict[str, Fraction]) -> str:
    """Satisfied, neutral or dissatisfied."""
    if score >= scale["satisfied_from"]:
        return SATISFIED
    return NEUTRAL if score >= scale["neutral_from"] else DISSATISFIED


def norm_of(score: Fraction, scale: dict[str, Fraction]) -> Fraction:
    """The score as a percentage of its scale, 4 decimals."""
    width = scale["greatest_score"] - scale["least_score"]
    return rounded((score - scale["least_score"]) / width * 100, 4)


def read_answer(survey: Survey, policy: SatisfactionPolicy) -> Answer:
    """The answer of a row with a score."""
    scale = policy.scales[survey.scale]
    return Answer(survey, class_of(survey.score, scale), norm_of(survey.score, scale))


def last_answers(surveys: Iterable[Survey], policy: SatisfactionPolicy) -> list[Answer]:
    """One answer per customer, question, system and what was asked: the last."""
    groups = defaultdict(list)
    for survey in surveys:
        if survey.is_answer:
            key = survey.customer_id, survey.question_code, survey.source_system, asked_by(survey)
            groups[key].append(read_answer(survey, policy))
    return [max(answers, key=lambda answer: answer.order) for answers in groups.values()]


def asked_by(survey: Survey) -> tuple[object, ...]:
    """What an answer is to: an invitation, a survey or a sale on a day, or nothing but itself."""
    if survey.invitation_id is not None:
        return "invitation", survey.invitation_id
    if survey.survey_id is None and survey.txn_id is None:
        return "response", survey.response_id
    return "survey", survey.survey_id, survey.txn_id, survey.answer_date


def in_age(answers: Iterable[Answer], policy: SatisfactionPolicy, d: date) -> list[Answer]:
    """The answers that are not too old."""
    return [a for a in answers if in_last_days(a.survey.answer_date, d, policy.days("max_age_days"))]


def counted(answers: Iterable[Answer], policy: SatisfactionPolicy, d: date) -> list[Answer]:
    """The answers that are not too old, to questions that count."""
    return [a for a in in_age(answers, policy, d) if a.survey.question_code in policy.questions]


def weight_of(answer: Answer, policy: SatisfactionPolicy, d: date) -> Fraction:
    """What an answer weighs, 8 decimals."""
    survey = answer.survey
    of_age = decay((d - survey.answer_date).days, policy.numbers["half_life_days"])
    of_channel = policy.channels.get(survey.channel, Fraction(1))
    of_type = policy.types.get(survey.survey_type, Fraction(1))
    return rounded(of_age * of_channel * of_type, 8)


def mean_norm(answers: Iterable[Answer], policy: SatisfactionPolicy, d: date) -> Fraction | None:
    """The weighted mean of the normalised scores, 4 decimals."""
    return mean(weighted_mean((weight_of(a, policy, d), a.norm) for a in answers))


def by_customer(surveys: Iterable[Survey]) -> dict[str, list[Survey]]:
    """Rows by customer."""
    found = defaultdict(list)
    for survey in surveys:
        found[survey.customer_id].append(survey)
    return found


def counted_answers_at(world: World) -> list[Answer]:
    """Everybody's counted answers at d."""
    policy = SatisfactionPolicy.of(world.policy, world.d)
    return counted(last_answers(surveys_at(world), policy), policy, world.d)
