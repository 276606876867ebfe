"""Policies of points and cards to build with: the seeds, and tables of small numbers that change, cap and round."""

import csv
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from card_stories import club_delivery
from club_worlds import CLUB_TABLES, TIERS, Tables, always, rate
from signal_worlds import ALWAYS, Row
from strategies import changed_policy
from tests.reference.club import Club, club_at
from tests.reference.compare import MartRows
from tests.reference.delivery import Options
from tests.reference.policy import Policy
from warehouse import Layout, Warehouse

CUSTOMERS = int(os.environ.get("CLUB_CUSTOMERS", "0"))
"""How many members each variant has at least; 0: few, by the policy that changes most (CONTRIBUTING.md)."""
FEW_CUSTOMERS = 400
CHANGED_ON = date(2022, 8, 15)
SILVER = Decimal(50)
SPEND = Decimal(3_000)
SHARES = {"silver": 1, "gold": 4, "platinum": 10, "diamond": 20}


def small_rules(points: str = "qualifying_points", extra: dict[str, str] | None = None) -> list[Row]:
    """Rules on small numbers: points or spend; gold asks for two occasions or lines, platinum for nothing overdue."""
    rows = []
    for purpose, kept in (("entry", Decimal(1)), ("maintain", Decimal("0.8"))):
        for tier, share in SHARES.items():
            for name, metric, silver in (("points", points, SILVER), ("spend", "net_spend", SPEND)):
                for variety in ("",) if tier == "silver" else ("occasions", "lobs"):
                    conditions = {metric: str(silver * share * kept)} | ({variety: "2"} if variety else {})
                    conditions |= {"no_overdue": "1"} if tier in ("platinum", "diamond") else {}
                    conditions |= extra or {}
                    route = {"card_tier": tier, "purpose": purpose, "route_id": f"{name}{variety}"}
                    rows += [route | {"metric": key, "threshold": value} for key, value in conditions.items()]
    return rows


SMALL_RATES = [
    rate("venue", pending_days="7", sale_cap="400", day_cap="450", bonus_points="3"),
    rate("venue", "spa", pending_days="0", points_per_unit="1.37", day_cap="300", qualifying_sale_cap="500"),
    rate("lease", basis="paid", points_per_unit="0.1", qualifying_per_unit="0.5"),
    rate("energy", basis="paid", pending_days="3", points_per_unit="0.333", bonus_points="1", day_cap="20"),
    rate("property_sale", basis="firm", points_per_unit="0", qualifying_per_unit="0.01", qualifying_sale_cap="120"),
]
SMALL: Tables = CLUB_TABLES | {"policy_points_rates": SMALL_RATES, "policy_card_rules": small_rules()}


def then(rows: list[Row], change: Callable[[Row], Row]) -> list[Row]:
    """Rows up to CHANGED_ON and, from then on, what becomes of them."""
    old = [row | {"effective_to": CHANGED_ON.isoformat()} for row in rows]
    new = [row | change(row) | {"effective_from": CHANGED_ON.isoformat(), "policy_version": "2"} for row in rows]
    return [*old, *new]


def in_turn(*periods: tuple[str, list[Row]]) -> list[Row]:
    """Rows from each of some days on, up to the next of them."""
    until = [first for first, _ in periods[1:]] + [""]
    return [
        row | {"effective_from": first, "effective_to": last, "policy_version": str(number)}
        for number, ((first, rows), last) in enumerate(zip(periods, until, strict=True), start=1)
        for row in rows
    ]


def multiplied(column: str, factor: str) -> Callable[[Row], Row]:
    """Numbers above one times a factor: conditions of one or two occasions stay."""
    return lambda row: {column: str(Decimal(row[column]) * Decimal(factor))} if Decimal(row[column]) > 2 else {}


@dataclass(frozen=True)
class Variant:
    """Tables in place of the seeds, and the options of the run."""

    seed: int
    as_of: date
    tables: Tables = field(default_factory=dict)
    has_cutoff: bool = False

    def options(self, folder: Path) -> Options:
        """The run."""
        cutoff = f"{self.as_of - timedelta(days=45)} 12:00:00" if self.has_cutoff else None
        return Options(as_of_date=self.as_of, knowledge_cutoff=cutoff, policy_folder=folder, review_count=1)


CHANGES_OFTEN = SMALL | {
    "policy_card_program": in_turn(
        ("1990-01-01", always("policy_card_program", grandfathered="true")),
        ("2019-07-01", always("policy_card_program", period_type="calendar_year", downgrade_mode="to_earned")),
        ("2020-12-31", always("policy_card_program", grace_days="0", allow_multi_level_up="false")),
        (
            "2022-01-15",
            always(
                "policy_card_program",
                period_type="anniversary",
                downgrade_mode="to_base",
                valid_months="6",
                grace_days="45",
            ),
        ),
        ("2023-03-31", always("policy_card_program", grandfathered="true", grace_days="30")),
        ("2024-06-01", always("policy_card_program", period_type="lifetime", period_months="")),
    ),
    "policy_card_rules": in_turn(
        ("1990-01-01", small_rules()),
        ("2022-08-15", [row | multiplied("threshold", "1.5")(row) for row in small_rules()]),
        ("2024-06-01", small_rules("lifetime_points", {"tenure_months": "3"})),
    ),
    "policy_card_floors": always("policy_card_floors", card_tier="gold", floor_years="2", floor_tier="silver"),
    "policy_card_tiers": then(CLUB_TABLES["policy_card_tiers"], lambda row: {"points_multiplier": "1.33"}),
    "policy_points_program": in_turn(
        ("1990-01-01", always("policy_points_program", validity_months="18")),
        ("2020-06-15", always("policy_points_program", validity_months="9", adjust_limit="50", backfill_days="31")),
        ("2023-02-28", always("policy_points_program", validity_months="12", backfill_days="0")),
    ),
    "policy_points_rates": then(SMALL_RATES, lambda row: {"pending_days": "2", "day_cap": "200", "bonus_points": "2"}),
}
VARIANTS = {
    "changes_often": Variant(7, date(2024, 12, 31), CHANGES_OFTEN),
    "seeds": Variant(1, date(2024, 12, 31)),
    "small": Variant(2, date(2024, 2, 29), SMALL),
    "changed": Variant(
        3,
        date(2024, 12, 31),
        SMALL
        | {
            "policy_card_rules": then(small_rules(), multiplied("threshold", "1.5")),
            "policy_card_program": then(
                always("policy_card_program", grandfathered="true"),
                lambda row: {"grace_days": "30", "allow_multi_level_up": "false"},
            ),
            "policy_points_program": then(
                always("policy_points_program", validity_months="18"),
                lambda row: {"validity_months": "9", "adjust_limit": "50", "backfill_days": "31"},
            ),
            "policy_points_rates": then(
                SMALL_RATES, lambda row: {"pending_days": "2", "day_cap": "200", "bonus_points": "2"}
            ),
            "policy_card_tiers": then(CLUB_TABLES["policy_card_tiers"], lambda row: {"points_multiplier": "1.33"}),
        },
    ),
    "milder": Variant(
        4,
        date(2025, 3, 31),
        SMALL
        | {
            "policy_card_rules": then(small_rules(), multiplied("threshold", "0.75")),
            "policy_card_program": always(
                "policy_card_program", period_type="calendar_year", downgrade_mode="to_earned", grace_days="0"
            ),
        },
        has_cutoff=True,
    ),
    "anniversary": Variant(
        5,
        date(2024, 2, 29),
        SMALL
        | {
            "policy_card_program": always(
                "policy_card_program",
                period_type="anniversary",
                downgrade_mode="to_base",
                valid_months="6",
                grace_days="45",
            ),
            "policy_card_floors": always("policy_card_floors", card_tier="gold", floor_years="2", floor_tier="silver"),
            "policy_points_program": always("policy_points_program", backfill_days="0", validity_months="12"),
        },
    ),
    "lifetime": Variant(
        6,
        date(2024, 12, 31),
        SMALL
        | {
            "policy_card_rules": small_rules("lifetime_points", {"tenure_months": "3"}),
            "policy_card_program": always("policy_card_program", period_type="lifetime", period_months=""),
        },
    ),
}
BUILT = VARIANTS if CUSTOMERS else {"changes_often": VARIANTS["changes_often"]}
"""The policies that the warehouse is built with."""


def club_policy(folder: Path, tables: Tables) -> Path:
    """A copy of the seeds with these tables in place of theirs; columns that a table does not tell are as shipped."""
    changed_policy(folder, {})
    for table, rows in tables.items():
        path = folder / f"{table}.csv"
        shipped: list[Row] = []
        if path.exists():
            with path.open(encoding="utf-8", newline="") as file:
                shipped = list(csv.DictReader(file))
        told = [(shipped[0] if shipped else {}) | ALWAYS | row for row in rows]
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(told[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(told)
    return folder


def silver_amount(folder: Path, on: date) -> Decimal:
    """The visit that makes a silver card by points."""
    policy = Policy(folder)
    thresholds = [
        Decimal(row["threshold"])
        for row in policy.rows("policy_card_rules", on)
        if (row["card_tier"], row["purpose"]) == (TIERS[1], "entry") and row["metric"].endswith("_points")
    ]
    rows = [row for row in policy.rows("policy_points_rates", on) if row["lob"] == "venue" and row["category"] == "*"]
    return (min(thresholds) / Decimal(rows[0]["qualifying_per_unit"])).quantize(Decimal("0.01"))


def built(warehouse: Warehouse, variant: Variant, folder: Path, marts: tuple[str, ...]) -> tuple[Club, MartRows]:
    """The club of a variant by the reference and by the warehouse."""
    club_policy(folder, variant.tables)
    options = variant.options(folder)
    delivery = club_delivery(
        variant.seed, CUSTOMERS or FEW_CUSTOMERS, variant.as_of, silver_amount(folder, variant.as_of)
    )
    warehouse.use_policy(folder, options)
    written = warehouse.run(delivery, options, Layout(files=3, shuffle_seed=variant.seed), marts=marts)
    return club_at(written, options), warehouse.read(marts)
