"""Value tiers, section 9: who moved between tiers, and whether the mix has drifted."""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from tests.reference.signals.figures import share
from tests.reference.signals.world import Rows
from tests.reference.tier_dates import months_between

EXCLUDED, NOT_KNOWN, UNQUALIFIED = "excluded", "not_known", "unqualified"
IN_ORDER = (UNQUALIFIED, "potential", "low", "medium", "high")
LEAST_SHARE = 0.0001
ALERT, ALARM = Decimal("0.1"), Decimal("0.25")
States = Mapping[str, str]
"""By customer known at a date."""


def state_of(value_tier: str | None, rule_path: str) -> str:
    """What a customer is at a date."""
    return value_tier or {"NOQ": UNQUALIFIED, "EXCL": EXCLUDED}[rule_path]


def direction(before: str, after: str) -> str:
    """Which way a customer went."""
    if before == after:
        return "same"
    if after not in IN_ORDER:
        return "left"
    if before not in IN_ORDER:
        return "entered"
    return "up" if IN_ORDER.index(after) > IN_ORDER.index(before) else "down"


def migrations(states: Mapping[date, States], spend: Mapping[date, Mapping[str, Decimal]]) -> Rows:
    """tier_migrations over neighbouring shown dates; `spend` is spend_12m by date and customer."""
    found: Rows = {}
    for earlier, later in pairwise(sorted(states)):
        before, after = states[earlier], states[later]
        moves = defaultdict(list)
        for customer_id in {*before, *after}:
            moves[before.get(customer_id, NOT_KNOWN), after.get(customer_id, NOT_KNOWN)].append(customer_id)
        origins = Counter()
        for (from_tier, _), customers in moves.items():
            origins[from_tier] += len(customers)
        for (from_tier, to_tier), customers in moves.items():
            found[earlier.isoformat(), later.isoformat(), from_tier, to_tier] = {
                "customer_count": len(customers),
                "share": share(len(customers), origins[from_tier]),
                "value_moved": sum((spend[later].get(c, Decimal(0)) for c in customers), Decimal(0)),
                "direction": direction(from_tier, to_tier),
            }
    return found


def drifts(states: Mapping[date, States]) -> Rows:
    """tier_drift of every shown date against the one before it and the one a year before."""
    days, found = sorted(states), {}
    for place, d in enumerate(days):
        year_ago = [day for day in days if months_between(day, d) >= 12]
        compared = {"previous": days[place - 1] if place else None, "year_before": year_ago[-1] if year_ago else None}
        for name, day in compared.items():
            if day is not None:
                psi = stability_index(states[day], states[d])
                found[d.isoformat(), name] = {"psi": psi, "drift": drift_of(psi)}
    return found


def stability_index(before: States, after: States) -> Decimal | None:
    """How far the mix of one date is from that of another, 4 decimals."""
    old, new = mix(before), mix(after)
    if old is None or new is None:
        return None
    psi = sum((new[name] - old[name]) * math.log(new[name] / old[name]) for name in IN_ORDER)
    return Decimal(f"{psi:.4f}")


def mix(states: States) -> dict[str, float] | None:
    """The share of each tier; None where nobody has one."""
    counts = Counter(state for state in states.values() if state in IN_ORDER)
    total = sum(counts.values())
    if not total:
        return None
    return {name: max(LEAST_SHARE, float(Fraction(counts[name], total))) for name in IN_ORDER}


def drift_of(psi: Decimal | None) -> str | None:
    """What a change of the mix is called."""
    if psi is None:
        return None
    return "alarm" if psi > ALARM else "alert" if psi > ALERT else "none"
