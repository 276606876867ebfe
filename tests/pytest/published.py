"""Published purchase histories as deliveries: CDNOW, by Bruce Hardie."""

import os
from datetime import date
from pathlib import Path

import pytest

from tests.reference import Delivery
from warehouse import PROJECT

REFERENCE_DATA = Path(os.environ.get("REFERENCE_DATA", PROJECT.parent / "shared" / "data"))
needs_cdnow = pytest.mark.skipif(not (REFERENCE_DATA / "cdnow").exists(), reason="no reference data")
CALIBRATION_END = date(1997, 9, 30)
HOLDOUT_END = date(1998, 6, 30)
DAYS_PER_WEEK = 7

Sale = tuple[str, date, str]
"""Customer, date, amount."""

WHOLE_AMOUNT = {"policy_lobs": lambda row: [row | {"default_margin_rate": "1"}]}
"""A policy that takes the whole amount for contribution: published values are about amounts."""


def cdnow(name: str) -> list[Sale]:
    """The purchases of a CDNOW file; its lines end with id, date, CDs, dollars."""
    lines = (REFERENCE_DATA / "cdnow" / name).read_text(encoding="ascii").splitlines()
    cells = [line.split()[-4:] for line in lines if line.split() and line.split()[0].isdigit()]
    return [(id_, date(int(day[:4]), int(day[4:6]), int(day[6:])), dollars) for id_, day, _, dollars in cells]


def delivery_of(sales: list[Sale]) -> Delivery:
    """The sales, and a register of those who bought."""
    customers = [{"customer_id": customer} for customer in dict.fromkeys(customer for customer, _, _ in sales)]
    transactions = [
        {"txn_id": str(number), "customer_id": customer, "event_at": day.isoformat(), "amount": amount}
        for number, (customer, day, amount) in enumerate(sales)
    ]
    return Delivery(customers, transactions)


def repeat_days(sales: list[Sale], end: date) -> int:
    """Purchase days after the first of each customer, all customers together."""
    days = {(customer, day) for customer, day, _ in sales if day <= end}
    return len(days) - len({customer for customer, _ in days})
