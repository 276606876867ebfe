"""Section 2: a case beside the others: severity with its incident, SLA, repeats and points."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from tests.reference.policy import Policy
from tests.reference.signals.cases import COMPLAINT, SUGGESTION, CaseState, states_at
from tests.reference.signals.complaint_rows import Complaint
from tests.reference.signals.weights import decay
from tests.reference.signals.world import World

SEVERITY_ORDER = ("minor", "major", "critical")


@dataclass(frozen=True)
class FeedbackPolicy:
    """The row of policy_feedback, and by severity the points and limits of policy_sla."""

    numbers: dict[str, Fraction]
    sla: dict[str, dict[str, Fraction]]

    @classmethod
    def of(cls, policy: Policy, d: date) -> "FeedbackPolicy":
        """The policy in force at d."""
        versioned = {"policy_version", "scenario_id", "effective_from", "effective_to"}
        row = policy.rows("policy_feedback", d)[0]
        limits = ("points", "first_response_hours", "resolution_hours")
        return cls(
            numbers={name: Fraction(text) for name, text in row.items() if name not in versioned},
            sla={
                row["severity"]: {limit: Fraction(row[limit]) for limit in limits}
                for row in policy.rows("policy_sla", d)
            },
        )


@dataclass(frozen=True)
class Judged:
    """A case at d beside the others: severity with its incident, SLA, repeat and points; the former of complaints."""

    state: CaseState
    severity: str | None
    is_sla_missed: bool
    is_repeat: bool
    full_points: Fraction | None
    """What the case weighs before it decays; None: void."""
    points: Fraction
    """What the case adds to the index, decayed, not rounded."""

    @property
    def case(self) -> Complaint:
        """The row."""
        return self.state.case

    @property
    def is_complaint(self) -> bool:
        """A complaint that is not void."""
        return self.case.feedback_type == COMPLAINT and not self.state.is_void

    @property
    def is_feedback(self) -> bool:
        """Praise, a suggestion, or a complaint that is not void."""
        return self.is_complaint or self.case.feedback_type != COMPLAINT

    @property
    def is_open(self) -> bool:
        """A complaint that waits for its resolution."""
        return self.is_complaint and not self.state.is_done


def shared_incidents(states: Iterable[CaseState]) -> set[tuple[str, str | None]]:
    """The incidents, by source system, that several customers complain of."""
    customers = defaultdict(set)
    for state in states:
        if state.case.feedback_type == COMPLAINT and not state.is_void and state.case.incident_id is not None:
            customers[state.case.incident].add(state.case.customer_id)
    return {incident for incident, those in customers.items() if len(those) > 1}


def is_repeat(state: CaseState, own: Iterable[CaseState], repeat_days: int) -> bool:
    """Whether an earlier complaint in the category was open, or resolved lately, when this one came."""

    def place(other: CaseState) -> tuple[datetime, str, str]:
        return other.case.created_at, other.case.complaint_id, other.case.source_system

    def is_near(other: CaseState) -> bool:
        if other.resolved_at is None:
            return True
        return (state.case.created_on - other.clock.local(other.resolved_at)).days <= repeat_days

    return state.case.category is not None and any(
        other.case.feedback_type == COMPLAINT
        and other.case.category == state.case.category
        and not other.is_void
        and place(other) < place(state)
        and is_near(other)
        for other in own
    )


def judged_at(world: World) -> list[Judged]:
    """All cases known at d but inquiries, with their points."""
    policy, states = FeedbackPolicy.of(world.policy, world.d), states_at(world)
    incidents, own = shared_incidents(states), defaultdict(list)
    for state in states:
        own[state.case.customer_id].append(state)
    return [judge(state, own[state.case.customer_id], incidents, policy) for state in states]


def judge(
    state: CaseState, own: list[CaseState], incidents: set[tuple[str, str | None]], policy: FeedbackPolicy
) -> Judged:
    """One case beside those of the same customer."""
    case, numbers = state.case, policy.numbers
    age_decay = decay((state.d - case.created_on).days, numbers["half_life_days"])
    if case.feedback_type != COMPLAINT:
        points = numbers["praise_points"]
        if case.feedback_type == SUGGESTION:
            points = numbers["adopted_points" if state.is_adopted else "suggestion_points"]
        return Judged(state, None, False, False, points, points * age_decay)
    severity = case.severity
    if case.incident in incidents:
        severity = max(severity, "major", key=SEVERITY_ORDER.index)
    is_missed, repeats = state.misses(policy.sla[severity]), is_repeat(state, own, int(numbers["repeat_days"]))
    points = complaint_points(state, policy.sla[severity]["points"], is_missed, repeats, numbers)
    left = points * age_decay if state.is_done else points
    return Judged(state, severity, is_missed, repeats, None if state.is_void else points, left)


def complaint_points(
    state: CaseState, severity_points: Fraction, is_missed: bool, repeats: bool, numbers: dict[str, Fraction]
) -> Fraction:
    """The points of a complaint before they decay."""
    if state.is_void:
        return Fraction(0)
    worse = 1 + numbers["reopened_factor"] * min(state.reopened_count, numbers["max_reopened"])
    worse += numbers["sla_factor"] * is_missed + numbers["repeat_factor"] * repeats
    result = Fraction(1)
    if state.is_done and state.rating is not None and state.rating >= numbers["well_rating"]:
        result = numbers["well_resolved_factor"]
    elif state.is_done and not is_missed:
        result = numbers["in_sla_factor"]
    return -severity_points * worse * result
