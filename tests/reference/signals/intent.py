"""Section 6: who is about to buy, how likely and when."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction

from tests.reference.clocks import add_months, in_last_days
from tests.reference.measures import Occasion, views_at
from tests.reference.policy import Policy
from tests.reference.registers import Contract
from tests.reference.signals.engagement import events_by_customer, human_events
from tests.reference.signals.facts import Interaction
from tests.reference.signals.intent_points import (
    IntentPolicy,
    event_points,
    recent_events,
    score_of,
    top_project,
)
from tests.reference.signals.weights import share
from tests.reference.signals.world import Rows, Values, World
from tests.reference.transactions import Transaction

HORIZON = re.compile(r"horizon_months ([0-9]{1,3})", re.IGNORECASE | re.ASCII)
WINDOWS = ((1, "within_1m"), (3, "within_3m"), (6, "within_6m"))
HOME = "property_sale"
Levels = Mapping[str, str | None]
"""The level of every customer graded on a date."""


@dataclass(frozen=True)
class Person:
    """What a review knows of one customer; `deposits` are deposits and their returns."""

    events: list[Interaction]
    contracts: list[Contract]
    deposits: list[Transaction]
    occasions: list[Occasion]

    def bought_since(self, day: date, lob: str) -> bool:
        """Whether there is an occasion of the line on or after a day."""
        return any(occasion.lob == lob and occasion.date >= day for occasion in self.occasions)


def levels(found: Rows) -> dict[str, str | None]:
    """The level of every customer in the rows of one date."""
    return {customer_id: row["intent_level"] for (_, customer_id), row in found.items()}


def start_of(world: World) -> date | None:
    """The date whose levels are compared with what was bought; None where it lies before the first sale."""
    start = add_months(world.d, -world.policy.clv(world.d).backtest_months)
    first_sale = min((t.event_date for t in world.books.accepted if t.role == "sale"), default=None)
    return start if first_sale is not None and start >= first_sale else None


def rows(world: World, levels_at_start: Levels | None, start: date | None) -> Rows:
    """The rows of customer_intent_history at d by (as_of_date, customer_id).

    `levels_at_start` are the levels of those graded at `start_of(world)`, by what was known then; both None where
    there is no start. The levels themselves do not depend on them.
    """
    intent, events = IntentPolicy.of(world.policy, world.d), events_by_customer(world)
    observe = observer(world, levels_at_start, start, intent)
    found = {}
    for customer_id in world.graded:
        view = world.views.get(customer_id)
        person = Person(
            events=events.get(customer_id, []),
            contracts=[c for c in world.contracts.values() if c.customer_id == customer_id],
            deposits=deposits_of(world, customer_id),
            occasions=view.occasions if view is not None else [],
        )
        found[world.d.isoformat(), customer_id] = intent_row(person, world.policy, intent, observe, world.d)
    return found


def deposits_of(world: World, customer_id: str) -> list[Transaction]:
    """Deposits and their returns that a review knows; void ones are none."""
    return [
        t
        for t in world.books.accepted
        if t.customer_id == customer_id
        and t.txn_type in ("deposit", "deposit_return")
        and not t.is_void
        and t.is_seen(world.d)
    ]


def observer(
    world: World, levels_at_start: Levels | None, start: date | None, intent: IntentPolicy
) -> Callable[[str], tuple[int, int]]:
    """Gives for a level how many leads there were at the start, and how many of them bought in time."""
    graded = levels_at_start if levels_at_start is not None and start is not None else {}
    buyers = set()
    if graded:
        end = start + timedelta(days=intent.days("conversion_days"))
        views = views_at(world.books.book, world.policy, world.d)
        buyers = {c for c, view in views.items() if any(start < day <= end for day in deciding_days(view.occasions))}

    def observe(level: str) -> tuple[int, int]:
        leads = {customer_id for customer_id, name in graded.items() if name == level}
        return len(leads), len(leads & buyers)

    return observe


def deciding_days(occasions: list[Occasion]) -> list[date]:
    """The days that may convert a lead: those of every home, and the first of each other line."""
    firsts: dict[str, date] = {}
    for occasion in occasions:
        firsts[occasion.lob] = min(firsts.get(occasion.lob, occasion.date), occasion.date)
    homes = [occasion.date for occasion in occasions if occasion.lob == HOME]
    return homes + [day for lob, day in firsts.items() if lob != HOME]


def intent_row(
    person: Person, policy: Policy, intent: IntentPolicy, observe: Callable[[str], tuple[int, int]], d: date
) -> Values:
    """What is known of one customer says this at d."""
    recent = recent_events(person.events, policy, intent, d)
    points = event_points(recent, intent, d)
    weighted = [event for event in recent if intent.weight(event) != 0]
    score = score_of(points, intent) if weighted or has_other_grounds(person, intent, d) else None
    level, reason = level_of(person, recent, score, intent, d)
    human = human_events(person.events, policy, d)
    return {
        "intent_score": score,
        "intent_level": level,
        "intent_reason": reason,
        **conversion(level, intent, observe),
        **purchase_window(recent, level, intent, d),
        **sales_opinion(human, level, intent),
        "top_project_id": top_project(points),
        "last_intent_date": max((event.event_date.isoformat() for event in weighted), default=None),
    }


def is_subscriber(person: Person, intent: IntentPolicy, d: date) -> bool:
    """Whether a contract was subscribed of late, is not signed yet, and no home was bought since."""
    days = [contract.agreed_on for contract in person.contracts if contract.status == "subscribed"]
    recent = [day for day in days if day is not None and in_last_days(day, d, intent.days("max_age_days"))]
    return any(not person.bought_since(day, HOME) for day in recent)


def has_live_deposit(person: Person, intent: IntentPolicy, d: date) -> bool:
    """Whether a deposit of late was neither returned nor followed by a purchase, in its line."""
    returns = [t for t in person.deposits if t.txn_type == "deposit_return"]
    return any(
        t.txn_type == "deposit"
        and in_last_days(t.event_date, d, intent.days("firm_days"))
        and not any(back.lob == t.lob and back.event_at >= t.event_at for back in returns)
        and not person.bought_since(t.event_date, t.lob)
        for t in person.deposits
    )


def has_other_grounds(person: Person, intent: IntentPolicy, d: date) -> bool:
    """Whether there is a subscribed contract or a deposit to go on."""
    return is_subscriber(person, intent, d) or has_live_deposit(person, intent, d)


def level_of(
    person: Person, recent: list[Interaction], score: Fraction | None, intent: IntentPolicy, d: date
) -> tuple[str | None, str]:
    """Level and reason: the first that matches."""

    def firm(event_type: str) -> list[Interaction]:
        days = intent.days("firm_days")
        return [e for e in recent if e.event_type == event_type and in_last_days(e.event_date, d, days)]

    has_subscribed = any(not person.bought_since(event.event_date, HOME) for event in firm("subscribe"))
    if is_subscriber(person, intent, d) or has_subscribed:
        return "A", "subscription"
    if has_live_deposit(person, intent, d):
        return "A", "deposit"
    if has_declined(recent, intent):
        return "D", "declined"
    if firm("unit_shortlist"):
        return "B" + sign_of(score, intent), "unit_locked"
    if score is None:
        return None, "nothing"
    if score >= intent.numbers["contact_from"]:
        return "C" + sign_of(score, intent), "contact"
    return None, "too_little"


def has_declined(recent: list[Interaction], intent: IntentPolicy) -> bool:
    """Whether nothing on a later day speaks against the last `not_interested`."""
    declined = [event.event_date for event in recent if event.event_type == "not_interested"]
    wanted = [event.event_date for event in recent if intent.weight(event) > 0]
    return bool(declined) and not any(day > max(declined) for day in wanted)


def sign_of(score: Fraction | None, intent: IntentPolicy) -> str:
    """Plus, nothing or minus."""
    if score is not None and score >= intent.numbers["plus_from"]:
        return "+"
    return "" if score is not None and score >= intent.numbers["zero_from"] else "-"


def conversion(level: str | None, intent: IntentPolicy, observe: Callable[[str], tuple[int, int]]) -> Values:
    """How likely a purchase is: as policy says, or as was observed."""
    if level is None or level in ("A", "D"):
        return dict.fromkeys(("conversion_probability", "probability_source", "lead_count"))
    lead_count, bought = observe(level)
    if lead_count >= intent.numbers["min_leads"]:
        found, source = share(bought, lead_count), "observed"
    else:
        found, source = Fraction(intent.grades[level]["conversion_probability"]), "policy"
    return {"conversion_probability": found, "probability_source": source, "lead_count": lead_count}


def purchase_window(recent: list[Interaction], level: str | None, intent: IntentPolicy, d: date) -> Values:
    """When a purchase is expected: as the customer said last, else by the level."""
    told = [(event, HORIZON.fullmatch(event.value)) for event in recent if event.value is not None]
    horizons = [(event, int(found.group(1))) for event, found in told if found]
    ahead = [(event, months) for event, months in horizons if add_months(event.event_date, months) >= d]
    if ahead:
        event, horizon = max(ahead, key=lambda said: (*moment_of(said[0]), -said[1]))
        day = add_months(event.event_date, horizon)
        window = next((name for months, name in WINDOWS if day <= add_months(d, months)), "over_6m")
        return {"expected_purchase_window": window, "window_source": "declared"}
    if level is None:
        return {"expected_purchase_window": None, "window_source": None}
    return {"expected_purchase_window": intent.grades[level]["purchase_window"], "window_source": "level"}


def moment_of(event: Interaction) -> tuple[datetime, str]:
    """What was said later counts."""
    return event.event_at, event.interaction_id


def sales_opinion(events: list[Interaction], level: str | None, intent: IntentPolicy) -> Values:
    """The grade that sales gave last, beside the level."""
    orders = {name: int(row["level_order"]) for name, row in intent.grades.items()}
    said = [(event, event.value.upper()) for event in events if event.event_type == "grade_set" and event.value]
    graded = [(event, grade) for event, grade in said if grade in orders]
    last, grade = max(graded, key=lambda told: (*moment_of(told[0]), -orders[told[1]]), default=(None, None))
    agreement = None
    if grade is not None and level is not None:
        of_sales, of_level = orders[grade], orders[level]
        agreement = "same" if of_sales == of_level else "sales_higher" if of_sales < of_level else "sales_lower"
    return {
        "sales_grade": grade,
        "sales_grade_date": last.event_date.isoformat() if last else None,
        "grade_agreement": agreement,
    }
