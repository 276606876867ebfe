"""Cards equal the plain-Python reference on thousands of invented members, period by period."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from club_policies import VARIANTS, built
from tests.reference.club import CARD_MARTS, compare_cards
from warehouse import Warehouse


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """One warehouse for all policies: dbt parses the project once."""
    return Warehouse(tmp_path_factory.mktemp("reference_cards"))


@pytest.mark.parametrize("variant", sorted(VARIANTS))
def test_the_cards_equal_the_reference(warehouse: Warehouse, variant: str, tmp_path: Path) -> None:
    assert compare_cards(*built(warehouse, VARIANTS[variant], tmp_path, CARD_MARTS)) == []
