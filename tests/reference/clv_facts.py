"""Sections 8 and 9: what a knowledge date knows of one customer in one line, and what a forecast is."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from tests.reference.measures import Posting, everything_at, occasions_of
from tests.reference.netting import Book
from tests.reference.policy import Policy

Number = Fraction | float
CustomerLine = tuple[str, str]


@dataclass
class LineFacts:
    """All that is known of a customer in a line, in cents."""

    postings: list[Posting] = field(default_factory=list)
    purchases: list[date] = field(default_factory=list)
    """Purchase days, the first one first."""
    occasion_dates: list[date] = field(default_factory=list)
    """Days of occasions, each one once, the first one first."""

    @property
    def net(self) -> int:
        """Net of all postings."""
        return sum(posting.net for posting in self.postings)

    @property
    def contribution(self) -> int:
        """Contribution of all postings."""
        return sum(posting.contribution for posting in self.postings)

    @property
    def first_value_date(self) -> date:
        """The first day with a posting."""
        return min(posting.value_date for posting in self.postings)

    def contribution_within(self, after: date, until: date) -> int:
        """Contribution with a value date in (after, until]."""
        return sum(posting.contribution for posting in self.postings if after < posting.value_date <= until)


@dataclass(frozen=True)
class Forecast:
    """What is expected of a customer in a line, in the reporting currency.

    `purchases` and `contribution` give what is expected within so many days, undiscounted.
    """

    method: str
    status: str
    confidence: str
    contribution: Callable[[Fraction], Number]
    purchases: Callable[[Fraction], Number] | None = None
    expected_spend: Number | None = None
    p_alive: float | None = None
    p_no_purchase_90d: float | None = None


def month_by_month(monthly: Callable[[int], Fraction], length: Fraction) -> Callable[[Fraction], Fraction]:
    """What comes within so many days, from what month 1, 2, .. brings; of the last month the part inside counts."""
    until = [Fraction(0)]

    def within(days: Fraction) -> Fraction:
        whole, part = divmod(days / length, 1)
        while len(until) <= whole + 1:
            until.append(until[-1] + monthly(len(until)))
        return until[whole] + part * (until[whole + 1] - until[whole])

    return within


def facts_at(book: Book, policy: Policy, d: date) -> dict[CustomerLine, LineFacts]:
    """The facts known at d of every customer in every line with a posting."""
    sales, postings = everything_at(book, d)
    facts: dict[CustomerLine, LineFacts] = defaultdict(LineFacts)
    for customer_id, own in postings.items():
        for posting in own:
            facts[customer_id, posting.lob].postings.append(posting)
    free_days: dict[CustomerLine, set[date]] = defaultdict(set)
    for customer_id, own in sales.items():
        for sale in own:
            if sale.transaction.cents == 0:
                free_days[customer_id, sale.transaction.lob].add(sale.transaction.event_date)
        for occasion in occasions_of(own, policy):
            facts[customer_id, occasion.lob].occasion_dates.append(occasion.date)
    for key, known in facts.items():
        known.occasion_dates = sorted(set(known.occasion_dates))
        known.purchases = sorted({*known.occasion_dates, *free_days[key]})
    return dict(facts)
