"""Cards, section 3: the rows of the marts at the as-of date."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import ceil

from tests.reference.cards.ladder import ENTRY, MAINTAIN
from tests.reference.cards.machine import INITIAL, OVERRIDE_BEGIN, OVERRIDE_END, Period
from tests.reference.cards.metrics import POINTS, SPEND
from tests.reference.cards.paths import Path
from tests.reference.numbers import round_half_away, to_decimal
from tests.reference.points.marts import Values, day_text
from tests.reference.points.rules import Rules

BENEFITS = "policy_benefits"
UNMEASURED = (INITIAL, OVERRIDE_BEGIN, OVERRIDE_END)


def history_rows(path: Path) -> dict[str, Values]:
    """The rows of card_history of an account by valid_from."""
    rows = {}
    for period, following in pairwise([*path.periods, None]):
        upgrade = period.state.upgrade
        measured = None if period.reason in UNMEASURED else path.metrics(period.valid_from)
        rows[period.valid_from.isoformat()] = {
            "valid_until": day_text(following.valid_from) if following else None,
            "card_tier": path.ladder.tier(period.shown_rank, period.valid_from),
            "computed_tier": path.ladder.tier(period.state.rank, period.valid_from),
            "reason": period.reason,
            "caused_by_txn_id": upgrade.cause.txn_id if upgrade else None,
            "is_in_grace": period.state.in_grace,
            "card_valid_to": day_text(period.state.valid_to),
            "override_id": period.override_id,
            "qualifying_points": int(measured[POINTS]) if measured else None,
            "net_spend": money(measured[SPEND]) if measured else None,
        }
    return rows


def since(periods: list[Period]) -> date:
    """The first day of the run of periods with the card shown last."""
    first = periods[-1]
    for period in reversed(periods):
        if period.shown_rank != first.shown_rank:
            break
        first = period
    return first.valid_from


def money(value: Fraction | None) -> Decimal | None:
    """Missing spend at the scale of what is measured."""
    return None if value is None else to_decimal(round_half_away(value * 10_000), 4)


def card_row(path: Path, d: date) -> Values:
    """The row of customer_cards of everybody in an account."""
    ladder, metrics, period = path.ladder, path.metrics(d), path.periods[-1]
    state = period.state
    next_tier = ladder.tier(period.shown_rank + 1, d)
    ahead = ladder.gap(metrics, next_tier, ENTRY, d)
    held = ladder.gap(metrics, ladder.tier(state.rank, d), MAINTAIN, d) if state.rank else None
    ends_on = state.grace_until or state.valid_to
    days_left = (ends_on - d).days if ends_on is not None else None
    is_kept = max(ladder.rank(metrics, MAINTAIN, d), state.floor_rank or 0) >= state.rank
    share = ahead.share if ahead else Fraction(0)
    return {
        "account_id": path.account_id,
        "card_tier": ladder.tier(period.shown_rank, d),
        "since": since(path.periods).isoformat(),
        "valid_to": day_text(state.valid_to),
        "is_in_grace": state.in_grace,
        "next_tier": next_tier,
        "gap_points": ceil(ahead.points) if ahead and ahead.points is not None else None,
        "gap_spend": money(ahead.spend) if ahead else None,
        "keep_gap_points": ceil(held.points) if held and held.points is not None else None,
        "keep_gap_spend": money(held.spend) if held else None,
        "days_left": days_left,
        "has_downgrade_risk": not is_kept and days_left <= int(ladder.program(d)["risk_days"]),
        "progress": to_decimal(round_half_away((1 - share) * 10_000), 4),
        "is_blocked_by_overdue": bool(ahead and ahead.is_blocked),
        "reason": period.reason,
        "is_floor": state.floor_rank is not None,
    }


def benefits(path: Path, rules: Rules, d: date) -> list[str]:
    """The benefits of the card shown."""
    rank = path.periods[-1].shown_rank
    return [row["benefit"] for row in rules.rows(BENEFITS, d) if int(row["from_rank"]) <= rank]
