"""Section 9, repurchase: who buys a home or an office again."""

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise

from tests.reference.clv_facts import Forecast, LineFacts, month_by_month
from tests.reference.policy import YEAR, ClvPolicy, Policy, TenureBand, band_of

QUARTER = 90
ENOUGH_EVENTS = 5
Stratum = tuple[str, bool]
"""A tenure band by name, and whether another line is held."""


@dataclass
class Experience:
    """What was seen in a stratum: purchases again, and days at risk."""

    events: int = 0
    days: int = 0


@dataclass(frozen=True)
class Owner:
    """A customer of the line; `first_elsewhere` is the first occasion in another line."""

    dates: list[date]
    first_elsewhere: date | None
    net: int
    contribution: int

    @property
    def price(self) -> Fraction:
        """Net of a purchase, in the reporting currency."""
        return Fraction(self.net, 100 * len(self.dates))


def repurchase_forecasts(
    facts: Mapping[str, LineFacts],
    first_elsewhere: Mapping[str, date | None],
    bands: list[TenureBand],
    policy: Policy,
    d: date,
) -> dict[str, Forecast]:
    """The forecast of every customer with a purchase; `facts` are those of the line by customer."""
    owners = {
        customer_id: Owner(known.occasion_dates, first_elsewhere[customer_id], known.net, known.contribution)
        for customer_id, known in facts.items()
        if known.occasion_dates
    }
    seen: dict[Stratum, Experience] = defaultdict(Experience)
    for owner in owners.values():
        add_experience(seen, owner, bands, d)
    rates = yearly_rates(seen, bands, policy.clv(d))
    spends = spend_by_price(list(owners.values()), policy.price_bands(d), policy.clv(d).prior_strength)
    bounds = policy.price_bands(d)
    return {
        customer_id: forecast(owner, spends[price_band(owner, bounds)], rates, seen, bands, policy.clv(d), d)
        for customer_id, owner in owners.items()
    }


def add_experience(seen: dict[Stratum, Experience], owner: Owner, bands: list[TenureBand], d: date) -> None:
    """Add the spells of one customer, and the purchases that end them."""
    elsewhere = owner.first_elsewhere
    for start, end in pairwise([*owner.dates, d]):
        length = (end - start).days
        alone = length if elsewhere is None else min(length, max(0, (elsewhere - start).days))
        for band in bands:
            seen[band.name, False].days += band.days_between(0, alone)
            seen[band.name, True].days += band.days_between(alone, length)
    for start, end in pairwise(owner.dates):
        is_held = elsewhere is not None and elsewhere < end
        seen[band_of((end - start).days, bands).name, is_held].events += 1


def yearly_rates(
    seen: Mapping[Stratum, Experience], bands: list[TenureBand], policy: ClvPolicy
) -> dict[Stratum, Fraction]:
    """Purchases a year in each stratum, drawn towards the rate assumed."""
    k = policy.prior_strength
    rates = {}
    for band in bands:
        for is_held in (False, True):
            found = seen.get((band.name, is_held), Experience())
            rates[band.name, is_held] = (found.events + k * band.yearly_repurchase_rate) / (
                Fraction(found.days, YEAR) + k
            )
    return rates


def price_band(owner: Owner, bounds: list[Fraction]) -> Fraction:
    """The lower bound of the band of a customer's price."""
    return max((bound for bound in bounds if bound <= owner.price), default=bounds[0])


def spend_by_price(owners: list[Owner], bounds: list[Fraction], strength: Fraction) -> dict[Fraction, Fraction]:
    """Contribution of a purchase by the lower bound of the price band, in the reporting currency, not below 0."""
    if not owners:
        return {}
    of_line = Fraction(sum(owner.contribution for owner in owners), sum(len(owner.dates) for owner in owners))
    spends = {}
    for bound in bounds:
        members = [owner for owner in owners if price_band(owner, bounds) == bound]
        cents = sum(owner.contribution for owner in members) + strength * of_line
        count = sum(len(owner.dates) for owner in members) + strength
        spends[bound] = max(Fraction(0), cents / count / 100) if count else Fraction(0)
    return spends


def forecast(
    owner: Owner,
    spend: Fraction,
    rates: Mapping[Stratum, Fraction],
    seen: Mapping[Stratum, Experience],
    bands: list[TenureBand],
    policy: ClvPolicy,
    d: date,
) -> Forecast:
    """The forecast of one customer."""
    tenure = (d - owner.dates[-1]).days
    is_held, length = owner.first_elsewhere is not None, policy.days_per_month

    def of_month(month: int) -> Fraction:
        return rates[band_of(tenure + length * month, bands).name, is_held] * length / YEAR

    purchases = month_by_month(of_month, length)
    events = seen[band_of(tenure, bands).name, is_held].events
    return Forecast(
        method="repurchase",
        status="estimated",
        confidence="medium" if events >= ENOUGH_EVENTS else "low",
        contribution=lambda days: spend * purchases(days),
        purchases=purchases,
        expected_spend=spend,
        p_no_purchase_90d=math.exp(-purchases(QUARTER)),
    )
