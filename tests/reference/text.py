"""Section 2: delivered text to values. None means: nothing there, or nothing that can be read."""

import re
import unicodedata
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

ZERO_WIDTH = dict.fromkeys([0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF])
FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
NOTHING = {"", "-", "--", "—", "N/A", "n/a", "NULL", "Null", "null", "None", "none", "NaN", "nan", "NaT"}
FIELD_ORDER = {"ymd": ("y", "m", "d"), "dmy": ("d", "m", "y"), "mdy": ("m", "d", "y")}
MONEY = re.compile(r"([+-]?)(\d+|\d{1,3}(?:,\d{3})+)(\.\d*)?")
TIMESTAMP = re.compile(r"(\S+?)(?:[ T](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,6})\d*)?)?\s?(Z|[+-]\d\d:?\d\d)?)?")
TRUE = {"true", "t", "yes", "y", "1", "是"}
FALSE = {"false", "f", "no", "n", "0", "否"}


def normalise(text: str | None) -> str | None:
    """The text of a cell: ASCII for full-width forms, NFC, no zero-width characters, trimmed; None for nothing."""
    if text is None:
        return None
    plain = unicodedata.normalize("NFC", text.translate(FULL_WIDTH).translate(ZERO_WIDTH)).strip()
    return None if plain in NOTHING else plain


def parse_date(text: str | None, order: str = "ymd") -> date | None:
    """A date in the declared order with - / or . between; YYYY-MM-DD and YYYYMMDD always."""
    if text is None:
        return None
    plain = re.fullmatch(r"(\d{4})(-?)(\d\d)\2(\d\d)", text)
    if plain:
        parts = dict(zip("ymd", plain.group(1, 3, 4), strict=True))
    else:
        found = re.fullmatch(r"(\d{1,4})([-/.])(\d{1,2})\2(\d{1,4})", text)
        if not found:
            return None
        parts = dict(zip(FIELD_ORDER[order], found.group(1, 3, 4), strict=True))
        if len(parts["y"]) != 4 or len(parts["m"]) > 2 or len(parts["d"]) > 2:
            return None
    try:
        return date(int(parts["y"]), int(parts["m"]), int(parts["d"]))
    except ValueError:
        return None


def parse_timestamp(text: str | None, zone: str, order: str = "ymd") -> datetime | None:
    """A moment in UTC; without an offset the text is read in `zone`, a bare date is its midnight."""
    found = TIMESTAMP.fullmatch(text) if text is not None else None
    day = parse_date(found.group(1), order) if found else None
    if found is None or day is None:
        return None
    hour, minute, second, fraction, offset = found.group(2, 3, 4, 5, 6)
    try:
        clock = time(int(hour or 0), int(minute or 0), int(second or 0), int((fraction or "").ljust(6, "0")))
    except ValueError:
        return None
    return datetime.combine(day, clock, _zone_of(offset, zone)).astimezone(UTC)


def _zone_of(offset: str | None, zone: str) -> ZoneInfo | timezone:
    """The zone written in the text, else the declared one."""
    if offset is None:
        return ZoneInfo(zone)
    if offset == "Z":
        return UTC
    minutes = int(offset[1:3]) * 60 + int(offset[-2:])
    return timezone(timedelta(minutes=-minutes if offset[0] == "-" else minutes))


def parse_money(text: str | None) -> int | None:
    """Whole cents, signed; currency signs, thousands separators and (12.00) are understood."""
    if text is None:
        return None
    bare = re.sub(r"[¥￥$€£\s]", "", text)
    is_bracketed = bare.startswith("(") and bare.endswith(")")
    found = MONEY.fullmatch(bare[1:-1] if is_bracketed else bare)
    if not found:
        return None
    sign, whole, fraction = found.groups()
    amount = Decimal(sign + whole.replace(",", "") + (fraction or ""))
    cents = int((amount * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    return -cents if is_bracketed else cents


def parse_number(text: str | None) -> Fraction | None:
    """A plain decimal number, exactly."""
    if text is None or not re.fullmatch(r"[+-]?\d+(\.\d+)?", text):
        return None
    return Fraction(text)


def parse_boolean(text: str | None) -> bool | None:
    """A yes or a no."""
    if text is None or text.lower() not in TRUE | FALSE:
        return None
    return text.lower() in TRUE
