"""Section 3: which reversal takes back which sale, and what is left of each sale at a review."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from tests.reference.numbers import round_half_away
from tests.reference.transactions import Rates, Transaction

Key = tuple[str, str]


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


def sales_by_name(reversals: list[Transaction], sales: list[Transaction]) -> dict[Key, Transaction]:
    """The sale each reversal names, by the reversal's key: an accepted sale of the same system and customer."""
    by_key = {sale.key: sale for sale in sales}
    found = {}
    for reversal in reversals:
        sale = by_key.get((reversal.source_system, reversal.original_txn_id))
        if sale is not None and sale.customer_id == reversal.customer_id:
            found[reversal.key] = sale
    return found


def sales_by_amount(reversals: list[Transaction], sales: list[Transaction]) -> dict[Key, Transaction]:
    """The sale each reversal takes back where no file names it: the latest of that amount not yet taken back."""

    def place(transaction: Transaction) -> tuple:
        return *transaction.time_order[:2], transaction.role != "sale", *transaction.time_order[2:]

    stacks = defaultdict(list)
    found = {}
    for transaction in sorted(reversals + sales, key=place):
        owner = transaction.source_system, transaction.customer_id
        stack = stacks[owner, transaction.lob, transaction.currency, transaction.cents]
        if transaction.role == "sale":
            stack.append(transaction)
        elif stack:
            found[transaction.key] = stack.pop()
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


def unapplied_cents(sale: Sale) -> dict[Key, int]:
    """What of each reversal found nothing left of the sale, in cents of the sale's currency."""
    left = sale.transaction.cents
    unapplied = {}
    for reversal in sorted(sale.reversals, key=lambda r: r.transaction.time_order):
        unapplied[reversal.transaction.key] = reversal.cents - min(reversal.cents, left)
        left -= min(reversal.cents, left)
    return unapplied


def state_at(sale: Sale, d: date) -> SaleState | None:
    """The sale as a review at d sees it; None when it does not."""
    if not sale.transaction.is_seen(d):
        return None
    taken_back = sum(reversal.cents for reversal in sale.reversals if reversal.transaction.is_seen(d))
    left = max(0, sale.transaction.cents - taken_back)
    net = round_half_away(left * sale.rate)
    contribution = round_half_away(net * sale.transaction.margin_rate)
    return SaleState(sale.transaction, left, net, contribution)
