"""Which lines of business each customer holds, when visitors come, and who gets angry when."""

from dataclasses import dataclass

import numpy as np

from scripts.sample_data.catalogue import ENERGY, LEASE, LOBS, PROPERTY_SALE, PROPERTY_SERVICE, VENUE
from scripts.sample_data.columns import NULL, choose, uniform
from scripts.sample_data.people import People
from scripts.sample_data.scenario import Scenario

PERSON_SHARES = {PROPERTY_SALE: 0.07, LEASE: 0.045, ENERGY: 0.09, VENUE: 0.82, PROPERTY_SERVICE: 0.07}
COMPANY_SHARES = {PROPERTY_SALE: 0.06, LEASE: 0.28, ENERGY: 0.30, VENUE: 0.35, PROPERTY_SERVICE: 0.20}
DAYS_TO_FIRST_VISIT = 45
VISITOR_DAYS = 2000
COMPLAINT_SHARE = 0.07
SEVERITY_SHARES = (0.60, 0.28, 0.12)  # minor, major, critical
MINOR, MAJOR, CRITICAL = range(3)


@dataclass(frozen=True)
class Lines:
    """Per customer: lines held, the days a visitor comes between, and the main complaint (NULL where there is none).

    A visitor whose first day lies behind the horizon of the customer has not come yet.
    """

    holds: np.ndarray  # customers x lines of business
    visits_from: np.ndarray
    visits_until: np.ndarray
    complaint_day: np.ndarray
    complaint_severity: np.ndarray

    def annoyance(self, customer: np.ndarray, day: np.ndarray) -> np.ndarray:
        """0 before the main complaint of a customer or without one, after it 1 (minor), 2 (major) or 3 (critical)."""
        complained = self.complaint_day[customer]
        return np.where((complained != NULL) & (day > complained), self.complaint_severity[customer] + 1, 0)


def make_lines(scenario: Scenario, block: int, people: People) -> Lines:
    """Draw the lines held, the visiting spans and the main complaints of a block."""
    rng = scenario.rng(block, "lines")
    count = len(people)
    shares = np.array([[PERSON_SHARES[lob], COMPANY_SHARES[lob]] for lob in range(len(LOBS))])
    holds = rng.random((count, len(LOBS))) < shares[:, people.is_company.astype(int)].T
    nothing = ~holds.any(axis=1)
    holds[nothing & people.is_company, ENERGY] = True
    holds[nothing & ~people.is_company, VENUE] = True
    holds[people.is_prospect] = False

    since = np.minimum(np.maximum(people.created, scenario.first_day), people.horizon)
    visits_from = since + rng.exponential(DAYS_TO_FIRST_VISIT, count).astype(np.int64)
    lifetime = rng.exponential(VISITOR_DAYS * np.exp(0.3 * people.mood))
    visits_until = np.minimum(visits_from + lifetime.astype(np.int64), people.horizon)
    holds[visits_from > people.horizon, VENUE] = False

    shape = COMPLAINT_SHARE * np.exp(-0.5 * people.mood)
    complains = (rng.random(count) < shape) & ~people.is_prospect & (people.horizon - since > 60)
    last = np.where(holds[:, VENUE], np.maximum(visits_until, visits_from + 30), people.horizon - 30)
    complaint_day = uniform(rng, visits_from + 10, np.minimum(last, people.horizon - 20), count)
    return Lines(
        holds=holds,
        visits_from=visits_from,
        visits_until=visits_until,
        complaint_day=np.where(complains, np.minimum(complaint_day, people.horizon - 1), NULL),
        complaint_severity=choose(rng, SEVERITY_SHARES, count),
    )
