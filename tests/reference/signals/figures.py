"""Exact figures: rounded shares, smallest of many, roots."""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from math import ceil, isqrt

from tests.reference.numbers import round_half_away, to_decimal

Number = int | Fraction


def rounded(value: Number | None, places: int) -> Decimal | None:
    """A figure with so many decimals, halves away from zero; None stays None."""
    return None if value is None else to_decimal(round_half_away(Fraction(value) * 10**places), places)


def part_of(numerator: Number, denominator: Number) -> Fraction | None:
    """A ratio, exactly; None where the denominator is 0."""
    return Fraction(numerator) / Fraction(denominator) if denominator else None


def share(numerator: Number, denominator: Number) -> Decimal | None:
    """A ratio with 4 decimals; None where the denominator is 0."""
    return rounded(part_of(numerator, denominator), 4)


def mean(values: Iterable[Number]) -> Fraction | None:
    """The mean, exactly; None of nothing."""
    values = list(values)
    return part_of(sum(values), len(values))


def kth_smallest(values: Iterable[Number], at: Fraction) -> Number:
    """The k-th smallest of n values, k being the least whole number with k >= `at` x n."""
    ordered = sorted(values)
    return ordered[max(1, ceil(at * len(ordered))) - 1]


def rounded_root(square: Fraction, places: int) -> Decimal:
    """The root of a figure that is not negative, with so many decimals; halves up."""
    twice = isqrt(int(4 * square * 100**places))
    return to_decimal((twice + 1) // 2, places)
