"""Things delivered more than once: which version counts, and which was known at a review."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from tests.reference.clocks import local_date
from tests.reference.delivery import Options, Row
from tests.reference.text import normalise, parse_timestamp


@dataclass(frozen=True)
class Version:
    """One delivered row of a thing: `recorded_at` is None where the source does not say."""

    cells: dict[str, str | None]
    recorded_at: datetime | None
    recorded_on: date | None

    def is_known(self, d: date) -> bool:
        """Whether a review at d sees this version."""
        return self.recorded_on is None or self.recorded_on <= d


def cutoff_of(options: Options) -> datetime | None:
    """The knowledge cutoff, written in UTC, as a moment."""
    return parse_timestamp(options.knowledge_cutoff, "UTC")


def read_versions(rows: Iterable[Row], options: Options, told_by: tuple[str, ...] = ("recorded_at",)) -> list[Version]:
    """All rows up to the knowledge cutoff, the one recorded last at the end (then by file and line).

    Of rows that are equal to the letter there is only the first. `told_by` names the columns that say when a row was
    recorded: the first that is not empty.
    """
    versions = []
    for cells in without_copies(rows):
        moments = [parse_timestamp(cells.get(c), options.source_timezone, options.date_order) for c in told_by]
        recorded_at = next((moment for moment in moments if moment is not None), None)
        recorded_on = local_date(recorded_at, options.business_tz) if recorded_at else None
        versions.append(Version(cells, recorded_at, recorded_on))
    cutoff = cutoff_of(options)
    seen = [v for v in versions if cutoff is None or v.recorded_at is None or v.recorded_at <= cutoff]
    undated = [v for v in seen if v.recorded_at is None]
    dated = sorted((v for v in seen if v.recorded_at is not None), key=lambda v: v.recorded_at)
    return undated + dated


def without_copies(rows: Iterable[Row]) -> list[dict[str, str | None]]:
    """The normalised cells of all rows but those equal, to the letter, to one before them."""
    read = ({column: normalise(value) for column, value in row.items()} for row in rows)
    firsts: dict[frozenset[tuple[str, str]], dict[str, str | None]] = {}
    for cells in read:
        firsts.setdefault(frozenset((column, text) for column, text in cells.items() if text is not None), cells)
    return list(firsts.values())
