"""Section 8: energy, measured, compared and advised on."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from tests.reference.registers import Contract, Customer
from tests.reference.signals.activity import contracts_of
from tests.reference.signals.energy_months import Month, month_of, valid_months, window_months
from tests.reference.signals.energy_peers import PEER_COLUMNS, Household, advice_for, peers_of, price, saving
from tests.reference.signals.energy_readings import Reading
from tests.reference.signals.energy_readings import rows as readings_at
from tests.reference.signals.energy_shape import baseload, month_shape, slope, time_shape, yoy
from tests.reference.signals.figures import part_of, rounded, share
from tests.reference.signals.reading import parse_decimal
from tests.reference.signals.world import Rows, Values, World
from tests.reference.text import parse_date
from tests.reference.versions import read_versions

ENERGY = "energy"
MEASURED = "measured"
DegreeDays = dict[str, dict[Month, Fraction]]


def rows(world: World) -> Rows:
    """customer_energy_history at d."""
    by_customer = defaultdict(list)
    for reading in readings_at(world):
        by_customer[reading.customer_id].append(reading)
    weather = {column: degree_days(world, column) for column in ("cdd", "hdd")}
    found, households = {}, {}
    for customer_id, customer in world.graded.items():
        supplies, readings = supplies_of(world, customer_id), by_customer.get(customer_id, [])
        if not supplies and not readings:
            continue
        supplied = property_of(supplies, world.d)
        row = measured_row(world, customer, supplied.area, readings, weather)
        found[world.d.isoformat(), customer_id] = row
        if row["energy_status"] == MEASURED:
            households[customer_id] = Household(traits(world, customer, supplied), row["annual_kwh"])
    for (day, customer_id), row in found.items():
        household = households.get(customer_id)
        found[day, customer_id] = row | advised(world, row, household, households, by_customer[customer_id])
    return found


@dataclass(frozen=True)
class Property:
    """What is supplied with energy."""

    area: Fraction | None = None
    property_type: str | None = None


def supplies_of(world: World, customer_id: str) -> list[Contract]:
    """The energy contracts of a customer that have begun by d."""
    own = [contract for contract in contracts_of(world, customer_id) if contract.lob == ENERGY]
    return [contract for contract in own if contract.starts_on is not None and contract.starts_on <= world.d]


def property_of(supplies: list[Contract], d: date) -> Property:
    """The summed area of the contracts active at d and the type of the largest; else those of the last that ended."""
    active = [contract for contract in supplies if contract.is_active(d)]
    if active:
        largest = min(active, key=by_size)
        return Property(sum(contract.area_m2 or 0 for contract in active) or None, largest.property_type)
    if supplies:
        last = min(supplies, key=lambda contract: (-contract.ends_on.toordinal(), *by_size(contract)))
        return Property(last.area_m2 or None, last.property_type)
    return Property()


def by_size(contract: Contract) -> tuple[Fraction | int, str]:
    """The larger first, then the smaller id; an area that is not known is none."""
    return -(contract.area_m2 or 0), contract.contract_id


def measured_row(
    world: World,
    customer: Customer,
    area: Fraction | None,
    readings: list[Reading],
    weather: dict[str, DegreeDays],
) -> Values:
    """The columns that need nobody else."""
    policy = world.policy.rows("policy_energy", world.d)[0]
    min_months, vacant_kwh = int(policy["min_months"]), Fraction(policy["vacant_kwh"])
    every_month = valid_months(readings, int(policy["gap_days"]), world.d)
    window = window_months(world.d)
    months = {month: kwh for month, kwh in every_month.items() if month in window}
    inside = [reading for reading in readings if month_of(reading.start_date) in window]
    annual = rounded(part_of(sum(months.values()) * 12, len(months)), 2)
    row = {
        "energy_status": status_of(readings, len(months), min_months),
        "valid_months": len(months),
        "kwh_12m": rounded(sum(months.values()), 3) if months else None,
        "annual_kwh": annual,
        "kwh_yoy": yoy(every_month, window),
        "kwh_per_m2": share(Fraction(annual), area) if annual is not None and area else None,
        **month_shape(months),
        **time_shape(inside),
        "baseload_ratio": baseload(months, inside, min_months, Fraction(policy["base_hour_share"])),
        "vacant_months": sum(kwh < vacant_kwh for kwh in months.values()),
        "cooling_slope": slope(months, weather["cdd"].get(customer.city, {}), min_months),
        "heating_slope": slope(months, weather["hdd"].get(customer.city, {}), min_months),
    }
    return row | {"energy_pattern": pattern_of(row, policy) if row["energy_status"] == MEASURED else None}


def status_of(readings: list[Reading], months: int, min_months: int) -> str:
    """Whether there is enough to go on."""
    if not readings:
        return "no_readings"
    return MEASURED if months >= min_months else "too_few_months"


def pattern_of(row: Values, policy: dict[str, str]) -> str:
    """The first pattern that matches; a figure that is not there matches none."""

    def reaches(column: str, name: str) -> bool:
        value: Decimal | None = row[column]
        return value is not None and Fraction(value) >= Fraction(policy[name])

    rules = {
        "vacant": row["vacant_months"] >= Fraction(policy["vacant_share"]) * row["valid_months"],
        "irregular": reaches("kwh_cv", "irregular_from"),
        "peak_heavy": reaches("peak_share", "peak_from"),
        "night_heavy": reaches("night_share", "night_from"),
        "summer_cooling": reaches("summer_ratio", "summer_from"),
        "winter_heating": reaches("winter_ratio", "winter_from"),
        "high_baseload": reaches("baseload_ratio", "baseload_from"),
        "stable": True,
    }
    return next(pattern for pattern, holds in rules.items() if holds)


def traits(world: World, customer: Customer, supplied: Property) -> tuple[str | None, ...]:
    """What peers have in common, the widest first."""
    bands = world.policy.rows("policy_energy_area_bands", world.d)
    return customer.customer_type, supplied.property_type, area_band(supplied.area, bands), customer.city


def area_band(area: Fraction | None, bands: list[dict[str, str]]) -> str | None:
    """The band with the highest bound at or below an area."""
    if area is None:
        return None
    met = [band for band in bands if Fraction(band["from_m2"]) <= area]
    return max(met, key=lambda band: Fraction(band["from_m2"]), default={"area_band": None})["area_band"]


def advised(
    world: World, row: Values, me: Household | None, everybody: dict[str, Household], readings: list[Reading]
) -> Values:
    """Peers and advice of a customer; nothing for those who are not measured."""
    if me is None:
        return dict.fromkeys((*PEER_COLUMNS, "advice_id", "est_saving_kwh", "est_saving_amount"))
    policy = world.policy.rows("policy_energy", world.d)[0]
    peers = peers_of(me, list(everybody.values()), int(policy["min_peers"]), Fraction(policy["efficient_share"]))
    advices = world.policy.rows("policy_energy_advice", world.d)
    advice = advice_for(row["energy_pattern"], peers["peer_state"], me.annual_kwh, advices)
    saved = saving(advice, me.annual_kwh, peers["peer_efficient_kwh"])
    starts = max(reading.starts for reading in readings)
    latest = min((r for r in readings if r.starts == starts), key=lambda reading: reading.meter_id)
    tariff = price(latest.tariff_code, world.policy.rows("policy_energy_tariffs", world.d))
    return peers | {
        "advice_id": advice["advice_id"] if advice else None,
        "est_saving_kwh": saved,
        "est_saving_amount": None if saved is None else rounded(Fraction(saved) * tariff, 2),
    }


def degree_days(world: World, column: str) -> DegreeDays:
    """Heating (hdd) or cooling (cdd) degree days by city and month.

    Of each day the version recorded last holds at all reviews: weather has no clock of knowledge.
    """
    versions: dict[tuple[str, date], Fraction | None] = {}
    for version in read_versions(world.delivery.weather, world.options):
        city, day = version.cells.get("city"), parse_date(version.cells.get("date"), world.options.date_order)
        if city is not None and day is not None:
            versions[city, day] = parse_decimal(version.cells.get(column), 2, 9)
    found: DegreeDays = defaultdict(lambda: defaultdict(Fraction))
    for (city, day), value in versions.items():
        if value is not None:
            found[city][month_of(day)] += value
    return found
