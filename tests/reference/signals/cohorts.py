"""Section 4: how the customers of a quarter stay, renew and recommend."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from tests.reference.clocks import add_months
from tests.reference.registers import Contract
from tests.reference.signals.activity import contracts_of, spans_without_interactions
from tests.reference.signals.figures import rounded, share
from tests.reference.signals.world import Rows, Values, World

EVERYBODY = "all"
RENEWED_LINES = ("lease", "energy")
MONTHS = 3


@dataclass(frozen=True)
class Member:
    """A graded customer who holds a line, as a member of a cohort."""

    cohort: str
    occasion_count: int
    is_active_before: bool
    is_active: bool
    due_count: int
    renewed_count: int
    is_referrer: bool


def rows(world: World, loyalty: Rows) -> Rows:
    """loyalty_cohorts at d, by date and cohort; `loyalty` are the rows of customer_loyalty_history at d."""
    cohorts = defaultdict(list)
    for customer_id in world.graded:
        if customer_id in world.views:
            referred = loyalty[world.d.isoformat(), customer_id]["converted_referral_count"]
            member = member_of(world, customer_id, is_referrer=referred > 0)
            cohorts[member.cohort].append(member)
            cohorts[EVERYBODY].append(member)
    return {(world.d.isoformat(), cohort): cohort_row(members) for cohort, members in cohorts.items()}


def quarter(day: date) -> str:
    """A quarter of a year: 2024-Q1."""
    return f"{day.year}-Q{(day.month + 2) // 3}"


def member_of(world: World, customer_id: str, is_referrer: bool) -> Member:
    """What a cohort has to know of a customer."""
    d, view = world.d, world.views[customer_id]
    since = add_months(d, -MONTHS)
    spans = spans_without_interactions(world, customer_id)
    contracts = contracts_of(world, customer_id)
    due = [contract for contract in contracts if is_due(contract, since, d)]
    grace = world.policy.clv(d).renewal_grace_days
    return Member(
        cohort=quarter(min(occasion.date for occasion in view.occasions)),
        occasion_count=len(view.occasions),
        is_active_before=any(span.touches(add_months(d, -2 * MONTHS), since) for span in spans),
        is_active=any(span.touches(since, d) for span in spans),
        due_count=len(due),
        renewed_count=sum(1 for contract in due if is_renewed(contract, contracts, grace)),
        is_referrer=is_referrer,
    )


def is_due(contract: Contract, after: date, until: date) -> bool:
    """Whether a contract of a line that is renewed came to its agreed end in (after, until]."""
    end, cancelled_on = contract.end_date, contract.cancelled_on
    is_kept = cancelled_on is None or end is None or cancelled_on >= end
    return contract.lob in RENEWED_LINES and end is not None and after < end <= until and is_kept


def is_renewed(due: Contract, contracts: list[Contract], grace: int) -> bool:
    """Whether another contract of the line goes on after it; `contracts` are the customer's, subscribed ones aside.

    One that is over before it begins goes on nowhere.
    """
    last_day = due.end_date + timedelta(days=grace)
    return any(
        other.contract_id != due.contract_id
        and other.lob == due.lob
        and other.starts_on is not None
        and other.starts_on <= last_day
        and (other.ends_on is None or (other.ends_on > due.end_date and other.ends_on >= other.starts_on))
        for other in contracts
    )


def cohort_row(members: list[Member]) -> Values:
    """The columns of a cohort, which has at least one member."""
    repeat = sum(member.occasion_count > 1 for member in members)
    before = sum(member.is_active_before for member in members)
    retained = sum(member.is_active_before and member.is_active for member in members)
    active = sum(member.is_active for member in members)
    due, renewed = (sum(getattr(member, name) for member in members) for name in ("due_count", "renewed_count"))
    retention, referrers = share(retained, before), sum(member.is_active and member.is_referrer for member in members)
    return {
        "customer_count": len(members),
        "repeat_count": repeat,
        "active_before_count": before,
        "retained_count": retained,
        "active_count": active,
        "due_count": due,
        "renewed_count": renewed,
        "referrer_count": referrers,
        "repeat_rate": share(repeat, len(members)),
        "retention_rate": retention,
        "churn_rate": None if retention is None else rounded(1 - retention, 4),
        "renewal_rate": share(renewed, due),
        "referral_rate": share(referrers, active),
    }
