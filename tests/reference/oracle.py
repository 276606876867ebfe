"""The whole of docs/rules.md: one delivery in, every graded figure out, review by review from scratch."""

from dataclasses import dataclass, field
from datetime import date

from tests.reference.books import Books, default_as_of
from tests.reference.clocks import review_dates
from tests.reference.delivery import Delivery, Options
from tests.reference.measures import LineMeasures, line_measures, views_at
from tests.reference.netting import state_at
from tests.reference.numbers import to_decimal
from tests.reference.policy import Policy
from tests.reference.registers import Contracts, Customers
from tests.reference.rfm import LineScores, customer_row, empty_row, line_row, score_line
from tests.reference.tiers import reason_rows, tier_row
from tests.reference.transactions import Fate

Values = dict[str, object]


@dataclass
class Result:
    """Everything graded. Days in keys are ISO texts; money and scores are decimals at the scale of the marts."""

    as_of_date: date
    review_dates: list[date]
    fates: list[Fate]
    """One per delivered transaction, in the order delivered."""
    transactions: dict[str, Values]
    """Per accepted txn_id, as known at as_of_date."""
    lines: dict[tuple[str, str, str], Values] = field(default_factory=dict)
    """Per (as_of_date, customer_id, lob) held."""
    customers: dict[tuple[str, str], Values] = field(default_factory=dict)
    """Per (as_of_date, customer_id)."""
    tiers: dict[tuple[str, str], Values] = field(default_factory=dict)
    """Per (as_of_date, customer_id)."""
    reasons: dict[tuple[str, str, str], Values] = field(default_factory=dict)
    """Per (as_of_date, customer_id, component)."""


def grade(delivery: Delivery, options: Options) -> Result:
    """Grade a delivery at all its review dates.

    Raises ValueError when no as_of_date is given and no transaction is accepted.
    """
    policy = Policy(options.policy_folder, options.scenario_id)
    customers = Customers(delivery, options)
    contracts = Contracts(delivery, options, customers)
    as_of = options.as_of_date
    if as_of is None:
        timeless = Books(delivery, options, policy, customers, None)
        as_of = default_as_of(timeless.accepted, options.landed_on)
    if as_of is None:
        raise ValueError("no as_of_date, and no accepted transaction to take it from")
    books = Books(delivery, options, policy, customers, as_of)
    first_transaction = min((t.event_date for t in books.accepted), default=None)
    days = review_dates(as_of, options.review_count, first_transaction)
    result = Result(as_of, days, books.fates, transaction_rows(books, as_of))
    first_known = first_known_dates(books)
    for d in days:
        review(result, d, books, customers, contracts, policy, first_known, first_transaction)
    return result


def first_known_dates(books: Books) -> dict[str, date]:
    """The first date each customer is known by a transaction."""
    days: dict[str, date] = {}
    for transaction in books.accepted:
        if not transaction.is_hidden:
            known = transaction.known_on
            days[transaction.customer_id] = min(known, days.get(transaction.customer_id, known))
    return days


def review(
    result: Result,
    d: date,
    books: Books,
    customers: Customers,
    contracts: Contracts,
    policy: Policy,
    first_known: dict[str, date],
    first_transaction: date | None,
) -> None:
    """Grade everybody known at d and add the rows to the result."""
    views = views_at(books.book, policy, d)
    known_contracts = contracts.known_at(d)
    lines = policy.lobs(d)
    measures: dict[str, dict[str, LineMeasures]] = {}
    for customer_id, view in views.items():
        own = [contract for contract in known_contracts.values() if contract.customer_id == customer_id]
        measures[customer_id] = {lob: line_measures(view, lines[lob], own, policy, d) for lob in view.lobs_held}
    for customer_id in customers.population(d, first_known):
        view = views.get(customer_id)
        rfm = empty_row()
        if view is not None and view.occasions:
            held = measures[customer_id]
            scores = line_scores(held, measures, policy, d)
            rfm = customer_row(view, held, scores, policy, d, first_transaction)
            for lob in held:
                result.lines[d.isoformat(), customer_id, lob] = line_row(held[lob], scores[lob])
        result.customers[d.isoformat(), customer_id] = rfm
        customer = customers.known_at(customer_id, d)
        result.tiers[d.isoformat(), customer_id] = tier_row(customer, rfm, view, known_contracts, policy, d)
        for component, row in reason_rows(rfm, policy, d).items():
            result.reasons[d.isoformat(), customer_id, component] = row


def line_scores(
    held: dict[str, LineMeasures], everybody: dict[str, dict[str, LineMeasures]], policy: Policy, d: date
) -> dict[str, LineScores]:
    """The scores of one customer in every line held, among all who hold it."""
    scores = {}
    for lob, mine in held.items():
        holders = [others[lob] for others in everybody.values() if lob in others]
        scores[lob] = score_line(mine, holders, lob, policy, d)
    return scores


def transaction_rows(books: Books, as_of: date) -> dict[str, Values]:
    """Every accepted transaction: what is left of a sale, what a reversal took, what is posted, as known at as_of."""
    rows: dict[str, Values] = {}
    for transaction in books.accepted:
        rows[transaction.txn_id] = {
            "customer_id": transaction.customer_id,
            "lob": transaction.lob,
            "event_date": transaction.event_date.isoformat(),
            "known_on": transaction.known_on.isoformat(),
            "role": transaction.role,
            "margin_rate": transaction.margin_rate,
            "net_original": to_decimal(0, 2),
            "net": to_decimal(0, 2),
            "contribution": to_decimal(0, 2),
            "applied": to_decimal(0, 2),
            "unapplied": to_decimal(0, 2),
        }
    for sale in books.book.sales:
        state = state_at(sale, as_of)
        if state is None:
            continue
        rows[state.transaction.txn_id] |= {
            "net_original": to_decimal(state.original_net, 2),
            "net": to_decimal(state.net, 2),
            "contribution": to_decimal(state.contribution, 2),
        }
        for reversal in sale.reversals:
            if reversal.transaction.txn_id in state.applied:
                applied = state.applied[reversal.transaction.txn_id]
                rows[reversal.transaction.txn_id] |= {
                    "applied": to_decimal(applied, 2),
                    "unapplied": to_decimal(reversal.cents - applied, 2),
                }
    for alone in books.book.standalones:
        transaction = alone.transaction
        if transaction.txn_id in rows and transaction.is_seen(as_of):
            rows[transaction.txn_id] |= {
                "net_original": to_decimal(transaction.sign * transaction.cents, 2),
                "net": to_decimal(alone.net, 2),
                "contribution": to_decimal(alone.contribution, 2),
            }
    return rows
