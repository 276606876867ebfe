"""Sections 9 and 10: everything about lifetime values at one knowledge date."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from tests.reference.clv_backtest import PURCHASES, Case, in_units
from tests.reference.clv_contracts import contract_forecasts
from tests.reference.clv_facts import CustomerLine, Forecast, LineFacts
from tests.reference.clv_repeat import Parameters, repeat_forecasts
from tests.reference.clv_repurchase import repurchase_forecasts
from tests.reference.clv_rows import basis, history_row, score_and_band, total_row
from tests.reference.policy import Line, Policy
from tests.reference.registers import Contract, Customer

TOTAL = "total"
LineParameters = Mapping[tuple[date, str], Parameters]
"""The fitted parameters by date and line; a line without is not believed."""
Values = dict[str, object]


def kind_of(line: Line) -> str:
    """How a line is predicted."""
    if line.purchase_model != "none":
        return "repeat"
    return "contract" if line.is_contractual else "repurchase"


class Snapshot:
    """Forecasts and rows at one knowledge date."""

    def __init__(
        self,
        d: date,
        facts: dict[CustomerLine, LineFacts],
        graded: dict[str, Customer],
        contracts: dict[str, Contract],
        policy: Policy,
        parameters: LineParameters,
    ) -> None:
        """`facts` are those of everybody: of customers no longer graded too, a backtest asks for them."""
        self.d = d
        self.facts = facts
        self.kinds = {lob: kind_of(line) for lob, line in policy.lobs(d).items()}
        self._graded = graded
        self._policy = policy
        self.forecasts: dict[CustomerLine, Forecast] = {}
        for lob, line in policy.lobs(d).items():
            own = {c: known for (c, name), known in facts.items() if name == lob and c in graded}
            found = self._forecasts(line, own, contracts, parameters.get((d, lob), Parameters()))
            self.forecasts |= {(customer_id, lob): forecast for customer_id, forecast in found.items()}
        known = {(customer_id, lob) for customer_id, lob in facts if customer_id in graded}
        self.keys = known | set(self.forecasts)
        self._add_rows()

    def _forecasts(
        self, line: Line, facts: dict[str, LineFacts], contracts: dict[str, Contract], parameters: Parameters
    ) -> dict[str, Forecast]:
        policy, d, kind = self._policy, self.d, self.kinds[line.lob]
        if kind == "repeat":
            return repeat_forecasts(facts, line.purchase_model, parameters, policy.clv(d), d)
        bands = policy.tenure_bands(line.lob, d)
        if kind == "repurchase":
            elsewhere = {customer_id: self._first_elsewhere(customer_id, line.lob) for customer_id in facts}
            return repurchase_forecasts(facts, elsewhere, bands, policy, d)
        own = defaultdict(list)
        for contract in contracts.values():
            if contract.lob == line.lob and contract.customer_id in self._graded:
                own[contract.customer_id].append(contract)
        return contract_forecasts(facts, own, bands, policy.clv(d), d)

    def _first_elsewhere(self, customer_id: str, lob: str) -> date | None:
        """The first occasion of a customer in another line."""
        others = [other for other in self.kinds if other != lob]
        days = [self.facts[customer_id, o].occasion_dates for o in others if (customer_id, o) in self.facts]
        return min((day for own in days for day in own), default=None)

    def _add_rows(self) -> None:
        """The rows of customer_clv_history by (customer_id, lob)."""
        clv, by_customer = self._policy.clv(self.d), defaultdict(dict)
        for customer_id, lob in sorted(self.keys):
            key = customer_id, lob
            row = history_row(self.facts.get(key), self.forecasts.get(key), self.kinds[lob], clv)
            by_customer[customer_id][lob] = row
        totals = {customer_id: total_row(lines.values()) for customer_id, lines in by_customer.items()}
        holders = {customer_id for (customer_id, _), known in self.facts.items() if known.occasion_dates}
        values = {c: basis(total, clv) for c, total in totals.items() if c in holders}
        for customer_type in {self._graded[c].customer_type for c in values}:
            of_type = {c: value for c, value in values.items() if self._graded[c].customer_type == customer_type}
            cuts, everybody = self._policy.clv_cuts(customer_type, self.d), sorted(of_type.values())
            for customer_id, value in of_type.items():
                score, band = score_and_band(value, everybody, cuts)
                totals[customer_id] |= {"clv_score": score, "clv_band": band}
        self.rows = {(c, lob): row for c, lines in by_customer.items() for lob, row in lines.items()}
        self.rows |= {(c, TOTAL): row for c, row in totals.items()}

    def score(self, customer_id: str) -> Fraction | None:
        """The component `clv` of a customer."""
        return self.rows.get((customer_id, TOTAL), {}).get("clv_score")

    def case(self, customer_id: str, lob: str, measure: str, now: "Snapshot") -> Case:
        """A customer's prediction, made here, beside what the later date knows."""
        key, days = (customer_id, lob), (now.d - self.d).days
        forecast, past, later = self.forecasts.get(key), self.facts.get(key), now.facts.get(key, LineFacts())
        is_repeat = self.kinds[lob] == "repeat"
        if measure == PURCHASES:
            bought = past and (sorted(past.purchases) if is_repeat else past.occasion_dates)
            came = later.purchases if is_repeat else later.occasion_dates
            return Case(
                customer_id,
                model=in_units(forecast.purchases(days), measure) if forecast else 0,
                naive=in_units(naive(bought[0], len(bought) - 1, self.d, days), measure) if bought else 0,
                actual=in_units(Fraction(sum(1 for day in came if self.d < day <= now.d)), measure),
                x=len(bought) - 1 if bought and is_repeat else None,
            )
        later_cents = past.contribution_within(past.first_value_date, self.d) if past else 0
        guess = naive(past.first_value_date, Fraction(later_cents, 100), self.d, days) if past else Fraction(0)
        return Case(
            customer_id,
            model=in_units(forecast.contribution(days), measure) if forecast else 0,
            naive=in_units(guess, measure),
            actual=later.contribution_within(self.d, now.d),
        )


def naive(first: date, count: Fraction | int, d: date, days: int) -> Fraction:
    """What came after the first day goes on as before."""
    age = (d - first).days
    return Fraction(count) / age * days if age else Fraction(0)
