"""Section 9, contract lines: how long the running contract goes on, and what a month of it brings."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from tests.reference.clocks import add_months
from tests.reference.clv_facts import Forecast, LineFacts, month_by_month
from tests.reference.measures import Posting
from tests.reference.policy import ClvPolicy, TenureBand, band_of
from tests.reference.registers import Contract

LONGEST = 36
SPAN_MONTHS = 36
COUNTED_MONTHS = 12
ENOUGH_MONTHS = 3
USUAL_TERM = 12


@dataclass(frozen=True)
class Rates:
    """Of a tenure band: share of ending contracts renewed, and share of open-ended ones that end in a month."""

    renewal: Fraction
    leaving: Fraction


@dataclass(frozen=True)
class Billing:
    """The billed months that count: how many, and the contribution of a month where they say one (in cents)."""

    count: int
    contribution: int
    span: int
    last_date: date | None

    @property
    def monthly(self) -> Fraction | None:
        """The contribution of a month, in cents; None where too few months were billed."""
        if self.count < ENOUGH_MONTHS:
            return None
        return Fraction(self.contribution * (self.count - 1), self.count * self.span)


@dataclass(frozen=True)
class Tenant:
    """A customer predicted in the line: the contract that counts (None: bills alone), the tenure and the bills."""

    contract: Contract | None
    tenure: int
    billing: Billing


def contract_forecasts(
    facts: Mapping[str, LineFacts],
    contracts: Mapping[str, list[Contract]],
    bands: list[TenureBand],
    policy: ClvPolicy,
    d: date,
) -> dict[str, Forecast]:
    """The forecast of every customer under a contract or billed lately; both mappings are by customer, of the line."""
    own = {c: found for c, rows in contracts.items() if (found := [row for row in rows if is_usable(row)])}
    rates = band_rates(own, bands, policy, d)
    tenants = {}
    for customer_id in sorted(set(own) | set(facts)):
        tenant = tenant_of(own.get(customer_id, []), facts.get(customer_id, LineFacts()), policy, d)
        if tenant is not None:
            tenants[customer_id] = tenant
    known = sorted(t.billing.monthly for t in tenants.values() if t.billing.monthly is not None)
    median = known[(len(known) - 1) // 2] if known else None
    forecasts = {}
    for customer_id, tenant in tenants.items():
        of_band = rates[band_of(tenant.tenure, bands).name]
        cents = monthly_cents(tenant.billing, median)
        forecasts[customer_id] = forecast(tenant, cents, of_band, policy.days_per_month, d)
    return forecasts


def is_usable(contract: Contract) -> bool:
    """Whether a contract counts at all: not only subscribed, with a start, and no end before it."""
    starts, ends = contract.starts_on, contract.ends_on
    return contract.status != "subscribed" and starts is not None and (ends is None or starts <= ends)


def first_start(contracts: list[Contract]) -> date:
    """The start of the first contract: tenure counts from it."""
    return min(contract.starts_on for contract in contracts)


def is_due(contract: Contract, grace: int, d: date) -> bool:
    """Whether it is known by d if the contract was renewed."""
    return contract.ends_on is not None and contract.ends_on + timedelta(days=grace) <= d


def is_renewed(contract: Contract, contracts: list[Contract], grace: int) -> bool:
    """Whether another contract of the customer goes on after it, from the last day of the grace at the latest."""
    last_day = contract.ends_on + timedelta(days=grace)
    return any(
        other.starts_on <= last_day and (other.ends_on is None or other.ends_on > contract.ends_on)
        for other in contracts
    )


def band_rates(
    contracts: Mapping[str, list[Contract]], bands: list[TenureBand], policy: ClvPolicy, d: date
) -> dict[str, Rates]:
    """The rates of each band by its name, drawn towards those assumed."""
    due, renewed, left, days = (defaultdict(int) for _ in range(4))
    for own in contracts.values():
        first = first_start(own)
        for contract in own:
            is_open = contract.end_date is None
            if is_open:
                until = d if contract.ends_on is None else min(d, contract.ends_on)
                since, until = (contract.starts_on - first).days, (until - first).days
                for band in bands:
                    days[band.name] += band.days_between(since, until)
            if is_due(contract, policy.renewal_grace_days, d):
                band = band_of((contract.ends_on - first).days, bands).name
                goes_on = is_renewed(contract, own, policy.renewal_grace_days)
                if is_open:
                    left[band] += not goes_on
                else:
                    due[band] += 1
                    renewed[band] += goes_on
    k = policy.prior_strength
    rates = {}
    for band in bands:
        name = band.name
        renewal = (renewed[name] + k * band.renewal_share) / (due[name] + k)
        leaving = (left[name] + k * band.monthly_leaving_rate) / (days[name] / policy.days_per_month + k)
        rates[name] = Rates(renewal, min(Fraction(1), leaving))
    return rates


def tenant_of(contracts: list[Contract], facts: LineFacts, policy: ClvPolicy, d: date) -> Tenant | None:
    """The customer as predicted; None where no contract runs and no bill stands in for one."""
    billing = billing_of(facts.postings, d)
    if contracts:
        running = [contract for contract in contracts if contract.ends_on is None or contract.ends_on >= d]
        if not running:
            return None
        last = min(running, key=lambda c: (-(c.ends_on or date.max).toordinal(), c.contract_id))
        return Tenant(last, max(0, (d - first_start(contracts)).days), billing)
    if billing.last_date is None or (d - billing.last_date).days > policy.billing_gap_days:
        return None
    return Tenant(None, (d - facts.first_value_date).days, billing)


def billing_of(postings: list[Posting], d: date) -> Billing:
    """The last billed months of those that end with the month of d."""
    months: dict[int, list[Posting]] = defaultdict(list)
    for posting in postings:
        months[month_number(posting.value_date)].append(posting)
    first = month_number(d) - SPAN_MONTHS + 1
    billed = [m for m, members in sorted(months.items()) if m >= first and sum(p.net for p in members) > 0]
    counted = billed[-COUNTED_MONTHS:]
    members = [posting for month in counted for posting in months[month]]
    return Billing(
        count=len(counted),
        contribution=sum(posting.contribution for posting in members),
        span=counted[-1] - counted[0] if counted else 0,
        last_date=max((posting.value_date for posting in members), default=None),
    )


def month_number(day: date) -> int:
    """The months counted on from year 0."""
    return day.year * 12 + day.month - 1


def monthly_cents(billing: Billing, median: Fraction | None) -> Fraction:
    """The contribution of a month: the customer's own, else the line's, else what there is."""
    own = billing.monthly
    if own is not None:
        return own
    if median is not None:
        return median
    return Fraction(billing.contribution, billing.count) if billing.count else Fraction(0)


def months_left(d: date, ends_on: date) -> int:
    """Whole months from d to the end, at most 36."""
    return max(n for n in range(LONGEST + 1) if n == 0 or add_months(d, n) <= ends_on)


def term_of(contract: Contract) -> int:
    """The months a renewal adds: as agreed, else as long as the contract itself."""
    term = contract.term_months
    if term is None and contract.ends_on is not None:
        term = month_number(contract.ends_on + timedelta(days=1)) - month_number(contract.starts_on)
    return max(1, USUAL_TERM if term is None else term)


def survival(contract: Contract | None, rates: Rates, d: date, month: int) -> Fraction:
    """The probability that the customer is still there in a month from now on (the first is 1)."""
    if contract is None or contract.ends_on is None:
        return (1 - rates.leaving) ** month
    beyond = month - months_left(d, contract.ends_on)
    if beyond > 0 and contract.ends_on == contract.cancelled_on:
        return Fraction(0)
    return Fraction(1) if beyond <= 0 else rates.renewal ** -(-beyond // term_of(contract))


def forecast(tenant: Tenant, cents: Fraction, rates: Rates, length: Fraction, d: date) -> Forecast:
    """The forecast of one customer; a month is `length` days."""
    is_open = tenant.contract is None or tenant.contract.ends_on is None
    return Forecast(
        method="open_contract" if is_open else "contract",
        status="estimated",
        confidence="medium" if tenant.billing.count >= ENOUGH_MONTHS else "low",
        contribution=month_by_month(lambda month: cents / 100 * survival(tenant.contract, rates, d, month), length),
    )
