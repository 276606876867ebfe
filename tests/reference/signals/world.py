"""What a review at d may look at."""

from dataclasses import dataclass
from datetime import date

from tests.reference.books import Books
from tests.reference.delivery import Delivery, Options
from tests.reference.measures import CustomerView, views_at
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

    @classmethod
    def at(
        cls,
        d: date,
        delivery: Delivery,
        options: Options,
        books: Books,
        policy: Policy,
        customers: Customers,
        contracts: Contracts,
        graded: dict[str, Customer],
        review_dates: list[date],
    ) -> "World":
        """The world of a review at d, of what all reviews share and of those who are graded then."""
        views = views_at(books.book, policy, d)
        return cls(
            d=d,
            delivery=delivery,
            options=options,
            policy=policy,
            books=books,
            customers=customers,
            all_contracts=contracts,
            contracts=contracts.known_at(d),
            graded=graded,
            views={customer_id: view for customer_id, view in views.items() if customer_id in graded},
            review_dates=review_dates,
        )
