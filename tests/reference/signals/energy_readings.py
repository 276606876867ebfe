"""Section 8, readings: which are accepted, which version of each counts at d, and how many kWh it stands for."""

import calendar
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from fractions import Fraction
from itertools import pairwise
from zoneinfo import ZoneInfo

from tests.reference.numbers import round_half_away
from tests.reference.signals.reading import Cells, Clock, is_known, known_customers, parse_decimal, parse_flag
from tests.reference.signals.world import World

HOUR, DAY, MONTH = "hour", "day", "month"
GRANULARITIES = (HOUR, DAY, MONTH)
ESTIMATED = "estimated"
DEFAULT_UNIT = "kwh"
NEVER = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Reading:
    """An accepted row. Registers and consumption in kWh, unrounded; `kwh` is what it stands for, a multiple of 0.001.

    `starts` is local time; the last day is included. `place` is that of file and line.
    """

    meter_id: str
    customer_id: str
    starts: datetime
    end_date: date
    granularity: str
    register: Fraction | None
    consumption: Fraction | None
    is_estimated: bool
    is_replaced: bool
    parts: tuple[Fraction, Fraction, Fraction] | None
    tariff_code: str | None
    known_on: date | None
    recorded_at: datetime | None
    place: int
    kwh: Fraction | None = None

    @property
    def start_date(self) -> date:
        """The first day."""
        return self.starts.date()

    @property
    def age(self) -> tuple[datetime, int]:
        """The order in which versions were recorded: no time first, then file and line."""
        return self.recorded_at or NEVER, self.place


def rows(world: World) -> list[Reading]:
    """The readings that count at d, by meter and start: of each one version, with its kWh."""
    return [reading for meter in meters(world).values() for reading in meter]


def meters(world: World) -> dict[str, list[Reading]]:
    """The readings that count at d of each meter, in order of their start."""
    known = [reading for reading in accepted_readings(world) if is_known(reading.known_on, world.d)]
    chosen = best_versions(known, lambda reading: (not reading.is_estimated, reading.age))
    return {meter_id: with_kwh(readings) for meter_id, readings in chosen.items()}


def best_versions(readings: Iterable[Reading], rank: Callable[[Reading], tuple]) -> dict[str, list[Reading]]:
    """Per meter the greatest version by `rank` of each start, in order of their start."""
    versions = defaultdict(list)
    for reading in readings:
        versions[reading.meter_id, reading.starts].append(reading)
    chosen = defaultdict(list)
    for (meter_id, _), members in sorted(versions.items(), key=lambda item: item[0]):
        chosen[meter_id].append(max(members, key=rank))
    return chosen


def with_kwh(readings: list[Reading]) -> list[Reading]:
    """The readings of one meter, in their order, with the kWh of each."""
    found, before = [], None
    for reading in readings:
        exact = reading.consumption
        if exact is None and reading.register is not None:
            since = Fraction(0) if reading.is_replaced else before.register if before else None
            exact = None if since is None else reading.register - since
        found.append(replace(reading, kwh=None if exact is None else thousandths(exact)))
        before = reading
    return found


def thousandths(value: Fraction) -> Fraction:
    """A figure with 3 decimals, halves away from zero."""
    return Fraction(round_half_away(value * 1000), 1000)


def accepted_readings(world: World) -> list[Reading]:
    """The rows that break no rule."""
    reader = Reader(world)
    sound = [reader.read(row, place) for place, row in enumerate(world.delivery.energy_readings)]
    sound = [reading for reading in sound if reading is not None]
    backwards = running_backwards(sound)
    return [reading for reading in sound if reading.place not in backwards]


def running_backwards(readings: Iterable[Reading]) -> set[int]:
    """The rows, by place, whose register is below that of the period before; of each period the last version counts."""
    found = set()
    for of_meter in best_versions(readings, lambda reading: reading.age).values():
        for before, reading in pairwise(of_meter):
            if reading.consumption is None and not reading.is_replaced and before.register is not None:
                found |= {reading.place} if reading.register < before.register else set()
    return found


class Reader:
    """Reads one row after the other."""

    def __init__(self, world: World) -> None:
        """Units are those of the policy in force on d; a contract belongs to the customer it named last."""
        self._options = world.options
        self._zone = ZoneInfo(world.options.business_tz)
        self._clock = Clock(world.options)
        self._customers = known_customers(world)
        self._contracts = world.all_contracts.known_at(date.max)
        units = world.policy.rows("policy_energy_units", world.d)
        self._factors = {row["unit"].lower(): Fraction(row["kwh_per_unit"]) for row in units}

    def read(self, row: dict[str, str], place: int) -> Reading | None:
        """The typed row; None where it breaks a rule on its own."""
        cells = Cells(row, self._options)
        starts_at, ends_at = cells.moment("period_start"), cells.moment("period_end")
        granularity = (cells.text("granularity") or MONTH).lower()
        factor = self._factors.get((cells.text("unit") or DEFAULT_UNIT).lower())
        register = parse_decimal(cells.text("reading_value"), 3, 18)
        consumption = parse_decimal(cells.text("consumption"), 3, 18)
        customer_id = self._customer(cells)
        is_broken = (
            cells.text("meter_id") is None
            or starts_at is None
            or (ends_at is not None and ends_at < starts_at)
            or (register is None and consumption is None)
            or (consumption is not None and consumption < 0)
            or granularity not in GRANULARITIES
            or factor is None
            or customer_id is None
        )
        if is_broken:
            return None
        starts = starts_at.astimezone(self._zone)
        end_date = self._clock.local(ends_at) or last_day(starts.date(), granularity)
        recorded_at = cells.moment("recorded_at")
        parts = tuple(parse_decimal(cells.text(f"{part}_kwh"), 3, 18) for part in ("peak", "flat", "valley"))
        return Reading(
            meter_id=cells.text("meter_id"),
            customer_id=customer_id,
            starts=starts,
            end_date=end_date,
            granularity=granularity,
            register=None if register is None else register * factor,
            consumption=None if consumption is None else consumption * factor,
            is_estimated=(cells.text("read_type") or "").lower() == ESTIMATED,
            is_replaced=parse_flag(cells.text("meter_replaced")) is True,
            parts=None if None in parts else parts,
            tariff_code=cells.text("tariff_code"),
            known_on=self._known_on(ends_at, end_date, recorded_at),
            recorded_at=recorded_at,
            place=place,
        )

    def _customer(self, cells: Cells) -> str | None:
        """The accepted customer of the row, else of its contract."""
        contract = self._contracts.get(cells.text("contract_id"))
        named = [cells.text("customer_id"), contract.customer_id if contract else None]
        return next((customer_id for customer_id in named if customer_id in self._customers), None)

    def _known_on(self, ends_at: datetime | None, end_date: date, recorded_at: datetime | None) -> date | None:
        """The first date a review can see the row: no period is known before its last day."""
        last_moment = ends_at or datetime(end_date.year, end_date.month, end_date.day, tzinfo=self._zone)
        return self._clock.known_on(last_moment, recorded_at)


def last_day(start: date, granularity: str) -> date:
    """The last day of an hour, a day or a calendar month of which only the start is told."""
    if granularity != MONTH:
        return start
    return start.replace(day=calendar.monthrange(start.year, start.month)[1])
