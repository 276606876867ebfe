"""Exact arithmetic: whole cents, fractions and the one rounding of the rules."""

from decimal import Decimal
from fractions import Fraction


def round_half_away(value: Fraction) -> int:
    """The nearest whole number; halves away from zero."""
    whole = int(abs(value) + Fraction(1, 2))
    return whole if value >= 0 else -whole


def to_decimal(units: int, places: int) -> Decimal:
    """A whole number of the smallest unit as a decimal: 1234 with 2 places is 12.34."""
    return Decimal(units).scaleb(-places)
