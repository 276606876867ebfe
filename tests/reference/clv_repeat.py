"""Section 9, repeat lines: from the parameters of a purchase and a spend model, or from the rate of the line."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from tests.reference.clv_facts import Forecast, LineFacts, Number
from tests.reference.policy import ClvPolicy

QUARTER = 90
SMALLEST = 1e-18  # of the sum: what the terms left out may come to


@dataclass(frozen=True)
class Parameters:
    """The fitted parameters of a line at a date; each model's are None where it is not believed."""

    purchase: tuple[float, float, float, float] | None = None
    """r, alpha, a, b."""
    spend: tuple[float, float, float] | None = None
    """p, q, v."""


@dataclass(frozen=True)
class Buyer:
    """A customer of a repeat line: x, t_x and T of section 8, money in cents."""

    x: int
    recency: int
    age: int
    contribution: int
    later_contribution: int

    @classmethod
    def of(cls, facts: LineFacts, d: date) -> "Buyer":
        """Somebody with a purchase day by d."""
        first, last = min(facts.purchases), max(facts.purchases)
        return cls(
            x=len(facts.purchases) - 1,
            recency=(last - first).days,
            age=(d - first).days,
            contribution=facts.contribution,
            later_contribution=facts.contribution_within(first, date.max),
        )


@dataclass(frozen=True)
class PooledLine:
    """What the average customer of a line does: purchases a day, and contribution of a purchase in cents."""

    daily_rate: Fraction
    spend: Fraction

    @classmethod
    def of(cls, buyers: list[Buyer]) -> "PooledLine":
        """The line of these customers."""
        ages = sum(buyer.age for buyer in buyers)
        rate = Fraction(sum(buyer.x for buyer in buyers), ages) if ages else Fraction(0)
        spend = Fraction(sum(buyer.contribution for buyer in buyers), sum(buyer.x + 1 for buyer in buyers))
        return cls(rate, spend)


def repeat_forecasts(
    facts: Mapping[str, LineFacts], purchase_model: str, parameters: Parameters, policy: ClvPolicy, d: date
) -> dict[str, Forecast]:
    """The forecast of every customer with a purchase day; `facts` are those of the line by customer."""
    buyers = {customer_id: Buyer.of(known, d) for customer_id, known in facts.items() if known.purchases}
    if not buyers:
        return {}
    line = PooledLine.of(list(buyers.values()))
    return {c: forecast(buyer, line, purchase_model, parameters, policy) for c, buyer in buyers.items()}


def forecast(
    buyer: Buyer, line: PooledLine, purchase_model: str, parameters: Parameters, policy: ClvPolicy
) -> Forecast:
    """The forecast of one customer."""
    spend = expected_spend(buyer, line, parameters.spend, policy.prior_purchases)
    is_believed = parameters.purchase is not None and parameters.spend is not None
    if parameters.purchase is None:
        rate = pooled_rate(buyer, line, policy.prior_purchases)
        method, p_alive, p_none = "pooled_rate", None, math.exp(-QUARTER * rate)

        def purchases(days: Fraction) -> Number:
            return rate * days

    else:
        fitted = FittedBuyer.of(buyer, purchase_model, parameters.purchase)
        method, p_alive, p_none = purchase_model, fitted.p_alive, fitted.p_no_purchase(QUARTER)
        purchases = fitted.purchases
    return Forecast(
        method=method,
        status="fitted" if is_believed else "not_identifiable",
        confidence="high" if is_believed else "low",
        contribution=lambda days: spend * purchases(days),
        purchases=purchases,
        expected_spend=spend,
        p_alive=p_alive,
        p_no_purchase_90d=p_none,
    )


def pooled_rate(buyer: Buyer, line: PooledLine, prior_purchases: Fraction) -> Fraction:
    """Purchases a day of a customer, drawn towards those of the line."""
    if line.daily_rate == 0:
        return Fraction(0)
    return (buyer.x + prior_purchases) / (buyer.age + prior_purchases / line.daily_rate)


def expected_spend(
    buyer: Buyer, line: PooledLine, spend: tuple[float, float, float] | None, prior_purchases: Fraction
) -> Number:
    """Contribution of a purchase, in the reporting currency, not below 0."""
    if spend is None:
        count = buyer.x + 1 + prior_purchases
        return max(Fraction(0), (buyer.contribution + prior_purchases * line.spend) / count / 100)
    p, q, v = spend
    later = max(0, buyer.later_contribution) / 100 if buyer.x else 0.0
    return (p * v + p * later) / (p * buyer.x + q - 1)


@dataclass(frozen=True)
class FittedBuyer:
    """A customer under a purchase model: shape r + x, alpha + T, and p ~ Beta(a, b + j) of leaving after a purchase."""

    shape: float
    scale: float
    a: float
    stays: float
    p_alive: float

    @classmethod
    def of(cls, buyer: Buyer, purchase_model: str, parameters: tuple[float, float, float, float]) -> "FittedBuyer":
        """The customer under BG/NBD or MBG/NBD (who may leave after the first purchase already)."""
        r, alpha, a, b = parameters
        j = buyer.x + 1 if purchase_model == "mbg_nbd" else buyer.x
        p_alive = 1.0
        if j > 0:
            stretch = (r + buyer.x) * math.log((alpha + buyer.age) / (alpha + buyer.recency))
            p_alive = 1 / (1 + a / (b + j - 1) * math.exp(stretch)) if stretch < 700 else 0.0
        return cls(r + buyer.x, alpha + buyer.age, a, b + j, p_alive)

    def purchases(self, days: Fraction) -> float:
        """Purchases expected within so many days."""
        return self.p_alive * purchases_if_alive(self.shape, float(days) / self.scale, self.a, self.stays)

    def p_no_purchase(self, days: int) -> float:
        """The probability of no purchase within so many days."""
        return 1 - self.p_alive * (1 - (self.scale / (self.scale + days)) ** self.shape)


def purchases_if_alive(shape: float, z: float, a: float, b: float) -> float:
    """The mean over p ~ Beta(a, b) of (1 - (1 + p z)^-shape) / p.

    Somebody who never leaves makes k purchases with the probability of a negative binomial; who leaves with p after
    each makes 1 + (1 - p) + .. + (1 - p)^(k - 1) of them, and the means of these powers over p are products. So it is
    a sum of positive terms: nothing cancels, whatever a is. The weights start at 1 and are divided by their own sum.
    """
    ratio = z / (1 + z)
    weight, made, stayed = 1.0, 0.0, 1.0
    weights, total = weight, 0.0
    k = 0
    while True:
        made += stayed
        stayed *= (b + k) / (a + b + k)
        k += 1
        weight *= (shape + k - 1) / k * ratio
        weights += weight
        total += weight * made
        if weights > 1e250:
            weight, weights, total = weight / 1e250, weights / 1e250, total / 1e250
        shrinks = (shape + k) / (k + 1) * ratio
        if ratio == 0 or (shrinks < 1 and weight * (made + 1) < SMALLEST * total * (1 - max(shrinks, ratio)) ** 2):
            return total / weights
