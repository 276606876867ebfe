"""Points equal the plain-Python reference on thousands of invented members, entry by entry."""

from collections.abc import Iterator

import pytest

from club_policies import VARIANTS, built
from tests.reference.club import POINTS_MARTS, Club, compare_merges, compare_points
from tests.reference.compare import MartRows
from warehouse import Warehouse

Both = tuple[Club, MartRows]


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """One warehouse for all policies: dbt parses the project once."""
    return Warehouse(tmp_path_factory.mktemp("reference_points"))


@pytest.fixture(scope="module", params=sorted(VARIANTS))
def both(request: pytest.FixtureRequest, warehouse: Warehouse, tmp_path_factory: pytest.TempPathFactory) -> Both:
    """All members by one policy, from the reference and from the warehouse."""
    return built(warehouse, VARIANTS[request.param], tmp_path_factory.mktemp("policy"), POINTS_MARTS)


def test_the_ledger_equals_the_reference(both: Both) -> None:
    assert compare_points(*both) == []


def test_the_pairs_of_merges_equal_the_reference(both: Both) -> None:
    assert compare_merges(*both) == []
