"""Delivered rows of the tables of the signals: cells to values, duplicates, and when a row becomes known."""

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Protocol, TypeVar

from tests.reference.clocks import known_on, local_date
from tests.reference.delivery import Options, Row
from tests.reference.numbers import round_half_away
from tests.reference.signals.codes import parse_code
from tests.reference.signals.world import World
from tests.reference.text import normalise, parse_date, parse_timestamp
from tests.reference.versions import cutoff_of

NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)")
LARGEST_INTEGER = 2**31 - 1
FIRST_EVENT = FIRST_KNOWN = date(1990, 1, 1)
TRUE = {"true", "t", "yes", "y", "1", "是", "有"}
FALSE = {"false", "f", "no", "n", "0", "否", "无"}
FIRST_MOMENT = datetime(1, 1, 1, tzinfo=UTC)
Content = dict[str, object]


class Version(Protocol):
    """A delivered version of something."""

    recorded_at: datetime | None


Versioned = TypeVar("Versioned", bound=Version)


def parse_decimal(text: str | None, places: int, digits: int) -> Fraction | None:
    """A plain number rounded to so many places; None where there is none, or more than `digits` digits in all."""
    if text is None or not NUMBER.fullmatch(text):
        return None
    units = round_half_away(Fraction(text) * 10**places)
    return Fraction(units, 10**places) if abs(units) < 10**digits else None


def parse_integer(text: str | None) -> int | None:
    """A plain number as a whole one of 32 bits, halves away from zero."""
    if text is None or not NUMBER.fullmatch(text):
        return None
    whole = round_half_away(Fraction(text))
    return whole if abs(whole) <= LARGEST_INTEGER else None


def parse_flag(text: str | None) -> bool | None:
    """A yes or a no, in any spelling."""
    if text is None or text.lower() not in TRUE | FALSE:
        return None
    return text.lower() in TRUE


class Cells:
    """The cells of one delivered row, normalised."""

    def __init__(self, row: Row, options: Options) -> None:
        """Nothing is parsed yet."""
        self._cells = {column: normalise(text) for column, text in row.items()}
        self._options = options

    def text(self, column: str) -> str | None:
        """The text of a cell; None for nothing."""
        return self._cells.get(column)

    def code(self, column: str, field: str) -> str | None:
        """One of the codes of a field."""
        return parse_code(self.text(column), field)

    def date(self, column: str) -> date | None:
        """A date, where the cell tells no time of day."""
        return parse_date(self.text(column), self._options.date_order)

    def moment(self, column: str) -> datetime | None:
        """A moment in UTC."""
        return parse_timestamp(self.text(column), self._options.source_timezone, self._options.date_order)

    @property
    def system(self) -> str:
        """The system that delivered the row."""
        return self.text("source_system") or self._options.default_source_system


class Clock:
    """When rows become known, and which are hidden by the knowledge cutoff."""

    def __init__(self, options: Options) -> None:
        """The cutoff is a moment, or none."""
        self._zone = options.business_tz
        self._cutoff = cutoff_of(options)

    def local(self, moment: datetime | None) -> date | None:
        """The local date of a moment."""
        return local_date(moment, self._zone) if moment is not None else None

    def known_on(self, event_at: datetime, recorded_at: datetime | None) -> date | None:
        """The first date a review can see the row; None where the cutoff hides it from all."""
        if self._cutoff is not None and (recorded_at or event_at) > self._cutoff:
            return None
        return known_on(self.local(event_at), self.local(recorded_at))


def is_known(day: date | None, d: date) -> bool:
    """Whether a review at d uses what became known on a day; never what was known before 1990."""
    return day is not None and FIRST_KNOWN <= day <= d


def is_dated_in_time(moment: datetime | None, world: World) -> bool:
    """Whether an event is from 1990 or later and at most a day after the as-of date; so is one without a moment."""
    day = Clock(world.options).local(moment)
    return day is None or FIRST_EVENT <= day <= world.review_dates[-1] + timedelta(days=1)


def without_duplicates(
    rows: list[Cells], key: str, content: Callable[[Cells], Content], *, has_versions: bool = False
) -> list[Cells]:
    """The rows without copies of an earlier one, and without all rows of a key delivered with different content.

    A key is of one source system, and of one recording where the thing has versions; rows without a key are not here
    either: no rule accepts them.
    """
    by_key = defaultdict(list)
    for row in rows:
        if row.text(key) is not None:
            version = row.moment("recorded_at") if has_versions else None
            by_key[row.system, row.text(key), version].append(row)
    firsts = []
    for members in by_key.values():
        contents = [content(member) for member in members]
        if all(other == contents[0] for other in contents):
            firsts.append(members[0])
    return firsts


def last_versions(known: Iterable[Versioned], key: Callable[[Versioned], Hashable]) -> list[Versioned]:
    """Of the versions of each thing that a review knows the one recorded last; one without a recording is the first."""
    last: dict[Hashable, Versioned] = {}
    for version in known:
        other = last.get(key(version))
        if other is None or (version.recorded_at or FIRST_MOMENT) > (other.recorded_at or FIRST_MOMENT):
            last[key(version)] = version
    return list(last.values())


def known_customers(world: World) -> set[str | None]:
    """Everybody whom rows may name: delivered customers and, where they are admitted, those of transactions."""
    return world.customers.accepted
