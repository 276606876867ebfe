"""Section 4: occasions and the measures of each line held, as a review at d sees them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from tests.reference.clocks import add_months, in_last_days, in_last_months, months_touched
from tests.reference.netting import Book, SaleState, state_at
from tests.reference.numbers import round_half_away
from tests.reference.policy import YEAR, Line, Policy
from tests.reference.registers import Contract


@dataclass(frozen=True)
class Posting:
    """Value at a date, in cents of the reporting currency."""

    lob: str
    value_date: date
    net: int
    contribution: int


@dataclass(frozen=True)
class Occasion:
    """The sales of one purchase occasion that exists at d."""

    lob: str
    date: date
    contract_id: str | None
    sales: list[SaleState]


@dataclass(frozen=True)
class LineMeasures:
    """The measures of one line held: f in 1e-4, m in 1e-4 of the reporting currency."""

    r_days: int
    f_units: int
    m_units: int


@dataclass(frozen=True)
class CustomerView:
    """All a review at d sees of one customer in the lines held."""

    sales: list[SaleState]
    postings: list[Posting]
    occasions: list[Occasion]

    @property
    def lobs_held(self) -> list[str]:
        """The lines with an occasion that exists at d."""
        return sorted({occasion.lob for occasion in self.occasions})


def views_at(book: Book, policy: Policy, d: date) -> dict[str, CustomerView]:
    """The view of every customer who holds a line."""
    sales, postings = everything_at(book, d)
    views = {c: view_of(sales[c], postings[c], policy) for c in sorted(sales)}
    return {customer_id: view for customer_id, view in views.items() if view.occasions}


def everything_at(book: Book, d: date) -> tuple[dict[str, list[SaleState]], dict[str, list[Posting]]]:
    """All sales and all postings known at d, by customer."""
    sales, postings = defaultdict(list), defaultdict(list)
    for sale in book.sales:
        state = state_at(sale, d)
        if state is not None:
            customer_id = state.transaction.customer_id
            sales[customer_id].append(state)
            posting = Posting(state.transaction.lob, state.transaction.event_date, state.net, state.contribution)
            postings[customer_id].append(posting)
    for alone in book.standalones:
        transaction = alone.transaction
        if transaction.is_seen(d):
            posting = Posting(transaction.lob, transaction.event_date, alone.net, alone.contribution)
            postings[transaction.customer_id].append(posting)
    return sales, postings


def view_of(sales: list[SaleState], postings: list[Posting], policy: Policy) -> CustomerView:
    """What counts of a customer's sales and postings: those in lines with an occasion."""
    occasions = occasions_of(sales, policy)
    held = {occasion.lob for occasion in occasions}
    return CustomerView(
        sales=[sale for sale in sales if sale.transaction.lob in held],
        postings=[posting for posting in postings if posting.lob in held],
        occasions=occasions,
    )


def occasions_of(sales: Iterable[SaleState], policy: Policy) -> list[Occasion]:
    """The occasions of one customer whose summed net is above 0."""
    groups = defaultdict(list)
    for sale in sales:
        if sale.transaction.cents > 0:
            line = policy.lobs(sale.transaction.event_date)[sale.transaction.lob]
            groups[occasion_key(sale, line)].append(sale)
    return [
        Occasion(
            lob=members[0].transaction.lob,
            date=min(sale.transaction.event_date for sale in members),
            contract_id=members[0].transaction.contract_id,
            sales=members,
        )
        for members in groups.values()
        if sum(sale.net for sale in members) > 0
    ]


def occasion_key(sale: SaleState, line: Line) -> tuple:
    """What makes sales one occasion."""
    transaction = sale.transaction
    if transaction.contract_id is not None:
        group = ("contract", transaction.contract_id)
    elif transaction.order_id is not None:
        group = ("order", transaction.order_id)
    else:
        group = None
    if line.occasion_basis == "contract" and group is not None:
        return transaction.lob, None, group
    return transaction.lob, transaction.event_date, group


def recognised(postings: Iterable[Posting], lob: str, policy: Policy, d: date) -> int:
    """Contribution recognised in the last 365 days, in 1e-4 of the reporting currency."""
    by_length: dict[int, int] = defaultdict(int)
    for posting in postings:
        if posting.lob == lob:
            months = policy.lobs(posting.value_date)[lob].recognition_months
            spread_end = add_months(posting.value_date, months)
            first = max(posting.value_date, d - timedelta(days=YEAR - 1))
            last = min(spread_end - timedelta(days=1), d)
            overlap = max(0, (last - first).days + 1)
            by_length[(spread_end - posting.value_date).days] += posting.contribution * overlap
    return sum(round_half_away(Fraction(cent_days * 100, days)) for days, cent_days in by_length.items())


def line_measures(view: CustomerView, line: Line, contracts: list[Contract], policy: Policy, d: date) -> LineMeasures:
    """r_days, f_value and m_value of a line the customer holds; `contracts` are the customer's, of any line."""
    occasions = [occasion for occasion in view.occasions if occasion.lob == line.lob]
    m_units = recognised(view.postings, line.lob, policy, d)
    if line.is_contractual:
        own = [c for c in contracts if c.lob == line.lob and c.status != "subscribed"]
        grace = int(policy.parameter("overdue_grace_days", d))
        r_days = _contract_recency(occasions, own, grace, d)
        return LineMeasures(r_days, _contract_frequency(occasions, own, d), m_units)
    r_days = (d - max(occasion.date for occasion in occasions)).days
    window = line.rfm_window_days
    count = sum(1 for occasion in occasions if window is None or in_last_days(occasion.date, d, window))
    return LineMeasures(r_days, count * 10_000, m_units)


def _bills(occasions: list[Occasion]) -> list[SaleState]:
    return [sale for occasion in occasions for sale in occasion.sales if sale.net > 0]


def _is_paid(bill: SaleState, d: date) -> bool:
    return bill.transaction.paid_on is not None and bill.transaction.paid_on <= d


def _is_overdue(bill: SaleState, grace: int, d: date) -> bool:
    due = bill.transaction.due_date
    return not _is_paid(bill, d) and due is not None and due + timedelta(days=grace) < d


def _contract_recency(occasions: list[Occasion], contracts: list[Contract], grace: int, d: date) -> int:
    bills = _bills(occasions)
    is_any_overdue = any(_is_overdue(bill, grace, d) for bill in bills)
    if any(contract.is_active(d) for contract in contracts) and not is_any_overdue:
        return 0
    days = [min(occasion.date for occasion in occasions)]
    days += [bill.transaction.paid_on for bill in bills if _is_paid(bill, d)]
    days += [contract.ends_on for contract in contracts if contract.ends_on is not None and contract.ends_on <= d]
    return (d - max(days)).days


def _contract_frequency(occasions: list[Occasion], contracts: list[Contract], d: date) -> int:
    """Months with a paid bill per twelve months exposed, at most 12, in 1e-4."""
    paid_days = [bill.transaction.event_date for bill in _bills(occasions) if _is_paid(bill, d)]
    months_paid = len({(day.year, day.month) for day in paid_days if in_last_months(day, d, 12)})
    starts = [contract.starts_on for contract in contracts if contract.starts_on is not None]
    first = min([*starts, min(occasion.date for occasion in occasions)])
    ends = [contract.ends_on for contract in contracts if contract.ends_on is not None and contract.ends_on < d]
    is_active = any(contract.is_active(d) for contract in contracts)
    last = max(ends) if ends and not is_active else d
    exposed = months_touched(max(first, add_months(d, -12) + timedelta(days=1)), last)
    exposed = min(12, max(1, exposed))
    return min(12 * 10_000, round_half_away(Fraction(months_paid * 12 * 10_000, exposed)))
