"""The policy seeds: rows of one scenario, in force on a date."""

import csv
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path

SCORED = ("recency", "frequency", "monetary")


@dataclass(frozen=True)
class Line:
    """A line of business as policy sees it."""

    lob: str
    is_contractual: bool
    occasion_basis: str
    rfm_window_days: int | None
    recognition_months: int
    new_days: int
    rfm_weight: Fraction
    default_margin_rate: Fraction


@dataclass(frozen=True)
class TxnType:
    """What a transaction type does to the books."""

    sign: int
    role: str


class Policy:
    """The seeds of one folder for one scenario."""

    def __init__(self, folder: Path, scenario_id: str = "live") -> None:
        """Seeds are read from `folder` when first asked for."""
        self._folder = folder
        self._scenario_id = scenario_id
        self._tables: dict[str, list[dict[str, str]]] = {}

    def _rows(self, table: str) -> list[dict[str, str]]:
        """All rows of a seed."""
        if table not in self._tables:
            with (self._folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
                self._tables[table] = list(csv.DictReader(file))
        return self._tables[table]

    def _in_force(self, table: str, on: date) -> list[dict[str, str]]:
        """The rows of the scenario in force on a date: from effective_from, up to but not including effective_to."""
        return [
            row
            for row in self._rows(table)
            if row["scenario_id"] == self._scenario_id
            and row["effective_from"] <= on.isoformat()
            and (not row["effective_to"] or on.isoformat() < row["effective_to"])
        ]

    def lobs(self, on: date) -> dict[str, Line]:
        """Lines of business by name."""
        return {
            row["lob"]: Line(
                lob=row["lob"],
                is_contractual=row["is_contractual"] == "true",
                occasion_basis=row["occasion_basis"],
                rfm_window_days=int(row["rfm_window_days"]) if row["rfm_window_days"] else None,
                recognition_months=int(row["recognition_months"]),
                new_days=int(row["new_days"]),
                rfm_weight=Fraction(row["rfm_weight"]),
                default_margin_rate=Fraction(row["default_margin_rate"]),
            )
            for row in self._in_force("policy_lobs", on)
        }

    def lob_names(self) -> set[str]:
        """Every line of business there ever was."""
        return {row["lob"] for row in self._rows("policy_lobs")}

    def rule_order(self, source_table: str) -> dict[str, int]:
        """The place of each data rule of a table."""
        rows = self._rows("policy_data_rules")
        return {row["rule_id"]: int(row["rule_order"]) for row in rows if row["source_table"] == source_table}

    def txn_types(self) -> dict[tuple[str, str], TxnType]:
        """Sign and role by (txn_type, direction); direction is empty but for adjustments."""
        rows = self._rows("policy_txn_types")
        return {(row["txn_type"], row["direction"]): TxnType(int(row["sign"]), row["role"]) for row in rows}

    def parameter(self, name: str, on: date) -> Fraction:
        """One parameter."""
        values = [row["value"] for row in self._in_force("policy_parameters", on) if row["parameter"] == name]
        return Fraction(values[0])

    def cuts(self, lob: str, measure: str, on: date) -> dict[int, Fraction]:
        """The bound of each score."""
        rows = self._in_force("policy_rfm_cuts", on)
        return {int(r["score"]): Fraction(r["bound"]) for r in rows if r["lob"] == lob and r["measure"] == measure}

    def measures(self, on: date) -> dict[str, dict[str, str]]:
        """Direction, weight, mode and min_population of recency, frequency and monetary."""
        return {row["measure"]: row for row in self._in_force("policy_rfm_measures", on)}

    def segment(self, r_score: int, fm_score: int, on: date) -> tuple[str, bool]:
        """The segment of a cell, and whether it yields to `new`."""
        cells = {(int(r["r_score"]), int(r["fm_score"])): r for r in self._in_force("policy_rfm_segments", on)}
        row = cells[r_score, fm_score]
        return row["segment"], row["yields_to_new"] == "true"

    def tier_rules(self, on: date) -> list[tuple[str, str | None]]:
        """(rule_path, value_tier) in rule order."""
        rows = sorted(self._in_force("policy_tier_rules", on), key=lambda row: int(row["rule_order"]))
        return [(row["rule_path"], row["value_tier"] or None) for row in rows]

    def thresholds(self, customer_type: str, on: date) -> dict[tuple[str, str], Fraction]:
        """Thresholds of a customer type by (rule_path, measure)."""
        rows = self._in_force("policy_tier_thresholds", on)
        return {
            (row["rule_path"], row["measure"]): Fraction(row["threshold"])
            for row in rows
            if row["customer_type"] == customer_type
        }

    def tier_weights(self, on: date) -> dict[str, Fraction]:
        """Component weights."""
        return {row["component"]: Fraction(row["weight"]) for row in self._in_force("policy_tier_weights", on)}
