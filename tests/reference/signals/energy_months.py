"""Section 8, months: readings spread over calendar months, and which months of a customer are complete."""

import calendar
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from fractions import Fraction

from tests.reference.signals.energy_readings import HOUR, Reading, thousandths

Month = int
"""Months counted on from year 0."""
WINDOW_MONTHS = 12
HOUR_OF_DAY = Fraction(1, 24)


def month_of(day: date) -> Month:
    """The month of a day."""
    return day.year * 12 + day.month - 1


def days_in(month: Month) -> int:
    """The days of a month."""
    return calendar.monthrange(month // 12, month % 12 + 1)[1]


def window_months(d: date) -> range:
    """The last 12 months that end on or before d."""
    after = month_of(d + timedelta(days=1))
    return range(after - WINDOW_MONTHS, after)


def days_by_month(first: date, last: date) -> Iterator[tuple[Month, int]]:
    """Each month that a period touches, and how many days of it."""
    for month in range(month_of(first), month_of(last) + 1):
        begin = date(month // 12, month % 12 + 1, 1)
        end = begin + timedelta(days=days_in(month) - 1)
        yield month, (min(last, end) - max(first, begin)).days + 1


def valid_months(readings: Iterable[Reading], gap_days: int, d: date) -> dict[Month, Fraction]:
    """The kWh of the valid months of a customer that end on or before d.

    `readings` are the customer's. A month is covered by the days of the readings that have kWh, each reading of an
    hour by a part of its day; one without kWh covers nothing, and its meter is not valid in that month.
    """
    kwh: dict[tuple[str, Month], Fraction] = defaultdict(Fraction)
    covered: dict[tuple[str, Month], Fraction] = defaultdict(Fraction)
    for reading in readings:
        length = (reading.end_date - reading.start_date).days + 1
        weight = HOUR_OF_DAY if reading.granularity == HOUR else Fraction(1)
        for month, days in days_by_month(reading.start_date, reading.end_date):
            key = reading.meter_id, month
            if reading.kwh is None:
                covered[key] += 0
            else:
                kwh[key] += thousandths(reading.kwh * days / length)
                covered[key] += weight * days
    months: dict[Month, Fraction] = defaultdict(Fraction)
    broken = set()
    for (meter_id, month), days in covered.items():
        months[month] += kwh[meter_id, month]
        if abs(days - days_in(month)) > gap_days:
            broken.add(month)
    last = window_months(d)[-1]
    return {month: value for month, value in sorted(months.items()) if month not in broken and month <= last}
