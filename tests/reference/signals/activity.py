"""Section 3, activity spans: when a customer had to do with the group, as a review at d knows it."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from tests.reference.measures import CustomerView
from tests.reference.registers import Contract
from tests.reference.signals.facts import Interaction
from tests.reference.signals.world import World

PROPERTY = "property_sale"
SUBSCRIBED = "subscribed"


@dataclass(frozen=True)
class Span:
    """Days of activity, first and last included; neither is after d."""

    begin: date
    end: date

    def touches(self, after: date, until: date) -> bool:
        """Whether any day of it lies in (after, until]."""
        return self.begin <= until and self.end > after


def contracts_of(world: World, customer_id: str) -> list[Contract]:
    """The contracts of a customer as known at d that are more than subscribed, homes among them."""
    own = [c for c in world.contracts.values() if c.customer_id == customer_id]
    return [contract for contract in own if contract.status != SUBSCRIBED]


def running_contracts_of(world: World, customer_id: str) -> list[Contract]:
    """Those of them in contract lines: what lasts for a time. That of a home has no end and is no activity."""
    lines = world.policy.lobs(world.d)
    return [contract for contract in contracts_of(world, customer_id) if lines[contract.lob].is_contractual]


def contract_spans(contracts: Iterable[Contract], d: date) -> list[Span]:
    """From the first to the last active day, at most d; nothing for a contract that was over before it began."""
    spans = []
    for contract in contracts:
        begin, end = contract.starts_on, min(d, contract.ends_on or d)
        if begin is not None and begin <= end:
            spans.append(Span(begin, end))
    return spans


def purchase_spans(world: World, view: CustomerView) -> list[Span]:
    """Every occasion on its date, every paid bill of a contract line on the day it was paid."""
    lines = world.policy.lobs(world.d)
    days = [occasion.date for occasion in view.occasions]
    for occasion in view.occasions:
        if lines[occasion.lob].is_contractual:
            paid = [sale.transaction.paid_on for sale in occasion.sales if sale.net > 0]
            days += [day for day in paid if day is not None and day <= world.d]
    return [Span(day, day) for day in days]


def spans_without_interactions(world: World, customer_id: str) -> list[Span]:
    """Purchases, paid bills and contracts of a customer."""
    view = world.views.get(customer_id)
    spans = contract_spans(running_contracts_of(world, customer_id), world.d)
    return spans + (purchase_spans(world, view) if view else [])


def spans(world: World, customer_id: str, interactions: Iterable[Interaction]) -> list[Span]:
    """All spans of a customer; `interactions` are those of anybody that count at d.

    Those of owners are activity once they have bought: who only asked before is not idle since then.
    """
    found, view = spans_without_interactions(world, customer_id), world.views.get(customer_id)
    if not is_only_owner(view):
        return found
    since = min(occasion.date for occasion in view.occasions)
    weights = {row["event_type"]: Fraction(row["engagement_weight"]) for row in event_types(world)}
    own = [i for i in interactions if i.customer_id == customer_id and weights.get(i.event_type)]
    return found + [Span(i.event_date, i.event_date) for i in own if i.event_date >= since]


def is_only_owner(view: CustomerView | None) -> bool:
    """Whether somebody holds property_sale and no other line."""
    return view is not None and view.lobs_held == [PROPERTY]


def event_types(world: World) -> list[dict[str, str]]:
    """What policy says of each type of interaction."""
    return world.policy.rows("policy_interaction_events", world.d)


def counted(world: World, interactions: Iterable[Interaction]) -> list[Interaction]:
    """The interactions known at d without those of days on which a customer has more than a person can have."""
    interactions = list(interactions)
    limit = int(world.policy.rows("policy_engagement", world.d)[0]["bot_events_per_day"])
    per_day = Counter((i.customer_id, i.event_date) for i in interactions)
    return [i for i in interactions if per_day[i.customer_id, i.event_date] <= limit]


def by_customer(interactions: Iterable[Interaction]) -> dict[str, list[Interaction]]:
    """Interactions by their customer."""
    found = defaultdict(list)
    for interaction in interactions:
        found[interaction.customer_id].append(interaction)
    return found
