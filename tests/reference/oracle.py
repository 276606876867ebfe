"""Rules and signals as the documents tell them: one delivery in, every graded figure out, each review from scratch."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from tests.reference.books import Books, default_as_of
from tests.reference.clocks import add_months, review_dates
from tests.reference.clv import ClvResult, Lifetime, LineParameters
from tests.reference.delivery import Delivery, Options
from tests.reference.measures import LineMeasures, line_measures, views_at
from tests.reference.netting import state_at, unapplied_cents
from tests.reference.numbers import to_decimal
from tests.reference.policy import Policy
from tests.reference.registers import Contracts, Customer, Customers
from tests.reference.rfm import LineScores, customer_row, empty_row, group_value, line_row, score_line
from tests.reference.signals.together import COMPONENTS, details_at, histories_at, segments_at
from tests.reference.signals.world import Rows, World
from tests.reference.tiers import component_scores, excluded_row, reason_rows, tier_row
from tests.reference.transactions import Fate

Values = dict[str, object]


@dataclass
class Result:
    """Everything graded. Days in keys are ISO texts; money and scores are decimals at the scale of the marts."""

    as_of_date: date
    review_dates: list[date]
    fates: list[Fate]
    """One per delivered transaction, in the order delivered."""
    transactions: dict[tuple[str, str], Values]
    """Per accepted (source_system, txn_id), as known at as_of_date."""
    lines: dict[tuple[str, str, str], Values] = field(default_factory=dict)
    """Per (as_of_date, customer_id, lob) held."""
    customers: dict[tuple[str, str], Values] = field(default_factory=dict)
    """Per (as_of_date, customer_id) that is graded."""
    tiers: dict[tuple[str, str], Values] = field(default_factory=dict)
    """Per (as_of_date, customer_id)."""
    reasons: dict[tuple[str, str, str], Values] = field(default_factory=dict)
    """Per (as_of_date, customer_id, component present)."""
    clv: ClvResult = field(default_factory=ClvResult)
    """Lifetime values and their backtests."""
    signals: dict[str, Rows] = field(default_factory=lambda: defaultdict(dict))
    """Per mart of the other signals the rows by key."""


def grade(delivery: Delivery, options: Options, parameters: LineParameters | None = None) -> Result:
    """Grade a delivery at all its review dates.

    `parameters` are the fitted ones by date and line; without any, no purchase or spend model is believed.
    Raises ValueError when no as_of_date is given and no transaction has a date.
    """
    policy = Policy(options.policy_folder, options.scenario_id)
    customers = Customers(delivery, options)
    contracts = Contracts(delivery, options, customers)
    as_of = options.as_of_date
    if as_of is None:
        as_of = default_as_of(delivery, options, policy)
    if as_of is None:
        raise ValueError("no as_of_date, and no transaction to take it from")
    books = Books(delivery, options, policy, customers, as_of)
    first_sale = min((t.event_date for t in books.accepted if t.role == "sale"), default=None)
    days = review_dates(as_of, options.review_count, first_sale)
    result = Result(as_of, days, books.fates, transaction_rows(books, as_of))
    first_known = first_known_dates(books)

    def graded_at(d: date) -> dict[str, Customer]:
        everybody = {c: customers.known_at(c, d) for c in customers.population(d, first_known)}
        return {c: customer for c, customer in everybody.items() if customer.exclusion_reason is None}

    def world_at(d: date) -> World:
        return World.at(d, delivery, options, books, policy, customers, contracts, graded_at(d), days)

    lifetime = Lifetime(books.book, policy, first_sale, graded_at, contracts.known_at, parameters or {})
    for d in days:
        lifetime.add_to(result.clv, d)
        start = add_months(d, -policy.clv(d).backtest_months)
        has_start = first_sale is not None and start >= first_sale
        world = world_at(d)
        found = histories_at(world, world_at(start) if has_start else None)
        Review(d, books, customers, contracts, policy, first_known, first_sale, lifetime, found).add_to(result)
        tiers = {key[1]: row["value_tier"] for key, row in result.tiers.items() if key[0] == d.isoformat()}
        found["satisfaction_segments"] = segments_at(world, found, tiers)
        for mart, rows in (found | (details_at(world, tiers) if d == as_of else {})).items():
            result.signals[mart] |= rows
    return result


def first_known_dates(books: Books) -> dict[str, date]:
    """The first date each customer is known by a transaction."""
    days: dict[str, date] = {}
    for transaction in books.accepted:
        if not transaction.is_hidden:
            known = transaction.known_on
            days[transaction.customer_id] = min(known, days.get(transaction.customer_id, known))
    return days


class Review:
    """One review: everybody known at d is looked at from scratch."""

    def __init__(
        self,
        d: date,
        books: Books,
        customers: Customers,
        contracts: Contracts,
        policy: Policy,
        first_known: dict[str, date],
        first_sale: date | None,
        lifetime: Lifetime,
        signals: dict[str, Rows],
    ) -> None:
        """Measures of everybody who is graded are ready after this."""
        self.d = d
        self._signals = signals
        self._weights = lifetime.weights(d)
        self._clv_score = lifetime.at(d).score
        self._policy = policy
        self._first_sale = first_sale
        self._contracts = contracts.known_at(d)
        self._population = {c: customers.known_at(c, d) for c in customers.population(d, first_known)}
        views = views_at(books.book, policy, d)
        self._views = {
            customer_id: views[customer_id]
            for customer_id, customer in self._population.items()
            if customer_id in views and customer.exclusion_reason is None
        }
        self._measures = {customer_id: self._measure(customer_id) for customer_id in self._views}
        self._group_values = [group_value(lines, policy, d) for lines in self._measures.values()]

    def _measure(self, customer_id: str) -> dict[str, LineMeasures]:
        """The measures of each line a customer holds."""
        view = self._views[customer_id]
        own = [contract for contract in self._contracts.values() if contract.customer_id == customer_id]
        lines = self._policy.lobs(self.d)
        return {lob: line_measures(view, lines[lob], own, self._policy, self.d) for lob in view.lobs_held}

    def _score(self, customer_id: str) -> dict[str, LineScores]:
        """The scores of each line a customer holds, among all who hold it."""
        scores = {}
        for lob, mine in self._measures[customer_id].items():
            holders = [lines[lob] for lines in self._measures.values() if lob in lines]
            scores[lob] = score_line(mine, holders, lob, self._policy, self.d)
        return scores

    def add_to(self, result: Result) -> None:
        """Add the rows of everybody."""
        for customer_id, customer in self._population.items():
            key = self.d.isoformat(), customer_id
            if customer.exclusion_reason is not None:
                result.tiers[key] = excluded_row(customer)
                continue
            view = self._views.get(customer_id)
            rfm = self._rfm(result, customer_id) if view else empty_row()
            result.customers[key] = {name: value for name, value in rfm.items() if name != "has_known_category"}
            said = {name: self._signals[mart][key][column] for name, (mart, column) in COMPONENTS.items()}
            index = self._signals["customer_feedback_history"][key]["fb_index"]
            scores = component_scores(rfm, self._clv_score(customer_id), said, index, self._weights)
            result.tiers[key] = tier_row(customer, scores, self._weights, view, self._contracts, self._policy, self.d)
            for component, row in reason_rows(scores, self._weights).items():
                result.reasons[*key, component] = row

    def _rfm(self, result: Result, customer_id: str) -> Values:
        """Add the rows of the lines held; give the row of the customer."""
        measures, scores = self._measures[customer_id], self._score(customer_id)
        for lob, mine in measures.items():
            result.lines[self.d.isoformat(), customer_id, lob] = line_row(mine, scores[lob])
        view = self._views[customer_id]
        return customer_row(view, measures, scores, self._group_values, self._policy, self.d, self._first_sale)


def transaction_rows(books: Books, as_of: date) -> dict[tuple[str, str], Values]:
    """Every accepted transaction: what is left of a sale, what a reversal did not find, what is posted, at as_of."""
    rows: dict[tuple[str, str], Values] = {}
    for transaction in books.accepted:
        rows[transaction.key] = {
            "customer_id": transaction.customer_id,
            "lob": transaction.lob,
            "txn_role": transaction.role,
            "event_date": transaction.event_date.isoformat(),
            "known_on": transaction.known_on.isoformat(),
            "is_known": transaction.is_seen(as_of),
            "margin_rate": transaction.margin_rate,
            "is_margin_assumed": transaction.is_margin_assumed,
            "amount": to_decimal(transaction.cents, 2),
            "refunded_amount": to_decimal(0, 2),
            "unapplied_refund_amount": to_decimal(0, 2),
            "net_amount": to_decimal(0, 2),
            "contribution_amount": to_decimal(0, 2),
        }
    for sale in books.book.sales:
        for key, cents in unapplied_cents(sale).items():
            rows[key]["unapplied_refund_amount"] = to_decimal(cents, 2)
        state = state_at(sale, as_of)
        if state is None:
            continue
        rows[state.transaction.key] |= {
            "refunded_amount": to_decimal(state.transaction.cents - state.original_net, 2),
            "net_amount": to_decimal(state.net, 2),
            "contribution_amount": to_decimal(state.contribution, 2),
        }
    for alone in books.book.standalones:
        transaction = alone.transaction
        if transaction.key in rows and transaction.is_seen(as_of):
            rows[transaction.key]["net_amount"] = to_decimal(alone.net, 2)
            rows[transaction.key]["contribution_amount"] = to_decimal(alone.contribution, 2)
    return rows
