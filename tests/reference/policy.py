"""The policy seeds: rows of one scenario, in force on a date."""

import csv
from dataclasses import dataclass, fields
from datetime import date
from fractions import Fraction
from pathlib import Path

SCORED = ("recency", "frequency", "monetary")
YEAR = 365


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
    purchase_model: str


@dataclass(frozen=True)
class ClvPolicy:
    """How lifetime value is estimated, and when it is believed."""

    discount_rate: Fraction
    days_per_month: Fraction
    horizon_months: int
    tier_basis: str
    prior_purchases: Fraction
    prior_strength: Fraction
    billing_gap_days: int
    renewal_grace_days: int
    backtest_months: int
    gate_min_customers: int
    gate_min_ratio: Fraction
    gate_max_ratio: Fraction
    gate_min_capture: Fraction


@dataclass(frozen=True)
class TenureBand:
    """Days with a line that belong together, from the first up to but not including the last, and the rates assumed."""

    name: str
    from_days: int
    until_days: int | None
    renewal_share: Fraction | None
    monthly_leaving_rate: Fraction | None
    yearly_repurchase_rate: Fraction | None

    def holds(self, days: Fraction) -> bool:
        """Whether a tenure of so many days belongs to the band."""
        return self.from_days <= days and (self.until_days is None or days < self.until_days)

    def days_between(self, first: int, last: int) -> int:
        """How many of the days `first`, `first` + 1, .. up to but not including `last` belong to the band."""
        until = last if self.until_days is None else min(last, self.until_days)
        return max(0, until - max(first, self.from_days))


def band_of(days: Fraction, bands: list[TenureBand]) -> TenureBand:
    """The band of a tenure."""
    return next(band for band in bands if band.holds(days))


@dataclass(frozen=True)
class ClvCut:
    """The score and band that a lifetime value earns at its bound."""

    measure: str
    lower_bound: Fraction
    score: Fraction
    band: str


@dataclass(frozen=True)
class TierPolicy:
    """How long tiers are remembered, and what lifts one before its review."""

    margin_hold_months: int
    grandfather_months: int
    energy_rise_months: int
    energy_rise_ratio: Fraction
    energy_rise_min_kwh: Fraction
    multi_property_units: int
    multi_property_months: int


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
        self._lobs: dict[date, dict[str, Line]] = {}

    def _rows(self, table: str) -> list[dict[str, str]]:
        """All rows of a seed."""
        if table not in self._tables:
            with (self._folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
                self._tables[table] = list(csv.DictReader(file))
        return self._tables[table]

    def rows_of_all_times(self, table: str) -> list[dict[str, str]]:
        """The rows of the scenario, whenever they are in force: its own where it has any, else the live ones."""
        rows = self._rows(table)
        scenario_id = self._scenario_id if any(row["scenario_id"] == self._scenario_id for row in rows) else "live"
        return [row for row in rows if row["scenario_id"] == scenario_id]

    def _in_force(self, table: str, on: date) -> list[dict[str, str]]:
        """The rows of the scenario in force on a date: from effective_from, up to but not including effective_to."""
        return [
            row
            for row in self.rows_of_all_times(table)
            if row["effective_from"] <= on.isoformat()
            and (not row["effective_to"] or on.isoformat() < row["effective_to"])
        ]

    def rows(self, table: str, on: date) -> list[dict[str, str]]:
        """The rows of any seed in force on a date, as text by column."""
        return self._in_force(table, on)

    def lobs(self, on: date) -> dict[str, Line]:
        """Lines of business by name."""
        if on not in self._lobs:
            self._lobs[on] = self._lobs_in_force(on)
        return self._lobs[on]

    def _lobs_in_force(self, on: date) -> dict[str, Line]:
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
                purchase_model=row["purchase_model"],
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

    def hold_months(self, rule_path: str, on: date) -> int | None:
        """For how many months a tier rule holds after the review at which it matched; None where it does not."""
        told = [row["hold_months"] for row in self._in_force("policy_tier_rules", on) if row["rule_path"] == rule_path]
        return int(told[0]) if told and told[0] else None

    def tiers(self, on: date) -> TierPolicy:
        """The row of policy_tiers."""
        row = self._in_force("policy_tiers", on)[0]
        return TierPolicy(**{field.name: field.type(row[field.name]) for field in fields(TierPolicy)})

    def tier_weights(self, on: date) -> dict[str, Fraction]:
        """Component weights."""
        return {row["component"]: Fraction(row["weight"]) for row in self._in_force("policy_tier_weights", on)}

    def clv(self, on: date) -> ClvPolicy:
        """The row of policy_clv."""
        row = self._in_force("policy_clv", on)[0]
        return ClvPolicy(**{field.name: field.type(row[field.name]) for field in fields(ClvPolicy)})

    def tenure_bands(self, lob: str, on: date) -> list[TenureBand]:
        """The tenure bands of a line, the shortest tenure first."""
        rows = [row for row in self._in_force("policy_clv_tenure_bands", on) if row["lob"] == lob]
        rows.sort(key=lambda row: int(row["from_years"]))
        edges = [int(row["from_years"]) * YEAR for row in rows]
        rates = ("renewal_share", "monthly_leaving_rate", "yearly_repurchase_rate")
        return [
            TenureBand(row["tenure_band"], first, last, *(Fraction(row[rate]) if row[rate] else None for rate in rates))
            for row, first, last in zip(rows, edges, [*edges[1:], None], strict=True)
        ]

    def price_bands(self, on: date) -> list[Fraction]:
        """The lower bounds of the price bands, the lowest first."""
        return sorted(Fraction(row["lower_bound"]) for row in self._in_force("policy_clv_price_bands", on))

    def clv_cuts(self, customer_type: str, on: date) -> list[ClvCut]:
        """The cuts of a customer type, the lowest first."""
        rows = [row for row in self._in_force("policy_clv_cuts", on) if row["customer_type"] == customer_type]
        cuts = [
            ClvCut(row["measure"], Fraction(row["lower_bound"]), Fraction(row["score"]), row["clv_band"])
            for row in rows
        ]
        return sorted(cuts, key=lambda cut: cut.lower_bound)
