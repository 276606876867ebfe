"""Deliveries with deliberately nasty content.

Hypothesis draws who lives which stories; the seed drawn with each story fills in its details, so that a failing
history shrinks to few customers with few stories.
"""

import csv
import re
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

from hypothesis import strategies as st

from tests.reference import Delivery, Options
from tests.reference.clocks import add_months, quarter_ends_before
from tests.reference.delivery import POLICY_FOLDER

REQUIRED = ("txn_id", "customer_id", "event_at", "amount")
ALL_COLUMNS = (
    *REQUIRED,
    "lob",
    "source_system",
    "txn_type",
    "direction",
    "original_txn_id",
    "contract_id",
    "order_id",
    "product_id",
    "category",
    "currency",
    "cost_amount",
    "quantity",
    "payment_status",
    "paid_at",
    "due_date",
    "recorded_at",
    "channel",
    "gross_amount",
    "discount_amount",
)
HEADERS = {
    "full": ALL_COLUMNS,
    "without_original": tuple(column for column in ALL_COLUMNS if column != "original_txn_id"),
    "required": REQUIRED,
    "small": (*REQUIRED, "lob", "txn_type", "original_txn_id", "recorded_at"),
    "small_without_original": (*REQUIRED, "lob", "recorded_at"),
}
AS_OF_DATES = [date(2024, 2, 29), date(2024, 12, 31), date(2025, 3, 31), date(2025, 8, 15), date(2023, 3, 1)]
CONTRACT_LINES = ("lease", "energy", "property_service")
THRESHOLD_AMOUNTS = ("200", "800", "2000", "5000", "15000", "50000", "199999.99", "200000", "200000.01")
CENT_AMOUNTS = ("0.01", "0.03", "0.05", "1.00", "9.99", "33.33", "120.50", "1000", "14285.72")


@dataclass
class Author:
    """Writes the rows of one story; `rng` is the only source of chance."""

    rng: Random
    as_of: date
    delivery: Delivery
    customer_id: str

    def day(self, back: int) -> date:
        """A day at most so many days before as_of; quarter ends, leap days and month ends are frequent."""
        special = [
            self.as_of,
            self.as_of - timedelta(days=364),
            self.as_of - timedelta(days=365),
            self.as_of - timedelta(days=729),
            self.as_of - timedelta(days=730),
            date(2024, 2, 29),
            date(2020, 2, 29),
            add_months(self.as_of, -12),
            add_months(self.as_of, -60),
            *quarter_ends_before(self.as_of)[:6],
        ]
        special = [day for day in special if self.as_of - timedelta(days=back) <= day <= self.as_of]
        if special and self.rng.random() < 0.3:
            return self.rng.choice(special)
        return self.as_of - timedelta(days=self.rng.randint(0, back))

    def moment(self, day: date) -> str:
        """A text whose date in China is the given day; often near a midnight of China or of Greenwich."""
        times = [None, None, time(0, 0), time(0, 30), time(7, 59, 59), time(8, 0), time(12), time(23, 59)]
        clock = self.rng.choice(times)
        if clock is None:
            return self.rng.choice([day.isoformat(), f"{day:%Y/%m/%d}", f"{day:%Y%m%d}"])
        local = datetime.combine(day, clock)
        utc = local - timedelta(hours=8)
        return self.rng.choice(
            [
                f"{local:%Y-%m-%d %H:%M:%S}",
                f"{local:%Y-%m-%dT%H:%M:%S}+08:00",
                f"{utc:%Y-%m-%dT%H:%M:%S}Z",
                f"{utc:%Y-%m-%d %H:%M}+00:00",
            ]
        )

    def recorded(self, day: date) -> dict[str, str]:
        """When the row was recorded: often not told, sometimes late, even across reviews."""
        late = self.rng.choice([None, None, None, 0, 1, 5, 40, 100, 200])
        return {} if late is None else {"recorded_at": self.moment(day + timedelta(days=late))}

    def txn_id(self) -> str:
        """A new transaction id; ids do not follow time."""
        return f"T{self.rng.randrange(1000):03d}-{len(self.delivery.transactions)}"

    def amount(self) -> str:
        """Cents, thresholds, round hundreds and a rare zero."""
        kind = self.rng.random()
        if kind < 0.04:
            return "0"
        if kind < 0.25:
            return self.rng.choice(THRESHOLD_AMOUNTS)
        if kind < 0.45:
            return self.rng.choice(CENT_AMOUNTS)
        return f"{self.rng.randint(1, 60) * 100}.{self.rng.choice(['00', '00', '50', '99'])}"

    def transaction(self, day: date, amount: str, **cells: str) -> dict[str, str]:
        """Add a transaction of the customer."""
        row = {"txn_id": self.txn_id(), "customer_id": self.customer_id, "event_at": self.moment(day), "amount": amount}
        row |= self.recorded(day) if "recorded_at" not in cells else {}
        row |= cells
        self.delivery.transactions.append({column: text for column, text in row.items() if text != ""})
        return row

    def sale(self, day: date, amount: str, lob: str = "venue", **cells: str) -> dict[str, str]:
        """Add a sale."""
        return self.transaction(day, amount, **({"lob": lob, "txn_type": "purchase"} | cells))

    def refund(self, sale: dict[str, str], day: date, amount: str, **cells: str) -> dict[str, str]:
        """Add a refund that names its sale; sometimes written as a negative amount."""
        sign = "-" if self.rng.random() < 0.4 and amount != "0" else ""
        same = {column: sale[column] for column in ("lob", "currency") if column in sale}
        named = {"txn_type": self.rng.choice(["refund", "cancellation"]), "original_txn_id": sale["txn_id"]}
        return self.transaction(day, sign + amount, **(same | named | cells))

    def contract(self, lob: str, **cells: str) -> str:
        """Add a contract and give its id."""
        contract_id = f"K{len(self.delivery.contracts)}"
        row = {"contract_id": contract_id, "customer_id": self.customer_id, "lob": lob, "status": "active"} | cells
        self.delivery.contracts.append({column: text for column, text in row.items() if text != ""})
        return contract_id


def visits(author: Author) -> None:
    """Venue visits: several on one day, one order on two days, products with and without margin."""
    rng = author.rng
    for _ in range(rng.randint(1, 5)):
        day = author.day(800)
        cells = {
            "order_id": rng.choice(["", "", f"O{rng.randrange(4)}"]),
            "product_id": rng.choice(["", "", "P0", "P1", "P2", "P-missing"]),
            "category": rng.choice(["", "", "spa", "ride", "unknown"]),
            "quantity": rng.choice(["", "1", "2.5", "0.125", "0"]),
            "payment_status": rng.choice(["", "paid", "unpaid", "partial"]),
        }
        for _ in range(rng.choice([1, 1, 2])):
            author.sale(day, author.amount(), **cells)
        if rng.random() < 0.2:
            author.sale(min(author.as_of, day + timedelta(days=1)), author.amount(), **cells)


def regulars(author: Author) -> None:
    """Many visits, around the frequency cuts."""
    cells = {"product_id": author.rng.choice(["", "P0", "P1"]), "category": author.rng.choice(["", "spa"])}
    for _ in range(author.rng.choice([2, 3, 5, 6, 11, 12, 13])):
        author.sale(author.day(730), author.amount(), **cells)


def refunds(author: Author) -> None:
    """A sale and what comes back: at once, in parts across quarter ends, late, too much, before it was recorded."""
    rng = author.rng
    kind = rng.choice(["same_day", "parts", "too_much", "before", "late", "twice", "zero"])
    day = author.day(500)
    amount = author.amount()
    lob = rng.choice(["venue", "venue", "lease", "property_sale", "energy"])
    if kind == "before":
        sale = author.sale(day, amount, lob, recorded_at=author.moment(day + timedelta(days=rng.choice([3, 60, 120]))))
        author.refund(sale, day, amount, recorded_at=author.moment(day))
        return
    sale = author.sale(day, amount, lob)
    cents = Decimal(amount)
    if kind == "same_day":
        author.refund(sale, day, amount)
    elif kind == "parts":
        for part in (Decimal("0.25"), Decimal("0.5"), Decimal("0.25")):
            later = min(author.as_of, day + timedelta(days=rng.choice([1, 50, 95, 190])))
            author.refund(sale, later, str((cents * part).quantize(Decimal("0.01"))))
    elif kind == "too_much":
        author.refund(sale, author.day(100), str(cents + Decimal(rng.choice(["0.01", "500"]))))
    elif kind == "twice":
        author.refund(sale, author.day(200), amount)
        author.refund(sale, author.day(200), amount)
    elif kind == "zero":
        author.refund(sale, day, "0")
    else:
        author.refund(sale, day, amount, recorded_at=author.moment(day + timedelta(days=rng.choice([1, 90, 200]))))


def orphan_refunds(author: Author) -> None:
    """Refunds that name nothing, a missing sale, or a row that is no sale."""
    rng = author.rng
    deposit = author.transaction(author.day(300), author.amount(), lob="venue", txn_type="deposit")
    for original in rng.sample(["", "T-missing", deposit["txn_id"], "T000-0"], 2):
        author.transaction(author.day(300), author.amount(), lob="venue", txn_type="refund", original_txn_id=original)


def homes(author: Author) -> None:
    """Homes bought, in instalments or at once, around the thresholds of the tier rule."""
    rng = author.rng
    for _ in range(rng.choice([1, 1, 2])):
        day = author.day(2400)
        total = rng.choice(["3000000", "2999999.99", "1000000", "10000000", "", "0"])
        price = Decimal(total or "1500000") or Decimal("1500000")
        contract_id = author.contract(
            "property_sale",
            status=rng.choice(["signed", "signed", "subscribed", "active"]),
            signed_at=author.moment(day),
            total_amount=total,
            handover_date=rng.choice(["", (day + timedelta(days=rng.choice([30, 400]))).isoformat()]),
            recorded_at=rng.choice(["", author.moment(day + timedelta(days=rng.choice([0, 120])))]),
        )
        if rng.random() < 0.25:
            ended_on = min(author.as_of, day + timedelta(days=rng.choice([10, 100, 300])))
            version = author.delivery.contracts[-1] | {"status": "cancelled"}
            version["cancelled_at"] = rng.choice([author.moment(ended_on), ""])
            version["recorded_at"] = f"{rng.choice([ended_on, author.as_of])} 13:14:15"
            author.delivery.contracts.append({column: text for column, text in version.items() if text != ""})
        by_contract = {"contract_id": contract_id}
        key = rng.choice([by_contract, by_contract, {"order_id": f"H{contract_id}"}, {}])
        for share in rng.choice([["1"], ["0.3"], ["0.29"], ["0.1", "0.2"], ["0.3", "0.7"], ["0.5", "0.5"]]):
            part = str((price * Decimal(share)).quantize(Decimal("0.01")))
            paid = min(author.as_of, day + timedelta(days=rng.choice([0, 0, 45, 200])))
            sale = author.sale(paid, part, "property_sale", category=rng.choice(["", "home", "parking"]), **key)
        if rng.random() < 0.2:
            author.refund(sale, author.day(200), sale["amount"])


def bills(author: Author) -> None:
    """Monthly bills of a contract line: paid, unpaid, overdue exactly at the grace, with and without contract."""
    rng = author.rng
    lob = rng.choice(CONTRACT_LINES)
    start = author.day(900)
    kind = rng.choice(["open", "ends", "cancelled", "two_versions", "signed_only", "future_end", "none", "subscribed"])
    contract_id = bill_contract(author, lob, start, kind)
    day = start
    for _ in range(rng.randint(1, 14)):
        if day > author.as_of:
            break
        bill = {"lob": lob, "txn_type": "bill", "contract_id": rng.choice([contract_id, contract_id, ""])}
        author.transaction(day, author.amount(), **(bill | payment(author, day)))
        day = add_months(day, rng.choice([1, 1, 1, 2]))
    if rng.random() < 0.3:
        credited = {
            "lob": lob,
            "txn_type": "bill_credit",
            "original_txn_id": author.delivery.transactions[-1]["txn_id"],
        }
        author.transaction(author.day(100), author.amount(), **credited)


def bill_contract(author: Author, lob: str, start: date, kind: str) -> str:
    """A contract of the given kind; its id, empty where there is none."""
    end = start + timedelta(days=author.rng.choice([60, 200, 365, (author.as_of - start).days]))
    told = {"start_date": start.isoformat(), "recorded_at": author.rng.choice(["", author.moment(start)])}
    if kind == "none":
        return ""
    if kind == "ends":
        return author.contract(lob, **told, status="ended", end_date=end.isoformat())
    if kind == "cancelled":
        return author.contract(lob, **told, status="cancelled", end_date="", cancelled_at=author.moment(end))
    if kind == "signed_only":
        return author.contract(lob, status="signed", signed_at=author.moment(start))
    if kind == "future_end":
        return author.contract(lob, **told, end_date=(author.as_of + timedelta(days=100)).isoformat())
    if kind == "subscribed":
        return author.contract(lob, status="subscribed", signed_at=author.moment(start))
    contract_id = author.contract(lob, **told)
    if kind == "two_versions":
        version = author.delivery.contracts[-1] | {"status": "ended", "end_date": end.isoformat()}
        author.delivery.contracts.append(version | {"recorded_at": f"{end + timedelta(days=1)} 13:14:15"})
    return contract_id


def payment(author: Author, day: date) -> dict[str, str]:
    """How far a bill is paid; due dates sit around the grace of 30 days before as_of."""
    rng = author.rng
    due = rng.choice([day + timedelta(days=15), author.as_of - timedelta(days=rng.choice([29, 30, 31]))]).isoformat()
    return rng.choice(
        [
            {},
            {"payment_status": "paid"},
            {"payment_status": "paid", "paid_at": author.moment(day + timedelta(days=rng.choice([0, 10, 70])))},
            {"paid_at": author.moment(author.as_of), "due_date": due},
            {"payment_status": "unpaid", "due_date": due},
            {"due_date": due},
            {"payment_status": "partial"},
        ]
    )


def thresholds(author: Author) -> None:
    """Contribution and spend exactly on a policy threshold, a cent below and a cent above."""
    rng = author.rng
    base = Decimal(rng.choice(["200", "800", "2000", "4000", "5000", "15000", "50000", "200000", "2000000"]))
    amount = base + Decimal(rng.choice(["0", "0", "-0.01", "0.01"]))
    lob = rng.choice(["venue", "energy", "lease", "property_sale"])
    cost = rng.choice(["0", "0", "", str(amount / 2), str(amount * 2)])
    author.sale(author.day(364), str(amount), lob, cost_amount=cost)


def currencies(author: Author) -> None:
    """Foreign sales with rates 7 and 8 days old, none at all, and refunds in another currency."""
    rng = author.rng
    for _ in range(rng.randint(1, 3)):
        currency = rng.choice(["USD", "USD", "EUR", "JPY", "CNY", "RMB", "GBP"])
        day = author.as_of - timedelta(days=rng.choice([0, 5, 7, 8, 30, 37, 38, 200]))
        sale = author.sale(day, author.amount(), currency=currency, contract_id="", category="abroad")
        if rng.random() < 0.5:
            back = rng.choice([currency, "USD", "CNY", "GBP"])
            author.refund(sale, author.day(30), author.amount(), currency=back)


def adjustments(author: Author) -> None:
    """Credits and debits, deposits and void rows."""
    rng = author.rng
    lob = rng.choice(["venue", "lease", "property_sale"])
    for _ in range(rng.randint(1, 3)):
        kind = rng.choice(["credit", "debit", "credit", "deposit", "deposit_return", "void", "void_refund"])
        day = author.day(500)
        if kind in ("credit", "debit"):
            author.transaction(day, author.amount(), lob=lob, txn_type="adjustment", direction=kind)
        elif kind == "void":
            author.sale(day, author.amount(), lob, payment_status="void")
        elif kind == "void_refund":
            author.transaction(day, author.amount(), lob=lob, txn_type="refund", payment_status="void")
        else:
            author.transaction(day, author.amount(), lob=lob, txn_type=kind)


def duplicates(author: Author) -> None:
    """A row delivered twice, in the same or in other words."""
    rng = author.rng
    row = author.sale(author.day(300), author.amount())
    copy = dict(author.delivery.transactions[-1])
    if rng.random() < 0.5:
        copy["amount"] = "77.70"
    elif rng.random() < 0.5:
        copy["amount"] = rng.choice([f" {row['amount']}\u200b", f"¥{row['amount']}"])
    author.delivery.transactions.append(copy)


def other_systems(author: Author) -> None:
    """The same transaction number in two systems, and a refund that means one of them."""
    day = author.day(300)
    one = author.sale(day, author.amount())
    author.sale(day, author.amount(), txn_id=one["txn_id"], source_system="pos")
    author.refund(one, day, "1.00", source_system=author.rng.choice(["", "pos", "erp"]))


def strangers(author: Author) -> None:
    """Transactions of somebody no customer file knows."""
    stranger = replace(author, customer_id=f"X{author.rng.randrange(3)}")
    for story in author.rng.sample([visits, refunds, bills, homes, adjustments], 2):
        story(stranger)


def dirty_rows(author: Author) -> None:
    """Rows that break a rule, and rows that only look odd."""
    rng = author.rng
    day = author.day(300)
    cells: dict[str, str] = {"lob": "venue", "txn_type": "purchase"}
    cells |= rng.choice(
        [
            {"amount": "twelve"},
            {"amount": "1e5"},
            {"amount": ""},
            {"amount": "100000000000"},
            {"amount": "-5.00"},
            {"amount": "¥1,234.50"},
            {"amount": "（12.00）", "txn_type": "refund", "original_txn_id": "T-missing"},
            {"amount": "１２.３４５"},
            {"event_at": "2023-02-29"},
            {"event_at": "soon"},
            {"event_at": "1989-12-31"},
            {"event_at": (author.as_of + timedelta(days=1)).isoformat()},
            {"event_at": (author.as_of + timedelta(days=2)).isoformat()},
            {"lob": "casino"},
            {"lob": "-"},
            {"txn_type": "gift"},
            {"txn_type": ""},
            {"txn_type": "adjustment"},
            {"txn_type": "adjustment", "direction": "sideways"},
            {"currency": "EURO"},
            {"currency": "E1R"},
            {"quantity": "-1"},
            {"quantity": "some"},
            {"customer_id": "N/A"},
            {"customer_id": "C-unknown"},
            {"txn_id": "—"},
            {"txn_id": "X" * 65},
            {"customer_id": "X" * 65},
            {"recorded_at": "yesterday"},
        ]
    )
    author.transaction(day, cells.pop("amount", "50"), **cells)


Story = Callable[[Author], None]
STORIES: list[Story] = [
    visits,
    regulars,
    refunds,
    refunds,
    bills,
    bills,
    homes,
    thresholds,
    currencies,
    adjustments,
    orphan_refunds,
    duplicates,
    other_systems,
    strangers,
    dirty_rows,
]


def write_customer(author: Author) -> None:
    """One or two rows of a customer: kinds, consents, and versions recorded at different times."""
    rng = author.rng
    row = {
        "customer_id": author.customer_id,
        "customer_type": rng.choice(["", *["person"] * 10, *["company"] * 5, "alien"]),
        "status": rng.choice(["", *["active"] * 16, "test", "staff", "deceased", "closed", "asleep"]),
        "marketing_consent": rng.choice(["", "true", "yes", "false"]),
        "profiling_consent": rng.choice(["", *["true"] * 8, "false"]),
        "recorded_at": rng.choice(["", "", "", author.moment(author.day(900))]),
        "created_at": rng.choice(["", "", "", author.moment(author.day(900))]),
    }
    author.delivery.customers.append(row)
    if rng.random() < 0.3:
        recorded_on = author.as_of - timedelta(days=rng.randint(0, 400))
        clock = rng.choice(["recorded_at", "recorded_at", "updated_at"])
        later = {"customer_id": author.customer_id, clock: f"{recorded_on} 13:14:15"}
        later |= {
            "status": rng.choice(["", "active", "closed"]),
            "profiling_consent": rng.choice(["", "false", "true"]),
        }
        author.delivery.customers.append(later)


def write_products(delivery: Delivery, rng: Random) -> None:
    """Two products with a margin, one without, one delivered twice."""
    delivery.products.extend(
        [
            {"product_id": "P0", "lob": "venue", "category": "spa", "default_margin_rate": "0.5"},
            {"product_id": "P1", "lob": "venue", "category": "ride", "default_margin_rate": ""},
            {"product_id": "P2", "lob": "venue", "category": "unknown", "default_margin_rate": "0.123456"},
        ]
    )
    if rng.random() < 0.3:
        newer = {"default_margin_rate": "0.75", "category": "food", "recorded_at": "2022-01-01 10:00:00"}
        delivery.products.append(delivery.products[0] | newer)


def write_rates(delivery: Delivery, as_of: date, rng: Random) -> None:
    """Rates with gaps of exactly 7 and 8 days before some sales; none for GBP."""
    for currency, rate in (("USD", "7.123456"), ("EUR", "7.9"), ("JPY", "0.04871")):
        for back in (0, 37, 200):
            day = (as_of - timedelta(days=back + rng.choice([0, 0, 1]))).isoformat()
            delivery.fx_rates.append({"currency": currency, "rate_date": day, "rate_to_reporting": rate})
    if rng.random() < 0.3:
        corrected = {"rate_to_reporting": "6.5", "recorded_at": f"{as_of} 12:00:00"}
        delivery.fx_rates.append(delivery.fx_rates[0] | corrected)


@dataclass(frozen=True)
class History:
    """A delivery and the options to grade it with."""

    delivery: Delivery
    options: Options


def only_delivered(delivery: Delivery) -> Delivery:
    """The delivery with the cells outside its header removed."""
    columns = delivery.transaction_columns
    rows = [{c: text for c, text in row.items() if c in columns} for row in delivery.transactions]
    return replace(delivery, transactions=rows)


def in_date_order(delivery: Delivery, order: str) -> Delivery:
    """The delivery with its dates written in another order of day, month and year.

    YYYY-MM-DD is understood in every file: it stays in customers and contracts.
    """
    every = {"ymd": r"\1\2\3\2\4", "dmy": r"\4\2\3\2\1", "mdy": r"\3\2\4\2\1"}[order]

    def turned(rows: list[dict[str, str]], between: str = "[-/]") -> list[dict[str, str]]:
        pattern = rf"^(\d{{4}})({between})(\d\d)\2(\d\d)"
        return [{column: re.sub(pattern, every, text) for column, text in row.items()} for row in rows]

    ordered = {
        field.name: turned(getattr(delivery, field.name), "/" if field.name in ("customers", "contracts") else "[-/]")
        for field in fields(delivery)
        if field.name != "transaction_columns"
    }
    return Delivery(transaction_columns=delivery.transaction_columns, **ordered)


@st.composite
def options(draw: st.DrawFn, as_of: date) -> Options:
    """The vars of a run and the declarations of its source; sometimes the landing decides the as_of_date."""
    is_given = draw(st.sampled_from([True, True, True, False]))
    cutoff = draw(st.sampled_from([None, None, None, None, f"{as_of - timedelta(days=45)} 12:00:00"]))
    return Options(
        as_of_date=as_of if is_given else None,
        landed_on=None if is_given else as_of,
        review_count=draw(st.sampled_from([8, 3, 0])),
        business_tz=draw(st.sampled_from(["Asia/Shanghai", "Asia/Shanghai", "UTC"])),
        reporting_currency=draw(st.sampled_from(["CNY", "CNY", "CNY", "USD"])),
        default_lob=draw(st.sampled_from(["venue", "venue", "lease"])),
        orphan_refund_mode=draw(st.sampled_from(["hold", "subtract"])),
        knowledge_cutoff=cutoff,
        admit_unknown_customers=draw(st.booleans()),
        source_timezone=draw(st.sampled_from(["Asia/Shanghai", "Asia/Shanghai", "Europe/London", "UTC"])),
        date_order=draw(st.sampled_from(["ymd", "ymd", "dmy", "mdy"])),
    )


@st.composite
def histories(
    draw: st.DrawFn,
    min_customers: int = 5,
    max_customers: int = 40,
    headers: tuple[str, ...] = ("full", *HEADERS),
    stories: Sequence[Story] = STORIES,
) -> History:
    """A delivery of 5 to 40 customers with up to four stories each, and the options of its run.

    `headers` are the keys of HEADERS to choose from, `stories` what may be lived.
    """
    as_of = draw(st.sampled_from(AS_OF_DATES))
    header = draw(st.sampled_from(headers))
    delivery = Delivery(customers=[], transactions=[], transaction_columns=HEADERS[header])
    common = Random(draw(st.integers(0, 255)))
    write_products(delivery, common)
    write_rates(delivery, as_of, common)
    seeds = st.integers(0, 255)
    lives = st.tuples(seeds, st.lists(st.tuples(st.sampled_from(stories), seeds), max_size=4))
    people = draw(st.lists(lives, min_size=min_customers, max_size=max_customers))
    for number, (customer_seed, lived) in enumerate(people):
        author = Author(Random(customer_seed), as_of, delivery, f"C{number}")
        write_customer(author)
        for story, seed in lived:
            story(replace(author, rng=Random(seed)))
    delivery.customers.append({"customer_id": "C-sure"})
    Author(common, as_of, delivery, "C-sure").sale(as_of - timedelta(days=700), "10.10", recorded_at="")
    chosen = draw(options(as_of))
    return History(in_date_order(only_delivered(delivery), chosen.date_order), chosen)


PolicyRow = dict[str, str]
PolicyChange = Callable[[PolicyRow], list[PolicyRow]]


def changed_policy(folder: Path, changes: dict[str, PolicyChange]) -> Path:
    """A copy of the policy under `folder`; each row of the named tables is replaced by what its change gives."""
    shutil.copytree(POLICY_FOLDER, folder, dirs_exist_ok=True)
    for table, change in changes.items():
        path = folder / f"{table}.csv"
        with path.open(encoding="utf-8", newline="") as file:
            rows = [changed for row in csv.DictReader(file) for changed in change(row)]
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    return folder


def by_rank(row: PolicyRow) -> list[PolicyRow]:
    """Scores by rank, among few: recency needs more holders than the other measures."""
    return [row | {"mode": "quantile", "min_population": "5" if row["measure"] == "recency" else "3"}]


def from_then_on(day: date, change: Callable[[PolicyRow], PolicyRow]) -> PolicyChange:
    """Each row ends on a day and goes on changed."""

    def split(row: PolicyRow) -> list[PolicyRow]:
        return [row | {"effective_to": day.isoformat()}, change(row) | {"effective_from": day.isoformat()}]

    return split


LINES_FROM_THEN_ON = {
    "venue": {"occasion_basis": "contract", "rfm_window_days": "", "recognition_months": "2", "new_days": "20"},
    "lease": {"rfm_weight": "3", "recognition_months": "3", "default_margin_rate": "0.4"},
    "energy": {"is_contractual": "false", "default_margin_rate": "0.123456"},
    "property_sale": {"occasion_basis": "day", "recognition_months": "12", "rfm_window_days": "1000"},
    "property_service": {"rfm_weight": "0.5"},
}
PARAMETERS_FROM_THEN_ON = {
    "fx_max_stale_days": "6",
    "overdue_grace_days": "10",
    "sale_firm_paid_share": "0.5",
    "lob_cap_share": "0.55",
    "min_coverage": "0.9",
}
RATES_FROM_THEN_ON = {"renewal_share": "0.6", "monthly_leaving_rate": "0.03", "yearly_repurchase_rate": "0.02"}
WEIGHTS_FROM_THEN_ON = {
    "recency": "0.1",
    "frequency": "0.25",
    "monetary": "0.65",
    "rfm": "0.25",
    "clv": "0.2",
    "variety": "0.15",
    "loyalty": "0.05",
    "satisfaction": "0.2",
    "feedback": "0.1",
    "engagement": "0.04",
    "expert": "0.01",
}


def dated_changes(day: date) -> dict[str, PolicyChange]:
    """A new policy from a day on: every table that decides something says something else."""

    def of_parameter(row: PolicyRow) -> PolicyRow:
        return row | {"value": PARAMETERS_FROM_THEN_ON.get(row["parameter"], row["value"])}

    def doubled(column: str) -> Callable[[PolicyRow], PolicyRow]:
        return lambda row: row | {column: str(Decimal(row[column]) * 2)}

    def weighed(column: str) -> Callable[[PolicyRow], PolicyRow]:
        return lambda row: row | {"weight": WEIGHTS_FROM_THEN_ON[row[column]]}

    changes = {
        "policy_lobs": lambda row: row | LINES_FROM_THEN_ON[row["lob"]],
        "policy_parameters": of_parameter,
        "policy_clv_cuts": doubled("lower_bound"),
        "policy_clv_tenure_bands": lambda row: row | RATES_FROM_THEN_ON,
        "policy_rfm_cuts": doubled("bound"),
        "policy_rfm_measures": weighed("measure"),
        "policy_rfm_segments": lambda row: row | {"yields_to_new": "false"},
        "policy_tier_thresholds": doubled("threshold"),
        "policy_tier_weights": weighed("component"),
    }
    return {table: from_then_on(day, change) for table, change in changes.items()}


POLICIES: dict[str, dict[str, PolicyChange]] = {
    "seeds": {},
    "by_rank": {"policy_rfm_measures": by_rank},
    "dated": dated_changes(date(2023, 11, 15)),
}
"""Policies by name: the seeds, scores by rank, and a change of everything on one day."""
