"""What a tier keeps: the models of its state equal the machine of the reference, on the random histories of many."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from random import Random

import duckdb
import pytest

from strategies import PolicyChange, PolicyRow, changed_policy, from_then_on
from tests.reference import Options
from tests.reference.policy import Policy
from tests.reference.tier_dates import GradedDates, graded_dates
from tests.reference.tier_facts import entry_scores, keep_scores, maintain_scores
from tests.reference.tier_machine import HIGH, LEVELS, MEDIUM, Observation, walk
from warehouse import Warehouse

CUSTOMERS = 400
"""In each world; there are three."""
STEP = Fraction(1, 10_000)
POLICY_MODELS = (
    "int_tier_policy_in_force",
    "int_tier_rules_in_force",
    "int_tier_keep_scores",
    "int_tier_thresholds_in_force",
)
INPUTS = ("int_review_dates", "int_tier_rules_matched", "int_tier_lifts")
"""Made up here; the models between them and the state are run."""
BREAKS = ("EXCL", "POT", "NOQ")
HARD = ("HR_ENERGY", "HR_PROPERTY", "HR_SPEND")
SCORE_CUTS = {"SC_HIGH": ("72", "69.5"), "SC_MED": ("38", "")}


def of_months(months: int) -> PolicyChange:
    """Reviews so many months apart."""
    return lambda row: [row | {"months_between_reviews": str(months)}]


def with_other_cuts(row: PolicyRow) -> PolicyRow:
    """Higher and lower cuts of the score, one without a score that keeps."""
    threshold, maintain = SCORE_CUTS.get(row["rule_path"], (row["threshold"], row["maintain"]))
    return row | {"threshold": threshold, "maintain": maintain}


def cut_in_time(row: PolicyRow) -> list[PolicyRow]:
    """Cuts that change, and back for companies."""
    rows = from_then_on(date(2024, 2, 15), with_other_cuts)(row)
    if row["customer_type"] == "person":
        return rows
    return [*rows[:1], rows[1] | {"effective_to": "2024-11-30"}, row | {"effective_from": "2024-11-30"}]


def without_medium_for_companies(row: PolicyRow) -> list[PolicyRow]:
    """Companies cannot earn medium by their score, and have no score that keeps it."""
    is_left_out = row["rule_path"] == "SC_MED" and row["customer_type"] == "company"
    return [] if is_left_out else [row]


def shorter(row: PolicyRow) -> PolicyRow:
    """Rules that hold for other times: one for less, one not at all, one of a score for a while."""
    months = {"HR_SPEND": "3", "HR_ENERGY": "", "SC_HIGH": "5", "HR_PROPERTY": "18"}
    return row | {"hold_months": months.get(row["rule_path"], row["hold_months"])}


def kept_otherwise(row: PolicyRow) -> PolicyRow:
    """Less margin, and a longer memory of cuts."""
    return row | {"margin_hold_months": "6", "grandfather_months": "9"}


@dataclass(frozen=True)
class Setting:
    """A policy, and the dates that are graded by it."""

    as_of: date
    review_count: int
    changes: dict[str, PolicyChange]


SETTINGS = {
    "as_the_seeds_say": Setting(date(2025, 8, 15), 12, {}),
    "monthly_and_changing": Setting(
        date(2025, 4, 30),
        18,
        {
            "policy_review_calendar": of_months(1),
            "policy_tier_thresholds": cut_in_time,
            "policy_tier_rules": from_then_on(date(2024, 6, 30), shorter),
            "policy_tiers": from_then_on(date(2024, 9, 30), kept_otherwise),
        },
    ),
    "half_yearly": Setting(
        date(2025, 8, 31),
        6,
        {
            "policy_review_calendar": of_months(6),
            "policy_tier_thresholds": without_medium_for_companies,
            "policy_tiers": lambda row: [row | {"margin_hold_months": "13", "grandfather_months": "0"}],
            "policy_tier_rules": lambda row: [shorter(row)],
        },
    ),
}


class Customer:
    """Lives a random life under a policy: what each graded date sees of it."""

    def __init__(self, rng: Random, dates: GradedDates, policy: Policy) -> None:
        """`observations` by date and `lifts` by date are ready after this."""
        self._rng, self._policy = rng, policy
        self.customer_type = rng.choice(["person", "company"])
        self._nerve = rng.choice([0.05, 0.3, 0.6])
        self._break_left = self._hard_left = 0
        self._hard = HARD[0]
        self._score: Fraction | None = Fraction(rng.randint(20, 90))
        first = rng.choice([dates.all[0], *dates.all])
        self.observations = {d: self._observe(d) for d in dates.all if d >= first}

    def _observe(self, d: date) -> Observation:
        rng, policy = self._rng, self._policy
        self._score = self._next_score(d)
        rule_path = self._rule_path(d)
        return Observation(
            rule_path=rule_path,
            rule_tier=dict(policy.tier_rules(d))[rule_path],
            composite_score=self._score,
            keep=keep_scores(self.customer_type, policy, d),
            maintain=maintain_scores(self.customer_type, policy, d),
            margin_hold_months=policy.tiers(d).margin_hold_months,
            hold_months=policy.hold_months(rule_path, d),
            has_energy_rise=rng.random() < 0.08,
            has_several_properties=rng.random() < 0.08,
        )

    def _next_score(self, d: date) -> Fraction | None:
        """The score as it was, on a cut or just beside one, anywhere, or none."""
        rng, kind = self._rng, self._rng.random()
        if kind > self._nerve:
            return self._score
        if kind < 0.02:
            return None
        if kind < 0.05:
            return Fraction(rng.randint(0, 1_000_000), 10_000)
        cuts = [scores(self.customer_type, self._policy, d) for scores in (entry_scores, maintain_scores, keep_scores)]
        told = [cut for scores in cuts for cut in scores.values() if cut is not None]
        return rng.choice(told) + rng.choice([0, 0, -STEP, STEP, -2, 2])

    def _rule_path(self, d: date) -> str:
        """A rule that fits the score, or a hard one, or a break, for some dates."""
        rng = self._rng
        if self._break_left == 0 and rng.random() < 0.04:
            self._break_left = rng.randint(1, 2)
        if self._break_left:
            self._break_left -= 1
            return rng.choice(BREAKS)
        if self._hard_left == 0 and rng.random() < 0.06:
            self._hard, self._hard_left = rng.choice(HARD), rng.randint(1, 3)
        if self._hard_left:
            self._hard_left -= 1
            return self._hard
        entry = entry_scores(self.customer_type, self._policy, d)
        for k, rule_path in ((HIGH, "SC_HIGH"), (MEDIUM, "SC_MED")):
            if self._score is not None and entry[k] is not None and self._score >= entry[k]:
                return rule_path
        return "MR_ENGAGED" if rng.random() < 0.1 else "LOW"


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """One warehouse for all worlds: dbt parses the project once."""
    return Warehouse(tmp_path_factory.mktemp("tier_machine"))


def write_inputs(warehouse: Warehouse, dates: GradedDates, everybody: list[Customer]) -> None:
    """The tables the state is made of, as the models before it would write them."""
    with duckdb.connect(str(warehouse.database)) as connection:
        connection.execute("create schema if not exists intermediate")
        for table in INPUTS:
            for kind in ("view", "table"):
                found = "duckdb_views()" if kind == "view" else "duckdb_tables()"
                told = f"select 1 from {found} where schema_name = 'intermediate' and {kind}_name = '{table}'"
                if connection.execute(told).fetchall():
                    connection.execute(f"drop {kind} intermediate.{table}")
        connection.execute("""
            create table intermediate.int_review_dates (
                as_of_date date, previous_as_of_date date, next_as_of_date date, review_number integer,
                first_sale_date date, is_current boolean, is_shown boolean, is_review boolean
            )
        """)
        days = dates.all
        rows = [
            (d, before, after, place, days[0], after is None, d in dates.shown, d in dates.reviews)
            for place, (before, d, after) in enumerate(zip([None, *days], days, [*days[1:], None], strict=False), 1)
        ]
        connection.executemany("insert into intermediate.int_review_dates values (?, ?, ?, ?, ?, ?, ?, ?)", rows)
        connection.execute("""
            create table intermediate.int_tier_rules_matched (
                as_of_date date, customer_key bigint, customer_id varchar, customer_type varchar, rule_path varchar,
                rule_tier varchar, rule_level integer, composite_score decimal(9, 4)
            )
        """)
        connection.execute("""
            create table intermediate.int_tier_lifts (as_of_date date, customer_key bigint, lifted_by varchar)
        """)
        matched, lifts = [], []
        for key, customer in enumerate(everybody):
            for d, seen in customer.observations.items():
                score = None if seen.composite_score is None else Decimal(int(seen.composite_score / STEP)).scaleb(-4)
                told = (customer.customer_type, seen.rule_path, seen.rule_tier, seen.level, score)
                matched.append((d, key, str(key), *told))
                if seen.has_energy_rise:
                    lifts.append((d, key, "INTERIM_ENERGY_RISE"))
                elif seen.has_several_properties:
                    lifts.append((d, key, "INTERIM_MULTI_PROPERTY"))
        for table, rows in (("int_tier_rules_matched", matched), ("int_tier_lifts", lifts)):
            marks = ", ".join("?" * len(rows[0]))
            connection.execute("begin")
            connection.executemany(f"insert into intermediate.{table} values ({marks})", rows)
            connection.execute("commit")


@pytest.mark.parametrize("name", sorted(SETTINGS))
def test_the_state_of_a_tier_equals_the_machine(warehouse: Warehouse, name: str, tmp_path: Path) -> None:
    setting = SETTINGS[name]
    folder = changed_policy(tmp_path, setting.changes)
    policy, options = Policy(folder), Options(as_of_date=setting.as_of, policy_folder=folder)
    dates = graded_dates(setting.as_of, setting.review_count, date(2015, 1, 1), policy)
    everybody = [Customer(Random(f"{name} {n}"), dates, policy) for n in range(CUSTOMERS)]
    warehouse.use_policy(folder, options)
    write_inputs(warehouse, dates, everybody)
    warehouse.rebuild(options, POLICY_MODELS)
    between = [f"+{model}" for model in (*INPUTS, *POLICY_MODELS)]
    warehouse.rebuild(options, ("+int_tier_states", "--exclude", *between))
    with duckdb.connect(str(warehouse.database), read_only=True) as connection:
        rows = connection.execute("""
            select customer_key, as_of_date, computed_tier, computed_level, reason from intermediate.int_tier_states
        """).fetchall()
    found = {(key, d): told for key, d, *told in rows}
    assert len(found) == len(rows)
    expected = {}
    for key, customer in enumerate(everybody):
        told = [(d, d in dates.reviews, customer.observations.get(d)) for d in dates.all]
        for d, computed in walk(told).items():
            expected[key, d] = [computed.tier, LEVELS.get(computed.tier), computed.reason]
    different = {place: (found.get(place), told) for place, told in expected.items() if found.get(place) != told}
    assert (len(different), sorted(different.items())[:5]) == (0, [])
    assert set(found) == set(expected)
    assert {told[2] for told in expected.values()} >= REASONS[name]


REASONS = {
    name: {
        *BREAKS,
        *("INITIAL", "EARNED", "HELD_BY_RULE", "HELD_BY_MARGIN", "SOFT_LANDING"),
        *("INTERIM_ENERGY_RISE", "INTERIM_MULTI_PROPERTY"),
    }
    | reasons
    for name, reasons in {
        "as_the_seeds_say": {"WAITS_FOR_REVIEW", "HELD_UNTIL_REVIEW"},
        "monthly_and_changing": {"GRANDFATHERED"},
        "half_yearly": {"WAITS_FOR_REVIEW", "HELD_UNTIL_REVIEW"},
    }.items()
}
"""Reasons that have to be seen, so that the comparison means something."""
