"""All money events of a block: sales of every line, deposits, reversals, adjustments and voids, numbered in time order.

Frames of sales name their customer by position (`customer`) and the sale they take back by position too (`parent`).
"""

from dataclasses import dataclass

import numpy as np

from scripts.sample_data import calendars, schema
from scripts.sample_data.catalogue import CATEGORY_OF_PRODUCT, CURRENCIES, PROPERTY_SALE, USUAL_RATE
from scripts.sample_data.columns import DAY, NULL, Frame, choose, concat, constant, expand, length, take
from scripts.sample_data.contracts import Sales
from scripts.sample_data.people import People
from scripts.sample_data.scenario import Scenario, serials

LATE_SHARE = 0.01
REFUND_SHARE, BILL_CREDIT_SHARE = 0.055, 0.025
FULL_REVERSAL_SHARE = 0.55
ADJUSTMENT_SHARE = 0.004
VOID_SHARE = 0.003
# Shares of the price that are due, and days after the signature, by way of paying.
INSTALMENTS = (
    ((1.0,), (5,)),
    ((0.3, 0.7), (2, 40)),
    ((0.3, 0.12, 0.12, 0.12, 0.12, 0.12, 0.10), (2, 90, 180, 270, 360, 450, 540)),
)
INSTALMENT_SHARES = (0.40, 0.35, 0.25)
COPIED_TO_REVERSAL = (
    "customer",
    "contract_id",
    "order_id",
    "lob",
    "product_id",
    "currency",
    "channel",
    "venue_id",
    "project_id",
    "partner_id",
)

SALE_COLUMNS = (
    "customer",
    "parent",
    *tuple(
        name
        for name in schema.TABLES["transactions"]
        if name
        not in ("txn_id", "customer_id", "category", "original_txn_id", "source_system", "batch_id", "recorded_at")
    ),
)


def recorded_after(rng: np.random.Generator, event: np.ndarray, late_share: float = LATE_SHARE) -> np.ndarray:
    """When the source knew an event: minutes to a day later, and one to nine weeks later in a few cases."""
    delay = np.clip(rng.lognormal(np.log(2400), 1.4, len(event)), 60, DAY)
    late = rng.uniform(7 * DAY, 63 * DAY, len(event))
    return event + np.where(rng.random(len(event)) < late_share, late, delay).astype(np.int64)


def property_payments(scenario: Scenario, block: int, sales: Sales, serial: np.ndarray) -> Frame:
    """Deposits, instalments and cancellations of the property sales of a block."""
    rng = scenario.rng(block, "property_payments")
    purchases = _instalments(rng, scenario, sales, serial)
    end = scenario.last_day
    deposit = np.where(sales.total > 1_000_000_000, 50_000_00 * 4, 50_000_00)
    returned = np.where(sales.signed != NULL, sales.signed, sales.cancelled)
    is_returned = (returned != NULL) & (returned <= end) & ((sales.signed != NULL) | (rng.random(len(sales)) < 0.7))
    cancelled = sales.cancelled[purchases["sale"]]
    is_cancelled = (cancelled != NULL) & (cancelled <= end)
    parts = [
        purchases,
        _sale_rows(rng, sales, serial, schema.DEPOSIT, np.arange(len(sales)), deposit, sales.subscribed),
        take(
            _sale_rows(rng, sales, serial, schema.DEPOSIT_RETURN, np.arange(len(sales)), deposit, returned), is_returned
        ),
        take(
            _sale_rows(rng, sales, serial, schema.CANCELLATION, purchases["sale"], purchases["amount"], cancelled + 2)
            | {"parent": np.arange(length(purchases))},
            is_cancelled,
        ),
    ]
    return concat(parts, SALE_COLUMNS)


def _instalments(rng: np.random.Generator, scenario: Scenario, sales: Sales, serial: np.ndarray) -> Frame:
    """Payments that were due before the contract was cancelled; together they make the price to the cent."""
    plan = choose(rng, INSTALMENT_SHARES, len(sales))
    steps = np.array([len(shares) for shares, _ in INSTALMENTS])[plan]
    sale, step = expand(np.where(sales.signed == NULL, 0, steps))
    width = max(len(shares) for shares, _ in INSTALMENTS)
    paid_up_to = np.array([np.pad(np.cumsum((0.0, *shares)), (0, width - len(shares))) for shares, _ in INSTALMENTS])
    wait = np.array([np.pad(days, (0, width - len(days))) for _, days in INSTALMENTS])
    total = sales.total[sale]
    amount = np.round(total * paid_up_to[plan[sale], step + 1]) - np.round(total * paid_up_to[plan[sale], step])
    day = sales.signed[sale] + wait[plan[sale], step]
    cancelled = np.where(sales.cancelled == NULL, scenario.last_day + 1, sales.cancelled)[sale]
    frame = _sale_rows(rng, sales, serial, schema.PURCHASE, sale, amount.astype(np.int64), day) | {"sale": sale}
    return take(frame, (day < cancelled) & (day <= scenario.last_day))


def _sale_rows(
    rng: np.random.Generator,
    sales: Sales,
    serial: np.ndarray,
    txn_type: int,
    sale: np.ndarray,
    amount: np.ndarray,
    day: np.ndarray,
) -> Frame:
    """Rows about property sales; rows whose day is NULL are for the caller to drop."""
    event = day * DAY + rng.integers(9 * 3600, 17 * 3600, len(sale))
    return {
        "customer": sales.customer[sale],
        "contract_id": serial[sale],
        "lob": constant(PROPERTY_SALE, len(sale)),
        "product_id": sales.product[sale],
        "txn_type": constant(txn_type, len(sale)),
        "event_at": event,
        "paid_at": event,
        "quantity": constant(1000, len(sale)),
        "gross_amount": amount,
        "discount_amount": constant(0, len(sale)),
        "tax_amount": amount * 9 // 109,
        "amount": amount,
        "currency": constant(0, len(sale)),
        "channel": constant(4, len(sale)),
        "project_id": sales.project[sale],
        "payment_status": constant(schema.PAID, len(sale)),
    }


@dataclass(frozen=True)
class Transactions:
    """The transactions of a block in time order: the frame as delivered, and the position of each one's customer."""

    frame: Frame
    customer: np.ndarray


def make_transactions(scenario: Scenario, block: int, people: People, payments: Frame, *others: Frame) -> Transactions:
    """All transactions known on the last day of the history.

    `payments` are those of property_payments, in which rows name the sale they take back; the others are plain sales.
    """
    rng = scenario.rng(block, "transactions")
    rows = concat([payments, *others], SALE_COLUMNS)
    rows = concat([rows, _reversals(rng, rows), _adjustments(rng, rows)], SALE_COLUMNS)
    _void_some(rng, rows)
    rows["recorded_at"] = recorded_after(rng, rows["event_at"])
    return _numbered(scenario, block, people, rows)


def _reversals(rng: np.random.Generator, rows: Frame) -> Frame:
    """Refunds of purchases and credits on bills: full or in part, some in two parts, a few in another currency."""
    is_purchase = (rows["txn_type"] == schema.PURCHASE) & (rows["lob"] != PROPERTY_SALE)
    is_bill = rows["txn_type"] == schema.BILL
    share = np.where(is_purchase, REFUND_SHARE, np.where(is_bill, BILL_CREDIT_SHARE, 0))
    drawn = rng.random(len(share))
    parent = np.flatnonzero((drawn < share) & (rows["amount"] >= 200))
    whole = rows["amount"][parent]
    is_full = rng.random(len(parent)) < np.where(is_purchase[parent], FULL_REVERSAL_SHARE, 0.15)
    part = np.where(is_full, whole, (whole * rng.uniform(0.1, 0.6, len(parent))).astype(np.int64))
    days = np.where(is_purchase[parent], rng.exponential(9, len(parent)), rng.uniform(4, 45, len(parent)))
    event = rows["event_at"][parent] + 3600 + (days * DAY).astype(np.int64)
    first = _reversal_rows(rows, parent, part, event)
    again = np.flatnonzero(~is_full & (rng.random(len(parent)) < 0.08))
    second = _reversal_rows(rows, parent[again], (whole - part)[again] // 2, event[again] + 5 * DAY)
    in_cny = (first["currency"] != 0) & ~is_full & (rng.random(len(parent)) < 0.3)
    paid_back = (part * USUAL_RATE[np.maximum(first["currency"], 0)] * 0.9).astype(np.int64)
    first["amount"] = np.where(in_cny, paid_back, part)
    first["gross_amount"] = first["amount"]
    first["currency"] = np.where(in_cny, CURRENCIES.index("CNY"), first["currency"])
    return concat([first, second], SALE_COLUMNS)


def _reversal_rows(rows: Frame, parent: np.ndarray, amount: np.ndarray, event: np.ndarray) -> Frame:
    is_bill = rows["txn_type"][parent] == schema.BILL
    return {name: rows[name][parent] for name in COPIED_TO_REVERSAL} | {
        "parent": parent,
        "txn_type": np.where(is_bill, schema.BILL_CREDIT, schema.REFUND),
        "event_at": event,
        "paid_at": event,
        "quantity": constant(1000, len(parent)),
        "gross_amount": amount,
        "discount_amount": constant(0, len(parent)),
        "amount": amount,
        "payment_status": constant(schema.PAID, len(parent)),
    }


def _adjustments(rng: np.random.Generator, rows: Frame) -> Frame:
    """Small corrections in favour of either side, some weeks after a sale."""
    is_sale = np.isin(rows["txn_type"], (schema.PURCHASE, schema.BILL)) & (rows["lob"] != PROPERTY_SALE)
    after = np.flatnonzero(is_sale & (rng.random(len(is_sale)) < ADJUSTMENT_SHARE))
    amount = rng.integers(2, 60, len(after)) * 250
    event = rows["event_at"][after] + rng.integers(10 * DAY, 60 * DAY, len(after))
    return {name: rows[name][after] for name in COPIED_TO_REVERSAL} | {
        "order_id": constant(NULL, len(after)),
        "txn_type": constant(schema.ADJUSTMENT, len(after)),
        "direction": choose(rng, [70, 30], len(after)),
        "event_at": event,
        "paid_at": event,
        "quantity": constant(1000, len(after)),
        "gross_amount": amount,
        "discount_amount": constant(0, len(after)),
        "amount": amount,
        "payment_status": constant(schema.PAID, len(after)),
    }


def _void_some(rng: np.random.Generator, rows: Frame) -> None:
    """Set a few sales that nothing refers to, and that are worth something, to void."""
    is_referred_to = np.zeros(length(rows), bool)
    is_referred_to[rows["parent"][rows["parent"] != NULL]] = True
    is_sale = np.isin(rows["txn_type"], (schema.PURCHASE, schema.BILL)) & (rows["lob"] != PROPERTY_SALE)
    voided = is_sale & ~is_referred_to & (rng.random(length(rows)) < VOID_SHARE)
    rows["payment_status"][voided] = schema.VOID
    rows["paid_at"][voided] = NULL


def _numbered(scenario: Scenario, block: int, people: People, rows: Frame) -> Transactions:
    """Drop what is not known by the end, order by time, and give numbers: also to the sales that reversals name."""
    known = rows["recorded_at"] < (scenario.last_day + 1) * DAY
    parent = rows["parent"]
    known &= (parent == NULL) | known[np.maximum(parent, 0)]
    known &= rows["event_at"] // DAY <= np.maximum(people.horizon[rows["customer"]] + 30, 0)
    known &= (parent == NULL) | known[np.maximum(parent, 0)]
    kept = np.flatnonzero(known)
    order = kept[np.argsort(rows["event_at"][kept], kind="stable")]
    number = constant(NULL, len(known))
    number[order] = serials(block, len(order))
    original = np.where(parent == NULL, NULL, number[np.maximum(parent, 0)])
    frame = take({name: values for name, values in rows.items() if name not in ("customer", "parent")}, order)
    customer = rows["customer"][order]
    frame |= {
        "txn_id": number[order],
        "customer_id": people.number[customer],
        "category": CATEGORY_OF_PRODUCT[frame["product_id"]],
        "original_txn_id": original[order],
    }
    return Transactions(frame, customer)


def batch_number(recorded_at: np.ndarray) -> np.ndarray:
    """Deliveries are daily: the date of recording as YYYYMMDD."""
    return calendars.digits_of_date(recorded_at // DAY)
