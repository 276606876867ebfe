"""Section 6: what interactions are worth as a sign that somebody wants to buy."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from tests.reference.clocks import in_last_days
from tests.reference.policy import Policy
from tests.reference.signals.engagement import EventType, event_types, human_events
from tests.reference.signals.facts import Interaction
from tests.reference.signals.weights import decay, rounded

LOWEST, HIGHEST = Fraction(0), Fraction(100)
NUMBERS = ("max_age_days", "firm_days", "sale_half_life_days", "venue_half_life_days", "plus_from", "zero_from")
NUMBERS += ("contact_from", "min_leads", "conversion_days")


@dataclass(frozen=True)
class IntentPolicy:
    """The row of policy_intent, the grades, and the types of interactions."""

    numbers: dict[str, Fraction]
    grades: dict[str, dict[str, str]]
    types: dict[str, EventType]

    @classmethod
    def of(cls, policy: Policy, d: date) -> "IntentPolicy":
        """The policy in force at d."""
        row = policy.rows("policy_intent", d)[0]
        return cls(
            numbers={name: Fraction(row[name]) for name in NUMBERS},
            grades={row["intent_level"]: row for row in policy.rows("policy_intent_grades", d)},
            types=event_types(policy, d),
        )

    def days(self, name: str) -> int:
        """A number of days, or another whole number."""
        return int(self.numbers[name])

    def weight(self, event: Interaction) -> Fraction:
        """The weight of the first event of its type."""
        return self.types[event.event_type].intent_weight

    def half_life(self, event: Interaction) -> Fraction:
        """In how many days the event loses half of its weight."""
        is_venue = event.venue_id is not None and event.project_id is None
        return self.numbers["venue_half_life_days" if is_venue else "sale_half_life_days"]

    def place(self, event: Interaction) -> tuple[date, Fraction, bool, str]:
        """The order in which events earn points."""
        return event.event_date, -self.half_life(event), event.project_id is None, event.project_id or ""


def recent_events(events: Iterable[Interaction], policy: Policy, intent: IntentPolicy, d: date) -> list[Interaction]:
    """One customer's events that are not too old, without those of bot days."""
    human = human_events(events, policy, d)
    return [event for event in human if in_last_days(event.event_date, d, intent.days("max_age_days"))]


def event_points(events: list[Interaction], intent: IntentPolicy, d: date) -> list[tuple[Interaction, Fraction]]:
    """Each event within the limit of its day and its points."""
    seen, on_day, found = set(), Counter(), []
    for event in sorted(events, key=intent.place):
        kind = intent.types[event.event_type]
        on_day[event.event_type, event.event_date] += 1
        if on_day[event.event_type, event.event_date] > kind.daily_limit:
            continue
        weight = kind.repeat_intent_weight if event.event_type in seen else kind.intent_weight
        seen.add(event.event_type)
        found.append((event, weight * decay((d - event.event_date).days, intent.half_life(event))))
    return found


def score_of(points: Iterable[tuple[Interaction, Fraction]], intent: IntentPolicy) -> Fraction:
    """The sum of the types, each within its cap, between 0 and 100, 4 decimals."""
    by_type: dict[str, Fraction] = defaultdict(Fraction)
    for event, worth in points:
        by_type[event.event_type] += worth
    total = Fraction(0)
    for name, worth in by_type.items():
        cap = intent.types[name].intent_cap
        total += max(-cap, min(cap, worth))
    return rounded(min(HIGHEST, max(LOWEST, total)), 4)


def top_project(points: Iterable[tuple[Interaction, Fraction]]) -> str | None:
    """The project with the most points above 0."""
    by_project: dict[str, Fraction] = defaultdict(Fraction)
    for event, worth in points:
        if event.project_id is not None:
            by_project[event.project_id] += worth
    ranked = [project for project, worth in by_project.items() if worth > 0]
    return min(ranked, key=lambda project: (-by_project[project], project), default=None)
