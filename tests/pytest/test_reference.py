"""The marts equal the plain-Python reference on invented histories, to the cent, row by row."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from agreement import assert_marts_agree, in_time

from strategies import POLICIES, changed_policy, histories
from tests.reference.compare import MARTS, compare
from warehouse import Warehouse


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """One warehouse for all histories: dbt parses the project once."""
    return Warehouse(tmp_path_factory.mktemp("reference"))


@pytest.mark.parametrize("policy", in_time(POLICIES, {"by_rank", "dated"}))
def test_the_marts_equal_the_reference(warehouse: Warehouse, policy: str, tmp_path: Path) -> None:
    folder = changed_policy(tmp_path, POLICIES[policy])
    assert_marts_agree(warehouse, folder, histories(min_customers=25), MARTS, compare)
