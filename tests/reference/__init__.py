"""An executable version of docs/rules.md: slow, plain Python, no SQL; floats only where lifetime values need them."""

from tests.reference.delivery import Delivery, Options
from tests.reference.oracle import Result, grade

__all__ = ["Delivery", "Options", "Result", "grade"]
