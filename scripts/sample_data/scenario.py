"""What is to be generated, and the random streams it is drawn from."""

import zlib
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

BLOCK_SIZE = 10_000
YEARS = 5
SERIALS_PER_BLOCK = 10_000_000
COMPANY_WIDE = 2**31  # number of the random streams that belong to no block


@dataclass(frozen=True)
class Scenario:
    """How many customers, which seed, and the last day of the five years of history."""

    customers: int
    seed: int = 7
    end: date = date(2025, 12, 31)

    @property
    def last_day(self) -> int:
        """Last day of the history, in days since 1970-01-01."""
        return (self.end - date(1970, 1, 1)).days

    @property
    def first_day(self) -> int:
        """First day of the history, in days since 1970-01-01."""
        next_day = self.end + timedelta(days=1)
        day_of_month = 28 if (next_day.month, next_day.day) == (2, 29) else next_day.day
        return (date(next_day.year - YEARS, next_day.month, day_of_month) - date(1970, 1, 1)).days

    @property
    def days(self) -> int:
        """Length of the history in days."""
        return self.last_day - self.first_day + 1

    @property
    def block_count(self) -> int:
        """Number of blocks of customers."""
        return -(-self.customers // BLOCK_SIZE)

    def block_size(self, block: int) -> int:
        """Number of customers in a block: full but for the last one."""
        return min(BLOCK_SIZE, self.customers - block * BLOCK_SIZE)

    def rng(self, block: int, topic: str) -> np.random.Generator:
        """Random stream of one topic in one block: a change in one topic leaves the others as they were."""
        return np.random.default_rng([self.seed, block, zlib.crc32(topic.encode())])


def serials(block: int, count: int) -> np.ndarray:
    """The first `count` numbers of a block, for things that are numbered within it; no other block has them."""
    return block * SERIALS_PER_BLOCK + np.arange(count) + 1
