"""Value tiers, what they come from and what is told of them equal the plain-Python reference on invented histories."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from agreement import assert_marts_agree, in_time

from strategies import changed_policy, histories
from tests.reference.compare import MARTS, TIER_KEYS, compare, compare_tiers
from tier_stories import TIER_POLICIES, TIER_STORIES
from warehouse import Warehouse


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """One warehouse for all histories: dbt parses the project once."""
    return Warehouse(tmp_path_factory.mktemp("reference_tiers"))


@pytest.mark.parametrize("policy", in_time(TIER_POLICIES, {"dated", "low_cuts_and_experts"}))
def test_the_tiers_equal_the_reference(warehouse: Warehouse, policy: str, tmp_path: Path) -> None:
    assert_marts_agree(
        warehouse,
        changed_policy(tmp_path, TIER_POLICIES[policy]),
        histories(min_customers=35, headers=("full",), stories=TIER_STORIES),
        (*MARTS, *TIER_KEYS),
        lambda result, marts: compare_tiers(result, marts) + compare(result, marts),
    )
