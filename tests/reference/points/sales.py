"""Points, section 2: what sales earn, and what refunds take back."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

from tests.reference.delivery import Delivery, Options
from tests.reference.netting import Reversal, Sale, state_at
from tests.reference.numbers import round_half_away
from tests.reference.points.accounts import Account
from tests.reference.points.entries import QUALIFYING, REDEEMABLE, TRANSACTIONS, Entry
from tests.reference.points.rules import PolicyRow, Rules, capped, floored
from tests.reference.registers import Contract, Contracts
from tests.reference.text import parse_boolean
from tests.reference.transactions import Transaction
from tests.reference.versions import read_versions

RankOn = Callable[[str, date], int]
"""The card that a customer showed at the end of a day."""


@dataclass(frozen=True)
class Refund:
    """The applied part of a reversal: what is left of the sale after it, in cents of the reporting currency."""

    transaction: Transaction
    known_on: date
    net: int


def refunds_of(sale: Sale) -> list[Refund]:
    """The refunds of a sale that take something back, in the order of the netting."""
    refunds, left = [], sale.transaction.cents
    for reversal in sorted(sale.reversals, key=by_time):
        applied = min(reversal.cents, left)
        left -= applied
        if applied > 0:
            known_on = max(reversal.transaction.known_on, sale.transaction.known_on)
            refunds.append(Refund(reversal.transaction, known_on, round_half_away(left * sale.rate)))
    return refunds


def by_time(reversal: Reversal) -> tuple:
    """The order of the netting."""
    return reversal.transaction.time_order


@dataclass(frozen=True)
class Earning:
    """A sale of an account that is posted: its rate, and what was left of it when it was posted (in cents)."""

    sale: Sale
    account: Account
    rate: PolicyRow
    posted_on: date
    net: int

    @property
    def transaction(self) -> Transaction:
        """The sale."""
        return self.sale.transaction

    @property
    def available_on(self) -> date:
        """When its points may be spent."""
        pending = timedelta(days=int(self.rate["pending_days"]))
        return max(self.posted_on, self.transaction.event_date + pending)

    @property
    def day(self) -> tuple[str, date]:
        """What shares a cap and a bonus, within an account."""
        return self.transaction.lob, self.transaction.event_date

    @property
    def order(self) -> tuple:
        """Which sale of a day is granted first."""
        transaction = self.transaction
        return self.posted_on, transaction.event_at, transaction.source_system, transaction.txn_id

    def refunds(self, d: date) -> list[Refund]:
        """What was taken back after it was posted, known at d."""
        return [refund for refund in refunds_of(self.sale) if self.posted_on < refund.known_on <= d]

    def points(self, net: int, multiplier: Fraction) -> int:
        """Redeemable points of an amount."""
        amount = Fraction(net, 100) * Fraction(self.rate["points_per_unit"]) * multiplier
        return capped(floored(amount), self.rate["sale_cap"])

    def qualifying(self, net: int) -> int:
        """Qualifying points of an amount."""
        amount = Fraction(net, 100) * Fraction(self.rate["qualifying_per_unit"])
        return capped(floored(amount), self.rate["qualifying_sale_cap"])


class Till:
    """Says what is posted, and when."""

    def __init__(self, delivery: Delivery, options: Options, sales: list[Sale], contracts: Contracts, rules: Rules):
        """Nothing is posted yet."""
        self._rules, self._contracts = rules, contracts
        self._payments = defaultdict(list)
        for sale in sales:
            transaction = sale.transaction
            self._payments[transaction.customer_id, transaction.lob, transaction.contract_id].append(sale)
        self._by_customer = defaultdict(list)
        for sale in sales:
            if not sale.transaction.is_hidden:
                self._by_customer[sale.transaction.customer_id].append(sale)
        lobs = {None, *rules.lob_names()}
        products = {
            v.cells.get("product_id"): v.cells
            for v in read_versions(delivery.products, options)
            if v.cells.get("lob") in lobs
        }
        self._without_points = {
            product_id
            for product_id, cells in products.items()
            if product_id is not None and parse_boolean(cells.get("is_points_eligible")) is False
        }

    def earnings(self, account: Account, d: date) -> list[Earning]:
        """The sales of an account that are posted by d."""
        sales = [sale for customer_id in account.customers for sale in self._by_customer[customer_id]]
        found = [self._earning(sale, account, d) for sale in sales]
        return [earning for earning in found if earning is not None]

    def _earning(self, sale: Sale, account: Account, d: date) -> Earning | None:
        transaction = sale.transaction
        on = transaction.event_date
        rate = self._rules.rate(transaction.lob, transaction.category, on)
        is_early = on < account.since - timedelta(days=self._rules.backfill_days(on))
        if rate is None or is_early or transaction.product_id in self._without_points:
            return None
        told_on = self._posted_on(sale, rate["basis"], d)
        if told_on is None:
            return None
        posted_on = max(told_on, account.open_from)
        if posted_on > d or account.is_closed(posted_on):
            return None
        return Earning(sale, account, rate, posted_on, state_at(sale, posted_on).net)

    def _posted_on(self, sale: Sale, basis: str, d: date) -> date | None:
        transaction = sale.transaction
        if basis == "event":
            return transaction.known_on
        if basis == "paid":
            return None if transaction.paid_on is None else max(transaction.known_on, transaction.paid_on)
        assert basis == "firm"
        return self._firm_on(sale, d)

    def _firm_on(self, sale: Sale, d: date) -> date | None:
        """The first day on which the contract of a sale is firm: one on which something happens to it."""
        transaction = sale.transaction
        versions = self._contracts.versions_of(transaction.contract_id) if transaction.contract_id else []
        if known_version(versions, transaction.known_on) is None:
            return transaction.known_on
        payments = self._payments[transaction.customer_id, transaction.lob, transaction.contract_id]
        days = set()
        for recorded_on, contract in versions:
            days |= {recorded_on or date.min, contract.handover_date or date.min}
        for payment in payments:
            days |= {payment.transaction.known_on, *(refund.known_on for refund in refunds_of(payment))}
        share = self._rules.parameter("sale_firm_paid_share", transaction.event_date)
        for day in sorted(day for day in days if day <= d):
            contract = known_version(versions, day)
            if contract is not None and is_firm(contract, payments, share, day):
                return max(day, transaction.known_on)
        return None


def known_version(versions: list[tuple[date | None, Contract]], day: date) -> Contract | None:
    """The version of a contract that is known on a day."""
    known = [contract for recorded_on, contract in versions if recorded_on is None or recorded_on <= day]
    return known[-1] if known else None


def is_firm(contract: Contract, payments: list[Sale], share: Fraction, day: date) -> bool:
    """Whether the sale of a home can be counted on."""
    if contract.cancelled_on is not None and contract.cancelled_on <= day:
        return False
    if not contract.total_cents or (contract.handover_date is not None and contract.handover_date <= day):
        return True
    paid = sum(state.original_net for state in (state_at(payment, day) for payment in payments) if state is not None)
    return Fraction(paid, contract.total_cents) >= share


def qualifying_entries(earnings: Iterable[Earning], d: date) -> list[Entry]:
    """What sales count for cards, and what refunds take off."""
    entries = []
    for earning in earnings:
        still = earning.qualifying(earning.net)
        entries.append(_entry(earning, QUALIFYING, "earn", still, earning.posted_on))
        for refund in earning.refunds(d):
            change = min(still, earning.qualifying(refund.net)) - still
            still += change
            entries.append(_entry(earning, QUALIFYING, "reversal", change, refund.known_on, refund.transaction))
    return [entry for entry in entries if entry.points != 0]


@dataclass
class Grant:
    """A lot as granted, and the reversals of it in order."""

    entry: Entry
    reversals: list[Entry] = field(default_factory=list)


def grants(earnings: Iterable[Earning], rules: Rules, rank_on: RankOn, d: date) -> list[Grant]:
    """The lots that the sales of one account earn, with what refunds take back."""
    by_day = defaultdict(list)
    for earning in sorted(earnings, key=lambda earning: earning.order):
        by_day[earning.day].append(earning)
    found = []
    for same_day in by_day.values():
        running = 0
        for earning in same_day:
            multiplier = _multiplier(earning, rules, rank_on)
            cap = earning.rate["day_cap"]
            after = running + earning.points(earning.net, multiplier)
            granted = capped(after, cap) - capped(running, cap)
            running = after
            found.append(_granted(earning, granted, multiplier, d))
        found += _bonus(same_day, d)
    return [grant for grant in found if grant.entry.points > 0]


def _multiplier(earning: Earning, rules: Rules, rank_on: RankOn) -> Fraction:
    transaction = earning.transaction
    on = transaction.event_date
    rank = rank_on(transaction.customer_id, on - timedelta(days=1))
    return rules.card_multiplier(rank, on) * rules.partner_multiplier(transaction.partner_id, on)


def _granted(earning: Earning, granted: int, multiplier: Fraction, d: date) -> Grant:
    grant = Grant(_entry(earning, REDEEMABLE, "earn", granted, earning.posted_on, multiplier=multiplier))
    still = granted
    for refund in earning.refunds(d):
        change = min(granted, earning.points(refund.net, multiplier)) - still
        still += change
        if change:
            told = _entry(earning, REDEEMABLE, "reversal", change, refund.known_on, refund.transaction, multiplier)
            grant.reversals.append(told)
    return grant


def _bonus(same_day: list[Earning], d: date) -> list[Grant]:
    """The bonus of a line and day, if there is one."""
    first = next((earning for earning in same_day if earning.net > 0), None)
    if first is None or not first.rate["bonus_points"]:
        return []
    points = int(Fraction(first.rate["bonus_points"]))
    grant = Grant(_entry(first, REDEEMABLE, "bonus", points, first.posted_on))
    known = sorted({r.known_on for e in same_day for r in refunds_of(e.sale) if first.posted_on < r.known_on <= d})
    for day in known:
        posted = [earning for earning in same_day if earning.posted_on <= day]
        if all(state_at(earning.sale, day).net == 0 for earning in posted):
            grant.reversals.append(_entry(first, REDEEMABLE, "reversal", -points, day))
            break
    return [grant]


def _entry(
    earning: Earning,
    currency: str,
    entry_type: str,
    points: int,
    posted_on: date,
    refund: Transaction | None = None,
    multiplier: Fraction | None = None,
) -> Entry:
    """An entry of a sale; of a refund of it where one is given."""
    transaction, source = earning.transaction, refund or earning.transaction
    available_on = max(posted_on, earning.available_on)
    return Entry(
        account_id=earning.account.account_id,
        customer_id=transaction.customer_id,
        currency=currency,
        entry_type=entry_type,
        source_table=TRANSACTIONS,
        source_system=source.source_system,
        source_id=source.txn_id,
        points=points,
        event_at=source.event_at,
        event_date=transaction.event_date,
        posted_on=posted_on,
        entry_on=posted_on if currency == QUALIFYING else available_on,
        available_on=None if currency == QUALIFYING else available_on,
        lob=transaction.lob,
        partner_id=transaction.partner_id,
        multiplier=multiplier,
    )
