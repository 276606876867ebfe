"""Section 1: dates and windows."""

import calendar
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo


def local_date(moment: datetime, zone: str) -> date:
    """The calendar date of a moment in a time zone."""
    return moment.astimezone(ZoneInfo(zone)).date()


def known_on(event: date, recorded: date | None) -> date:
    """The first date a review can see the row."""
    return event if recorded is None else max(event, recorded)


def add_months(day: date, months: int) -> date:
    """The same day of the month so many months on, at most the last day of that month."""
    year, month0 = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month0 + 1, min(day.day, calendar.monthrange(year, month0 + 1)[1]))


def in_last_days(day: date, d: date, days: int) -> bool:
    """Whether the day lies in (d - days, d]."""
    return d - timedelta(days=days) < day <= d


def in_last_months(day: date, d: date, months: int) -> bool:
    """Whether the day lies in (add_months(d, -months), d]."""
    return add_months(d, -months) < day <= d


def months_touched(first: date, last: date) -> int:
    """Calendar months from the month of `first` to the month of `last`, both included; 0 or less when reversed."""
    return (last.year - first.year) * 12 + last.month - first.month + 1


def quarter_ends_before(d: date) -> list[date]:
    """The quarter ends before d, latest first, back to 1989."""
    years = range(d.year, 1988, -1)
    ends = [date(year, month, day) for year in years for month, day in ((12, 31), (9, 30), (6, 30), (3, 31))]
    return [end for end in ends if end < d]
