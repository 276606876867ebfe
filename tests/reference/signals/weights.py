"""What the signals reckon with: decay, rounding and weighted means, exactly."""

from collections.abc import Iterable
from decimal import Decimal, localcontext
from fractions import Fraction

from tests.reference.numbers import round_half_away

DIGITS = 40
DECAY_PLACES = 6


def rounded(value: Fraction, places: int) -> Fraction:
    """The value at so many decimals; halves away from zero."""
    return Fraction(round_half_away(value * 10**places), 10**places)


def half_power(exponent: Fraction) -> Fraction:
    """0.5 to the power of a fraction, to some 40 digits."""
    with localcontext() as context:
        context.prec = DIGITS
        return Fraction(Decimal("0.5") ** (Decimal(exponent.numerator) / Decimal(exponent.denominator)))


def decay(age_days: int, half_life_days: Fraction) -> Fraction:
    """What is left of something after so many days, 6 decimals."""
    return rounded(half_power(Fraction(age_days) / half_life_days), DECAY_PLACES)


def weighted_mean(weighted: Iterable[tuple[Fraction, Fraction]]) -> Fraction | None:
    """The mean of (weight, value) pairs; None where nothing has a weight."""
    pairs = list(weighted)
    total = sum((weight for weight, _ in pairs), Fraction(0))
    return sum((weight * value for weight, value in pairs), Fraction(0)) / total if total else None


def share(part: Fraction | int, whole: Fraction | int, places: int = 4) -> Fraction | None:
    """Part of a whole; None where there is no whole."""
    return rounded(Fraction(part) / Fraction(whole), places) if whole else None


def mean(value: Fraction | None, places: int = 4) -> Fraction | None:
    """A mean at its decimals, where there is one."""
    return None if value is None else rounded(value, places)
