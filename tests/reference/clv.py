"""Sections 9 and 10: lifetime values at all knowledge dates, their backtests, and what the tiers take from them."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from tests.reference.clocks import add_months
from tests.reference.clv_backtest import (
    CONTRIBUTION,
    PURCHASES,
    Case,
    backtest_row,
    calibration_rows,
    decile_rows,
    gate_row,
)
from tests.reference.clv_facts import facts_at
from tests.reference.clv_repeat import Parameters
from tests.reference.clv_snapshot import TOTAL, LineParameters, Snapshot, kind_of
from tests.reference.netting import Book
from tests.reference.policy import Policy
from tests.reference.registers import Contract, Customer

MEASURES = {"repeat": (PURCHASES, CONTRIBUTION), "contract": (CONTRIBUTION,), "repurchase": (PURCHASES,)}
"""What is predicted of a line, by how it is predicted."""
Values = dict[str, object]


@dataclass
class ClvResult:
    """Lifetime values and backtests of all reviews; days in keys are ISO texts."""

    history: dict[tuple[str, str, str], Values] = field(default_factory=dict)
    """Per (as_of_date, customer_id, lob)."""
    backtest: dict[tuple[str, str, str, str], Values] = field(default_factory=dict)
    """Per (as_of_date, lob, measure, predictor)."""
    deciles: dict[tuple[str, str, str, str, int], Values] = field(default_factory=dict)
    """Per (as_of_date, lob, measure, predictor, decile)."""
    calibrations: dict[tuple[str, str, int], Values] = field(default_factory=dict)
    """Per (as_of_date, lob, purchase_bin)."""
    gate: dict[tuple[str, str], Values] = field(default_factory=dict)
    """Per (as_of_date, lob)."""


class Lifetime:
    """Lifetime values at any knowledge date."""

    def __init__(
        self,
        book: Book,
        policy: Policy,
        first_sale: date | None,
        graded_at: Callable[[date], dict[str, Customer]],
        contracts_at: Callable[[date], dict[str, Contract]],
        parameters: LineParameters,
    ) -> None:
        """`graded_at` gives who is graded at a date, `contracts_at` the contracts known then."""
        self._book = book
        self._policy = policy
        self._first_sale = first_sale
        self._graded_at = graded_at
        self._contracts_at = contracts_at
        self._parameters = parameters
        self._snapshots: dict[date, Snapshot] = {}
        self._backtests: dict[date, dict[tuple[str, str], list[Case]]] = {}

    def at(self, d: date) -> Snapshot:
        """All values at d; looked at once."""
        if d not in self._snapshots:
            facts, contracts = facts_at(self._book, self._policy, d), self._contracts_at(d)
            self._snapshots[d] = Snapshot(d, facts, self._graded_at(d), contracts, self._policy, self._parameters)
        return self._snapshots[d]

    def start_of(self, r: date) -> date | None:
        """The start of the backtest of a review; None where it lies before the first sale."""
        start = add_months(r, -self._policy.clv(r).backtest_months)
        return start if self._first_sale is not None and start >= self._first_sale else None

    def backtest(self, r: date) -> dict[tuple[str, str], list[Case]]:
        """The cases of each line and measure, and of `total`; nothing where there is no start."""
        start = self.start_of(r)
        if r not in self._backtests:
            self._backtests[r] = self._cases(self.at(start), self.at(r)) if start is not None else {}
        return self._backtests[r]

    @staticmethod
    def _cases(past: Snapshot, now: Snapshot) -> dict[tuple[str, str], list[Case]]:
        cases = defaultdict(list)
        for customer_id, lob in sorted(past.keys):
            for measure in MEASURES[past.kinds[lob]]:
                cases[lob, measure].append(past.case(customer_id, lob, measure, now))
        total = summed([case for (_, measure), own in cases.items() if measure == CONTRIBUTION for case in own])
        return dict(cases) | ({(TOTAL, CONTRIBUTION): total} if total else {})

    def gates(self, r: date) -> dict[str, Values]:
        """The gate of every line and of `total`."""
        start, cases, policy = self.start_of(r), self.backtest(r), self._policy.clv(r)
        measures = {
            lob: PURCHASES if kind_of(line) == "repurchase" else CONTRIBUTION
            for lob, line in self._policy.lobs(r).items()
        }
        return {
            lob: gate_row(None if start is None else cases.get((lob, measure), []), measure, policy)
            for lob, measure in (measures | {TOTAL: CONTRIBUTION}).items()
        }

    def weights(self, r: date) -> dict[str, Fraction]:
        """The component weights of a review: `clv` has none where its gate is not passed."""
        weights = self._policy.tier_weights(r)
        return weights if self.gates(r)[TOTAL]["is_passed"] else weights | {"clv": Fraction(0)}

    def add_to(self, result: ClvResult, r: date) -> None:
        """Add the rows of a review."""
        day = r.isoformat()
        for (customer_id, lob), row in self.at(r).rows.items():
            result.history[day, customer_id, lob] = row
        for lob, row in self.gates(r).items():
            result.gate[day, lob] = row
        start = self.start_of(r)
        for (lob, measure), cases in self.backtest(r).items():
            for predictor in ("model", "naive"):
                row = backtest_row(cases, measure, predictor)
                result.backtest[day, lob, measure, predictor] = {"prediction_date": start.isoformat()} | row
                for decile, decile_row in decile_rows(cases, measure, predictor).items():
                    result.deciles[day, lob, measure, predictor, decile] = decile_row
            if measure == PURCHASES:
                for purchase_bin, row in calibration_rows(cases).items():
                    result.calibrations[day, lob, purchase_bin] = row


def summed(cases: list[Case]) -> list[Case]:
    """One case per customer over the lines."""
    by_customer = defaultdict(list)
    for case in cases:
        by_customer[case.customer_id].append(case)
    return [
        Case(c, sum(x.model for x in own), sum(x.naive for x in own), sum(x.actual for x in own))
        for c, own in sorted(by_customer.items())
    ]


def parameters_of(rows: list[Mapping[str, object]]) -> dict[tuple[date, str], Parameters]:
    """The parameters of rows with as_of_date, lob, r, alpha, a, b, p, q, v; null where a model is not believed."""

    def together(row: Mapping[str, object], names: str) -> tuple | None:
        values = tuple(row[name] for name in names.split())
        return None if None in values else values

    return {
        (row["as_of_date"], row["lob"]): Parameters(together(row, "r alpha a b"), together(row, "p q v"))
        for row in rows
    }
