"""Value tiers, section 8: who is at risk, who could be worth more, and what is shown beside the tier."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from tests.reference.netting import SaleState
from tests.reference.signals.figures import share
from tests.reference.signals.world import Values

FALLING = ("decline", "dormant", "churned")
WARM = ("A", "B+", "B", "B-")
BANDS_ABOVE = {"low": ("mid", "high"), "medium": ("high",)}
SHOWN_LINES = 3
BANDS = ("high_end", "mid_range", "low_end")
"""The best first."""


@dataclass(frozen=True)
class Seen:
    """What the flags of one customer look at; `value_tier` is the final tier."""

    value_tier: str | None
    rule_tier: str | None
    has_level: bool
    customer_type: str
    main_lob: str
    line_count: int
    engagement_score: Fraction | None
    engagement_threshold: Fraction | None
    lifecycle_stage: str | None
    sat_class: str | None
    fb_grade: str | None
    clv_band: str | None
    intent_level: str | None

    @property
    def peer_group(self) -> tuple[str, str, int, str]:
        """What peers have in common."""
        score, threshold = self.engagement_score, self.engagement_threshold
        reached = score is not None and threshold is not None and score >= threshold
        engagement = "none" if score is None else "reached" if reached else "below"
        return self.customer_type, self.main_lob, min(SHOWN_LINES, self.line_count), engagement


def risks(seen: Seen) -> list[str]:
    """What puts somebody of value at risk."""
    if seen.value_tier not in ("high", "medium"):
        return []
    holds = {
        "lifecycle": seen.lifecycle_stage in FALLING,
        "dissatisfied": seen.sat_class == "dissatisfied",
        "negative_feedback": seen.fb_grade == "negative",
    }
    return [name for name, is_so in holds.items() if is_so]


def chances(seen: Seen, peer_share: Decimal | None, least_share: Decimal | None) -> list[str]:
    """What speaks for more; `least_share` is the share of peers from which somebody is flagged."""
    if seen.value_tier not in BANDS_ABOVE:
        return []
    holds = {
        "clv_band": seen.clv_band in BANDS_ABOVE[seen.value_tier],
        "growth": seen.lifecycle_stage == "growth",
        "intent": seen.intent_level in WARM,
        "peers": peer_share is not None and peer_share > 0 and least_share is not None and peer_share >= least_share,
    }
    return [name for name, is_so in holds.items() if is_so]


def peer_shares(everybody: Mapping[str, Seen], min_peers: int) -> dict[str, Decimal | None]:
    """Per customer with a level the share of high ones among the peers; None where there are too few."""
    groups = defaultdict(list)
    for customer_id, seen in everybody.items():
        if seen.has_level:
            groups[seen.peer_group].append(customer_id)
    found: dict[str, Decimal | None] = {}
    for members in groups.values():
        high = Counter(everybody[customer_id].rule_tier for customer_id in members)["high"]
        is_enough = len(members) >= min_peers
        found |= dict.fromkeys(members, share(high, len(members)) if is_enough else None)
    return found


def attention_rows(everybody: Mapping[str, Seen], terms: Mapping[str, str]) -> dict[str, Values]:
    """The flags of every customer at a date; `terms` is the row of policy_attention."""
    peers = peer_shares(everybody, int(terms["min_peers"]))
    told = [s for c, s in peers.items() if s is not None and everybody[c].value_tier in BANDS_ABOVE]
    enough = Fraction(terms["peer_quantile"]) * len(told)
    least = min((s for s in told if sum(other < s for other in told) >= enough), default=None)
    rows = {}
    for customer_id, seen in everybody.items():
        at_risk, upside = risks(seen), chances(seen, peers.get(customer_id), least)
        reason = "both" if at_risk and upside else "at_risk" if at_risk else "upside" if upside else None
        rows[customer_id] = {
            "at_risk_flag": bool(at_risk),
            "at_risk_reason": ", ".join(at_risk) or None,
            "upside_flag": bool(upside),
            "upside_reason": ", ".join(upside) or None,
            "attention_flag": reason is not None,
            "attention_reason": reason,
            "peer_high_share": peers.get(customer_id),
        }
    return rows


def potential_grade(value_tier: str | None, intent_level: str | None, window: str | None) -> str | None:
    """How promising somebody is who has not bought yet."""
    if value_tier != "potential":
        return None
    if intent_level != "A":
        return intent_level or "C-"
    return {"within_1m": "A+", "within_6m": "A-", "over_6m": "A-"}.get(window, "A")


def spending_power(
    income_band: str | None, view_sales: Iterable[SaleState], policy_rows: list[dict[str, str]]
) -> tuple[str | None, str | None]:
    """Band and basis: by income where it is declared, else by the largest sale of each line."""
    by_income = {row["code"]: row["spending_power_band"] for row in policy_rows if row["basis"] == "income"}
    if income_band in by_income:
        return by_income[income_band], "income"
    largest: dict[str, int] = {}
    for sale in view_sales:
        lob = sale.transaction.lob
        largest[lob] = max(sale.net, largest.get(lob, 0))
    bands = {ticket_band(lob, Fraction(cents, 100), policy_rows) for lob, cents in largest.items() if cents > 0}
    best = next((band for band in BANDS if band in bands), None)
    return best, "ticket" if best else None


def ticket_band(lob: str, amount: Fraction, policy_rows: list[dict[str, str]]) -> str | None:
    """The band with the highest bound that the amount reaches."""
    own = [row for row in policy_rows if row["basis"] == "ticket" and row["code"] == lob]
    met = [row for row in own if Fraction(row["lower_bound"]) <= amount]
    return max(met, key=lambda row: Fraction(row["lower_bound"]))["spending_power_band"] if met else None
