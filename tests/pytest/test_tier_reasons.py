"""From `customer_tier_reasons` alone every tier can be computed again, at a review and between reviews."""

import os
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest

from scripts.generate_sample import generate
from scripts.landing import land
from scripts.sample_data.scenario import Scenario
from tests.reference import Options
from warehouse import Row, Warehouse

LEVELS = {"low": 0, "medium": 1, "high": 2}
NAMES = {level: name for name, level in LEVELS.items()}
STEP = Decimal("0.0001")
HELD = ("HELD_BY_MARGIN", "HELD_BY_RULE", "GRANDFATHERED", "SOFT_LANDING", "HELD_UNTIL_REVIEW")
BY_RULE = ("EXCL", "POT", "NOQ", "INITIAL", "EARNED")
AS_OF_DATES = (date(2025, 12, 31), date(2025, 8, 20))
LANDED_AT = datetime(2026, 1, 31, tzinfo=UTC)

Customer = list[Row]
"""The rows of one customer."""


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """A warehouse with a landed sample, and nothing built."""
    folder = tmp_path_factory.mktemp("reasons")
    warehouse = Warehouse(folder)
    generate(Scenario(customers=int(os.environ.get("REASONS_CUSTOMERS", "300"))), Path(folder, "sample"))
    land(folder / "sample", warehouse.home, lambda line: None, now=LANDED_AT)
    warehouse.seed(Options())
    return warehouse


@pytest.fixture(scope="module", params=AS_OF_DATES, ids=["at a review", "between reviews"])
def marts(request: pytest.FixtureRequest, workshop: Warehouse) -> dict[str, list[Row]]:
    """Reasons and tiers; only the reasons are used to compute."""
    names = ("customer_tier_reasons", "customer_tiers")
    workshop.rebuild(Options(as_of_date=request.param), tuple(f"+{name}" for name in names))
    return workshop.read(names)


@pytest.fixture(scope="module")
def customers(marts: dict[str, list[Row]]) -> dict[str, Customer]:
    """The rows of each customer."""
    found = defaultdict(list)
    for row in marts["customer_tier_reasons"]:
        found[row["customer_id"]].append(row)
    return dict(found)


def composite(rows: Customer) -> Decimal | None:
    """The weighted mean of the scores present, 4 decimals, half up."""
    present = [row for row in rows if row["is_present"]]
    if not present:
        return None
    weighted = sum(row["weight"] * row["score"] for row in present)
    return (weighted / sum(row["weight"] for row in present)).quantize(STEP, ROUND_HALF_UP)


def rule_tiers(row: Row) -> set[str | None]:
    """The tiers that path and cuts leave open: one, but for the rules that look at something else than the score."""
    score, path = row["composite_score"], row["rule_path"]
    if path.startswith("HR_"):
        return {"high"}
    by_score = {"SC_HIGH": "high", "SC_MED": "medium", "MR_ENGAGED": "medium", "LOW": "low", "POT": "potential"}
    high, medium = (score is not None and score >= row[cut] for cut in ("high_from", "medium_from"))
    fits = {"SC_HIGH": high, "SC_MED": medium and not high, "MR_ENGAGED": not medium, "LOW": not medium}
    return {by_score.get(path)} if fits.get(path, True) else set()


def computed_tier(row: Row) -> str | None:
    """The tier before overrides, from the rule, the reason and what is held."""
    if row["reason"] in BY_RULE:
        return row["rule_tier"]
    return NAMES[LEVELS[row["held_tier"]] + row["reason"].startswith("INTERIM_")]


def value_tier(row: Row) -> str | None:
    """The tier after the override."""
    kind, named, computed = row["override_kind"], row["override_tier"], row["computed_tier"]
    if kind == "floor":
        return max(named, computed, key=LEVELS.__getitem__)
    if kind == "ceiling":
        return min(named, computed, key=LEVELS.__getitem__)
    return computed if kind is None else named


def reasons_that_do_not_hold(row: Row) -> Iterator[str]:
    """What the reason says and the figures deny."""
    score, rule, computed = row["composite_score"], row["rule_tier"], row["computed_tier"]
    keep = row.get(f"{computed}_keep")
    if row["reason"] in HELD and LEVELS[computed] <= LEVELS[rule]:
        yield "nothing is held"
    if row["reason"] == "WAITS_FOR_REVIEW" and LEVELS[computed] >= LEVELS[rule]:
        yield "nothing waits"
    if row["reason"] == "GRANDFATHERED" and score < keep:
        yield "below the score that keeps it"


def test_everybody_has_a_row_per_component(marts, customers):
    assert set(customers) == {row["customer_id"] for row in marts["customer_tiers"]}
    components = {frozenset((row["component"], row["weight"]) for row in rows) for rows in customers.values()}
    assert len(components) == 1


def test_the_composite_score_follows_from_weights_and_scores(customers):
    wrong = [name for name, rows in customers.items() if {composite(rows)} != {row["composite_score"] for row in rows}]
    assert wrong == []


def test_contributions_are_less_than_a_step_from_the_exact_share(customers):
    for rows in customers.values():
        weight = sum(row["weight"] for row in rows if row["is_present"])
        for row in (row for row in rows if row["is_present"]):
            for column, points in (("contribution", row["score"]), ("points_lost", 100 - row["score"])):
                floor = (row["weight"] * points / weight).quantize(STEP, ROUND_DOWN)
                assert row[column] in (floor, floor + STEP)


def test_the_rule_tier_follows_from_path_and_cuts(customers):
    wrong = [name for name, rows in customers.items() if rows[0]["rule_tier"] not in rule_tiers(rows[0])]
    assert wrong == []


def test_the_computed_tier_follows_from_the_rule_and_the_reason(customers):
    wrong = [name for name, rows in customers.items() if rows[0]["computed_tier"] != computed_tier(rows[0])]
    assert wrong == []
    assert {name: found for name, rows in customers.items() if (found := [*reasons_that_do_not_hold(rows[0])])} == {}


def test_the_value_tier_follows_from_the_override(marts, customers):
    wrong = [name for name, rows in customers.items() if rows[0]["value_tier"] != value_tier(rows[0])]
    assert wrong == []
    tiers = {row["customer_id"]: row["value_tier"] for row in marts["customer_tiers"]}
    assert {name: rows[0]["value_tier"] for name, rows in customers.items()} == tiers


def test_the_gap_and_the_smallest_change_follow_from_scores_and_cuts(customers):
    for rows in customers.values():
        reached = [LEVELS[tier] for tier in (rows[0]["rule_tier"], rows[0]["computed_tier"]) if tier in LEVELS]
        following = {0: "medium", 1: "high"}.get(max(reached, default=None))
        assert rows[0]["next_tier"] == following
        if following and rows[0]["composite_score"] is not None:
            cut = rows[0][f"{following}_from"]
            assert rows[0]["score_gap_to_next"] == max(Decimal(0), cut - rows[0]["composite_score"])
            for row in (row for row in rows if row["change_to_next"] is not None):
                for change, reaches in ((row["change_to_next"], True), (row["change_to_next"] - STEP, False)):
                    tried = [other if other is not row else row | {"score": row["score"] + change} for other in rows]
                    assert (composite(tried) >= cut) is reaches


def test_sentences_can_be_read_out(customers):
    said = {row[f"sentence_{lang}"] for rows in customers.values() for row in rows for lang in ("en", "zh")}
    assert [sentence for sentence in said if "{" in sentence or "null" in sentence.lower() or "None" in sentence] == []
    assert {sentence[-1] for sentence in said} == {".", "。"}
