"""Section 8, peers and advice: what others like the customer use, and what could be saved."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from tests.reference.signals.figures import kth_smallest, mean, rounded
from tests.reference.signals.world import Values

ANY = "any"
DEFAULT_TARIFF = "DEFAULT"
LEVELS = {"city": 4, "area": 3, "type": 2}
"""How many of the traits two customers have to share to be peers, by level, the narrowest first."""
PEER_COLUMNS = ("peer_level", "peer_count", "peer_mean_kwh", "peer_efficient_kwh", "peer_state")


@dataclass(frozen=True)
class Household:
    """A measured customer: traits are customer type, property type, area band and city, kWh are those of a year."""

    traits: tuple[str | None, str | None, str | None, str | None]
    annual_kwh: Decimal


def peers_of(me: Household, everybody: list[Household], min_peers: int, efficient_share: Fraction) -> Values:
    """The columns on peers; the customer is one of them. A trait that is not known is shared with nobody."""
    for level, count in LEVELS.items():
        mine = me.traits[:count]
        kwh = [other.annual_kwh for other in everybody if other.traits[:count] == mine and None not in mine]
        if len(kwh) >= min_peers and kwh:
            average = rounded(mean(Fraction(value) for value in kwh), 2)
            efficient = kth_smallest(kwh, efficient_share)
            state = "great" if me.annual_kwh <= efficient else "good" if me.annual_kwh <= average else "above"
            return dict(zip(PEER_COLUMNS, (level, len(kwh), average, efficient, state), strict=True))
    return dict.fromkeys(PEER_COLUMNS) | {"peer_level": "none", "peer_count": 0}


def advice_for(pattern: str, state: str | None, annual_kwh: Decimal, rows: list[Mapping[str, str]]) -> Mapping | None:
    """The first row of policy_energy_advice that fits; None where none does."""
    fitting = [
        row
        for row in rows
        if row["energy_pattern"] in (ANY, pattern)
        and row["peer_state"] in (ANY, state)
        and Fraction(row["min_kwh"]) <= Fraction(annual_kwh)
    ]
    return min(fitting, key=lambda row: int(row["priority"]), default=None)


def saving(advice: Mapping[str, str] | None, annual_kwh: Decimal, efficient: Decimal | None) -> Decimal | None:
    """The kWh that the advice may save in a year; None without advice or peers."""
    if advice is None or efficient is None:
        return None
    above = max(Fraction(0), Fraction(annual_kwh) - Fraction(efficient))
    return rounded(min(Fraction(annual_kwh) * Fraction(advice["saving_pct"]), above), 2)


def price(tariff_code: str | None, tariffs: list[Mapping[str, str]]) -> Fraction:
    """The price of a kWh of a tariff, else of the default one."""
    prices = {row["tariff_code"]: Fraction(row["price_per_kwh"]) for row in tariffs}
    return prices.get(tariff_code, prices[DEFAULT_TARIFF])
