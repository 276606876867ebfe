"""Planted faults: bad rows appended to good files, or one file that is bad as a whole, and the list of all of them.

Bad rows belong to customers of their own (`CARRIER`, `OTHER`, ...), so that what is said about everybody else stays
true. The list says for each bad row which file and line it is on (the line its record starts on, the header being
line 1), and what is to become of it:

- `landing_rejected`: no row at all; set aside when the file is read
- `rejected`: set aside under the rule
- `issue`: accepted, mended or as it is, and noted under the rule
- `duplicate`: dropped as an exact repeat
- `accepted`: accepted without a note, although it looks odd
- `file_rejected`: the whole file is refused, and the refresh stops
"""

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet

from scripts.sample_data import schema
from scripts.sample_data.scenario import Scenario

ROWS = "rows"  # the group of faults in single rows; a file fault is a group of its own
CARRIER, OTHER, UNKNOWN = "D0001", "D0002", "D9999"
FOREIGN = "GBP"  # a currency without rates in the clean sample
FUTURE = "2099-01-01"
BEFORE_1990 = "1989-12-31 10:00:00+08:00"


@dataclass(frozen=True)
class BadRow:
    """A record to append: its text without the line break; rule and fate are empty for a good row that others need."""

    table: str
    text: str
    fault: str = ""
    rule_id: str = ""
    fate: str = ""


def wanted(rows: bool, file_fault: str | None) -> tuple[str, ...]:
    """The groups of faults that the command line asks for."""
    return ((ROWS,) if rows else ()) + ((file_fault,) if file_fault else ())


def plant(scenario: Scenario, raw: Path, groups: tuple[str, ...], fault_list: Path) -> None:
    """Put the faults of the groups into the CSV files below `raw` and list them in `fault_list`."""
    listed: list[tuple[str | int, ...]] = []
    for group in groups:
        if group == ROWS:
            listed += _append(raw, list(bad_rows(scenario)))
        else:
            listed.append(_bad_file(raw, group))
    fault_list.parent.mkdir(parents=True, exist_ok=True)
    with fault_list.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(("fault", "source_table", "file", "line", "rule_id", "fate"))
        writer.writerows(listed)


def _append(raw: Path, rows: list[BadRow]) -> list[tuple[str | int, ...]]:
    """Append each row to the last file of its table; returns the entries of the list."""
    listed = []
    for table in dict.fromkeys(row.table for row in rows):
        path = max((raw / table).glob("*.csv"))
        with path.open("rb") as stream:
            line = sum(block.count(b"\n") for block in iter(lambda: stream.read(1 << 20), b"")) + 1
        with path.open("a", encoding="utf-8", newline="") as stream:
            for row in rows:
                if row.table != table:
                    continue
                if row.fate:
                    listed.append((row.fault, table, path.relative_to(raw).as_posix(), line, row.rule_id, row.fate))
                stream.write(row.text + "\n")
                line += row.text.count("\n") + 1
    return listed


class _Records:
    """Writes records of one table: a good one from the defaults, or one with some columns changed."""

    def __init__(self, table: str, key: str, prefix: str, defaults: dict[str, str]) -> None:
        self._table = table
        self._key = key
        self._numbers = count(1)
        self._prefix = prefix
        self._defaults = defaults

    def text(self, **changes: str) -> str:
        """A record as CSV text, with a key of its own unless one is given."""
        values = self._defaults | {self._key: f"{self._prefix}{next(self._numbers):04d}"} | changes
        stream = io.StringIO()
        csv.writer(stream, lineterminator="\n").writerow([values.get(name, "") for name in schema.TABLES[self._table]])
        return stream.getvalue().removesuffix("\n")

    def good(self, **changes: str) -> BadRow:
        """A row without fault that others refer to."""
        return BadRow(self._table, self.text(**changes))

    def bad(self, fault: str, rule_id: str, fate: str = "rejected", **changes: str) -> BadRow:
        """A row with one fault."""
        return BadRow(self._table, self.text(**changes), fault, rule_id, fate)

    def raw(self, fault: str, rule_id: str, text: str, fate: str = "landing_rejected") -> BadRow:
        """A line as it is."""
        return BadRow(self._table, text, fault, rule_id, fate)


def bad_rows(scenario: Scenario) -> Iterator[BadRow]:
    """All faults in single rows, with the good rows they need, in the order in which they are appended."""
    yield from _customers(scenario)
    yield from _transactions(scenario)
    yield from _contracts(scenario)
    yield from _surveys(scenario)
    yield from _complaints(scenario)
    yield from _complaint_events(scenario)
    yield from _interactions(scenario)
    yield from _referrals(scenario)
    yield from _fx_rates(scenario)
    yield from _products(scenario)
    yield from _energy_readings(scenario)
    yield from _weather(scenario)
    yield from _tier_overrides(scenario)
    yield from _expert_scores(scenario)
    yield from _points_events(scenario)
    yield from _customer_identity(scenario)


def _day(scenario: Scenario, offset: int = 0) -> str:
    """A day in the middle of the history, or so many days later, as YYYY-MM-DD."""
    middle = (scenario.first_day + scenario.last_day) // 2
    return (date(1970, 1, 1) + timedelta(days=middle + offset)).isoformat()


def _customers(scenario: Scenario) -> Iterator[BadRow]:
    records = _Records(
        "customers",
        "customer_id",
        "D1",
        {
            "customer_type": "person",
            "display_name": "脏数据",
            "status": "active",
            "source_system": "default",
            "created_at": f"{_day(scenario)} 09:00:00+08:00",
            "updated_at": f"{_day(scenario)} 09:00:00+08:00",
            "recorded_at": f"{_day(scenario)} 10:00:00+08:00",
        },
    )
    bad = records.bad
    yield records.good(customer_id=CARRIER)
    yield records.good(customer_id=OTHER)
    twice = records.text()
    yield BadRow("customers", twice)
    yield records.raw("exact_duplicate", "", twice, "duplicate")
    yield bad("delivered_twice_first", "customer_conflict", "issue", customer_id="D0003", city="上海")
    later = {"city": "北京", "recorded_at": f"{_day(scenario, 9)} 10:00:00+08:00"}
    yield bad("delivered_twice_later", "customer_conflict", "issue", customer_id="D0003", **later)
    yield bad("missing_customer_id", "customer_id_missing", customer_id="")
    yield bad("long_customer_id", "id_too_long", customer_id="D" * 65)
    yield bad("plain_id_number", "plain_id_number", id_number_hash="990101190001010015")
    yield bad("plain_id_number_with_x", "plain_id_number", id_number_hash="99010119000101001X")
    yield bad("unknown_customer_type", "customer_type_unknown", customer_type="robot")
    yield bad("unknown_status", "status_unknown", status="sleeping")
    yield bad("member_since_future", "member_since_future", "issue", member_since=FUTURE)
    yield bad("birth_date_future", "birth_date_invalid", "issue", birth_date=FUTURE)
    yield bad("birth_date_1890", "birth_date_invalid", "issue", birth_date="1890-06-15")
    yield bad("birth_date_zero", "birth_date_invalid", "issue", birth_date="0000-00-00")
    yield bad("bad_phone", "phone_invalid", "issue", phone="12345")
    yield bad("bad_email", "email_invalid", "issue", email="nobody at example.com")
    yield bad("unknown_consent", "consent_unknown", "issue", profiling_consent="refused")
    yield bad("unknown_gender", "gender_unknown", "issue", gender="X7")
    yield bad("unknown_income_band", "income_band_unknown", "issue", income_band="plenty")
    yield bad("unknown_family_status", "family_status_unknown", "issue", family_status="complicated")
    yield bad(
        "created_after_updated", "created_after_updated", "issue", created_at=f"{_day(scenario, 5)} 09:00:00+08:00"
    )
    yield bad("word_as_update_time", "value_unreadable", "issue", updated_at="recently")
    yield bad("unknown_language", "value_unreadable", "issue", preferred_language="Klingon")
    yield bad("decoded_wrongly", "text_decoded_wrongly", "issue", display_name="\ufffd\ufffd\ufffd")
    odd_names = {
        "formula_name": '=HYPERLINK("https://example.com","click")',
        "plus_name": "+1+1",
        "at_name": "@SUM(A1:A9)",
        "sql_name": "Robert'); DROP TABLE customers;--",
        "template_name": "{{ 7 * 7 }}{% raw %}",
        "emoji_name": "张三😀👨‍👩‍👧",
        "quoted_name": 'Miles "Speedy" O\'Neil',
        "newline_name": "first line\nsecond line",
        "comma_name": "Adams, Baker & Co.",
    }
    for fault, name in odd_names.items():
        yield bad(fault, "", "accepted", display_name=name)


def _transactions(scenario: Scenario) -> Iterator[BadRow]:
    records = _Records(
        "transactions",
        "txn_id",
        "DT",
        {
            "customer_id": CARRIER,
            "lob": "venue",
            "product_id": "P016",
            "category": "theme_park",
            "txn_type": "purchase",
            "event_at": f"{_day(scenario)} 12:00:00+08:00",
            "paid_at": f"{_day(scenario)} 12:00:00+08:00",
            "quantity": "1",
            "amount": "100.00",
            "currency": "CNY",
            "payment_status": "paid",
            "source_system": "default",
            "recorded_at": f"{_day(scenario)} 12:30:00+08:00",
        },
    )
    yield from _bad_shapes(records)
    yield from _bad_keys(records)
    yield from _bad_times(scenario, records)
    yield from _bad_amounts(records)
    yield from _bad_codes(records)
    yield from _bad_reversals(scenario, records)


def _bad_shapes(records: _Records) -> Iterator[BadRow]:
    yield records.raw("too_many_fields", "wrong_field_count", records.text() + ",surplus")
    yield records.raw("too_few_fields", "wrong_field_count", records.text().rsplit(",", 3)[0])
    yield records.raw("blank_line_inside", "blank_line", "")
    yield records.raw("footer_total", "footer_line", records.text(txn_id="TOTAL", customer_id="", amount="1234567.00"))
    yield records.raw("footer_chinese", "footer_line", "合计,1234567.00")


def _bad_keys(records: _Records) -> Iterator[BadRow]:
    bad = records.bad
    twice = records.text()
    yield BadRow("transactions", twice)
    yield records.raw("exact_duplicate", "", twice, "duplicate")
    yield bad("conflicting_txn_id_first", "duplicate_conflict", txn_id="DTX1", amount="10.00")
    yield bad("conflicting_txn_id_second", "duplicate_conflict", txn_id="DTX1", amount="11.00")
    yield bad("missing_txn_id", "txn_id_missing", txn_id="")
    yield bad("missing_customer_id", "customer_id_missing", customer_id="")
    yield bad("null_word_as_customer_id", "customer_id_missing", customer_id="N/A")
    yield bad("long_txn_id", "id_too_long", txn_id="T" * 65)
    yield bad("unknown_customer", "orphan_customer", customer_id=UNKNOWN)
    yield bad("spaces_around_id", "", "accepted", customer_id=f"  {CARRIER} ")
    yield bad("full_width_id", "", "accepted", customer_id="Ｄ０００１")
    yield bad("zero_width_in_id", "", "accepted", customer_id="D00\u200b01")
    yield bad("tab_after_id", "", "accepted", customer_id=f"{CARRIER}\t")


def _bad_times(scenario: Scenario, records: _Records) -> Iterator[BadRow]:
    unparsable = {
        "word_as_date": "yesterday",
        "day_first_date": "31/12/2025",
        "ambiguous_date": "03/04/2025",
        "impossible_date": "2025-02-30",
        "seconds_as_date": "1735689600",
        "infinity_as_timestamp": "infinity",
        "missing_event_at": "",
    }
    for fault, text in unparsable.items():
        yield records.bad(fault, "event_at_unparsable", event_at=text)
    yield records.bad("future_date", "event_at_future", event_at=f"{FUTURE} 10:00:00+08:00")
    yield records.bad("date_before_1990", "event_at_too_old", event_at=BEFORE_1990)
    yield records.bad("recorded_at_word", "recorded_at_unparsable", "issue", recorded_at="later")
    yield records.bad("word_as_paid_at", "value_unreadable", "issue", paid_at="cash")
    yield records.bad("zero_date_as_paid_at", "paid_at_too_old", "issue", paid_at="1899-12-31 00:00:00+08:00")
    yield records.bad("impossible_due_date", "value_unreadable", "issue", due_date="2025-02-30")
    yield records.bad("reversed_period", "period_reversed", period_start=_day(scenario, 30), period_end=_day(scenario))
    slashed = _day(scenario).replace("-", "/")
    yield records.bad("slashes_in_date", "", "accepted", event_at=f"{slashed} 12:00:00")
    yield records.bad("compact_date", "", "accepted", event_at=_day(scenario).replace("-", ""))


def _bad_amounts(records: _Records) -> Iterator[BadRow]:
    bad = records.bad
    unparsable = {
        "word_as_amount": "abc",
        "decimal_comma": "1.234,56",
        "not_a_number": "NaN",
        "infinite_amount": "Infinity",
        "scientific_notation": "1e15",
        "two_points": "1.2.3",
        "missing_amount": "",
    }
    for fault, text in unparsable.items():
        yield bad(fault, "amount_unparsable", amount=text)
    yield bad("huge_amount", "amount_out_of_range", amount="1000000000000000")
    yield bad("negative_purchase", "negative_amount", amount="-50.00")
    yield bad("brackets_on_purchase", "negative_amount", amount="(50.00)")
    yield bad("thousands_separators", "amount_cleaned", "issue", amount="1,234.50")
    yield bad("currency_sign", "amount_cleaned", "issue", amount="¥88.00")
    yield bad("third_decimal", "amount_rounded", "issue", amount="12.345")
    yield bad("full_width_digits", "", "accepted", amount="１２３４.５０")
    yield bad("discount_mismatch", "amount_mismatch", "issue", gross_amount="120.00", discount_amount="5.00")
    yield bad("word_as_cost", "value_unreadable", "issue", cost_amount="unknown")
    yield bad("negative_quantity", "quantity_negative", quantity="-2")
    yield bad("word_as_quantity", "quantity_unparsable", "issue", quantity="several")


def _bad_codes(records: _Records) -> Iterator[BadRow]:
    bad = records.bad
    yield bad("unknown_txn_type", "txn_type_unknown", txn_type="gift")
    yield bad("unknown_lob", "lob_unknown", lob="casino")
    yield bad("missing_lob", "lob_missing", lob="")
    yield bad("adjustment_without_direction", "direction_missing", txn_type="adjustment")
    yield bad("currency_without_rate", "fx_missing", currency="XXZ")
    yield bad("currency_sign_as_code", "currency_unknown", currency="US$")
    yield bad("rmb_as_currency", "currency_alias", "issue", currency="RMB")
    yield bad("unknown_payment_status", "payment_status_unknown", "issue", payment_status="maybe")


def _bad_reversals(scenario: Scenario, records: _Records) -> Iterator[BadRow]:
    later = {"event_at": f"{_day(scenario, 3)} 12:00:00+08:00", "recorded_at": f"{_day(scenario, 3)} 12:30:00+08:00"}

    def refund(fault: str, rule_id: str, fate: str, **changes: str) -> BadRow:
        return records.bad(fault, rule_id, fate, **(later | {"txn_type": "refund"} | changes))

    for number in (1, 2, 3):
        yield records.good(txn_id=f"DTS{number}")
    yield records.good(txn_id="DTS4", txn_type="deposit")
    yield refund("orphan_refund", "orphan_refund", "rejected", original_txn_id="DT-NEVER")
    yield refund("refund_without_original", "orphan_refund", "rejected")
    yield refund("refund_of_a_deposit", "orphan_refund", "rejected", original_txn_id="DTS4")
    yield refund("refund_by_another_customer", "orphan_refund", "rejected", original_txn_id="DTS1", customer_id=OTHER)
    yield refund("negative_refund", "negative_reversal", "issue", original_txn_id="DTS2", amount="-40.00")
    yield refund("refund_above_sale", "refund_exceeds_sale", "issue", original_txn_id="DTS3", amount="100.01")


def _contracts(scenario: Scenario) -> Iterator[BadRow]:
    records = _Records(
        "contracts",
        "contract_id",
        "DK",
        {
            "customer_id": CARRIER,
            "lob": "lease",
            "product_id": "P006",
            "status": "ended",
            "signed_at": f"{_day(scenario)} 10:00:00+08:00",
            "start_date": _day(scenario, 10),
            "end_date": _day(scenario, 40),
            "term_months": "1",
            "total_amount": "5000.00",
            "currency": "CNY",
            "source_system": "default",
            "recorded_at": f"{_day(scenario)} 11:00:00+08:00",
        },
    )
    bad = records.bad
    yield bad("missing_contract_id", "contract_id_missing", contract_id="")
    yield bad("missing_customer_id", "customer_id_missing", customer_id="")
    yield bad("unknown_customer", "orphan_customer", customer_id=UNKNOWN)
    yield bad("line_without_contracts", "lob_unknown", lob="venue")
    yield bad("unknown_status", "status_unknown", status="framed")
    yield bad("word_as_start_date", "date_unparsable", start_date="soon")
    yield bad("negative_total", "amount_unparsable", total_amount="-1.00")
    yield bad("end_before_start", "end_before_start", end_date=_day(scenario, -10))
    yield bad("cancelled_without_date", "cancelled_at_missing", "issue", status="cancelled")
    yield bad("word_as_handover_date", "value_unreadable", "issue", handover_date="spring")
    yield bad(
        "signed_before_subscribed",
        "signed_before_subscribed",
        "issue",
        subscribed_at=f"{_day(scenario, 2)} 10:00:00+08:00",
    )


def _surveys(scenario: Scenario) -> Iterator[BadRow]:
    records = _Records(
        "surveys",
        "response_id",
        "DR",
        {
            "survey_id": "SV_NPS",
            "survey_type": "nps",
            "scale": "nps_10",
            "question_code": "recommend",
            "score": "7",
            "customer_id": CARRIER,
            "lob": "venue",
            "channel": "phone_callback",
            "invited_at": f"{_day(scenario)} 10:00:00+08:00",
            "responded_at": f"{_day(scenario)} 10:10:00+08:00",
            "callback_outcome": "connected_answered",
            "source_system": "default",
            "recorded_at": f"{_day(scenario)} 10:30:00+08:00",
        },
    )
    bad = records.bad
    yield bad("conflicting_response_first", "duplicate_conflict", response_id="DRX1", score="3")
    yield bad("conflicting_response_second", "duplicate_conflict", response_id="DRX1", score="9")
    yield bad("missing_response_id", "response_id_missing", response_id="")
    yield bad("missing_customer_id", "customer_id_missing", customer_id="")
    yield bad("unknown_customer", "orphan_customer", customer_id=UNKNOWN)
    yield bad("unknown_scale", "scale_unknown", scale="stars")
    yield bad("word_as_score", "score_unparsable", score="great")
    yield bad("score_out_of_scale", "score_out_of_scale", score="11")
    yield bad("responded_before_invited", "responded_before_invited", responded_at=f"{_day(scenario)} 09:00:00+08:00")
    yield bad("score_without_answer", "score_without_answer", callback_outcome="no_answer")
    yield bad("unknown_callback_outcome", "value_unreadable", "issue", callback_outcome="voicemail jungle")
    yield bad("answer_without_score", "answer_without_score", "issue", score="")
    yield bad("no_time_at_all", "survey_undated", invited_at="", responded_at="", recorded_at="")
    yield bad("responded_before_1990", "event_at_too_old", invited_at="", responded_at=BEFORE_1990)
    yield bad("invited_before_1990", "event_at_too_old", invited_at=BEFORE_1990, responded_at="")
    yield bad("responded_in_the_future", "event_at_future", responded_at=f"{FUTURE} 10:00:00+08:00")
    yield bad("unknown_question", "question_code_unknown", "issue", question_code="weather")


def _complaints(scenario: Scenario) -> Iterator[BadRow]:
    records = _Records(
        "complaints",
        "complaint_id",
        "DF",
        {
            "customer_id": CARRIER,
            "feedback_type": "complaint",
            "category": "service",
            "lob": "venue",
            "severity": "minor",
            "created_at": f"{_day(scenario)} 10:00:00+08:00",
            "status": "closed",
            "resolved_at": f"{_day(scenario, 1)} 10:00:00+08:00",
            "closed_at": f"{_day(scenario, 2)} 10:00:00+08:00",
            "source_system": "default",
            "recorded_at": f"{_day(scenario)} 10:30:00+08:00",
        },
    )
    bad = records.bad
    yield bad("conflicting_complaint_first", "duplicate_conflict", complaint_id="DFX1", category="noise")
    yield bad("conflicting_complaint_second", "duplicate_conflict", complaint_id="DFX1", category="safety")
    yield bad("missing_complaint_id", "complaint_id_missing", complaint_id="")
    yield bad("missing_customer_id", "customer_id_missing", customer_id="")
    yield bad("unknown_customer", "orphan_customer", customer_id=UNKNOWN)
    yield bad("unknown_feedback_type", "feedback_type_unknown", feedback_type="poem")
    yield bad("word_as_created_at", "created_at_unparsable", created_at="recently")
    yield bad("created_before_1990", "event_at_too_old", created_at=BEFORE_1990)
    yield bad("created_in_the_future", "event_at_future", created_at=f"{FUTURE} 10:00:00+08:00")
    yield bad("resolved_before_created", "resolved_before_created", resolved_at=f"{_day(scenario, -1)} 10:00:00+08:00")
    yield bad("unknown_severity", "severity_unknown", "issue", severity="terrible")
    yield bad("word_as_first_response", "value_unreadable", "issue", first_response_at="promptly")
    yield bad("closed_without_resolved", "closed_without_resolved", "issue", resolved_at="")


def _complaint_events(scenario: Scenario) -> Iterator[BadRow]:
    """Steps of a case of their own; an event has no key, so each has a moment of its own."""
    case = {"complaint_id": "DFE1", "source_system": "default"}
    day = _day(scenario)
    yield _Records("complaints", "complaint_id", "", {}).good(
        customer_id=CARRIER,
        feedback_type="complaint",
        category="service",
        severity="minor",
        status="open",
        created_at=f"{day} 08:00:00+08:00",
        recorded_at=f"{day} 08:30:00+08:00",
        **case,
    )
    steps = {"from_status": "open", "to_status": "in_progress", "recorded_at": f"{day} 23:00:00+08:00"}
    records = _Records("complaint_events", "event_at", "", case | steps)
    bad = records.bad
    yield bad("missing_complaint_id", "complaint_id_missing", complaint_id="", event_at=f"{day} 10:00:00+08:00")
    yield bad("unknown_complaint", "orphan_complaint", complaint_id="DF9999", event_at=f"{day} 10:00:00+08:00")
    yield bad("word_as_event_at", "event_at_unparsable", event_at="now")
    yield bad("date_before_1990", "event_at_too_old", event_at=BEFORE_1990)
    yield bad("future_date", "event_at_future", event_at=f"{FUTURE} 10:00:00+08:00")
    yield bad("unknown_to_status", "to_status_unknown", to_status="forgotten", event_at=f"{day} 10:00:00+08:00")
    yield bad("unknown_from_status", "value_unreadable", "issue", from_status="?", event_at=f"{day} 11:00:00+08:00")
    yield records.good(event_at=f"{day} 12:00:00+08:00")
    yield bad("event_delivered_twice", "", "duplicate", event_at=f"{day} 12:00:00+08:00")


def _interactions(scenario: Scenario) -> Iterator[BadRow]:
    records = _Records(
        "interactions",
        "interaction_id",
        "DX",
        {
            "customer_id": CARRIER,
            "event_type": "page_view",
            "event_at": f"{_day(scenario)}T04:00:00Z",
            "channel": "app",
            "duration_s": "30",
            "source_system": "default",
            "recorded_at": f"{_day(scenario)} 12:30:00+08:00",
        },
    )
    bad = records.bad
    yield bad("conflicting_interaction_first", "duplicate_conflict", interaction_id="DXX1", duration_s="5")
    yield bad("conflicting_interaction_second", "duplicate_conflict", interaction_id="DXX1", duration_s="6")
    yield bad("missing_interaction_id", "interaction_id_missing", interaction_id="")
    yield bad("nobody", "who_missing", customer_id="")
    yield bad("unknown_customer", "orphan_customer", customer_id=UNKNOWN)
    yield bad("word_as_event_at", "event_at_unparsable", event_at="now")
    yield bad("date_before_1990", "event_at_too_old", event_at=BEFORE_1990)
    yield bad("future_date", "event_at_future", event_at=f"{FUTURE} 10:00:00+08:00")
    yield bad("word_as_duration", "value_unreadable", "issue", duration_s="long")
    yield bad("negative_duration", "duration_negative", duration_s="-1")
    yield bad("unknown_event_type", "event_type_unknown", "issue", event_type="telepathy")


def _referrals(scenario: Scenario) -> Iterator[BadRow]:
    records = _Records(
        "referrals",
        "referral_id",
        "DG",
        {
            "referrer_customer_id": CARRIER,
            "referee_customer_id": OTHER,
            "referred_at": f"{_day(scenario)} 10:00:00+08:00",
            "lob": "venue",
            "status": "open",
            "source_system": "default",
            "recorded_at": f"{_day(scenario)} 10:30:00+08:00",
        },
    )
    bad = records.bad
    yield bad("conflicting_referral_first", "duplicate_conflict", referral_id="DGX1", status="open")
    yield bad("conflicting_referral_second", "duplicate_conflict", referral_id="DGX1", status="expired")
    yield bad("missing_referral_id", "referral_id_missing", referral_id="")
    yield bad("missing_referrer", "referrer_missing", referrer_customer_id="")
    yield bad("referral_without_date", "referral_undated", referred_at="", recorded_at="")
    yield bad("referred_before_1990", "event_at_too_old", referred_at=BEFORE_1990)
    yield bad("referred_in_the_future", "event_at_future", referred_at=f"{FUTURE} 10:00:00+08:00")
    yield bad("unknown_referrer", "orphan_referrer", referrer_customer_id=UNKNOWN)
    yield bad("unknown_referral_status", "value_unreadable", "issue", status="promised")


def _fx_rates(scenario: Scenario) -> Iterator[BadRow]:
    records = _Records(
        "fx_rates",
        "currency",
        "",
        {
            "rate_to_reporting": "9.100000",
            "source_system": "default",
            "recorded_at": f"{_day(scenario)} 18:00:00+08:00",
        },
    )
    bad = records.bad
    yield bad("unknown_currency_code", "currency_unknown", currency="US$", rate_date=_day(scenario))
    yield bad("word_as_rate_date", "rate_date_unparsable", currency=FOREIGN, rate_date="monday")
    for offset, (fault, text) in enumerate({"zero_rate": "0", "negative_rate": "-9.1", "word_as_rate": "par"}.items()):
        changes = {"currency": FOREIGN, "rate_date": _day(scenario, offset), "rate_to_reporting": text}
        yield bad(fault, "rate_invalid", **changes)
    changes = {"currency": FOREIGN, "rate_date": _day(scenario, 14), "recorded_at": "that evening"}
    yield bad("word_as_recording_time", "value_unreadable", "issue", **changes)
    for fault, rate in {"rate_given_twice_first": "9.1", "rate_given_twice_second": "9.2"}.items():
        changes = {"currency": FOREIGN, "rate_date": _day(scenario, 7), "rate_to_reporting": rate}
        yield bad(fault, "rate_conflict", "issue", **changes)


def _products(scenario: Scenario) -> Iterator[BadRow]:
    records = _Records(
        "products",
        "product_id",
        "DP",
        {
            "lob": "venue",
            "category": "theme_park",
            "name": "Test product",
            "source_system": "default",
            "recorded_at": f"{_day(scenario)} 10:00:00+08:00",
        },
    )
    bad = records.bad
    yield bad("missing_product_id", "product_id_missing", product_id="")
    yield bad("unknown_lob", "lob_unknown", lob="casino")
    yield bad("margin_above_one", "margin_rate_invalid", "issue", default_margin_rate="35")
    yield bad("word_as_validity", "value_unreadable", "issue", valid_to="always")
    yield bad("delivered_twice_first", "product_conflict", "issue", product_id="DPX1", name="Old name")
    yield bad("delivered_twice_later", "product_conflict", "issue", product_id="DPX1", name="New name")


def _energy_readings(scenario: Scenario) -> Iterator[BadRow]:
    records = _Records(
        "energy_readings",
        "meter_id",
        "DM",
        {
            "customer_id": CARRIER,
            "period_start": _day(scenario),
            "period_end": _day(scenario, 29),
            "granularity": "month",
            "reading_value": "1000.000",
            "consumption": "100.000",
            "unit": "kWh",
            "read_type": "actual",
            "meter_replaced": "false",
            "tariff_code": "HOME_FLAT",
            "source_system": "default",
            "recorded_at": f"{_day(scenario, 30)} 08:00:00+08:00",
        },
    )
    bad = records.bad
    twice = records.text()
    yield BadRow("energy_readings", twice)
    yield records.raw("exact_duplicate", "", twice, "duplicate")
    yield bad("missing_meter_id", "meter_id_missing", meter_id="")
    yield bad("word_as_period_start", "period_start_unparsable", period_start="spring")
    yield bad("hour_25", "period_start_unparsable", period_start=f"{_day(scenario)} 25:00", granularity="hour")
    yield bad("reversed_period", "period_reversed", period_end=_day(scenario, -1))
    yield bad("no_reading", "reading_missing", reading_value="", consumption="a lot")
    yield bad("negative_consumption", "consumption_negative", consumption="-0.001")
    yield bad("unknown_unit", "unit_unknown", unit="horse")
    yield bad("unknown_granularity", "granularity_unknown", granularity="fortnight")
    yield records.good(meter_id="DMX1")
    later = {"period_start": _day(scenario, 30), "period_end": _day(scenario, 59), "consumption": ""}
    yield bad("register_set_back", "register_decreased", meter_id="DMX1", reading_value="999.999", **later)
    yield bad("unknown_customer", "orphan_customer", customer_id=UNKNOWN)
    parts = {"peak_kwh": "50.000", "flat_kwh": "40.000", "valley_kwh": "11.001"}
    yield bad("parts_above_total", "parts_exceed_total", "issue", **parts)
    yield records.good(meter_id="DMX2")
    late = {"period_start": _day(scenario, 34), "period_end": _day(scenario, 59)}
    yield bad("four_days_between", "reading_gap", "issue", meter_id="DMX2", **late)
    yield records.good(meter_id="DMX3")
    early = {"period_start": _day(scenario, 26), "period_end": _day(scenario, 59)}
    yield bad("four_days_twice", "reading_overlap", "issue", meter_id="DMX3", **early)
    yield bad("word_as_read_type", "value_unreadable", "issue", read_type="guessed")
    estimate = {"read_type": "estimated", "recorded_at": f"{_day(scenario, 29)} 08:00:00+08:00"}
    yield records.good(meter_id="DMX4")
    yield bad("estimated_before_actual", "", "accepted", meter_id="DMX4", **estimate)


def _weather(scenario: Scenario) -> Iterator[BadRow]:
    records = _Records(
        "weather",
        "city",
        "",
        {
            "date": _day(scenario),
            "hdd": "1.0",
            "cdd": "0.0",
            "source_system": "default",
            "recorded_at": f"{_day(scenario)} 23:00:00+08:00",
        },
    )
    yield records.bad("missing_city", "city_missing", city="")
    yield records.bad("word_as_date", "date_unparsable", city="亚特兰蒂斯", date="tomorrow")
    yield records.bad("word_as_degree_days", "value_unreadable", "issue", city="亚特兰蒂斯", hdd="cold")


def _tier_overrides(scenario: Scenario) -> Iterator[BadRow]:
    records = _Records(
        "tier_overrides",
        "override_id",
        "DO",
        {
            "customer_id": CARRIER,
            "axis": "value",
            "kind": "floor",
            "tier": "medium",
            "reason_code": "service_recovery",
            "reason_text": "Recovery after a serious complaint",
            "requested_by": "E0401",
            "requested_at": f"{_day(scenario)} 10:00:00+08:00",
            "approved_by": "E0450",
            "approved_at": f"{_day(scenario, 1)} 10:00:00+08:00",
            "valid_from": _day(scenario, 2),
            "valid_to": _day(scenario, 92),
            "source_system": "default",
            "recorded_at": f"{_day(scenario, 1)} 10:30:00+08:00",
        },
    )
    bad = records.bad
    twice = records.text()
    yield BadRow("tier_overrides", twice)
    yield records.raw("exact_duplicate", "", twice, "duplicate")
    yield bad("conflicting_override_first", "duplicate_conflict", override_id="DOX1", tier="medium")
    yield bad("conflicting_override_second", "duplicate_conflict", override_id="DOX1", tier="high")
    later = {"revoked_at": f"{_day(scenario, 9)} 10:00:00+08:00", "recorded_at": f"{_day(scenario, 9)} 10:30:00+08:00"}
    yield records.good(override_id="DOX2")
    yield bad("revoked_override", "", "accepted", override_id="DOX2", **later)
    yield bad("missing_override_id", "override_id_missing", override_id="")
    yield bad("missing_customer_id", "customer_id_missing", customer_id="")
    yield bad("unknown_customer", "orphan_customer", customer_id=UNKNOWN)
    yield bad("word_as_valid_from", "valid_from_unparsable", valid_from="now")
    yield bad("missing_valid_to", "valid_to_unparsable", valid_to="")
    yield bad("valid_from_before_1990", "event_at_too_old", valid_from=BEFORE_1990[:10])
    yield bad("unknown_kind", "value_unreadable", "issue", kind="raise")
    yield bad("word_as_approval", "value_unreadable", "issue", approved_at="agreed")
    yield bad("longer_than_its_reason_allows", "", "accepted", valid_to=FUTURE)
    yield bad("unknown_reason", "", "accepted", reason_code="friend_of_the_house")


def _expert_scores(scenario: Scenario) -> Iterator[BadRow]:
    records = _Records(
        "expert_scores",
        "score_id",
        "DS",
        {
            "expert_id": "E0599",
            "customer_id": CARRIER,
            "dimension": "influence",
            "score": "7",
            "round_no": "1",
            "scored_at": f"{_day(scenario)} 14:00:00+08:00",
            "source_system": "default",
            "recorded_at": f"{_day(scenario)} 15:00:00+08:00",
        },
    )
    bad = records.bad
    yield bad("conflicting_score_first", "duplicate_conflict", score_id="DSX1", score="7")
    yield bad("conflicting_score_second", "duplicate_conflict", score_id="DSX1", score="8")
    yield bad("missing_score_id", "score_id_missing", score_id="")
    yield bad("missing_customer_id", "customer_id_missing", customer_id="")
    yield bad("missing_expert", "expert_id_missing", expert_id="")
    yield bad("unknown_dimension", "dimension_unknown", dimension="charm")
    yield bad("score_of_eleven", "score_invalid", score="11")
    yield bad("half_a_score", "score_invalid", score="7.5")
    yield bad("word_as_score", "score_invalid", score="good")
    yield bad("score_without_date", "score_undated", scored_at="", recorded_at="")
    yield bad("scored_before_1990", "event_at_too_old", scored_at=BEFORE_1990)
    yield bad("scored_in_the_future", "event_at_future", scored_at=f"{FUTURE} 10:00:00+08:00")
    yield bad("unknown_customer", "orphan_customer", customer_id=UNKNOWN)
    yield bad("word_as_round", "value_unreadable", "issue", round_no="last")


def _points_events(scenario: Scenario) -> Iterator[BadRow]:
    records = _Records(
        "points_events",
        "event_id",
        "DPE",
        {
            "customer_id": CARRIER,
            "event_type": "adjust",
            "points": "10",
            "direction": "credit",
            "event_at": f"{_day(scenario)} 10:00:00+08:00",
            "source_system": "default",
            "recorded_at": f"{_day(scenario)} 10:30:00+08:00",
        },
    )
    bad = records.bad
    yield bad("conflicting_event_first", "duplicate_conflict", event_id="DPEX1", points="5")
    yield bad("conflicting_event_second", "duplicate_conflict", event_id="DPEX1", points="6")
    yield bad("missing_event_id", "event_id_missing", event_id="")
    yield bad("missing_customer_id", "customer_id_missing", customer_id="")
    yield bad("unknown_event_type", "event_type_unknown", event_type="lottery")
    for fault, text in {
        "half_points": "0.5",
        "no_points": "0",
        "negative_points": "-10",
        "word_as_points": "ten",
    }.items():
        yield bad(fault, "points_invalid", points=text)
    yield bad("word_as_event_at", "event_at_unparsable", event_at="now")
    yield bad("points_before_1990", "event_at_too_old", event_at=BEFORE_1990)
    yield bad("points_in_the_future", "event_at_future", event_at=f"{FUTURE} 10:00:00+08:00")
    yield bad("adjustment_without_direction", "direction_missing", direction="")
    yield bad("transfer_without_direction", "direction_missing", event_type="transfer", direction="sideways")
    yield bad("points_of_nobody", "orphan_customer", customer_id=UNKNOWN)
    yield bad("word_as_recording_time", "value_unreadable", "issue", recorded_at="that evening")
    twice = records.text()
    yield BadRow("points_events", twice)
    yield records.raw("points_delivered_twice", "", twice, "duplicate")


def _customer_identity(scenario: Scenario) -> Iterator[BadRow]:
    records = _Records(
        "customer_identity",
        "decided_by",
        "steward",
        {
            "from_customer_id": "D0003",
            "to_customer_id": OTHER,
            "link_type": "merge",
            "confidence": "1.00",
            "valid_from": f"{_day(scenario)} 10:00:00+08:00",
            "source_system": "default",
            "recorded_at": f"{_day(scenario)} 10:30:00+08:00",
        },
    )
    bad = records.bad
    yield bad("missing_from", "link_from_missing", from_customer_id="")
    yield bad("missing_to", "link_to_missing", to_customer_id="")
    yield bad("linked_to_itself", "link_self", to_customer_id="D0003")
    yield bad("unknown_link_type", "link_type_unknown", link_type="friends")
    yield bad("word_as_valid_from", "valid_from_unparsable", valid_from="lately")
    yield bad("linked_to_nobody", "orphan_customer", to_customer_id=UNKNOWN)
    yield bad("circle_there", "link_cycle", from_customer_id=CARRIER, to_customer_id=OTHER)
    yield bad("circle_back", "link_cycle", from_customer_id=OTHER, to_customer_id=CARRIER)
    yield bad("merged_into_one", "link_conflict", to_customer_id=CARRIER)
    yield bad("merged_into_another", "link_conflict", to_customer_id=OTHER)
    yield bad("word_as_confidence", "value_unreadable", "issue", link_type="crm_match", confidence="certain")
    household = records.text(link_type="household")
    yield BadRow("customer_identity", household)
    yield records.raw("link_delivered_twice", "", household, "duplicate")


def _bad_file(raw: Path, fault: str) -> tuple[str | int, ...]:
    """Add a file that is bad as a whole to the transactions; returns its entry of the list."""
    suffix = "parquet" if fault == "unreadable_parquet" else "csv"
    path = raw / "transactions" / f"zz-{fault}.{suffix}"
    line = _FILE_FAULTS[fault](path)
    return (fault, "transactions", path.relative_to(raw).as_posix(), line, fault, "file_rejected")


_HEADER = b"txn_id,customer_id,event_at,amount\n"
_GOOD_LINE = f"DT9001,{CARRIER},2025-01-01,10.00\n".encode()


def _undecodable_bytes(path: Path) -> int:
    path.write_bytes(_HEADER + _GOOD_LINE + "DT9002,张三,2025-01-01,10.00\n".encode("gb18030"))
    return 3


def _required_column_missing(path: Path) -> int:
    path.write_bytes(f"txn_id,customer_id,event_at\nDT9001,{CARRIER},2025-01-01\n".encode())
    return 1


def _duplicate_column(path: Path) -> int:
    path.write_bytes(_HEADER.replace(b",amount", b",amount,Amount") + _GOOD_LINE.replace(b"10.00", b"10.00,11.00"))
    return 1


def _broken_quotes(path: Path) -> int:
    path.write_bytes(_HEADER + _GOOD_LINE + f'DT9002,"{CARRIER},2025-01-01,10.00\n'.encode() + _GOOD_LINE)
    return 3


def _empty_file(path: Path) -> int:
    path.write_bytes(b"")
    return 1


def _unreadable_parquet(path: Path) -> str:
    """A file cut off in the middle; no line is to blame."""
    pyarrow.parquet.write_table(pa.table({"txn_id": ["DT9001"], "customer_id": [CARRIER]}), path)
    path.write_bytes(path.read_bytes()[:-20])
    return ""


_FILE_FAULTS: dict[str, Callable[[Path], int | str]] = {
    "undecodable_bytes": _undecodable_bytes,
    "required_column_missing": _required_column_missing,
    "duplicate_column": _duplicate_column,
    "broken_quotes": _broken_quotes,
    "empty_file": _empty_file,
    "unreadable_parquet": _unreadable_parquet,
}
FILE_FAULTS = tuple(_FILE_FAULTS)
