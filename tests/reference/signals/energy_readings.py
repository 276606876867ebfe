"""Section 8, readings: which are accepted, which version of each counts at d, and how many kWh it stands for."""

import calendar
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from itertools import pairwise
from zoneinfo import ZoneInfo

from tests.reference.numbers import round_half_away
from tests.reference.signals.reading import Cells, Clock, is_known, known_customers, parse_decimal, parse_flag
from tests.reference.signals.world import World
from tests.reference.versions import without_copies

HOUR, DAY, MONTH = "hour", "day", "month"
ESTIMATED = "estimated"
DEFAULT_UNIT = "kWh"
NEVER = datetime(1, 1, 1, tzinfo=UTC)
Edge = date | datetime


@dataclass(frozen=True)
class Reading:
    """A row that can be read.

    Register and consumption are in units of `kwh_per_unit`, which is None where policy has none. `starts` is local
    time; the last day is included. `customer_id` is None while the customer is not known at d: the reading is one of
    its meter all the same if it `is_owned`. `place` is that of file and line. `kwh` is what the reading stands for.
    """

    meter_id: str
    customer_id: str | None
    starts: datetime
    end_date: date
    granularity: str
    register: Fraction | None
    consumption: Fraction | None
    kwh_per_unit: Fraction | None
    is_estimated: bool
    is_replaced: bool
    parts: tuple[Fraction, Fraction, Fraction] | None
    tariff_code: str | None
    known_on: date | None
    recorded_at: datetime | None
    place: int
    is_owned: bool
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
        versions[reading.meter_id, reading.starts.astimezone(UTC)].append(reading)
    chosen = defaultdict(list)
    for (meter_id, _), members in sorted(versions.items(), key=lambda item: item[0]):
        chosen[meter_id].append(max(members, key=rank))
    return chosen


def with_kwh(readings: list[Reading]) -> list[Reading]:
    """The readings of one meter, in their order, with the kWh of each."""
    found, before = [], None
    for reading in readings:
        used = reading.consumption if reading.consumption is not None else register_use(reading, before)
        is_known = used is not None and reading.kwh_per_unit is not None
        found.append(replace(reading, kwh=thousandths(used * reading.kwh_per_unit) if is_known else None))
        before = reading
    return found


def register_use(reading: Reading, before: Reading | None) -> Fraction | None:
    """How far the register went on since the reading before it; None where that cannot be told."""
    if reading.register is None:
        return None
    if reading.is_replaced:
        return reading.register
    is_told = before is not None and before.register is not None and before.register <= reading.register
    return reading.register - before.register if is_told else None


def thousandths(value: Fraction) -> Fraction:
    """A figure with 3 decimals, halves away from zero."""
    return Fraction(round_half_away(value * 1000), 1000)


def accepted_readings(world: World) -> list[Reading]:
    """The rows that break no rule and are no copies.

    Whether a register runs backwards is told from all rows of its meter, also those that wait for their customer.
    """
    reader = Reader(world)
    sound = [reader.read(cells, place) for place, cells in enumerate(without_copies(world.delivery.energy_readings))]
    sound = [reading for reading in sound if reading is not None]
    backwards = running_backwards(sound)
    return [reading for reading in sound if reading.is_owned and reading.place not in backwards]


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
        """A row is accepted by its contract whenever that is known, and belongs to the customer known at d."""
        self._zone = ZoneInfo(world.options.business_tz)
        self._options, self._clock = world.options, Clock(world.options)
        self._customers = known_customers(world)
        self._contracts, self._every_contract = world.contracts, world.all_contracts.accepted
        self._policy = world.policy
        self._factors: dict[date, dict[str, Fraction]] = {}

    def read(self, row: dict[str, str | None], place: int) -> Reading | None:
        """The typed row; None where it breaks a rule on its own."""
        cells = Cells(row, self._options)
        starts, ends = self._edge(cells, "period_start"), self._edge(cells, "period_end")
        granularity = MONTH if cells.text("granularity") is None else cells.code("granularity", "granularity")
        unit = DEFAULT_UNIT if cells.text("unit") is None else cells.code("unit", "energy_unit")
        register = parse_decimal(cells.text("reading_value"), 6, 15)
        consumption = parse_decimal(cells.text("consumption"), 6, 15)
        is_broken = (
            cells.text("meter_id") is None
            or starts is None
            or (register is None and consumption is None)
            or (consumption is not None and consumption < 0)
            or granularity is None
            or unit is None
        )
        if is_broken or self._is_reversed(starts, ends):
            return None
        start = self._local(starts)
        end_date = last_day(start.date(), granularity)
        if ends is not None and granularity != HOUR:
            end_date = max(start.date(), last_date(ends))
        recorded_at = cells.moment("recorded_at")
        parts = tuple(parse_decimal(cells.text(f"{part}_kwh"), 3, 15) for part in ("peak", "flat", "valley"))
        return Reading(
            meter_id=cells.text("meter_id"),
            customer_id=self._customer(cells),
            starts=start,
            end_date=end_date,
            granularity=granularity,
            register=register,
            consumption=consumption,
            kwh_per_unit=self._factor(unit, start.date()),
            is_estimated=cells.code("read_type", "read_type") == ESTIMATED,
            is_replaced=parse_flag(cells.text("meter_replaced")) is True,
            parts=None if None in parts else parts,
            tariff_code=cells.text("tariff_code"),
            known_on=self._clock.known_on(self._local(end_date), recorded_at),
            recorded_at=recorded_at,
            place=place,
            is_owned=self._is_owned(cells),
        )

    def _edge(self, cells: Cells, column: str) -> Edge | None:
        """Where a period begins or ends: the date told, or with a time of day the moment."""
        moment = cells.moment(column)
        return cells.date(column) or (moment.astimezone(self._zone) if moment else None)

    def _local(self, edge: Edge) -> datetime:
        """The moment of an edge in local time; that of a date is its first."""
        return edge if isinstance(edge, datetime) else datetime(edge.year, edge.month, edge.day, tzinfo=self._zone)

    def _is_reversed(self, starts: Edge, ends: Edge | None) -> bool:
        """Whether a period ends before it begins: a moment before a moment, or a date before a date."""
        if isinstance(ends, datetime):
            return ends < self._local(starts)
        return ends is not None and ends < date_of(starts)

    def _factor(self, unit: str, on: date) -> Fraction | None:
        """The kWh of a unit by the policy in force on a date."""
        if on not in self._factors:
            rows = self._policy.rows("policy_energy_units", on)
            self._factors[on] = {row["unit"]: Fraction(row["kwh_per_unit"]) for row in rows}
        return self._factors[on].get(unit)

    def _is_owned(self, cells: Cells) -> bool:
        """Whether an accepted customer is named by the row, or by its contract in whatever version."""
        is_named = cells.text("customer_id") in self._customers
        return is_named or cells.text("contract_id") in self._every_contract

    def _customer(self, cells: Cells) -> str | None:
        """The accepted customer of the row, else that of its contract as known at d."""
        if cells.text("customer_id") in self._customers:
            return cells.text("customer_id")
        contract = self._contracts.get(cells.text("contract_id"))
        return contract.customer_id if contract else None


def date_of(edge: Edge) -> date:
    """The date on which an edge lies."""
    return edge.date() if isinstance(edge, datetime) else edge


def last_date(ends: Edge) -> date:
    """The last day of a period; what ends at midnight ends with the day before."""
    if isinstance(ends, datetime):
        return ends.date() - timedelta(days=1) if ends.time() == time() else ends.date()
    return ends


def last_day(start: date, granularity: str) -> date:
    """The last day of an hour, a day or a calendar month of which only the start is told."""
    if granularity != MONTH:
        return start
    return start.replace(day=calendar.monthrange(start.year, start.month)[1])
