"""Columns as whole numbers while they are made, and their conversion to typed Arrow arrays.

A frame is a dict of equally long arrays. Every value is an int64 (a code, a number of an id, hundredths of a currency
unit, days or seconds since 1970-01-01 in local time) and `NULL` where there is none; text that is not a code is an
Arrow array already.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

NULL = -(1 << 62)
DAY = 86_400
UTC_OFFSET = 8 * 3_600  # Asia/Shanghai, no daylight saving time

Frame = dict[str, np.ndarray | pa.Array]

_FOUR_DIGITS = np.frombuffer("".join(f"{i:04d}" for i in range(10_000)).encode(), np.uint32)  # one word each
_HEX_PAIRS = np.frombuffer("".join(f"{i:02x}" for i in range(256)).encode(), np.uint8).reshape(256, 2)


def length(frame: Frame) -> int:
    """Number of rows of a frame."""
    return len(next(iter(frame.values())))


def take(frame: Frame, rows: np.ndarray) -> Frame:
    """The rows of a frame selected by position or by a Boolean mask."""
    positions = np.flatnonzero(rows) if rows.dtype == bool else rows
    return {
        name: values.take(pa.array(positions)) if isinstance(values, pa.Array) else values[positions]
        for name, values in frame.items()
    }


def concat(frames: Sequence[Frame], columns: Iterable[str]) -> Frame:
    """The frames one after the other with exactly these columns; a column that a frame lacks is NULL there."""
    return {
        name: np.concatenate([f[name] if name in f else np.full(length(f), NULL, np.int64) for f in frames])
        for name in columns
    }


def constant(value: int, count: int) -> np.ndarray:
    """The same value in every row."""
    return np.full(count, value, np.int64)


def expand(counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For parents with `counts` children each: the position of the parent and the ordinal (from 0) of every child."""
    parent = np.repeat(np.arange(len(counts)), counts)
    first = np.cumsum(counts) - counts
    return parent, np.arange(len(parent)) - first[parent]


def choose(rng: np.random.Generator, shares: Sequence[float], count: int) -> np.ndarray:
    """Codes drawn with the given shares (which need not add up to 1)."""
    bounds = np.cumsum(shares)
    return np.minimum(np.searchsorted(bounds, rng.random(count) * bounds[-1], side="right"), len(bounds) - 1)


def uniform(rng: np.random.Generator, low: np.ndarray | int, high: np.ndarray | int, count: int) -> np.ndarray:
    """Whole numbers from low to high, both inclusive; low where high is less."""
    span = np.maximum(np.asarray(high) - np.asarray(low), 0) + 1
    return np.asarray(low) + (rng.random(count) * span).astype(np.int64)


def _bitmap(missing: np.ndarray) -> pa.Buffer | None:
    return pa.py_buffer(np.packbits(~missing, bitorder="little")) if missing.any() else None


def _fixed_width(kind: pa.DataType, values: np.ndarray, missing: np.ndarray) -> pa.Array:
    return pa.Array.from_buffers(kind, len(missing), [_bitmap(missing), pa.py_buffer(np.ascontiguousarray(values))])


def _text(characters: np.ndarray, missing: np.ndarray) -> pa.Array:
    count, width = characters.shape
    offsets = np.arange(count + 1, dtype=np.int32) * width
    buffers = [_bitmap(missing), pa.py_buffer(offsets), pa.py_buffer(np.ascontiguousarray(characters))]
    return pa.StringArray.from_buffers(count, buffers[1], buffers[2], buffers[0])


def hex_text(raw: np.ndarray, missing: np.ndarray) -> pa.Array:
    """Bytes (one row per value) as lower-case hexadecimal text."""
    return _text(_HEX_PAIRS[raw].reshape(len(raw), 2 * raw.shape[1]), missing)


@dataclass(frozen=True)
class Code:
    """A position in a list of words."""

    words: tuple[str, ...]

    def arrow(self, values: np.ndarray) -> pa.Array:
        """Dictionary-encoded text."""
        missing = values == NULL
        codes = _fixed_width(pa.int32(), np.where(missing, 0, values).astype(np.int32), missing)
        return pa.DictionaryArray.from_arrays(codes, pa.array(self.words, pa.string()))


@dataclass(frozen=True)
class Id:
    """A number written with a prefix and leading zeros."""

    prefix: str
    digits: int
    suffix: str = ""

    def arrow(self, values: np.ndarray) -> pa.Array:
        """Text of constant width."""
        missing = values == NULL
        rest = np.where(missing, 0, values)
        start, end = len(self.prefix), len(self.prefix) + self.digits
        characters = np.empty((len(values), end + len(self.suffix)), np.uint8)
        characters[:, :start] = np.frombuffer(self.prefix.encode(), np.uint8)
        characters[:, end:] = np.frombuffer(self.suffix.encode(), np.uint8)
        while end > start:
            width = min(4, end - start)
            higher = rest // 10_000
            group = _FOUR_DIGITS[rest - higher * 10_000].view(np.uint8).reshape(-1, 4)
            characters[:, end - width : end] = group[:, 4 - width :]
            rest = higher
            end -= width
        return _text(characters, missing)


@dataclass(frozen=True)
class Decimal:
    """A number counted in units of 10^-scale."""

    scale: int = 2

    def arrow(self, values: np.ndarray) -> pa.Array:
        """DECIMAL(18, scale)."""
        words = np.stack([values, values >> 63], axis=1)
        return _fixed_width(pa.decimal128(18, self.scale), words, values == NULL)


@dataclass(frozen=True)
class Date:
    """Days since 1970-01-01."""

    def arrow(self, values: np.ndarray) -> pa.Array:
        """DATE."""
        missing = values == NULL
        return _fixed_width(pa.date32(), np.where(missing, 0, values).astype(np.int32), missing)


@dataclass(frozen=True)
class Timestamp:
    """Seconds since 1970-01-01 00:00:00 in local time. In CSV written with the offset +08:00, or in UTC with Z."""

    in_utc: bool = False

    def arrow(self, values: np.ndarray) -> pa.Array:
        """TIMESTAMP WITH TIME ZONE."""
        return _fixed_width(pa.timestamp("us", "UTC"), (values - UTC_OFFSET) * 1_000_000, values == NULL)


@dataclass(frozen=True)
class Integer:
    """A whole number."""

    def arrow(self, values: np.ndarray) -> pa.Array:
        """BIGINT."""
        return _fixed_width(pa.int64(), values, values == NULL)


@dataclass(frozen=True)
class Boolean:
    """0 or 1."""

    def arrow(self, values: np.ndarray) -> pa.Array:
        """BOOLEAN."""
        return pa.array(values == 1, mask=values == NULL)


@dataclass(frozen=True)
class Text:
    """Free text, an Arrow array already."""

    def arrow(self, values: pa.Array) -> pa.Array:
        """The array itself."""
        return values


Kind = Code | Id | Decimal | Date | Timestamp | Integer | Boolean | Text


def to_table(frame: Frame, columns: dict[str, Kind]) -> pa.Table:
    """A frame as an Arrow table with these columns in this order."""
    return pa.table({name: kind.arrow(frame[name]) for name, kind in columns.items()})
