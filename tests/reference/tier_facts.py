"""Value tiers, section 3: what a review takes from policy, energy and homes before anything is remembered."""

from collections import defaultdict
from datetime import date, timedelta
from fractions import Fraction

from tests.reference.clocks import add_months, in_last_months
from tests.reference.measures import CustomerView
from tests.reference.policy import Policy, TierPolicy
from tests.reference.registers import Contract
from tests.reference.signals.energy_months import Month, days_in, valid_months
from tests.reference.signals.energy_readings import rows as readings_at
from tests.reference.signals.world import World
from tests.reference.tier_machine import HIGH, MEDIUM
from tests.reference.tiers import firm_homes

SCORE_RULES = {MEDIUM: "SC_MED", HIGH: "SC_HIGH"}
SCORE = "composite_score"
Scores = dict[int, Fraction | None]
"""A score by level."""


def entry_scores(customer_type: str, policy: Policy, d: date) -> Scores:
    """The scores from which a level is earned."""
    thresholds = policy.thresholds(customer_type, d)
    return {k: thresholds.get((rule_path, SCORE)) for k, rule_path in SCORE_RULES.items()}


def maintain_scores(customer_type: str, policy: Policy, d: date) -> Scores:
    """The scores that keep a level by the rows in force on d."""
    return {k: min(_maintains(customer_type, k, policy, d, d), default=None) for k in SCORE_RULES}


def keep_scores(customer_type: str, policy: Policy, d: date) -> Scores:
    """The lowest scores that kept a level on any day of the last months."""
    first = d
    months = policy.tiers(d).grandfather_months
    if months:
        first = add_months(d, -months) + timedelta(days=1)
    return {k: min(_maintains(customer_type, k, policy, first, d), default=None) for k in SCORE_RULES}


def _maintains(customer_type: str, k: int, policy: Policy, first: date, last: date) -> list[Fraction]:
    """The scores that keep a level by the rows in force on any day from the first to the last."""
    return [
        Fraction(row["maintain"] or row["threshold"])
        for row in policy.rows_of_all_times("policy_tier_thresholds")
        if (row["rule_path"], row["measure"], row["customer_type"]) == (SCORE_RULES[k], SCORE, customer_type)
        and _is_in_force_within(row, first, last)
    ]


def _is_in_force_within(row: dict[str, str], first: date, last: date) -> bool:
    begin = max(date.fromisoformat(row["effective_from"]), first)
    end = last + timedelta(days=1)
    if row["effective_to"]:
        end = min(date.fromisoformat(row["effective_to"]), end)
    return begin < end


def energy_rises(world: World, last_review: date | None) -> set[str]:
    """The customers whose use of energy has risen since the last review before d, as far as months are complete."""
    if last_review is None:
        return set()
    gap_days = int(world.policy.rows("policy_energy", world.d)[0]["gap_days"])
    by_customer = defaultdict(list)
    for reading in readings_at(world):
        by_customer[reading.customer_id].append(reading)
    terms = world.policy.tiers(world.d)
    months = {c: valid_months(readings, gap_days, world.d) for c, readings in by_customer.items()}
    return {
        c for c, use in months.items() if any(_has_risen(use, m, terms) for m in use if _ends_after(m, last_review))
    }


def _ends_after(month: Month, day: date) -> bool:
    return date(month // 12, month % 12 + 1, days_in(month)) > day


def _has_risen(use: dict[Month, Fraction], last: Month, terms: TierPolicy) -> bool:
    """Whether the months that end with `last` came to so much more than those a year before."""
    span = [last - back for back in range(terms.energy_rise_months)]
    year_before = [month - 12 for month in span]
    if not all(month in use for month in [*span, *year_before]):
        return False
    now, before = sum(use[month] for month in span), sum(use[month] for month in year_before)
    return before > 0 and now >= terms.energy_rise_ratio * before and now >= terms.energy_rise_min_kwh


def has_several_properties(view: CustomerView | None, contracts: dict[str, Contract], policy: Policy, d: date) -> bool:
    """Whether enough firm homes were bought lately."""
    terms = policy.tiers(d)
    homes = firm_homes(view, contracts, policy, d)
    recent = [home for home in homes if in_last_months(home.date, d, terms.multi_property_months)]
    return len(recent) >= terms.multi_property_units
