"""Section 7: what a customer prefers, and whether that has changed."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from fractions import Fraction

from tests.reference.clocks import in_last_days
from tests.reference.measures import YEAR
from tests.reference.netting import SaleState
from tests.reference.numbers import round_half_away
from tests.reference.rfm import TWO_YEARS
from tests.reference.signals.activity import by_customer, event_types
from tests.reference.signals.facts import Interaction
from tests.reference.signals.figures import share
from tests.reference.signals.world import Rows, Values, World

MOST_CENTS = 100_000_000_000 * 100
"""What a gross amount has to be less than, to say anything of a discount."""
Window = Callable[[date], bool]


def rows(world: World, interactions: list[Interaction]) -> Rows:
    """customer_preferences_history at d; `interactions` are all known at d, those of bot days too."""
    inbound = {row["event_type"] for row in event_types(world) if row["is_inbound"] == "true"}
    rates = {sale.transaction.key: sale.rate for sale in world.books.book.sales}
    of_customers = by_customer(interactions)
    found = {}
    for customer_id, customer in world.graded.items():
        own = [i for i in of_customers.get(customer_id, []) if i.event_type in inbound]
        used = most_frequent(i.channel for i in own if in_last_days(i.event_date, world.d, YEAR))
        view = world.views.get(customer_id)
        sales = [sale for sale in view.sales if sale.net > 0] if view else []
        found[world.d.isoformat(), customer_id] = {
            **favourites(sales, world.d),
            "declared_channel": customer.preferred_channel,
            "used_channel": used,
            "preferred_channel": customer.preferred_channel or used,
            **habits_of_paying([s for s in sales if in_last_days(s.transaction.event_date, world.d, TWO_YEARS)], rates),
        }
    return found


def favourites(sales: list[SaleState], d: date) -> Values:
    """The lines and categories bought most, in the last two years, in the first and in the second of them."""
    halfway = d - timedelta(days=YEAR)
    windows: dict[str, Window] = {
        "top": lambda day: in_last_days(day, d, TWO_YEARS),
        "previous_top": lambda day: in_last_days(day, halfway, TWO_YEARS - YEAR),
        "recent_top": lambda day: in_last_days(day, d, YEAR),
    }
    row = {}
    for name, window in windows.items():
        inside = [sale for sale in sales if window(sale.transaction.event_date)]
        row[f"{name}_category"] = greatest(inside, lambda sale: sale.transaction.category)
        row[f"{name}_lob"] = greatest(inside, lambda sale: sale.transaction.lob)
    pairs = [(row[f"recent_top_{kind}"], row[f"previous_top_{kind}"]) for kind in ("category", "lob")]
    known = [pair for pair in pairs if None not in pair]
    return row | {"has_changed_habits": any(new != old for new, old in known) if known else None}


def greatest(sales: Iterable[SaleState], of: Callable[[SaleState], str | None]) -> str | None:
    """The name with the greatest net; ties: the later last sale, then by name."""
    nets: dict[str, int] = defaultdict(int)
    last: dict[str, date] = {}
    for sale in sales:
        name, day = of(sale), sale.transaction.event_date
        if name is not None:
            nets[name] += sale.net
            last[name] = max(day, last.get(name, day))
    return min(nets, key=lambda name: (-nets[name], -last[name].toordinal(), name), default=None)


def most_frequent(names: Iterable[str | None]) -> str | None:
    """The name that is there most often; ties by name."""
    counts = Counter(name for name in names if name is not None)
    return min(counts, key=lambda name: (-counts[name], name), default=None)


def habits_of_paying(sales: list[SaleState], rates: dict[tuple[str, str], Fraction]) -> Values:
    """Where somebody buys, and with what discount; `rates` are those to the reporting currency by sale."""
    gross, discounts, discounted, told = 0, 0, 0, 0
    for sale in (s.transaction for s in sales):
        whole, less = sale.gross_cents, sale.discount_cents
        if whole is not None and less is not None and 0 < whole < MOST_CENTS and 0 <= less <= whole:
            told += 1
            discounted += less > 0
            gross += round_half_away(whole * rates[sale.key])
            discounts += round_half_away(less * rates[sale.key])
    return {
        "purchase_channel": most_frequent(sale.transaction.channel for sale in sales),
        "discount_share": share(discounts, gross),
        "discounted_sale_share": share(discounted, told),
    }
