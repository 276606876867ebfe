"""Rules and signals as the documents tell them: one delivery in, every graded figure out, each review from scratch."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from tests.reference import experts
from tests.reference.books import Books, default_as_of
from tests.reference.clv import ClvResult, Lifetime, LineParameters
from tests.reference.clv_snapshot import TOTAL
from tests.reference.delivery import Delivery, Options
from tests.reference.graded import Graded, computed_tiers
from tests.reference.measures import LineMeasures, line_measures
from tests.reference.netting import state_at, unapplied_cents
from tests.reference.numbers import to_decimal
from tests.reference.overrides import Override, accepted_overrides, freezes
from tests.reference.policy import Policy
from tests.reference.registers import Contracts, Customer, Customers
from tests.reference.rfm import LineScores, customer_row, empty_row, group_value, line_row, score_line
from tests.reference.signals.together import COMPONENTS, details_at, histories_at, segments_at
from tests.reference.signals.world import Rows, World
from tests.reference.tier_dates import GradedDates, graded_dates
from tests.reference.tiers import Said, component_scores, excluded_row, rule_row
from tests.reference.transactions import Fate
from tests.reference.value_tiers import DatedTiers, moves

Values = dict[str, object]


@dataclass
class Result:
    """Everything graded. Days in keys are ISO texts; money and scores are decimals at the scale of the marts."""

    as_of_date: date
    review_dates: list[date]
    fates: list[Fate]
    """One per delivered transaction, in the order delivered."""
    transactions: dict[tuple[str, str], Values]
    """Per accepted (source_system, txn_id), as known at as_of_date."""
    lines: dict[tuple[str, str, str], Values] = field(default_factory=dict)
    """Per (as_of_date, customer_id, lob) held."""
    customers: dict[tuple[str, str], Values] = field(default_factory=dict)
    """Per (as_of_date, customer_id) that is graded."""
    tiers: dict[tuple[str, str], Values] = field(default_factory=dict)
    """Per (as_of_date, customer_id)."""
    reasons: dict[tuple[str, str], Values] = field(default_factory=dict)
    """Per (customer_id, component with a weight), at as_of_date."""
    clv: ClvResult = field(default_factory=ClvResult)
    """Lifetime values and their backtests."""
    signals: dict[str, Rows] = field(default_factory=lambda: defaultdict(dict))
    """Per mart of the other signals the rows by key."""


def grade(delivery: Delivery, options: Options, parameters: LineParameters | None = None) -> Result:
    """Grade a delivery at all its review dates.

    `parameters` are the fitted ones by date and line; without any, no purchase or spend model is believed.
    Raises ValueError when no as_of_date is given and no transaction has a date.
    """
    policy = Policy(options.policy_folder, options.scenario_id)
    customers = Customers(delivery, options)
    contracts = Contracts(delivery, options, customers)
    as_of = options.as_of_date
    if as_of is None:
        as_of = default_as_of(delivery, options, policy)
    if as_of is None:
        raise ValueError("no as_of_date, and no transaction to take it from")
    books = Books(delivery, options, policy, customers, as_of)
    first_sale = min((t.event_date for t in books.accepted if t.role == "sale"), default=None)
    overrides = accepted_overrides(delivery, options, customers)
    dates = graded_dates(as_of, options.review_count, first_sale, policy, freezes(overrides, policy))
    result = Result(as_of, dates.shown, books.fates, transaction_rows(books, as_of))
    first_known = first_known_dates(books)

    def population_at(d: date) -> dict[str, Customer]:
        return {c: customers.known_at(c, d) for c in customers.population(d, first_known)}

    def graded_at(d: date) -> dict[str, Customer]:
        return {c: customer for c, customer in population_at(d).items() if customer.exclusion_reason is None}

    def world_at(d: date) -> World:
        return World.at(d, delivery, options, books, policy, customers, contracts, graded_at(d), dates.all)

    lifetime = Lifetime(books.book, policy, first_sale, graded_at, contracts.known_at, parameters or {})
    graded = []
    for d in dates.all:
        start, world = lifetime.start_of(d), world_at(d)
        found = histories_at(world, world_at(start) if start is not None and d in dates.shown else None)
        review = Review(world, dates, population_at(d), lifetime, found, first_sale)
        graded.append(review.graded())
        if d in dates.shown:
            lifetime.add_to(result.clv, d)
            review.add_to(result)
    add_tiers(result, graded, dates, overrides)
    return result


def add_tiers(result: Result, graded: list[Graded], dates: GradedDates, overrides: list[Override]) -> None:
    """Add what needs all dates: tiers and what is said by them."""
    computed, shown = computed_tiers(graded), []
    for one in graded:
        day = one.d.isoformat()
        reviews = {d: tiers for d, tiers in computed.items() if d in dates.reviews and d <= one.d}
        if one.d in dates.shown:
            tiers = DatedTiers(one, computed[one.d], reviews, overrides)
            shown.append(tiers)
            result.tiers |= {(day, customer_id): row for customer_id, row in tiers.shown().items()}
            values = {customer_id: row["value_tier"] for customer_id, row in tiers.rows.items()}
            found = dict(one.found) | {"satisfaction_segments": segments_at(one.world, one.found, values)}
            if one.d == result.as_of_date:
                found |= details_at(one.world, values) | {"override_audit": tiers.audit()}
                result.reasons = tiers.reasons()
            for mart, rows in found.items():
                result.signals[mart] |= rows
    result.signals |= moves(shown)


def first_known_dates(books: Books) -> dict[str, date]:
    """The first date each customer is known by a transaction."""
    days: dict[str, date] = {}
    for transaction in books.accepted:
        if not transaction.is_hidden:
            known = transaction.known_on
            days[transaction.customer_id] = min(known, days.get(transaction.customer_id, known))
    return days


class Review:
    """One graded date: everybody known at d is looked at from scratch."""

    def __init__(
        self,
        world: World,
        dates: GradedDates,
        population: dict[str, Customer],
        lifetime: Lifetime,
        signals: dict[str, Rows],
        first_sale: date | None,
    ) -> None:
        """Measures of everybody who is graded are ready after this."""
        self.d, self._world, self._signals = world.d, world, signals
        self._dates = dates
        self._weights = lifetime.weights(self.d)
        self._snapshot = lifetime.at(self.d)
        self._policy = world.policy
        self._first_sale = first_sale
        self._population = population
        self._views = world.views
        self._experts = experts.components(world, signals["customer_expert_scores_history"])
        self._measures = {customer_id: self._measure(customer_id) for customer_id in self._views}
        self._group_values = [group_value(lines, self._policy, self.d) for lines in self._measures.values()]
        self._line_scores = {customer_id: self._score(customer_id) for customer_id in self._views}
        self._rfm = {customer_id: self._customer_row(customer_id) for customer_id in world.graded}

    def _measure(self, customer_id: str) -> dict[str, LineMeasures]:
        """The measures of each line a customer holds."""
        view = self._views[customer_id]
        own = [contract for contract in self._world.contracts.values() if contract.customer_id == customer_id]
        lines = self._policy.lobs(self.d)
        return {lob: line_measures(view, lines[lob], own, self._policy, self.d) for lob in view.lobs_held}

    def _score(self, customer_id: str) -> dict[str, LineScores]:
        """The scores of each line a customer holds, among all who hold it."""
        scores = {}
        for lob, mine in self._measures[customer_id].items():
            holders = [lines[lob] for lines in self._measures.values() if lob in lines]
            scores[lob] = score_line(mine, holders, lob, self._policy, self.d)
        return scores

    def _customer_row(self, customer_id: str) -> Values:
        """The RFM of a graded customer."""
        view = self._views.get(customer_id)
        if view is None:
            return empty_row()
        measures, scores = self._measures[customer_id], self._line_scores[customer_id]
        return customer_row(view, measures, scores, self._group_values, self._policy, self.d, self._first_sale)

    def add_to(self, result: Result) -> None:
        """Add the rows of lines and customers."""
        day = self.d.isoformat()
        for customer_id, row in self._rfm.items():
            result.customers[day, customer_id] = {n: v for n, v in row.items() if n != "has_known_category"}
        for customer_id, scores in self._line_scores.items():
            for lob, mine in self._measures[customer_id].items():
                result.lines[day, customer_id, lob] = line_row(mine, scores[lob])

    def graded(self) -> Graded:
        """What the date says of everybody, for the tiers."""
        scores = {customer_id: self._component_scores(customer_id) for customer_id in self._world.graded}
        return Graded(
            d=self.d,
            is_review=self.d in self._dates.reviews,
            last_review=max(self._dates.reviews_before(self.d), default=None),
            world=self._world,
            found=self._signals,
            population=self._population,
            rules={c: self._rule(c, scores.get(c)) for c in self._population},
            scores=scores,
            weights=self._weights,
            rfm=self._rfm,
            clv_bands={c: row.get("clv_band") for (c, lob), row in self._snapshot.rows.items() if lob == TOTAL},
        )

    def _component_scores(self, customer_id: str) -> dict[str, Fraction | None]:
        key = self.d.isoformat(), customer_id
        said = {name: self._signals[mart][key][column] for name, (mart, column) in COMPONENTS.items()}
        said["expert"] = self._experts.get(customer_id)
        index = self._signals["customer_feedback_history"][key]["fb_index"]
        clv = self._snapshot.score(customer_id)
        return component_scores(self._rfm[customer_id], clv, said, index, self._weights)

    def _rule(self, customer_id: str, scores: dict[str, Fraction | None] | None) -> Values:
        """The rule that matches."""
        customer, key = self._population[customer_id], (self.d.isoformat(), customer_id)
        if scores is None:
            return excluded_row(customer)
        engagement = self._signals["customer_engagement_history"][key]
        said = Said(
            energy_kwh_12m=self._signals["customer_energy_history"].get(key, {}).get("kwh_12m"),
            engagement_score=engagement["engagement_score"],
            days_since_interaction=engagement["days_since_interaction"],
            intent_level=self._signals["customer_intent_history"][key]["intent_level"],
        )
        view, contracts = self._views.get(customer_id), self._world.contracts
        return rule_row(customer, scores, self._weights, view, contracts, said, self._policy, self.d)


def transaction_rows(books: Books, as_of: date) -> dict[tuple[str, str], Values]:
    """Every accepted transaction: what is left of a sale, what a reversal did not find, what is posted, at as_of."""
    rows: dict[tuple[str, str], Values] = {}
    for transaction in books.accepted:
        rows[transaction.key] = {
            "customer_id": transaction.customer_id,
            "lob": transaction.lob,
            "txn_role": transaction.role,
            "event_date": transaction.event_date.isoformat(),
            "known_on": transaction.known_on.isoformat(),
            "is_known": transaction.is_seen(as_of),
            "margin_rate": transaction.margin_rate,
            "is_margin_assumed": transaction.is_margin_assumed,
            "amount": to_decimal(transaction.cents, 2),
            "refunded_amount": to_decimal(0, 2),
            "unapplied_refund_amount": to_decimal(0, 2),
            "net_amount": to_decimal(0, 2),
            "contribution_amount": to_decimal(0, 2),
        }
    for sale in books.book.sales:
        for key, cents in unapplied_cents(sale).items():
            rows[key]["unapplied_refund_amount"] = to_decimal(cents, 2)
        state = state_at(sale, as_of)
        if state is None:
            continue
        rows[state.transaction.key] |= {
            "refunded_amount": to_decimal(state.transaction.cents - state.original_net, 2),
            "net_amount": to_decimal(state.net, 2),
            "contribution_amount": to_decimal(state.contribution, 2),
        }
    for alone in books.book.standalones:
        transaction = alone.transaction
        if transaction.key in rows and transaction.is_seen(as_of):
            rows[transaction.key]["net_amount"] = to_decimal(alone.net, 2)
            rows[transaction.key]["contribution_amount"] = to_decimal(alone.contribution, 2)
    return rows
