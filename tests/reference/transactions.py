"""Sections 2 and 3: what becomes of each delivered transaction."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction

from tests.reference.clocks import known_on, local_date
from tests.reference.delivery import Delivery, Options
from tests.reference.numbers import round_half_away
from tests.reference.policy import Policy, TxnType
from tests.reference.text import normalise, parse_date, parse_money, parse_number, parse_timestamp
from tests.reference.versions import cutoff_of, read_versions

OLDEST = date(1990, 1, 1)
LARGEST_CENTS = 100_000_000_000 * 100
HIGHEST_RATE = 100_000  # exclusive
LOWEST_MARGIN = Fraction(-100)
LONGEST_ID = 64
MONEY_COLUMNS = {"amount", "gross_amount", "discount_amount", "tax_amount", "cost_amount"}
DATE_COLUMNS = {"due_date", "period_start", "period_end"}
MOMENT_COLUMNS = {"event_at", "paid_at", "recorded_at"}
CURRENCY_ALIASES = {"RMB": "CNY"}
Cells = dict[str, str | None]


@dataclass(frozen=True)
class Fate:
    """What became of one delivered row: accepted, rejected (with the rule) or duplicate."""

    txn_id: str | None
    outcome: str
    rule_id: str | None = None


@dataclass(frozen=True)
class Transaction:
    """A typed transaction. Amounts in cents of `currency`; `margin_rate` is a multiple of 1e-6."""

    source_system: str
    txn_id: str
    customer_id: str
    lob: str
    role: str
    sign: int
    event_at: datetime
    event_date: date
    known_on: date
    is_hidden: bool
    cents: int
    currency: str
    quantity: Fraction
    margin_rate: Fraction
    is_margin_assumed: bool
    contract_id: str | None
    order_id: str | None
    original_txn_id: str | None
    category: str | None
    paid_on: date | None
    due_date: date | None
    txn_type: str = "purchase"
    channel: str | None = None
    gross_cents: int | None = None
    discount_cents: int | None = None
    is_void: bool = False
    product_id: str | None = None
    partner_id: str | None = None

    def is_seen(self, d: date) -> bool:
        """Whether a review at d sees this row."""
        return self.known_on <= d and not self.is_hidden

    @property
    def key(self) -> tuple[str, str]:
        """What identifies the transaction."""
        return self.source_system, self.txn_id

    @property
    def time_order(self) -> tuple[date, datetime, str, str]:
        """The order in which things became known."""
        return self.known_on, self.event_at, self.txn_id, self.source_system


class Rates:
    """Exchange rates: the last one on or before a day, not too old."""

    def __init__(self, delivery: Delivery, options: Options, policy: Policy) -> None:
        """Of several rates for a currency and day the one recorded last counts."""
        self._policy = policy
        self._reporting_currency = options.reporting_currency
        self._by_currency: dict[str, dict[date, Fraction]] = defaultdict(dict)
        for version in read_versions(delivery.fx_rates, options):
            day = parse_date(version.cells.get("rate_date"), options.date_order)
            rate = parse_number(version.cells.get("rate_to_reporting"))
            if day and rate and 0 < rate < HIGHEST_RATE and version.cells.get("currency"):
                self._by_currency[version.cells["currency"]][day] = rate

    def rate(self, currency: str, on: date) -> Fraction | None:
        """The rate to the reporting currency on a day; None when there is none."""
        if currency == self._reporting_currency:
            return Fraction(1)
        days = [day for day in self._by_currency[currency] if day <= on]
        if not days or (on - max(days)).days > self._policy.parameter("fx_max_stale_days", on):
            return None
        return self._by_currency[currency][max(days)]


class Reader:
    """Reads one transaction row after the other: its values and the rules it breaks on its own."""

    def __init__(self, delivery: Delivery, options: Options, policy: Policy) -> None:
        """Of several versions of a product the one recorded last counts."""
        self._options = options
        self._policy = policy
        self._types = policy.txn_types()
        self._rule_order = policy.rule_order("transactions")
        self._cutoff = cutoff_of(options)
        self._products = {
            version.cells["product_id"]: version.cells
            for version in read_versions(delivery.products, options)
            if version.cells.get("product_id") is not None and version.cells.get("lob") in policy.lob_names()
        }

    def _moment(self, text: str | None) -> datetime | None:
        return parse_timestamp(text, self._options.source_timezone, self._options.date_order)

    def _local(self, moment: datetime | None) -> date | None:
        return local_date(moment, self._options.business_tz) if moment else None

    def type_of(self, cells: Cells) -> str:
        """The transaction type: as delivered, else refund where the amount is negative, else purchase."""
        cents = parse_money(cells.get("amount"))
        return cells.get("txn_type") or ("refund" if cents is not None and cents < 0 else "purchase")

    def currency_of(self, cells: Cells) -> str:
        """The currency: as delivered, else the reporting currency."""
        currency = cells.get("currency") or self._options.reporting_currency
        return CURRENCY_ALIASES.get(currency, currency)

    def system_of(self, cells: Cells) -> str:
        """The system that delivered the row."""
        return cells.get("source_system") or self._options.default_source_system

    def content(self, cells: Cells) -> dict[str, object]:
        """The cells as they were read: two rows of one key and content are the same row."""
        return {c: self._as_read(c, text) for c, text in cells.items() if c not in ("source_system", "batch_id")}

    def _as_read(self, column: str, text: str | None) -> object:
        if column in MONEY_COLUMNS:
            return parse_money(text)
        if column in DATE_COLUMNS:
            return parse_date(text, self._options.date_order)
        if column in MOMENT_COLUMNS:
            return self._moment(text)
        if column == "quantity":
            return parse_number(text)
        return CURRENCY_ALIASES.get(text, text) if column == "currency" else text

    def _entry(self, cells: Cells) -> TxnType | None:
        txn_type = self.type_of(cells)
        direction = cells.get("direction") if txn_type == "adjustment" else None
        return self._types.get((txn_type, direction or ""))

    def known_on(self, cells: Cells) -> date | None:
        """The first date a review can see the row; None where its date cannot be read."""
        event_date = self._local(self._moment(cells.get("event_at")))
        recorded_on = self._local(self._moment(cells.get("recorded_at")))
        return known_on(event_date, recorded_on) if event_date else None

    def broken_rules(self, cells: Cells, as_of: date) -> list[str]:
        """The rules this row breaks on its own, in rule order."""
        event_date = self._local(self._moment(cells.get("event_at")))
        cents = parse_money(cells.get("amount"))
        quantity = parse_number(cells.get("quantity"))
        txn_type = self.type_of(cells)
        entry = self._entry(cells)
        currency = self.currency_of(cells)
        is_letters = len(currency) == 3 and currency.isascii() and currency.isalpha()
        is_known_type = any(txn_type == known for known, _ in self._types)
        checks = {
            "customer_id_missing": cells.get("customer_id") is None,
            "txn_id_missing": cells.get("txn_id") is None,
            "event_at_unparsable": event_date is None,
            "event_at_future": event_date is not None and event_date > as_of + timedelta(days=1),
            "event_at_too_old": event_date is not None and event_date < OLDEST,
            "amount_unparsable": cents is None,
            "amount_out_of_range": cents is not None and abs(cents) >= LARGEST_CENTS,
            "txn_type_unknown": not is_known_type,
            "direction_missing": is_known_type and entry is None,
            "negative_amount": cents is not None and cents < 0 and entry is not None and entry.role != "reversal",
            "id_too_long": any(len(cells[column] or "") > LONGEST_ID for column in ("txn_id", "customer_id")),
            "lob_missing": "lob" in cells and cells["lob"] is None,
            "lob_unknown": (cells.get("lob") or self._options.default_lob) not in self._policy.lob_names(),
            "currency_unknown": not is_letters,
            "quantity_negative": quantity is not None and quantity < 0,
        }
        return sorted((rule for rule, is_broken in checks.items() if is_broken), key=self._rule_order.__getitem__)

    def read(self, cells: Cells) -> Transaction:
        """The typed transaction of a row that breaks no rule on its own."""
        event_at = self._moment(cells["event_at"])
        event_date = self._local(event_at)
        recorded_at = self._moment(cells.get("recorded_at"))
        is_void = cells.get("payment_status") == "void"
        entry = self._entry(cells)
        cents = abs(parse_money(cells["amount"]))
        lob = cells.get("lob") or self._options.default_lob
        product = self._products.get(cells.get("product_id"), {})
        margin_rate, is_assumed = self._margin(cells, product, cents, lob, event_date)
        category = cells.get("category") or product.get("category")
        quantity = parse_number(cells.get("quantity"))
        return Transaction(
            source_system=self.system_of(cells),
            txn_id=cells["txn_id"],
            customer_id=cells["customer_id"],
            lob=lob,
            role="none" if is_void else entry.role,
            sign=0 if is_void else entry.sign,
            event_at=event_at,
            event_date=event_date,
            known_on=self.known_on(cells),
            is_hidden=self._cutoff is not None and (recorded_at or event_at) > self._cutoff,
            cents=cents,
            currency=self.currency_of(cells),
            quantity=Fraction(1) if quantity is None else quantity,
            margin_rate=margin_rate,
            is_margin_assumed=is_assumed,
            contract_id=cells.get("contract_id"),
            order_id=cells.get("order_id"),
            original_txn_id=cells.get("original_txn_id"),
            category=None if category == "unknown" else category,
            paid_on=self._paid_on(cells, event_date),
            due_date=parse_date(cells.get("due_date"), self._options.date_order),
            txn_type=self.type_of(cells),
            channel=cells.get("channel"),
            gross_cents=parse_money(cells.get("gross_amount")),
            discount_cents=parse_money(cells.get("discount_amount")),
            is_void=is_void,
            product_id=cells.get("product_id"),
            partner_id=cells.get("partner_id"),
        )

    def _margin(self, cells: Cells, product: Cells, cents: int, lob: str, on: date) -> tuple[Fraction, bool]:
        """The margin rate, and whether it is the line's default."""
        cost = parse_money(cells.get("cost_amount"))
        if cost is not None and cents != 0:
            millionths = round_half_away(Fraction(cents - cost, cents) * 1_000_000)
            return max(LOWEST_MARGIN, Fraction(millionths, 1_000_000)), False
        of_product = parse_number(product.get("default_margin_rate"))
        if of_product is not None and 0 <= of_product <= 1:
            return of_product, False
        return self._policy.lobs(on)[lob].default_margin_rate, True

    def _paid_on(self, cells: Cells, event_date: date) -> date | None:
        """The day a bill was paid, as far as the row says."""
        paid_at = self._moment(cells.get("paid_at"))
        status = cells.get("payment_status")
        if paid_at is not None and paid_at.year >= 1990:
            return self._local(paid_at)
        is_unsaid = status is None and cells.get("due_date") is None
        return event_date if status == "paid" or is_unsaid else None


def cells_of(delivery: Delivery) -> list[Cells]:
    """The delivered cells of each transaction, normalised; columns outside the header are not there."""
    return [{c: normalise(row.get(c)) for c in delivery.transaction_columns} for row in delivery.transactions]


def duplicate_fates(rows: list[Cells], reader: Reader) -> dict[int, Fate]:
    """The rows that are exact duplicates or in conflict, by their position."""
    positions = defaultdict(list)
    for position, cells in enumerate(rows):
        if cells["txn_id"] is not None:
            positions[reader.system_of(cells), cells["txn_id"]].append(position)
    fates = {}
    for (_, txn_id), members in positions.items():
        contents = [reader.content(rows[member]) for member in members]
        if any(content != contents[0] for content in contents):
            fates |= {member: Fate(txn_id, "rejected", "duplicate_conflict") for member in members}
        else:
            fates |= {member: Fate(txn_id, "duplicate") for member in members[1:]}
    return fates
