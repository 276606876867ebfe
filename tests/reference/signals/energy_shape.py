"""Section 8, shape: what the months and hours of a customer say of how energy is used."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction

from tests.reference.signals.energy_months import Month, month_of
from tests.reference.signals.energy_readings import DAY, HOUR, Reading
from tests.reference.signals.figures import kth_smallest, mean, part_of, rounded, rounded_root, share
from tests.reference.signals.world import Values

MILD, SUMMER, WINTER = (4, 5), (7, 8), (12, 1)
NIGHT = (23, 0, 1, 2, 3, 4, 5, 6)
SATURDAY = 5
Kwh = Mapping[Month, Fraction]


def yoy(months: Kwh, window: range) -> Decimal | None:
    """The change against the same months a year before, over the months that are valid in both."""
    both = [month for month in window if month in months and month - 12 in months]
    change = part_of(sum(months[month] for month in both), sum(months[month - 12] for month in both))
    return None if change is None else rounded(change - 1, 4)


def season_ratio(months: Kwh, season: tuple[int, int]) -> Decimal | None:
    """Mean of the months of a season / mean of the mild ones; None where a side is missing or 0."""
    sides = [mean(kwh for month, kwh in months.items() if month % 12 + 1 in names) for names in (season, MILD)]
    return share(*sides) if all(sides) else None


def variation(months: Kwh) -> Decimal | None:
    """Population standard deviation / mean; None where the mean is 0."""
    middle = mean(months.values())
    if not middle:
        return None
    variance = mean((kwh - middle) ** 2 for kwh in months.values())
    return rounded_root(variance / middle**2, 4)


def month_shape(months: Kwh) -> Values:
    """What the valid months of the window say."""
    middle, most = mean(months.values()), max(months.values(), default=None)
    return {
        "summer_ratio": season_ratio(months, SUMMER),
        "winter_ratio": season_ratio(months, WINTER),
        "kwh_cv": variation(months),
        "load_factor": share(middle, most) if most else None,
    }


def baseload(months: Kwh, readings: Iterable[Reading], min_months: int, hour_share: Fraction) -> Decimal | None:
    """How much of the mean is always there: by hours where enough months have them, else by months."""
    hours = [reading for reading in readings if reading.granularity == HOUR and reading.kwh is not None]
    if len({month_of(reading.start_date) for reading in hours}) >= min_months:
        kwh = [reading.kwh for reading in hours]
        middle, least = mean(kwh), kth_smallest(kwh, hour_share)
    else:
        middle, least = mean(months.values()), min(months.values(), default=None)
    return share(least, middle) if middle else None


def time_shape(readings: list[Reading]) -> Values:
    """Peak, night and weekend; `readings` are those of the window."""
    parts = [reading.parts for reading in readings if reading.parts is not None]
    peak, flat, valley = (sum(values) for values in zip(*parts, strict=True)) if parts else (0, 0, 0)
    whole = peak + flat + valley
    with_kwh = [reading for reading in readings if reading.kwh is not None]
    if whole:
        night = share(valley, whole)
    else:
        hours = [reading for reading in with_kwh if reading.granularity == HOUR]
        at_night = sum(reading.kwh for reading in hours if reading.starts.hour in NIGHT)
        night = share(at_night, sum(reading.kwh for reading in hours))
    days = [reading for reading in with_kwh if reading.granularity in (HOUR, DAY)]
    at_weekends = sum(reading.kwh for reading in days if reading.start_date.weekday() >= SATURDAY)
    return {
        "peak_share": share(peak, whole),
        "night_share": night,
        "weekend_share": share(at_weekends, sum(reading.kwh for reading in days)),
    }


def slope(months: Kwh, degree_days: Mapping[Month, Fraction], min_months: int) -> Decimal | None:
    """kWh per degree day, by least squares; None with few months or no spread of degree days."""
    points = [(degree_days[month], kwh) for month, kwh in months.items() if month in degree_days]
    if len(points) < max(1, min_months):
        return None
    mean_x, mean_y = mean(x for x, _ in points), mean(y for _, y in points)
    spread = sum((x - mean_x) ** 2 for x, _ in points)
    return share(sum((x - mean_x) * (y - mean_y) for x, y in points), spread)
