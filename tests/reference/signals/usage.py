"""Section 7: how often each category is used, and how satisfied its users are."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from tests.reference.clocks import in_last_days, months_touched
from tests.reference.measures import YEAR, CustomerView
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


def weighted_answers(world: World) -> list[WeightedAnswer]:
    """Everybody's counted answers at d."""
    policy = SatisfactionPolicy.of(world.policy, world.d)
    return [
        WeightedAnswer(a.survey.customer_id, a.survey.lob, a.survey.txn_id, a.norm, weight_of(a, policy, world.d))
        for a in counted_answers_at(world)
    ]


def rows(world: World, answers: Iterable[WeightedAnswer]) -> Rows:
    """customer_usage_history at d, by date, customer, line and category; `answers` are all that count at d."""
    answers = list(answers)
    found = {}
    for customer_id in world.graded:
        view = world.views.get(customer_id)
        if view is None:
            continue
        own = [answer for answer in answers if answer.customer_id == customer_id]
        for category, sales in categories(view).items():
            is_recent = any(in_last_days(sale.transaction.event_date, world.d, TWO_YEARS) for sale in sales)
            if category.lob != PROPERTY and is_recent:
                row = use_of(sales, world.d) | rating_of(category, view, own)
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


def rating_of(category: Category, view: CustomerView, answers: list[WeightedAnswer]) -> Values:
    """What the customer says of the category, else of the line; `answers` are the customer's."""
    of_sales = {sale.transaction.txn_id: Category.of(sale) for sale in view.sales if sale.net > 0}
    of_category = [answer for answer in answers if of_sales.get(answer.txn_id) == category]
    of_line = [answer for answer in answers if answer.lob == category.lob and answer.txn_id not in of_sales]
    basis = "product" if of_category else "line" if of_line else None
    used = of_category or of_line
    weighted = part_of(sum(a.weight * a.score_norm for a in used), sum(a.weight for a in used))
    return {"satisfaction_basis": basis, "rating_count": len(used), "usage_satisfaction": rounded(weighted, 4)}
