"""A policy that contradicts itself is told in sentences; a scenario says only what it changes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pytest

from tests.pytest.warehouse import Warehouse
from tests.reference import Options
from tests.reference.policy import Policy

SEEDS = Path(__file__).resolve().parents[2] / "seeds" / "policy"
MODELS = """
    create schema if not exists intermediate;
    create or replace table intermediate.int_as_of_date as select date '2025-06-30' as as_of_date;
    create or replace table intermediate.int_review_dates as
        from (values (date '2025-03-31'), (date '2025-06-30')) t(as_of_date);
    create or replace table intermediate.int_tier_states as select 'EARNED' as reason;
    create or replace table intermediate.int_accounts as select date '2012-05-01' as member_since;
"""
BUILT_ON_DATA = ("int_clv_lines_in_force", "int_clv_tenure_bands")


@dataclass(frozen=True)
class Checks:
    """A file with the policy in it, and the SQL of every check of the policy."""

    file: Path
    sql: list[str]

    def problems(self, change: str) -> set[str]:
        """The sentences on a policy after a change, which is taken back."""
        with duckdb.connect(str(self.file)) as connection:
            connection.execute("begin")
            connection.execute(change)
            found = {sentence for sql in self.sql for (sentence,) in connection.execute(sql).fetchall()}
            connection.execute("rollback")
        return found


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    return Warehouse(tmp_path_factory.mktemp("policy"))


@pytest.fixture(scope="module")
def checks(warehouse: Warehouse) -> Checks:
    warehouse.seed(Options())
    compiled = warehouse._dbt("compile", Options(), ["--select", "path:seeds", "path:tests/policy"]).result.results
    with duckdb.connect(str(warehouse.database)) as connection:
        connection.execute(MODELS)
    sql = [
        result.node.compiled_code
        for result in compiled
        if result.node.resource_type == "test"
        and result.node.original_file_path.startswith(("tests/policy/", "seeds/policy/"))
        and not any(name.endswith(BUILT_ON_DATA) for name in result.node.depends_on.nodes)
        and "as problem" in result.node.compiled_code
    ]
    return Checks(warehouse.database, sql)


def test_every_check_of_the_policy_says_sentences():
    assert [
        file.name for file in SEEDS.parents[1].glob("tests/policy/*.sql") if "as problem" not in file.read_text()
    ] == []


def test_nothing_is_wrong_with_the_policy_as_it_is(checks: Checks) -> None:
    assert checks.problems("select 1") == set()


THRESHOLD = "policy_tier_thresholds.csv, rule_path {}, customer_type {}, measure {}, from 1990-01-01: "
SCORE = ("SC_MED", "person", "composite_score")
CONTRADICTIONS = {
    "two rows in force": (
        "insert into policy.policy_tier_weights values (2, 'live', '2025-04-01', null, 'rfm', 0.3)",
        "policy_tier_weights.csv, component rfm, from 1990-01-01: still in force on 2025-04-01, when "
        "the next row begins; "
        "end it by effective_to 2025-04-01.",
    ),
    "a row twice": (
        "insert into policy.policy_tier_costs from policy.policy_tier_costs where value_tier = 'low'",
        "policy_tier_costs.csv, value_tier low, from 1990-01-01: two rows for the same thing begin "
        "on this day; keep one.",
    ),
    "a gap": (
        "update policy.policy_tier_costs set effective_to = '2024-12-31' where value_tier = 'low';"
        "insert into policy.policy_tier_costs values (2, 'live', '2025-01-01', null, 'low', 12)",
        "policy_tier_costs.csv, value_tier low, from 1990-01-01: ends on 2024-12-31, but the next "
        "row begins on 2025-01-01; "
        "nothing is in force between: let one begin when the other ends.",
    ),
    "a row that ends before it begins": (
        "update policy.policy_loyalty set effective_to = '1990-01-01'",
        "policy_loyalty.csv, from 1990-01-01: effective_to 1990-01-01 is not after effective_from; "
        "the row would never be in "
        "force. effective_to is the first day without it.",
    ),
    "a row without a beginning": (
        "update policy.policy_loyalty set effective_from = null",
        "policy_loyalty.csv, from (empty): effective_from is empty; write the first day on which the row is in force "
        "(1990-01-01: always).",
    ),
    "a row without a key": (
        "update policy.policy_tier_costs set value_tier = null where value_tier = 'low'",
        "policy_tier_costs.csv, value_tier (empty), from 1990-01-01: value_tier is empty.",
    ),
    "a table that begins too late": (
        "update policy.policy_loyalty set effective_from = '2025-04-01'",
        "policy_loyalty.csv: no row is in force on 2025-03-31, which is graded; let the first row begin earlier "
        "(1990-01-01: always), or the last one longer.",
    ),
    "weights that do not sum to 1": (
        "update policy.policy_tier_weights set weight = 0.2 where component = 'rfm'",
        "policy_tier_weights.csv: on 1990-01-01 the weights in force sum to 0.9000, not to 1; change "
        "the rows of that day so "
        "that they do.",
    ),
    "weights that do not sum to 1 from some day on": (
        "update policy.policy_tier_weights set effective_to = '2025-04-01' where component = 'rfm'",
        "policy_tier_weights.csv: on 2025-04-01 the weights in force sum to 0.7000, not to 1; change "
        "the rows of that day so "
        "that they do.",
    ),
    "weights of the RFM score": (
        "update policy.policy_rfm_measures set weight = 0.6 where measure = 'monetary'",
        "policy_rfm_measures.csv: on 1990-01-01 the weights in force sum to 1.1000, not to 1; change "
        "the rows of that day so "
        "that they do.",
    ),
    "a weight above 1": (
        "update policy.policy_tier_weights set weight = case component when 'rfm' then 1.05 when "
        "'clv' then -0.5 else weight end",
        "policy_tier_weights.csv, component rfm, from 1990-01-01: it must be true that weight "
        "between 0 and 1, but weight is "
        "1.0500.",
    ),
    "the score for high not above that for medium": (
        "update policy.policy_tier_thresholds set threshold = 40 where rule_path = 'SC_HIGH' and "
        "customer_type = 'person'",
        "policy_tier_thresholds.csv, rule_path SC_HIGH, customer_type person, from 1990-01-01: the "
        "score for high, 40.0000, is "
        "not above the score for medium (SC_MED), 40.0000; nobody could be medium: raise the one or lower the other.",
    ),
    "a score that cannot be reached": (
        "update policy.policy_tier_thresholds set threshold = 101 where rule_path = 'SC_HIGH' and "
        "customer_type = 'person'",
        THRESHOLD.format("SC_HIGH", "person", "composite_score")
        + "it must be true that measure not in (composite_score, engagement_score) or threshold <= "
        "100, but measure is "
        "composite_score, threshold is 101.0000.",
    ),
    "a maintain above its entry": (
        "update policy.policy_tier_thresholds set maintain = 41 where rule_path = 'SC_MED' and "
        "customer_type = 'person'",
        THRESHOLD.format(*SCORE)
        + "it must be true that coalesce(maintain, threshold) between 0 and threshold, but threshold is 40.0000, "
        "maintain is 41.0000.",
    ),
    "a maintain of no score": (
        "update policy.policy_tier_thresholds set maintain = 1 where rule_path = 'HR_SPEND'",
        THRESHOLD.format("HR_SPEND", "person", "spend_12m_outside_property")
        + "it must be true that maintain is null or measure = composite_score, but measure is "
        "spend_12m_outside_property, maintain is 1.0000.",
    ),
    "hold months below zero": (
        "update policy.policy_tier_rules set hold_months = -1 where rule_path = 'HR_SPEND'",
        "policy_tier_rules.csv, rule_path HR_SPEND, from 1990-01-01: it must be true that hold_months >= 0, but "
        "hold_months is -1.",
    ),
    "margin below zero": (
        "update policy.policy_tiers set margin_hold_months = -1",
        "policy_tiers.csv, from 1990-01-01: it must be true that margin_hold_months >= 0, but "
        "margin_hold_months is -1.",
    ),
    "a calendar that is no part of a year": (
        "update policy.policy_review_calendar set months_between_reviews = 5",
        "policy_review_calendar.csv, from 1990-01-01: it must be true that months_between_reviews in "
        "(1, 2, 3, 4, 6, 12), but months_between_reviews is 5.",
    ),
    "a rule without its threshold": (
        "delete from policy.policy_tier_thresholds where rule_path = 'HR_SPEND' and customer_type = 'company'",
        "policy_tier_thresholds.csv: on 1990-01-01 rule HR_SPEND is in force, but no threshold of "
        "spend_12m_outside_property "
        "for customer_type company; add the row, or end the rule in policy_tier_rules.csv.",
    ),
    "a threshold that ends before its rule": (
        "update policy.policy_tier_thresholds set effective_to = '2025-04-01' where rule_path = 'HR_SPEND'",
        "policy_tier_thresholds.csv: on 2025-04-01 rule HR_SPEND is in force, but no threshold of "
        "spend_12m_outside_property "
        "for customer_type person; add the row, or end the rule in policy_tier_rules.csv.",
    ),
    "a threshold without its rule": (
        "delete from policy.policy_tier_rules where rule_path = 'HR_SPEND'",
        "policy_tier_thresholds.csv: on 1990-01-01 there is a threshold of "
        "spend_12m_outside_property for rule HR_SPEND and "
        "customer_type person, but policy_tier_rules.csv has no such rule in force; end the row, or add the rule.",
    ),
    "a measure that its rule does not look at": (
        "update policy.policy_tier_thresholds set measure = 'composite_score' where rule_path = 'HR_SPEND'",
        "policy_tier_thresholds.csv: on 1990-01-01 there is a threshold of composite_score for rule HR_SPEND and "
        "customer_type person, which that rule does not look at; correct the measure.",
    ),
    "a rule for everybody else is missing": (
        "delete from policy.policy_tier_rules where rule_path = 'LOW'",
        "policy_tier_rules.csv: on 1990-01-01 no row of rule LOW is in force; without it some "
        "customers would match no rule: "
        "add it.",
    ),
    "two rules in one place": (
        "update policy.policy_tier_rules set rule_order = 8 where rule_path = 'HR_SPEND'",
        "policy_tier_rules.csv, rule_path HR_SPEND, from 1990-01-01: rule_order 8 is not below that of SC_MED (8), "
        "which is in force at the same time; two rules cannot have one place.",
    ),
    "a rule after everybody else": (
        "update policy.policy_tier_rules set rule_order = 11 where rule_path = 'HR_SPEND'",
        "policy_tier_rules.csv, rule_path HR_SPEND, from 1990-01-01: rule_order 11 is not below that of LOW (10), "
        "which is in force at the same time; LOW is for everybody else and comes last.",
    ),
    "a rule before those who are not graded": (
        "update policy.policy_tier_rules set rule_order = 20 where rule_path = 'EXCL'",
        "policy_tier_rules.csv, rule_path EXCL, from 1990-01-01: rule_order 20 is not below that of HR_SPEND (6), "
        "which is in force at the same time; EXCL, POT and NOQ come first, in this order.",
    ),
    "a tier for those who are not graded": (
        "update policy.policy_tier_rules set value_tier = 'low' where rule_path = 'NOQ'",
        "policy_tier_rules.csv, rule_path NOQ, from 1990-01-01: value_tier low cannot be given by "
        "this rule; it gives none "
        "(leave it empty).",
    ),
    "bounds out of order": (
        "update policy.policy_rfm_cuts set bound = 400 where lob = 'venue' and measure = 'recency' and score = 5",
        "policy_rfm_cuts.csv, lob venue, measure recency, score 4, from 1990-01-01: its bound "
        "90.0000 is not easier to reach "
        "than that of score 5, 400.0000; put the bounds in order.",
    ),
    "cuts of lifetime value out of order": (
        "update policy.policy_clv_cuts set score = 95 where customer_type = 'person' and lower_bound = 500",
        "policy_clv_cuts.csv, customer_type person, lower_bound 500.0000, from 1990-01-01: the cut "
        "at 2000.0000 is higher but "
        "gives a lower score or band, or is of another measure; put them in order.",
    ),
    "a segment is missing": (
        "delete from policy.policy_rfm_segments where r_score = 5 and fm_score = 5",
        "policy_rfm_segments.csv: on 1990-01-01 35 rows are in force for 35 cells; each of the 36 "
        "cells r_score 0-5 by "
        "fm_score 0-5 needs exactly one.",
    ),
    "numbers of one row that contradict each other": (
        "update policy.policy_clv set gate_min_ratio = 1.5",
        "policy_clv.csv, from 1990-01-01: it must be true that gate_min_ratio <= gate_max_ratio, but "
        "gate_min_ratio is "
        "1.500000000000, gate_max_ratio is 1.250000000000.",
    ),
    "a number is missing": (
        "update policy.policy_clv set discount_rate = null",
        "policy_clv.csv, from 1990-01-01: it must be true that discount_rate >= 0, but discount_rate is (empty).",
    ),
    "a share above 1": (
        "update policy.policy_parameters set value = 1.2 where parameter = 'min_coverage'",
        "policy_parameters.csv, parameter min_coverage, from 1990-01-01: it must be true that parameter not in "
        "(sale_firm_paid_share, lob_cap_share, min_coverage) or value <= 1, but parameter is "
        "min_coverage, value is 1.2000.",
    ),
    "a code without labels": (
        "delete from policy.policy_labels where code_type = 'rule_path' and code = 'LOW' and lang = 'zh'",
        "policy_labels.csv: rule_path LOW has labels in 1 of 2 languages; add the rows for en and zh.",
    ),
    "a misspelt scenario": (
        "insert into policy.policy_tier_costs values (2, 'lvie', '1990-01-01', null, 'low', 13)",
        "policy_tier_costs.csv: scenario_id lvie is misspelt, or missing in policy_scenarios.csv.",
    ),
    "a card is missing": (
        "delete from policy.policy_card_tiers where card_tier = 'gold'",
        "policy_card_tiers.csv: on 1990-01-01 no row of gold is in force; each of regular, silver, "
        "gold, platinum, diamond needs one.",
    ),
    "cards out of order": (
        "update policy.policy_card_tiers set card_rank = 3 where card_tier = 'gold'",
        "policy_card_tiers.csv, card_tier gold, from 1990-01-01: card_rank is 3, not 2; the order is "
        "regular, silver, gold, platinum, diamond.",
    ),
    "a card that multiplies points by less than nothing": (
        "update policy.policy_card_tiers set points_multiplier = -1 where card_tier = 'gold'",
        "policy_card_tiers.csv, card_tier gold, from 1990-01-01: it must be true that points_multiplier >= 0, but "
        "points_multiplier is -1.0000.",
    ),
    "a card that nobody can gain": (
        "delete from policy.policy_card_rules where card_tier = 'gold' and purpose = 'entry'",
        "policy_card_rules.csv: on 1990-01-01 no entry rule of gold is in force; nobody could gain "
        "the card: add a row.",
    ),
    "a card that nobody can keep from some day on": (
        "update policy.policy_card_rules set effective_to = '2025-04-01' "
        "where card_tier = 'gold' and purpose = 'maintain'",
        "policy_card_rules.csv: on 2025-04-01 no maintain rule of gold is in force; nobody could "
        "keep the card: add a row.",
    ),
    "no rules of cards at all": (
        "delete from policy.policy_card_rules",
        "policy_card_rules.csv: no row is in force on 2025-03-31, which is graded; let the first row begin earlier "
        "(1990-01-01: always), or the last one longer.",
    ),
    "a card above that asks for less": (
        "update policy.policy_card_rules set threshold = 200 where card_tier = 'gold' and route_id = 'points_lobs' "
        "and purpose = 'entry' and metric = 'qualifying_points'",
        "policy_card_rules.csv: on 1990-01-01 the least qualifying_points for gold (entry), "
        "200.0000, is below that for silver, 500.0000; put the thresholds in order.",
    ),
    "maintain above entry": (
        "update policy.policy_card_rules set threshold = 501 where card_tier = 'silver' and route_id = 'points' "
        "and purpose = 'maintain'",
        "policy_card_rules.csv: on 1990-01-01 whoever just gains silver by route points would not "
        "keep it: each of its maintain routes asks for more; no maintain may be above its entry.",
    ),
    "a threshold below zero": (
        "update policy.policy_card_rules set threshold = -1 where card_tier = 'silver' and route_id = 'points' "
        "and purpose = 'maintain'",
        "policy_card_rules.csv, card_tier silver, purpose maintain, route_id points, metric qualifying_points, "
        "from 1990-01-01: it must be true that threshold >= 0, but threshold is -1.0000.",
    ),
    "two thresholds in force": (
        "insert into policy.policy_card_rules values "
        "(2, 'live', '2025-04-01', null, 'silver', 'entry', 'points', 'qualifying_points', 600)",
        "policy_card_rules.csv, card_tier silver, purpose entry, route_id points, metric "
        "qualifying_points, from 1990-01-01: still in force on 2025-04-01, when the next row begins; "
        "end it by effective_to 2025-04-01.",
    ),
    "a floor above the card that earns it": (
        "update policy.policy_card_floors set floor_tier = 'diamond'",
        "policy_card_floors.csv, card_tier platinum, from 1990-01-01: floor_tier diamond is above "
        "the card that earns it; a floor lies at or below it.",
    ),
    "a floor at once": (
        "update policy.policy_card_floors set floor_years = 0",
        "policy_card_floors.csv, from 1990-01-01: it must be true that floor_years > 0, but floor_years is 0.",
    ),
    "a rolling period without its months": (
        "update policy.policy_card_program set period_months = null",
        "policy_card_program.csv, from 1990-01-01: it must be true that period_type <> rolling or "
        "coalesce(period_months, 0) > 0, but period_type is rolling, period_months is (empty).",
    ),
    "a grace as long as the card": (
        "update policy.policy_card_program set grace_days = 400",
        "policy_card_program.csv, from 1990-01-01: it must be true that grace_days < 28 * valid_months, but "
        "valid_months is 12, grace_days is 400.",
    ),
    "a program of cards that begins after the first member": (
        "update policy.policy_card_program set effective_from = '2015-01-01'",
        "policy_card_program.csv: no row is in force on 2012-05-01, the first day of a member; let "
        "the first row begin earlier (1990-01-01: always).",
    ),
    "a benefit of a card that there is not": (
        "update policy.policy_benefits set from_rank = 5 where benefit = 'lounge'",
        "policy_benefits.csv, benefit lounge, from 1990-01-01: it must be true that from_rank "
        "between 0 and 4, but from_rank is 5.",
    ),
    "points below zero": (
        "update policy.policy_points_rates set points_per_unit = -0.05 where lob = 'venue'",
        "policy_points_rates.csv, lob venue, category *, from 1990-01-01: it must be true that "
        "points_per_unit >= 0, but points_per_unit is -0.050000.",
    ),
    "points of a home without a limit": (
        "update policy.policy_points_rates set qualifying_sale_cap = null where lob = 'property_sale'",
        "policy_points_rates.csv, lob property_sale, category *, from 1990-01-01: it must be true that lob <> "
        "property_sale or qualifying_per_unit = 0 or qualifying_sale_cap is not null, but lob is "
        "property_sale, qualifying_per_unit is 0.001000, qualifying_sale_cap is (empty).",
    ),
    "points that are worth more than all of them": (
        "update policy.policy_points_program set breakage = 1.5",
        "policy_points_program.csv, from 1990-01-01: it must be true that breakage between 0 and 1, "
        "but breakage is 1.5000.",
    ),
    "a partner that takes points": (
        "update policy.policy_points_partners set points_multiplier = -1.2",
        "policy_points_partners.csv, partner_id PT01, from 1990-01-01: it must be true that "
        "points_multiplier >= 0, but points_multiplier is -1.2000.",
    ),
    "a scenario that is not listed": (
        "delete from policy.policy_scenarios where scenario_id = 'live'",
        "no policy seed has rows of scenario live: policy_scenarios.csv does not list it.",
    ),
}


@pytest.mark.parametrize("name", CONTRADICTIONS)
def test_a_contradiction_is_told_in_a_sentence(checks: Checks, name: str) -> None:
    change, sentence = CONTRADICTIONS[name]
    assert sentence in checks.problems(change.replace("policy.policy_labels", "marts.policy_labels"))


UNKNOWN_CODES = [
    ("policy_lobs", "lob", "lease", "leese"),
    ("policy_lobs", "purchase_model", "bg_nbd", "pareto_nbd"),
    ("policy_rfm_cuts", "lob", "venue", "venues"),
    ("policy_rfm_measures", "measure", "recency", "recence"),
    ("policy_rfm_measures", "direction", "lower_is_better", "less_is_better"),
    ("policy_tier_weights", "component", "rfm", "rmf"),
    ("policy_tier_rules", "rule_path", "HR_SPEND", "HR_SPENT"),
    ("policy_tier_rules", "value_tier", "medium", "middle"),
    ("policy_tier_thresholds", "rule_path", "SC_MED", "SC_MEDIUM"),
    ("policy_tier_thresholds", "customer_type", "company", "firm"),
    ("policy_tier_thresholds", "measure", "firm_units_60m", "units"),
    ("policy_tier_costs", "value_tier", "low", "lower"),
    ("policy_tier_rules", "rule_path", "MR_ENGAGED", "MR_ENGAGE"),
    ("policy_card_tiers", "card_tier", "gold", "golden"),
    ("policy_card_rules", "card_tier", "gold", "golden"),
    ("policy_card_rules", "purpose", "maintain", "keep"),
    ("policy_card_rules", "metric", "net_spend", "spend"),
    ("policy_card_floors", "floor_tier", "gold", "golden"),
    ("policy_card_program", "period_type", "rolling", "roling"),
    ("policy_card_program", "downgrade_mode", "one_level", "one_step"),
    ("policy_points_rates", "lob", "venue", "venues"),
    ("policy_points_rates", "basis", "firm", "contract"),
    ("policy_alerts", "metric", "psi", "csi"),
    ("policy_alerts", "alerts_when", "above", "over"),
    ("policy_interaction_events", "event_type", "click", "clik"),
    ("policy_sla", "severity", "minor", "small"),
    ("policy_survey_channels", "channel", "app", "apps"),
    ("policy_survey_types", "survey_type", "nps", "npx"),
]


@pytest.mark.parametrize(("seed", "column", "code", "misspelt"), UNKNOWN_CODES)
def test_a_code_that_nothing_computes_is_told(checks: Checks, seed: str, column: str, code: str, misspelt: str) -> None:
    found = checks.problems(f"update policy.{seed} set {column} = '{misspelt}' where {column} = '{code}'")
    start = f"{seed}.csv, {column} {misspelt}, from 1990-01-01: {column} {misspelt} means nothing here; known are "
    (sentence,) = [sentence for sentence in found if sentence.startswith(start)]
    assert code in sentence.removeprefix(start).rstrip(".").split(", ")


def test_what_is_wrong_with_a_candidate_stops_nobody_else(checks: Checks) -> None:
    change = "update policy.policy_tier_thresholds set threshold = 90 where rule_path = 'SC_MED' and scenario_id = '%s'"
    assert checks.problems(change % "stricter") == set()
    assert len(checks.problems(change % "live")) == 2


# Scenarios


@pytest.fixture
def rows(warehouse: Warehouse, checks: Checks) -> Iterator[dict[str, list[tuple]]]:
    """The rows of each seed after loading for the candidate, by table; afterwards the seeds are as they were."""
    options = Options(scenario_id="stricter")
    warehouse._dbt("seed", options)
    with duckdb.connect(str(warehouse.database), read_only=True) as connection:
        tables = connection.execute(
            "select schema_name || '.' || table_name from duckdb_columns() where column_name = 'scenario_id'"
        ).fetchall()
        yield {
            table.split(".")[1]: connection.execute(
                f"select * exclude (policy_version), policy_version from {table}"
            ).fetchall()
            for (table,) in tables
            if not table.endswith("policy_scenarios")
        }
    warehouse._dbt("seed", Options())


def test_a_scenario_takes_the_live_rows_of_what_it_does_not_change(rows: dict[str, list[tuple]]) -> None:
    def of(table: str, scenario: str) -> list[tuple]:
        return sorted(str(row[1:]) for row in rows[table] if row[0] == scenario)

    assert len(rows) > 30
    own = {table for table in rows if of(table, "stricter") != of(table, "live")}
    assert own == {"policy_tier_thresholds"}
    scores = [row for row in rows["policy_tier_thresholds"] if row[0] == "stricter" and row[3] == "SC_HIGH"]
    assert [row[6] for row in scores] == [75, 75]


def test_the_reference_falls_back_to_the_live_rows_too() -> None:
    day = date(2025, 6, 30)
    live, stricter = Policy(SEEDS), Policy(SEEDS, "stricter")
    assert stricter.tier_weights(day) == live.tier_weights(day)
    assert stricter.thresholds("person", day)["SC_HIGH", "composite_score"] == 75
