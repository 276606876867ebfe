"""Section 7: how often each category is used, and how satisfied its users are."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from tests.reference.clocks import in_last_days, months_touched
from tests.reference.measures import YEAR, CustomerView, everything_at
from tests.reference.netting import SaleState
from tests.reference.rfm import TWO_YEARS
from tests.reference.signals.activity import PROPERTY
from tests.reference.signals.answers import SatisfactionPolicy, counted_answers_at, weight_of
from tests.reference.signals.figures import part_of, rounded, share
from tests.reference.signals.world import Rows, Values, World

UNKNOWN = "unknown"
MOST_MONTHS = 12


@dataclass(frozen=True)
class WeightedAnswer:
    """A counted answer of a survey: its score out of 100 and its weight."""

    source_system: str
    customer_id: str
    lob: str | None
    txn_id: str | None
    score_norm: Fraction
    weight: Fraction


@dataclass(frozen=True)
class Category:
    """A category of a line; those without a name are one."""

    lob: str
    name: str

    @classmethod
    def of(cls, sale: SaleState) -> "Category":
        """The category of a sale."""
        return cls(sale.transaction.lob, sale.transaction.category or UNKNOWN)


Subject = Category | str | None
"""What an answer is about: a category, a line, or nobody knows what."""


def weighted_answers(world: World) -> list[WeightedAnswer]:
    """Everybody's counted answers at d."""
    policy = SatisfactionPolicy.of(world.policy, world.d)
    return [
        WeightedAnswer(
            source_system=answer.survey.source_system,
            customer_id=answer.survey.customer_id,
            lob=answer.survey.lob,
            txn_id=answer.survey.txn_id,
            score_norm=answer.norm,
            weight=weight_of(answer, policy, world.d),
        )
        for answer in counted_answers_at(world)
    ]


def rows(world: World, answers: Iterable[WeightedAnswer]) -> Rows:
    """customer_usage_history at d, by date, customer, line and category; `answers` are all that count at d."""
    by_customer = defaultdict(list)
    for answer in answers:
        by_customer[answer.customer_id].append(answer)
    every_sale, _ = everything_at(world.books.book, world.d)
    found = {}
    for customer_id in world.graded:
        view = world.views.get(customer_id)
        if view is None:
            continue
        rated = by_subject(by_customer[customer_id], every_sale[customer_id])
        for category, sales in categories(view).items():
            is_recent = any(in_last_days(sale.transaction.event_date, world.d, TWO_YEARS) for sale in sales)
            if category.lob != PROPERTY and is_recent:
                row = use_of(sales, world.d) | rating_of(category, rated)
                found[world.d.isoformat(), customer_id, category.lob, category.name] = row
    return found


def categories(view: CustomerView) -> dict[Category, list[SaleState]]:
    """The sales of a customer of which something is left, by category."""
    found: dict[Category, list[SaleState]] = {}
    for sale in view.sales:
        if sale.net > 0:
            found.setdefault(Category.of(sale), []).append(sale)
    return found


def use_of(sales: list[SaleState], d: date) -> Values:
    """How often and how regularly a category is used; `sales` are of all ages."""
    days = [sale.transaction.event_date for sale in sales]
    recent = [sale for sale in sales if in_last_days(sale.transaction.event_date, d, YEAR)]
    recent_days = {sale.transaction.event_date for sale in recent}
    active = len({(day.year, day.month) for day in recent_days})
    exposed = min(MOST_MONTHS, months_touched(max(min(days), d - timedelta(days=YEAR - 1)), d))
    return {
        "use_count_12m": len(recent_days),
        "active_months_12m": active,
        "exposed_months": exposed,
        "units_12m": rounded(sum((sale.transaction.quantity for sale in recent), Fraction(0)), 3),
        "usage_rate": min(share(1, 1), share(active, exposed)),
        "last_used_date": max(days).isoformat(),
    }


def by_subject(answers: list[WeightedAnswer], sales: list[SaleState]) -> dict[Subject, list[WeightedAnswer]]:
    """A customer's answers by the category of the sale they name, else by their line.

    `sales` are the customer's, whatever is left of them: also of what was given back somebody has an opinion.
    """
    found = defaultdict(list)
    for answer in answers:
        named = [sale for sale in sales if sale.transaction.txn_id == answer.txn_id]
        systems = {sale.transaction.source_system: Category.of(sale) for sale in named}
        first = systems[min(systems)] if systems else answer.lob
        found[systems.get(answer.source_system, first)].append(answer)
    return found


def rating_of(category: Category, rated: dict[Subject, list[WeightedAnswer]]) -> Values:
    """What the customer says of the category, else of the line."""
    of_category, of_line = rated.get(category, []), rated.get(category.lob, [])
    basis = "product" if of_category else "line" if of_line else None
    used = of_category or of_line
    weighted = part_of(sum(a.weight * a.score_norm for a in used), sum(a.weight for a in used))
    return {"satisfaction_basis": basis, "rating_count": len(used), "usage_satisfaction": rounded(weighted, 4)}
