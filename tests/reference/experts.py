"""Value tiers, section 6: what experts say of a customer."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from math import floor

from tests.reference.clocks import in_last_days
from tests.reference.signals.reading import (
    NUMBER,
    Cells,
    Clock,
    Content,
    is_dated_in_time,
    is_known,
    known_customers,
    parse_decimal,
    parse_integer,
    without_duplicates,
)
from tests.reference.signals.weights import rounded
from tests.reference.signals.world import Rows, Values, World

LOWEST, HIGHEST = 1, 10
LOWER, UPPER = Fraction(1, 4), Fraction(3, 4)
CONSENSUS = "consensus"


@dataclass(frozen=True)
class Score:
    """A score that an expert gave; the moment is that of the score, else of its recording."""

    source_system: str
    score_id: str
    expert_id: str
    customer_id: str
    dimension: str
    score: int
    round_no: int | None
    moment: datetime
    date: date
    known_on: date | None

    @property
    def place(self) -> tuple[datetime, bool, int, str, str]:
        """The greatest is the last."""
        round_no = self.round_no
        return self.moment, round_no is not None, round_no or 0, self.score_id, self.source_system


def scores_at(world: World) -> list[Score]:
    """The accepted scores known at d."""
    rows = [Cells(row, world.options) for row in world.delivery.expert_scores]
    clock, customers = Clock(world.options), known_customers(world)
    told = {row["dimension"] for row in world.policy.rows_of_all_times("policy_expert_dimensions")}
    read = [read_score(cells, clock) for cells in without_duplicates(rows, "score_id", score_content)]
    accepted = [s for s in read if s is not None and s.customer_id in customers and s.dimension in told]
    return [s for s in accepted if is_dated_in_time(s.moment, world) and is_known(s.known_on, world.d)]


def score_content(cells: Cells) -> Content:
    """What two rows of one score have to share."""
    dimension = cells.text("dimension")
    return {
        **{column: cells.text(column) for column in ("expert_id", "customer_id")},
        **{column: cells.moment(column) for column in ("scored_at", "recorded_at")},
        "dimension": None if dimension is None else dimension.lower(),
        "score": parse_decimal(cells.text("score"), 2, 9),
        "round_no": parse_integer(cells.text("round_no")),
    }


def whole_score(text: str | None) -> int | None:
    """A whole number in range."""
    if text is None or not NUMBER.fullmatch(text):
        return None
    value = Fraction(text)
    return int(value) if value.denominator == 1 and LOWEST <= value <= HIGHEST else None


def read_score(cells: Cells, clock: Clock) -> Score | None:
    """The typed row; None where it breaks a rule (but for its customer, dimension and date)."""
    content, score = score_content(cells), whole_score(cells.text("score"))
    moment = content["scored_at"] or content["recorded_at"]
    needed = (content["customer_id"], content["expert_id"], content["dimension"], score, moment)
    if None in needed:
        return None
    return Score(
        source_system=cells.system,
        score_id=cells.text("score_id"),
        **{column: content[column] for column in ("expert_id", "customer_id", "dimension", "round_no")},
        score=score,
        moment=moment,
        date=clock.local(moment),
        known_on=clock.known_on(moment, content["recorded_at"]),
    )


def rows(world: World) -> Rows:
    """customer_expert_scores_history at d, by date, customer and dimension."""
    terms = world.policy.rows("policy_experts", world.d)[0]
    dimensions = {row["dimension"] for row in world.policy.rows("policy_expert_dimensions", world.d)}
    last: dict[tuple[str, str], dict[str, Score]] = defaultdict(dict)
    for score in sorted(scores_at(world), key=lambda s: s.place):
        is_recent = in_last_days(score.date, world.d, int(terms["max_age_days"]))
        if is_recent and score.customer_id in world.graded and score.dimension in dimensions:
            last[score.customer_id, score.dimension][score.expert_id] = score
    return {(world.d.isoformat(), *key): panel_row(list(own.values()), terms) for key, own in last.items()}


def panel_row(scores: list[Score], terms: dict[str, str]) -> Values:
    """What a panel with one score of each expert says."""
    values = sorted(score.score for score in scores)
    spread = rounded(quantile(values, UPPER) - quantile(values, LOWER), 2)
    if len(values) < int(terms["min_experts"]):
        consensus = "too_few"
    else:
        consensus = "no_consensus" if spread > Fraction(terms["max_iqr"]) else CONSENSUS
    return {
        "expert_count": len(values),
        "mean_score": trimmed_mean(values, int(terms["trim_from"])),
        "score_iqr": spread,
        "consensus": consensus,
        "last_round": max((score.round_no for score in scores if score.round_no is not None), default=None),
    }


def trimmed_mean(values: list[int], trim_from: int) -> Fraction:
    """The mean of ordered scores, 4 decimals; of many without one lowest and one highest."""
    kept = values[1:-1] if len(values) >= trim_from else values
    return rounded(Fraction(sum(kept), len(kept)), 4)


def quantile(values: list[int], q: Fraction) -> Fraction:
    """The quantile of ordered scores, linear between ranks."""
    position = q * (len(values) - 1)
    below = floor(position)
    above = min(below + 1, len(values) - 1)
    return values[below] + (position - below) * (values[above] - values[below])


def components(world: World, found: Rows) -> dict[str, Fraction]:
    """The component `expert` of the customers with a consensus; `found` are the rows of d."""
    told = {row["dimension"]: row for row in world.policy.rows("policy_expert_dimensions", world.d)}
    agreed: dict[str, list[tuple[Fraction, Fraction]]] = defaultdict(list)
    for (_, customer_id, dimension), row in found.items():
        if row["consensus"] == CONSENSUS:
            said = told[dimension]
            share = (row["mean_score"] - LOWEST) / (HIGHEST - LOWEST) * 100
            agreed[customer_id].append(
                (Fraction(said["weight"]), 100 - share if said["is_reversed"] == "true" else share)
            )
    scores = {}
    for customer_id, own in agreed.items():
        total = sum(weight for weight, _ in own)
        if total:
            scores[customer_id] = rounded(sum(weight * share for weight, share in own) / total, 4)
    return scores
