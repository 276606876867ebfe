"""Points and cards equal the plain-Python reference on invented members: entry by entry, period by period.

Few members and one policy that changes often, or many and all policies: CONTRIBUTING.md.
"""

from collections.abc import Iterator

import pytest

from club_policies import BUILT, built
from tests.reference.club import CARD_MARTS, POINTS_MARTS, Club, compare_cards, compare_merges, compare_points
from tests.reference.compare import MartRows
from warehouse import Warehouse

MARTS = (*POINTS_MARTS, *CARD_MARTS)
Both = tuple[Club, MartRows]


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """One warehouse for all policies: dbt parses the project once."""
    return Warehouse(tmp_path_factory.mktemp("reference_club"))


@pytest.fixture(scope="module", params=sorted(BUILT))
def both(request: pytest.FixtureRequest, warehouse: Warehouse, tmp_path_factory: pytest.TempPathFactory) -> Both:
    """All members by one policy, from the reference and from the warehouse."""
    return built(warehouse, BUILT[request.param], tmp_path_factory.mktemp("policy"), MARTS)


def test_the_ledger_equals_the_reference(both: Both) -> None:
    assert compare_points(*both) == []


def test_the_pairs_of_merges_equal_the_reference(both: Both) -> None:
    assert compare_merges(*both) == []


def test_the_cards_equal_the_reference(both: Both) -> None:
    assert compare_cards(*both) == []
