"""Value tiers, section 1: which dates are reviews, which are shown, and which are graded for what tiers remember."""

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from tests.reference.policy import Policy

FIRST_DAY = date(1990, 1, 1)
Period = tuple[date, date]
"""The first day, and the day after the last."""


def month_number(day: date) -> int:
    """Months counted on from year 0, January being 1."""
    return day.year * 12 + day.month


def months_between(earlier: date, later: date) -> int:
    """How many months the month of a day is after that of another."""
    return month_number(later) - month_number(earlier)


def is_review(day: date, policy: Policy) -> bool:
    """Whether a day is a review: the last of a month that the calendar in force names."""
    if day.day != calendar.monthrange(day.year, day.month)[1]:
        return False
    rows = policy.rows("policy_review_calendar", day)
    return bool(rows) and day.month % int(rows[0]["months_between_reviews"]) == 0


def reviews_until(last: date, policy: Policy) -> list[date]:
    """All reviews from 1990 on that are not after a day, oldest first."""
    days, first = [], FIRST_DAY
    while first <= last:
        end = first.replace(day=calendar.monthrange(first.year, first.month)[1])
        if end <= last and is_review(end, policy):
            days.append(end)
        first = end + timedelta(days=1)
    return days


@dataclass(frozen=True)
class GradedDates:
    """The dates that are graded, oldest first: those in memory, which nobody sees, then those shown."""

    memory: list[date]
    shown: list[date]
    reviews: set[date]
    """Which of them are reviews; the as-of date is none on most days."""

    @property
    def all(self) -> list[date]:
        """Every graded date."""
        return [*self.memory, *self.shown]

    def reviews_before(self, d: date) -> list[date]:
        """The graded reviews before a date."""
        return [day for day in self.all if day in self.reviews and day < d]


def graded_dates(
    as_of: date, review_count: int, first_sale: date | None, policy: Policy, freezes: Iterable[Period] = ()
) -> GradedDates:
    """The graded dates of a run; `freezes` are the times of overrides that may freeze a tier."""
    reviews = [day for day in reviews_until(as_of, policy) if first_sale is not None and day >= first_sale]
    before = [day for day in reviews if day < as_of]
    shown = [*before[max(0, len(before) - review_count) :], as_of]
    frozen_since = [first for first, last in freezes if first <= as_of and last > shown[0]]
    memory = _memory(shown[0], policy, frozen_since)
    return GradedDates(
        memory=[day for day in reviews if day < shown[0] and day >= memory],
        shown=shown,
        reviews=set(reviews),
    )


def _memory(first_shown: date, policy: Policy, frozen_since: Iterable[date]) -> date:
    """The first date that may be remembered."""
    reviews = reviews_until(max([first_shown, *frozen_since]), policy)
    lasts = [_last_until(day, reviews) for day in (first_shown, *frozen_since)]
    if None in lasts:
        return FIRST_DAY
    base = min(lasts)
    earlier = [day for day in reviews if day < base]
    if not earlier:
        return FIRST_DAY
    reach = longest_memory(policy)
    return min([earlier[-1], *(day for day in earlier if months_between(day, earlier[-1]) < reach)])


def _last_until(day: date, reviews: list[date]) -> date | None:
    return max((review for review in reviews if review <= day), default=None)


def longest_memory(policy: Policy) -> int:
    """The greatest number of months for which a tier is held, by any row of the scenario."""
    margins = [int(row["margin_hold_months"]) for row in policy.rows_of_all_times("policy_tiers")]
    rules = [int(row["hold_months"]) for row in policy.rows_of_all_times("policy_tier_rules") if row["hold_months"]]
    return max([*margins, *rules], default=0)
