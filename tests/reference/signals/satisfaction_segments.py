"""Section 1: satisfaction of groups of customers, weighted for those who did not answer."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction

from tests.reference.clocks import in_last_days
from tests.reference.measures import line_measures
from tests.reference.signals.answers import DISSATISFIED, SATISFIED, SatisfactionPolicy
from tests.reference.signals.satisfaction import contracts_of
from tests.reference.signals.survey_rows import surveys_at
from tests.reference.signals.weights import DIGITS, mean, rounded, share, weighted_mean
from tests.reference.signals.world import Rows, Values, World

Z = Fraction(196, 100)
NONE = "none"
SUPPRESSED = (
    "satisfied_share",
    "dissatisfied_share",
    "mean_sat_index",
    "satisfied_low",
    "satisfied_high",
    "effective_size",
)


@dataclass(frozen=True)
class Member:
    """A graded customer: segments by type, class and index, and whether asked lately."""

    segments: dict[str, str]
    is_asked: bool
    sat_class: str | None
    sat_index: Fraction | None

    @property
    def is_answerer(self) -> bool:
        """Whether an answer of somebody asked lately is there."""
        return self.is_asked and self.sat_class is not None

    @property
    def stratum(self) -> tuple[str, str]:
        """Customers who stand for each other."""
        return self.segments["value_tier"], self.segments["main_lob"]


def main_lob(world: World, customer_id: str) -> str:
    """The line held of greatest value; none without a line."""
    view, lines = world.views.get(customer_id), world.policy.lobs(world.d)
    if view is None:
        return NONE
    own = contracts_of(world, customer_id)
    values = {lob: line_measures(view, lines[lob], own, world.policy, world.d).m_units for lob in view.lobs_held}
    return min(values, key=lambda lob: (-values[lob], lob))


def rows(world: World, satisfaction: Rows, value_tiers: dict[str, str | None]) -> Rows:
    """The rows of satisfaction_segments at d by (as_of_date, segment_type, segment).

    `satisfaction` are the rows of customer_satisfaction_history, `value_tiers` the tiers at d by customer.
    """
    policy, day = SatisfactionPolicy.of(world.policy, world.d), world.d.isoformat()
    max_age = policy.days("max_age_days")
    asked = {s.customer_id for s in surveys_at(world) if in_last_days(s.asked_on, world.d, max_age)}
    members = []
    for customer_id in world.graded:
        row = satisfaction[day, customer_id]
        segments = {
            "all": "all",
            "value_tier": value_tiers.get(customer_id) or NONE,
            "main_lob": main_lob(world, customer_id),
            "owner_tenure_band": row["owner_tenure_band"] or NONE,
        }
        members.append(Member(segments, customer_id in asked, row["sat_class"], row["sat_index"]))
    return segment_rows(members, day, policy.days("min_segment_size"))


def segment_rows(members: list[Member], day: str, min_size: int) -> Rows:
    """The rows of all segments that somebody graded belongs to."""
    weights = stratum_weights(members)
    groups = defaultdict(list)
    for member in members:
        for segment_type, segment in member.segments.items():
            groups[day, segment_type, segment].append(member)
    return {key: segment_row(group, weights, min_size) for key, group in groups.items()}


def stratum_weights(members: list[Member]) -> dict[tuple[str, str], Fraction]:
    """How many asked customers each answerer of a stratum stands for, 6 decimals."""
    asked = Counter(member.stratum for member in members if member.is_asked)
    answered = Counter(member.stratum for member in members if member.is_answerer)
    return {stratum: rounded(Fraction(asked[stratum], count), 6) for stratum, count in answered.items()}


def segment_row(members: list[Member], weights: dict[tuple[str, str], Fraction], min_size: int) -> Values:
    """The figures of one segment."""
    answerers = [member for member in members if member.is_answerer]
    asked_count = sum(1 for member in members if member.is_asked)
    row = {
        "asked_count": asked_count,
        "answered_count": len(answerers),
        "response_rate": share(len(answerers), asked_count),
        "is_suppressed": len(answerers) < min_size,
    }
    if row["is_suppressed"]:
        return row | dict.fromkeys(SUPPRESSED)
    own = [weights[member.stratum] for member in answerers]
    satisfied = class_share(answerers, own, SATISFIED)
    effective = rounded(sum(own) ** 2 / sum(weight**2 for weight in own), 2)
    low, high = wilson(satisfied, effective)
    return row | {
        "satisfied_share": satisfied,
        "dissatisfied_share": class_share(answerers, own, DISSATISFIED),
        "mean_sat_index": mean(weighted_mean(zip(own, (m.sat_index for m in answerers), strict=True))),
        "satisfied_low": low,
        "satisfied_high": high,
        "effective_size": effective,
    }


def class_share(members: list[Member], weights: list[Fraction], sat_class: str) -> Fraction:
    """The weighted share of a class, 4 decimals."""
    pairs = zip(weights, members, strict=True)
    return mean(weighted_mean((weight, Fraction(member.sat_class == sat_class)) for weight, member in pairs))


def wilson(p: Fraction, n: Fraction) -> tuple[Fraction, Fraction]:
    """The Wilson interval of a share p of n, 4 decimals."""
    centre, inner = p + Z**2 / (2 * n), p * (1 - p) / n + Z**2 / (4 * n**2)
    with localcontext() as context:
        context.prec = DIGITS
        spread = Z * Fraction((Decimal(inner.numerator) / Decimal(inner.denominator)).sqrt())
    scale = 1 + Z**2 / n
    return rounded((centre - spread) / scale, 4), rounded((centre + spread) / scale, 4)
