"""What a review at d may look at."""

from dataclasses import dataclass
from datetime import date

from tests.reference.books import Books
from tests.reference.delivery import Delivery, Options
from tests.reference.measures import CustomerView
from tests.reference.policy import Policy
from tests.reference.registers import Contract, Contracts, Customer, Customers

Values = dict[str, object]
Rows = dict[tuple[str, ...], Values]
"""Per key of a mart (dates as ISO texts) the values of its columns."""


@dataclass(frozen=True)
class World:
    """Everything known, seen from one review.

    `graded` are the customers with scores at d, `views` what is left of their purchases in the lines they hold
    (nobody else has one), `contracts` all contracts in the version known at d, `review_dates` all reviews, oldest
    first.
    """

    d: date
    delivery: Delivery
    options: Options
    policy: Policy
    books: Books
    customers: Customers
    all_contracts: Contracts
    contracts: dict[str, Contract]
    graded: dict[str, Customer]
    views: dict[str, CustomerView]
    review_dates: list[date]
