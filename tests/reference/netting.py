"""Section 3: which reversal takes back which sale, and what is left of each sale at a review."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from tests.reference.numbers import round_half_away
from tests.reference.transactions import Rates, Transaction


@dataclass(frozen=True)
class Reversal:
    """A reversal and its amount in cents of the currency of its sale."""

    transaction: Transaction
    cents: int


@dataclass
class Sale:
    """A sale, its rate and the reversals that name it."""

    transaction: Transaction
    rate: Fraction
    reversals: list[Reversal] = field(default_factory=list)


@dataclass(frozen=True)
class Standalone:
    """An adjustment, or a reversal subtracted at its own date: cents of the reporting currency, signed."""

    transaction: Transaction
    net: int
    contribution: int


@dataclass
class Book:
    """Everything that is posted."""

    sales: list[Sale] = field(default_factory=list)
    standalones: list[Standalone] = field(default_factory=list)


@dataclass(frozen=True)
class SaleState:
    """A sale as a review sees it: what is left in its own currency, in the reporting currency and as contribution."""

    transaction: Transaction
    original_net: int
    net: int
    contribution: int
    applied: dict[str, int]


def sales_by_name(reversals: list[Transaction], sales: list[Transaction]) -> dict[str, Transaction]:
    """The sale each reversal names, by the reversal's txn_id: an accepted sale of the same customer."""
    by_id = {sale.txn_id: sale for sale in sales}
    found = {}
    for reversal in reversals:
        sale = by_id.get(reversal.original_txn_id)
        if sale is not None and sale.customer_id == reversal.customer_id:
            found[reversal.txn_id] = sale
    return found


def sales_by_amount(reversals: list[Transaction], sales: list[Transaction]) -> dict[str, Transaction]:
    """The sale each reversal takes back where no file names it: the latest of that amount not yet taken back."""

    def place(transaction: Transaction) -> tuple:
        return transaction.known_on, transaction.event_at, transaction.role != "sale", transaction.txn_id

    stacks = defaultdict(list)
    found = {}
    for transaction in sorted(reversals + sales, key=place):
        stack = stacks[transaction.customer_id, transaction.lob, transaction.currency, transaction.cents]
        if transaction.role == "sale":
            stack.append(transaction)
        elif stack:
            found[transaction.txn_id] = stack.pop()
    return found


def reversal_cents(reversal: Transaction, sale: Transaction, rates: Rates) -> int | None:
    """The reversal in cents of the currency of its sale, at the rates of the sale's date; None without a rate."""
    if reversal.currency == sale.currency:
        return reversal.cents
    rate, sale_rate = (rates.rate(currency, sale.event_date) for currency in (reversal.currency, sale.currency))
    return None if rate is None else round_half_away(reversal.cents * rate / sale_rate)


def standalone(transaction: Transaction, rate: Fraction) -> Standalone:
    """A posting at the transaction's own date."""
    net = transaction.sign * round_half_away(transaction.cents * rate)
    return Standalone(transaction, net, round_half_away(net * transaction.margin_rate))


def state_at(sale: Sale, d: date) -> SaleState | None:
    """The sale as a review at d sees it; None when it does not."""
    if not sale.transaction.is_seen(d):
        return None
    left = sale.transaction.cents
    applied = {}
    for reversal in sorted(sale.reversals, key=lambda r: r.transaction.time_order):
        if reversal.transaction.is_seen(d):
            applied[reversal.transaction.txn_id] = min(reversal.cents, left)
            left -= min(reversal.cents, left)
    net = round_half_away(left * sale.rate)
    contribution = round_half_away(net * sale.transaction.margin_rate)
    return SaleState(sale.transaction, left, net, contribution, applied)
