"""Sections 2 and 3 together: the fate of every row, and the book of what is posted."""

from datetime import date, timedelta

from tests.reference.delivery import Delivery, Options
from tests.reference.netting import Book, Reversal, Sale, reversal_cents, sales_by_amount, sales_by_name, standalone
from tests.reference.policy import Policy
from tests.reference.registers import Customers
from tests.reference.transactions import Fate, Rates, Reader, Transaction, cells_of, duplicate_fates


class Books:
    """Decides every row of the transactions once, for one as_of_date."""

    def __init__(self, delivery: Delivery, options: Options, policy: Policy, customers: Customers, as_of: date) -> None:
        """The fates, the accepted transactions and the book are ready after this."""
        self._options = options
        self._rates = Rates(delivery, options, policy)
        self._has_originals = "original_txn_id" in delivery.transaction_columns
        self.accepted: list[Transaction] = []
        self.book = Book()
        self._late_rules: dict[tuple[str, str], str] = {}
        reader = Reader(delivery, options, policy)
        rows = cells_of(delivery)
        decided = duplicate_fates(rows, reader)
        candidates: dict[int, Transaction] = {}
        for position, cells in enumerate(rows):
            if position in decided:
                continue
            broken = reader.broken_rules(cells, as_of)
            if not broken and not customers.is_accepted(cells["customer_id"]):
                broken = ["orphan_customer"]
            if broken:
                decided[position] = Fate(cells["txn_id"], "rejected", broken[0])
            else:
                candidates[position] = reader.read(cells)
        self._post(list(candidates.values()))
        decided |= {position: self._late_fate(transaction) for position, transaction in candidates.items()}
        self.fates = [decided[position] for position in range(len(rows))]

    def _late_fate(self, transaction: Transaction) -> Fate:
        rule = self._late_rules.get(transaction.key)
        return Fate(transaction.txn_id, "rejected" if rule else "accepted", rule)

    def _post(self, candidates: list[Transaction]) -> None:
        """Accept or reject by rate and original, and post what is accepted."""
        reversals = [c for c in candidates if c.role == "reversal"]
        for transaction in (c for c in candidates if c.role != "reversal"):
            rate = self._rates.rate(transaction.currency, transaction.event_date)
            if rate is None:
                self._late_rules[transaction.key] = "fx_missing"
                continue
            self.accepted.append(transaction)
            if transaction.role == "sale":
                self.book.sales.append(Sale(transaction, rate))
            elif transaction.role == "adjustment":
                self.book.standalones.append(standalone(transaction, rate))
        sales = {sale.transaction.key: sale for sale in self.book.sales if not sale.transaction.is_hidden}
        match = sales_by_name if self._has_originals else sales_by_amount
        seen = [reversal for reversal in reversals if not reversal.is_hidden]
        self.accepted += [reversal for reversal in reversals if reversal.is_hidden]
        found = match(seen, [sale.transaction for sale in sales.values()])
        for reversal in seen:
            if reversal.key in found:
                self._take_back(reversal, sales[found[reversal.key].key])
            else:
                self._without_sale(reversal)

    def _take_back(self, reversal: Transaction, sale: Sale) -> None:
        cents = reversal_cents(reversal, sale.transaction, self._rates)
        if cents is None:
            self._late_rules[reversal.key] = "fx_missing"
            return
        self.accepted.append(reversal)
        sale.reversals.append(Reversal(reversal, cents))

    def _without_sale(self, reversal: Transaction) -> None:
        """A reversal that finds no sale: unreferenced where files name no sales, else an orphan."""
        rate = self._rates.rate(reversal.currency, reversal.event_date)
        if rate is None:
            self._late_rules[reversal.key] = "fx_missing"
            return
        if self._has_originals:
            self._late_rules[reversal.key] = "orphan_refund"
        else:
            self.accepted.append(reversal)
        if not self._has_originals or self._options.orphan_refund_mode == "subtract":
            self.book.standalones.append(standalone(reversal, rate))


def default_as_of(delivery: Delivery, options: Options, policy: Policy) -> date | None:
    """The last known_on of all delivered rows, rejected ones too, not later than one day after landing."""
    reader = Reader(delivery, options, policy)
    days = [day for day in map(reader.known_on, cells_of(delivery)) if day is not None]
    last = options.landed_on + timedelta(days=1) if options.landed_on else date.max
    return max((day for day in days if day <= last), default=None)
