"""Calendar arithmetic on day numbers (days since 1970-01-01), and what the season does to visits and energy use."""

from datetime import date

import numpy as np

from scripts.sample_data.scenario import Scenario

# Chinese New Year; a year that is not listed has none in the sample.
NEW_YEAR = (
    "2010-02-14 2011-02-03 2012-01-23 2013-02-10 2014-01-31 2015-02-19 2016-02-08 2017-01-28 2018-02-16 2019-02-05 "
    "2020-01-25 2021-02-12 2022-02-01 2023-01-22 2024-02-10 2025-01-29 2026-02-17 2027-02-06 2028-01-26 2029-02-13 "
    "2030-02-03 2031-01-23 2032-02-11 2033-01-31 2034-02-19 2035-02-08"
)
MONTHLY_VISITS = np.array([0.90, 0.95, 0.80, 0.95, 1.05, 1.10, 1.60, 1.70, 0.80, 1.10, 0.70, 0.90])
WEEKEND_VISITS = 1.8
HOLIDAY_VISITS = 2.2
NEW_YEAR_VISITS = 2.8
YEARLY_GROWTH = 1.06


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - date(1970, 1, 1)).days


def month_number(days: np.ndarray) -> np.ndarray:
    """Months since January 1970."""
    return days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)


def first_of_month(months: np.ndarray) -> np.ndarray:
    """Day number of the first day of a month."""
    return months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)


def add_months(days: np.ndarray, months: np.ndarray | int) -> np.ndarray:
    """The same day of the month so many months later, at most the last day of that month."""
    start = month_number(days)
    target = first_of_month(start + months)
    last = first_of_month(start + months + 1) - 1
    return np.minimum(target + days - first_of_month(start), last)


def month_of_year(days: np.ndarray) -> np.ndarray:
    """Month from 0 (January) to 11."""
    return month_number(days) % 12


def weekday(days: np.ndarray) -> np.ndarray:
    """0 is Monday, 6 is Sunday."""
    return (days + 3) % 7


def digits_of_date(days: np.ndarray) -> np.ndarray:
    """The date as the number YYYYMMDD."""
    months = month_number(days)
    return (1970 + months // 12) * 10_000 + (months % 12 + 1) * 100 + days - first_of_month(months) + 1


def cumulative_visits(scenario: Scenario) -> np.ndarray:
    """Relative visits of venues from the first day of the history up to each day: one more element than days, from 0.

    Weekends, school holidays in July and August, the first week of May and October and Chinese New Year draw visitors;
    the average day weighs about 1.
    """
    days = np.arange(scenario.first_day, scenario.last_day + 1)
    weight = MONTHLY_VISITS[month_of_year(days)] * np.where(weekday(days) >= 5, WEEKEND_VISITS, 1.0)
    day_of_year = digits_of_date(days) % 10_000
    holidays = ((day_of_year >= 501) & (day_of_year <= 505)) | ((day_of_year >= 1001) & (day_of_year <= 1007))
    weight[holidays | (day_of_year == 101)] *= HOLIDAY_VISITS
    for new_year in NEW_YEAR.split():
        since = days - day_number(date.fromisoformat(new_year))
        weight[(since >= -1) & (since <= 7)] *= NEW_YEAR_VISITS
    weight *= YEARLY_GROWTH ** ((days - scenario.first_day) / 365.25)
    return np.concatenate([[0.0], np.cumsum(weight / weight.mean())])


def sample_days(
    rng: np.random.Generator, cumulative: np.ndarray, first_day: int, start: np.ndarray, stop: np.ndarray
) -> np.ndarray:
    """A day between start and stop (inclusive, within the history) for each row, likelier where more happens."""
    low, high = cumulative[start - first_day], cumulative[stop - first_day + 1]
    drawn = np.searchsorted(cumulative, low + rng.random(len(start)) * (high - low), side="right") - 1
    return np.clip(drawn + first_day, start, stop)


def mean_temperature(days: np.ndarray, mean: np.ndarray, swing: np.ndarray) -> np.ndarray:
    """Climate of a city: mean temperature of the year and half the distance of summer and winter, in degrees Celsius.

    The coldest day is in the middle of January.
    """
    return mean - swing * np.cos(2 * np.pi * (days % 365.25 - 14) / 365.25)


def energy_season(days: np.ndarray, mean: np.ndarray, swing: np.ndarray) -> np.ndarray:
    """Use of energy in relation to a mild day: cooling above 24 degrees, heating below 14."""
    temperature = mean_temperature(days, mean, swing)
    return 1 + 0.09 * np.maximum(temperature - 24, 0) + 0.045 * np.maximum(14 - temperature, 0)
