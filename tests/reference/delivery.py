"""What goes in: the delivered text of the raw tables, and the options of a run."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

Row = dict[str, str]

POLICY_FOLDER = Path(__file__).resolve().parents[2] / "seeds" / "policy"
REQUIRED_TRANSACTION_COLUMNS = ("txn_id", "customer_id", "event_at", "amount")


@dataclass(frozen=True)
class Delivery:
    """Rows as text, in the order of file and line. A missing key or an empty text is an empty cell.

    `transaction_columns` is the header of the transaction files: keys of rows outside it were not delivered.
    """

    customers: list[Row]
    transactions: list[Row]
    transaction_columns: tuple[str, ...] = REQUIRED_TRANSACTION_COLUMNS
    products: list[Row] = field(default_factory=list)
    contracts: list[Row] = field(default_factory=list)
    fx_rates: list[Row] = field(default_factory=list)
    customer_identity: list[Row] = field(default_factory=list)
    points_events: list[Row] = field(default_factory=list)
    surveys: list[Row] = field(default_factory=list)
    complaints: list[Row] = field(default_factory=list)
    complaint_events: list[Row] = field(default_factory=list)
    interactions: list[Row] = field(default_factory=list)
    referrals: list[Row] = field(default_factory=list)
    energy_readings: list[Row] = field(default_factory=list)
    weather: list[Row] = field(default_factory=list)
    tier_overrides: list[Row] = field(default_factory=list)
    expert_scores: list[Row] = field(default_factory=list)


@dataclass(frozen=True)
class Options:
    """The vars of a run and the declarations of its source; the defaults are those of the project."""

    as_of_date: date | None = None
    review_count: int = 8
    business_tz: str = "Asia/Shanghai"
    reporting_currency: str = "CNY"
    default_lob: str = "venue"
    default_source_system: str = "default"
    orphan_refund_mode: str = "hold"
    knowledge_cutoff: str | None = None
    admit_unknown_customers: bool = False
    scenario_id: str = "live"
    source_timezone: str = "Asia/Shanghai"
    date_order: str = "ymd"
    landed_on: date | None = None
    policy_folder: Path = POLICY_FOLDER
