"""Cards, section 1: what is measured on a day, from facts known by then."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

from tests.reference.clocks import add_months
from tests.reference.measures import occasions_of
from tests.reference.netting import Book, Sale, SaleState, Standalone, state_at
from tests.reference.numbers import round_half_away
from tests.reference.points.entries import Entry
from tests.reference.points.rules import Rules
from tests.reference.points.sales import refunds_of

PROPERTY = "property_sale"
PROGRAM = "policy_card_program"
POINTS, SPEND, OVERDUE = "qualifying_points", "net_spend", "no_overdue"
Metrics = Mapping[str, Fraction]


@dataclass
class Facts:
    """What is known of one customer, of all times."""

    sales: list[Sale] = field(default_factory=list)
    standalones: list[Standalone] = field(default_factory=list)
    qualifying: list[Entry] = field(default_factory=list)
    posted: list[tuple[Sale, date]] = field(default_factory=list)
    """The sales that are posted in the ledger, and when."""
    _states: list[tuple[list[date], list[SaleState]]] = field(default_factory=list)

    def states(self, t: date) -> list[SaleState]:
        """The sales known on a day, as they are then."""
        if len(self._states) != len(self.sales):
            self._states = [states_of(sale) for sale in self.sales]
        return [states[place - 1] for days, states in self._states if (place := bisect_right(days, t))]

    def days(self) -> set[date]:
        """The days on which a value posting other than 0 became known, or a sale was posted."""
        days = {day for _, day in self.posted}
        days |= {alone.transaction.known_on for alone in self.standalones if alone.net}
        for sale in self.sales:
            net = round_half_away(sale.transaction.cents * sale.rate)
            if net:
                days.add(sale.transaction.known_on)
            for refund in refunds_of(sale):
                if refund.net != net:
                    days.add(refund.known_on)
                net = refund.net
        return days


def states_of(sale: Sale) -> tuple[list[date], list[SaleState]]:
    """The days on which something of a sale became known, and what it was from each of them on."""
    known = {sale.transaction.known_on} | {
        max(r.transaction.known_on, sale.transaction.known_on) for r in sale.reversals
    }
    days = sorted(known)
    return days, [state_at(sale, day) for day in days]


def facts_of(book: Book, qualifying: Iterable[Entry], posted: Iterable[tuple[Sale, date]]) -> dict[str, Facts]:
    """The facts of everybody who has any."""
    facts: dict[str, Facts] = defaultdict(Facts)
    for sale in book.sales:
        if not sale.transaction.is_hidden:
            facts[sale.transaction.customer_id].sales.append(sale)
    for alone in book.standalones:
        if not alone.transaction.is_hidden:
            facts[alone.transaction.customer_id].standalones.append(alone)
    for entry in qualifying:
        facts[entry.customer_id].qualifying.append(entry)
    for sale, day in posted:
        facts[sale.transaction.customer_id].posted.append((sale, day))
    return facts


def last_anniversary(since: date, t: date) -> date:
    """The last anniversary on or before a day; the first day itself is one."""
    years = t.year - since.year
    day = add_months(since, 12 * years)
    return day if day <= t else add_months(since, 12 * (years - 1))


def whole_months(since: date, t: date) -> int:
    """How many months have passed in full."""
    months = (t.year - since.year) * 12 + t.month - since.month
    return months if add_months(since, months) <= t else months - 1


def first_day_of_period(program: Mapping[str, str], since: date, backfill_days: int, t: date) -> date:
    """The first day that counts on t."""
    earliest = since - timedelta(days=backfill_days)
    period_type = program["period_type"]
    if period_type == "lifetime":
        return earliest
    first = {
        "rolling": lambda: add_months(t, -int(program["period_months"])) + timedelta(days=1),
        "calendar_year": lambda: date(t.year, 1, 1),
        "anniversary": lambda: last_anniversary(since, t),
    }[period_type]()
    return max(first, earliest)


class Meter:
    """Measures on a day what counts for a card; remembers what it measured."""

    def __init__(self, facts: Mapping[str, Facts], rules: Rules) -> None:
        """Nothing is measured yet."""
        self._facts, self._rules = facts, rules
        self._told: dict[tuple[tuple[str, ...], date, date], Metrics] = {}

    def metrics(self, customers: Iterable[str], since: date, t: date) -> Metrics:
        """All metrics of these customers together on a day."""
        key = tuple(sorted(customers)), since, t
        if key not in self._told:
            self._told[key] = self._measure([self._facts[c] for c in key[0] if c in self._facts], since, t)
        return self._told[key]

    def _measure(self, facts: list[Facts], since: date, t: date) -> Metrics:
        rules = self._rules
        backfill = rules.backfill_days(t)
        first = first_day_of_period(rules.rows(PROGRAM, t)[0], since, backfill, t)
        ever = since - timedelta(days=backfill)
        states = [one.states(t) for one in facts]
        occasions = [o for own in states for o in occasions_of(own, rules) if first <= o.date <= t]
        grace = int(rules.parameter("overdue_grace_days", t))
        is_overdue = any(self._is_overdue(state, grace, t) for own in states for state in own)
        postings = [(s.transaction.lob, s.transaction.event_date, s.net) for own in states for s in own]
        alone = [one for own in facts for one in own.standalones if one.transaction.known_on <= t]
        postings += [(one.transaction.lob, one.transaction.event_date, one.net) for one in alone]
        return {
            POINTS: Fraction(sum(self._qualifying(one, first, t) for one in facts)),
            SPEND: self._spend(postings, first, t),
            "occasions": Fraction(len(occasions)),
            "lobs": Fraction(len({occasion.lob for occasion in occasions})),
            "tenure_months": Fraction(whole_months(since, t)),
            "no_overdue": Fraction(0 if is_overdue else 1),
            "lifetime_points": Fraction(sum(self._qualifying(one, ever, t) for one in facts)),
        }

    @staticmethod
    def _qualifying(facts: Facts, first: date, t: date) -> int:
        return sum(e.points for e in facts.qualifying if e.posted_on <= t and first <= e.event_date <= t)

    def _is_overdue(self, bill: SaleState, grace: int, t: date) -> bool:
        transaction = bill.transaction
        if transaction.due_date is None or transaction.due_date + timedelta(days=grace) >= t or bill.net <= 0:
            return False
        is_paid = transaction.paid_on is not None and transaction.paid_on <= t
        return not is_paid and self._rules.lobs(t)[transaction.lob].is_contractual

    def _spend(self, postings: list[tuple[str, date, int]], first: date, t: date) -> Fraction:
        """Net spend in the period of line, value date and cents, with homes recognised day by day."""
        cents, home_days = 0, defaultdict(int)
        for lob, value_date, net in postings:
            if lob != PROPERTY:
                cents += net if first <= value_date <= t else 0
                continue
            until = add_months(value_date, self._rules.lobs(value_date)[PROPERTY].recognition_months)
            overlap = (min(until - timedelta(days=1), t) - max(value_date, first)).days + 1
            home_days[(until - value_date).days] += net * max(0, overlap)
        recognised = sum(round_half_away(Fraction(total * 100, days)) for days, total in home_days.items())
        return Fraction(cents, 100) + Fraction(recognised, 10_000)
