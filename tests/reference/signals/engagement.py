"""Section 5: how much customers had to do with the group lately."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from tests.reference.clocks import in_last_days
from tests.reference.policy import Policy
from tests.reference.signals.facts import Interaction, interactions_at
from tests.reference.signals.weights import decay, half_power, rounded
from tests.reference.signals.world import Rows, Values, World

QUARTER, YEAR = 90, 365


@dataclass(frozen=True)
class EventType:
    """What policy says of a type of interaction."""

    engagement_weight: Fraction
    intent_weight: Fraction
    repeat_intent_weight: Fraction
    intent_cap: Fraction
    daily_limit: int


def event_types(policy: Policy, d: date) -> dict[str, EventType]:
    """All types of interaction in force at d."""
    return {
        row["event_type"]: EventType(
            engagement_weight=Fraction(row["engagement_weight"]),
            intent_weight=Fraction(row["intent_weight"]),
            repeat_intent_weight=Fraction(row["repeat_intent_weight"]),
            intent_cap=Fraction(row["intent_cap"]),
            daily_limit=int(row["daily_limit"]),
        )
        for row in policy.rows("policy_interaction_events", d)
    }


def engagement_policy(policy: Policy, d: date) -> dict[str, Fraction]:
    """The row of policy_engagement."""
    row = policy.rows("policy_engagement", d)[0]
    return {
        name: Fraction(row[name]) for name in ("bot_events_per_day", "max_age_days", "half_life_days", "half_points")
    }


def bot_days(events: Iterable[Interaction], most: int) -> set[date]:
    """The days on which one customer has more events than a person can have."""
    return {day for day, count in Counter(event.event_date for event in events).items() if count > most}


def events_by_customer(world: World) -> dict[str, list[Interaction]]:
    """All interactions known at d by customer, those of bot days too."""
    found = defaultdict(list)
    for event in interactions_at(world):
        found[event.customer_id].append(event)
    return found


def human_events(events: Iterable[Interaction], policy: Policy, d: date) -> list[Interaction]:
    """One customer's events without those of bot days."""
    events = list(events)
    bots = bot_days(events, int(engagement_policy(policy, d)["bot_events_per_day"]))
    return [event for event in events if event.event_date not in bots]


def rows(world: World) -> Rows:
    """The rows of customer_engagement_history at d by (as_of_date, customer_id)."""
    events = events_by_customer(world)
    return {
        (world.d.isoformat(), customer_id): engagement_row(events.get(customer_id, []), world.policy, world.d)
        for customer_id in world.graded
    }


def engagement_row(events: list[Interaction], policy: Policy, d: date) -> Values:
    """What the interactions of one customer known at d say."""
    numbers, types = engagement_policy(policy, d), event_types(policy, d)
    human = human_events(events, policy, d)
    weighted = [event for event in human if types[event.event_type].engagement_weight > 0]
    by_type = type_points(weighted, types, numbers, d)
    points = rounded(sum(by_type.values(), Fraction(0)), 4) if weighted else None
    last = max((event.event_date for event in weighted), default=None)
    return {
        "engagement_status": status_of(events, human, weighted),
        "engagement_points": points,
        "engagement_score": None if points is None else score_of(points, numbers["half_points"]),
        "interaction_count_90d": sum(1 for event in weighted if in_last_days(event.event_date, d, QUARTER)),
        "interaction_count_365d": sum(1 for event in weighted if in_last_days(event.event_date, d, YEAR)),
        "active_days_90d": len({e.event_date for e in weighted if in_last_days(e.event_date, d, QUARTER)}),
        "last_interaction_date": None if last is None else last.isoformat(),
        "days_since_interaction": None if last is None else (d - last).days,
        "top_event_type": top_type(by_type),
        "bot_day_count": sum(
            1 for day in bot_days(events, int(numbers["bot_events_per_day"])) if in_last_days(day, d, YEAR)
        ),
    }


def status_of(events: list[Interaction], human: list[Interaction], weighted: list[Interaction]) -> str:
    """Whether there is something to go on, and why not."""
    if weighted:
        return "measured"
    return "outbound_only" if human else "bot_days_only" if events else "no_interaction"


def type_points(
    events: list[Interaction], types: dict[str, EventType], numbers: dict[str, Fraction], d: date
) -> dict[str, Fraction]:
    """The points of each type with an event that is not too old."""
    recent = [event for event in events if in_last_days(event.event_date, d, int(numbers["max_age_days"]))]
    points: dict[str, Fraction] = defaultdict(Fraction)
    for (name, day), count in Counter((event.event_type, event.event_date) for event in recent).items():
        worth = min(count, types[name].daily_limit) * types[name].engagement_weight
        points[name] += worth * decay((d - day).days, numbers["half_life_days"])
    return dict(points)


def top_type(by_type: dict[str, Fraction]) -> str | None:
    """The type with the most points above 0."""
    above = [name for name, points in by_type.items() if points > 0]
    return min(above, key=lambda name: (-by_type[name], name), default=None)


def score_of(points: Fraction, half_points: Fraction) -> Fraction:
    """The points on a scale of 0 to 100, 4 decimals."""
    return rounded(100 * (1 - half_power(points / half_points)), 4)
