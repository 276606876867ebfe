"""Stories in which tiers rise, are kept and fall over many reviews, and policies under which few customers show it."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

from signal_energy_stories import monthly_meters, reading, supplied
from signal_life_stories import add, profile
from signal_stories import browsed, house_hunting, interaction
from strategies import (
    STORIES,
    Author,
    PolicyChange,
    PolicyRow,
    Story,
    dated_changes,
    from_then_on,
    homes,
    quarter_ends_before,
    regulars,
    visits,
)
from tests.reference.clocks import add_months
from voice_stories import complained, praised, reviewed, surveyed

KINDS = ("set", "set", "floor", "ceiling", "freeze", "freeze")
REASONS = ("key_account", "vip_strategic", "service_recovery", "dispute")
DIMENSIONS = ("potential", "strategic_fit", "influence", "relationship", "risk")
INCOMES = ("low", "lower_mid", "mid", "upper_mid", "high", "unheard of")


def swung(author: Author) -> None:
    """Busy and quiet half years in turn: the score crosses the cuts both ways."""
    rng = author.rng
    lob = rng.choice(["venue", "venue", "lease", "property_service"])
    categories = rng.sample(["spa", "ride", "food", "show"], 4)
    length = rng.choice([3, 5, 6])
    day, is_busy = add_months(author.as_of, -rng.choice([30, 36, 40])), rng.random() < 0.5
    while day < author.as_of:
        end = min(author.as_of, add_months(day, length))
        for number in range(rng.choice([6, 10]) if is_busy else rng.choice([0, 0, 1])):
            on = day + timedelta(days=rng.randint(0, max(0, (end - day).days - 1)))
            amount = rng.choice(["100", "900", "4000"])
            author.sale(on, amount, lob, category=categories[number % 4], recorded_at="")
        day, is_busy = end, not is_busy


def splurged(author: Author) -> None:
    """One great sale after which little comes: a hard rule matches, ends, and is held for a while."""
    rng = author.rng
    day = add_months(reviewed(author), -rng.choice([6, 12, 15, 18, 24])) + timedelta(days=rng.choice([0, 1, -1, 20]))
    sale = author.sale(day, rng.choice(["200000", "199999.99", "2000000"]), rng.choice(["venue", "lease"]))
    if rng.random() < 0.3:
        author.refund(sale, day + timedelta(days=rng.choice([40, 100])), sale["amount"])
    if rng.random() < 0.5:
        author.sale(day - timedelta(days=400), "50", recorded_at="")


def used_more(author: Author) -> None:
    """A meter whose use rises to one and a half times that of the year before: exactly, or not quite, or with a gap."""
    rng = author.rng
    last = rng.choice([author.as_of, *quarter_ends_before(author.as_of)[:3]])
    last_month = add_months(last.replace(day=1), rng.choice([0, -1, 1]))
    count = rng.choice([15, 18, 27])
    first = add_months(last_month, 1 - count)
    contract_id = supplied(author, first)
    author.sale(add_months(author.as_of, -30), "120", "energy", recorded_at="")
    more = rng.choice(["1.5", "1.5", "1.499", "3"])
    base = Decimal(rng.choice(["500", "499.999", "2000"]))
    left_out = rng.choice([None, None, None, count - 2, count - 13])
    for number in range(count):
        start = add_months(first, number)
        if number == left_out or start > author.as_of:
            continue
        used = base * (Decimal(more) if number >= count - 3 else 1)
        late = {"recorded_at": f"{start + timedelta(days=rng.choice([32, 120]))} 09:00:00+08:00"}
        reading(
            author,
            start,
            consumption=str(used),
            contract_id=contract_id,
            granularity="month",
            **(late if rng.random() < 0.2 else {}),
        )


def bought_again(author: Author) -> None:
    """Two or three homes, exactly within a year of a review or a day more, some of them given back or not paid."""
    rng, anchor = author.rng, reviewed(author)
    author.sale(add_months(anchor, -30), "20", recorded_at="")
    for months in rng.choice([(0, 12), (1, 11), (0, 5, 12), (2, 3)]):
        day = add_months(anchor, -months) + timedelta(days=rng.choice([0, 1, -1]))
        kind = rng.choice(["order", "contract", "contract"])
        key = {"order_id": f"H{len(author.delivery.transactions)}"}
        if kind == "contract":
            total = rng.choice(["1000000", "3000000", ""])
            handover = rng.choice(["", (day + timedelta(days=rng.choice([0, 90]))).isoformat()])
            told = {"signed_at": author.moment(day), "total_amount": total, "handover_date": handover}
            key = {"contract_id": author.contract("property_sale", status="signed", **told)}
        sale = author.sale(min(day, author.as_of), rng.choice(["900000", "899999.99"]), "property_sale", **key)
        if rng.random() < 0.15:
            author.refund(sale, author.day(60), sale["amount"])


def in_touch(author: Author) -> None:
    """Much contact around a review, and last seen exactly as long ago as still counts, or a day more."""
    rng, anchor = author.rng, reviewed(author)
    author.sale(add_months(anchor, -20), rng.choice(["20", "60"]), recorded_at="")
    nearest = rng.choice([0, 89, 90, 91])
    for age in range(nearest, nearest + rng.choice([10, 25, 40])):
        for event_type in rng.sample(["enquiry", "site_visit", "event_attend", "app_login"], 2):
            interaction(author, anchor - timedelta(days=age), event_type, recorded_at="")


def came_and_went(author: Author) -> None:
    """Somebody who is not graded for a while, or no more: in between nothing is remembered."""
    rng = author.rng
    ends = quarter_ends_before(author.as_of)
    gone = ends[rng.randint(2, 5)] - timedelta(days=rng.choice([0, 1, 50]))
    profile(author, status="closed", recorded_at=f"{gone} 09:00:00+08:00")
    if rng.random() < 0.8:
        back_on = gone + timedelta(days=rng.choice([1, 50, 100, 200]))
        profile(author, status="active", recorded_at=f"{back_on} 09:00:00+08:00")
    swung(author)


def changed_type(author: Author) -> None:
    """A person becomes a company, with other thresholds; or the other way."""
    rng = author.rng
    kind = rng.choice(["person", "company"])
    profile(author, customer_type=kind, recorded_at=f"{add_months(author.as_of, -40)} 09:00:00+08:00")
    other = {"person": "company", "company": "person"}[kind]
    profile(author, customer_type=other, recorded_at=f"{author.day(500)} 09:00:00+08:00")
    rng.choice([swung, splurged])(author)


def declared_income(author: Author) -> None:
    """An income, sometimes another later, sometimes one that nobody knows."""
    rng = author.rng
    profile(author, income_band=rng.choice(INCOMES), recorded_at=rng.choice(["", f"{author.day(700)} 10:00:00+08:00"]))
    if rng.random() < 0.3:
        profile(author, income_band=rng.choice(INCOMES), recorded_at=f"{author.day(100)} 11:00:00+08:00")


def override(author: Author, **cells: str) -> dict[str, str]:
    """Add a request about the customer that is in order but for what `cells` say."""
    rng, rows = author.rng, author.delivery.tier_overrides
    begins = add_months(reviewed(author), -rng.choice([0, 1, 4, 9])) + timedelta(days=rng.choice([0, 0, 1, -1]))
    ends = begins + timedelta(days=rng.choice([30, 100, 180, 180, 365]))
    asked = begins - timedelta(days=3)
    row = {
        "override_id": f"OV{rng.randrange(1000):03d}-{len(rows)}",
        "customer_id": author.customer_id,
        "axis": rng.choice(["value", "value", "VALUE", ""]),
        "kind": rng.choice(KINDS),
        "tier": rng.choice(["high", "medium", "low", "High"]),
        "reason_code": rng.choice(REASONS),
        "reason_text": rng.choice([*["a long account of it"] * 3, "十个字才算足够的理由", "Ten chars."]),
        "requested_by": "E0401",
        "requested_at": f"{asked} 09:00:00+08:00",
        "approved_by": rng.choice(["E0450", "E0451"]),
        "approved_at": f"{asked + timedelta(days=rng.choice([1, 2, 3, 4]))} {rng.randint(10, 23)}:00:00+08:00",
        "valid_from": begins.isoformat(),
        "valid_to": ends.isoformat(),
        "recorded_at": rng.choice(["", f"{asked} 12:00:00+08:00", f"{begins + timedelta(days=40)} 12:00:00+08:00"]),
    } | cells
    add(rows, row)
    return rows[-1]


def overridden(author: Author) -> None:
    """One to three requests, most of them in order, on somebody whose own tier moves."""
    author.rng.choice([swung, swung, splurged, visits, homes])(author)
    for _ in range(author.rng.choice([1, 1, 2, 3])):
        override(author)


def not_in_order(author: Author) -> None:
    """A request with one thing wrong with it (one after the other), or on an edge; a few of somebody who left."""
    rng = author.rng
    if rng.random() < 0.8:
        visits(author)
    begins = author.as_of - timedelta(days=rng.choice([0, 10]))
    current = {"valid_from": begins.isoformat(), "valid_to": (begins + timedelta(days=90)).isoformat()}
    odd = [
        {"axis": "points"},
        {"axis": "card", "tier": "silver"},
        {"kind": "raise"},
        {"kind": ""},
        {"tier": "gold"},
        {"kind": "set", "tier": "potential"},
        {"kind": "floor", "tier": "potential"},
        {"kind": "freeze", "tier": ""},
        {"kind": "floor", "tier": ""},
        {"reason_code": "because"},
        {"reason_code": ""},
        {"reason_text": "too short"},
        {"reason_text": "九个字不算是理由"},
        {"reason_text": ""},
        {"approved_by": ""},
        {"approved_at": ""},
        {"approved_at": f"{author.as_of} 23:59:59+08:00"},
        {"approved_at": f"{author.as_of + timedelta(days=1)} 00:00:00+08:00"},
        {"requested_by": ""},
        {"approved_by": " e0401"},
        {"valid_to": begins.isoformat()},
        {"valid_to": (begins + timedelta(days=366)).isoformat()},
        {"valid_to": (begins + timedelta(days=181)).isoformat(), "reason_code": "dispute"},
        {"valid_to": (author.as_of + timedelta(days=1)).isoformat()},
        {"valid_from": (author.as_of + timedelta(days=1)).isoformat()},
        {"valid_from": (begins - timedelta(days=80)).isoformat(), "valid_to": author.as_of.isoformat()},
        {"revoked_at": f"{author.as_of} 10:00:00+08:00"},
        {"revoked_at": f"{author.as_of + timedelta(days=1)} 10:00:00+08:00"},
        {"override_id": ""},
        {"customer_id": ""},
        {"customer_id": "C-unknown"},
        {"valid_from": ""},
        {"valid_from": "soon"},
        {"valid_to": ""},
        {"valid_from": "1989-12-31"},
    ]
    told = len(author.delivery.tier_overrides)
    override(author, **(current | {"recorded_at": ""} | odd[told % len(odd)]))
    if rng.random() < 0.1:
        profile(author, status="closed", recorded_at=f"{author.as_of - timedelta(days=1)} 09:00:00+08:00")


def held_nothing(author: Author) -> None:
    """A request to hold the tier of somebody who may have none."""
    begins = author.as_of - timedelta(days=author.rng.choice([0, 10, 100]))
    current = {"valid_from": begins.isoformat(), "valid_to": (begins + timedelta(days=170)).isoformat()}
    kind, tier = author.rng.choice(["floor", "ceiling", "freeze"]), author.rng.choice(["low", "medium", "high"])
    override(author, axis="value", kind=kind, tier=tier, reason_text="a long account", recorded_at="", **current)


def asked_again(author: Author) -> None:
    """A request told in several versions, told twice, in conflict, in two systems, or renewed."""
    rng = author.rng
    rng.choice([swung, visits])(author)
    row = override(author, recorded_at=f"{author.day(300)} 12:00:00+08:00")
    later = {"recorded_at": f"{author.day(100)} 13:00:00+08:00"}
    revoked = {"revoked_at": f"{author.day(100)} 09:00:00+08:00"}
    renewed = {
        "override_id": f"{row['override_id']}-renewed",
        "valid_from": row["valid_to"],
        "valid_to": (date.fromisoformat(row["valid_to"]) + timedelta(days=100)).isoformat(),
        "recorded_at": "",
    }
    again: list[dict[str, str]] = [
        later | revoked,
        later | {"tier": "medium", "kind": "set"},
        later | {"valid_to": "never"},
        {},
        {"tier": "low" if row["tier"] != "low" else "high"},
        {"source_system": "crm-2", "approved_at": row["approved_at"]},
        renewed,
        renewed | {"kind": "freeze"},
    ]
    for changes in rng.sample(again, rng.choice([1, 2])):
        add(author.delivery.tier_overrides, row | changes)


def sat_before_a_panel(author: Author) -> None:
    """Scores of up to six experts in some dimensions: at one, apart, too few, of several rounds, too old, told late."""
    rng, anchor = author.rng, reviewed(author)
    if rng.random() < 0.7:
        visits(author)
    for dimension in rng.sample(DIMENSIONS, rng.choice([1, 2, 5])):
        middle = rng.randint(2, 9)
        for expert in range(rng.choice([2, 3, 4, 5, 6])):
            for round_no in range(1, rng.choice([2, 2, 3])):
                score = rng.choice([middle, middle - 1, middle + 1, rng.randint(1, 10)])
                day = anchor - timedelta(days=rng.choice([0, 10, 200, 364, 365]))
                rows = author.delivery.expert_scores
                row = {
                    "score_id": f"ES{rng.randrange(1000):03d}-{len(rows)}",
                    "expert_id": f"E05{expert:02d}",
                    "customer_id": author.customer_id,
                    "dimension": rng.choice([dimension, dimension, dimension.upper()]),
                    "score": str(max(1, min(10, score))),
                    "round_no": rng.choice([str(round_no), str(round_no), ""]),
                    "scored_at": f"{day} {rng.randint(10, 16)}:00:00+08:00",
                    "recorded_at": rng.choice(["", "", f"{day + timedelta(days=rng.choice([0, 60]))} 20:00:00+08:00"]),
                }
                add(rows, row)
                if rng.random() < 0.05:
                    add(rows, row | rng.choice([{}, {"score": "5"}, {"source_system": "crm-2"}]))


def odd_scores(author: Author) -> None:
    """Scores that break a rule, or nearly."""
    rng = author.rng
    row = {
        "score_id": f"ESX{len(author.delivery.expert_scores)}",
        "expert_id": "E0599",
        "customer_id": author.customer_id,
        "dimension": "potential",
        "score": "5",
        "scored_at": f"{author.day(100)} 10:00:00+08:00",
    }
    odd = [
        {"score": "0"},
        {"score": "11"},
        {"score": "7.4"},
        {"score": "7.0"},
        {"score": ""},
        {"score": "many"},
        {"dimension": "luck"},
        {"dimension": ""},
        {"expert_id": ""},
        {"customer_id": ""},
        {"customer_id": "C-unknown"},
        {"score_id": ""},
        {"scored_at": ""},
        {"scored_at": "", "recorded_at": f"{author.day(50)} 10:00:00+08:00"},
        {"scored_at": "1989-12-31"},
        {"scored_at": f"{author.as_of + timedelta(days=1)} 10:00:00+08:00"},
    ]
    add(author.delivery.expert_scores, row | rng.choice(odd))


TIER_STORIES: list[Story] = [
    *STORIES,
    regulars,
    *[swung] * 5,
    *[splurged] * 3,
    *[used_more] * 3,
    monthly_meters,
    *[bought_again] * 3,
    *[in_touch] * 2,
    browsed,
    *[house_hunting] * 2,
    *[came_and_went] * 2,
    changed_type,
    *[declared_income] * 2,
    *[overridden] * 4,
    *[not_in_order] * 3,
    held_nothing,
    *[asked_again] * 3,
    *[sat_before_a_panel] * 3,
    odd_scores,
    surveyed,
    complained,
    praised,
]

EXPERT_WEIGHT = "0.10"


def with_experts(row: PolicyRow) -> list[PolicyRow]:
    """Experts count."""
    taken = {"expert": EXPERT_WEIGHT, "engagement": "0.05", "rfm": "0.25"}
    return [row | {"weight": taken.get(row["component"], row["weight"])}]


def with_cells(cells: dict[str, str]) -> Callable[[PolicyRow], PolicyRow]:
    """A row with other cells."""
    return lambda row: row | cells


def of_rule(cells: dict[str, dict[str, str]]) -> Callable[[PolicyRow], PolicyRow]:
    """The row of a rule, or of a rule and a measure, with other cells."""

    def change(row: PolicyRow) -> PolicyRow:
        return row | cells.get(row["rule_path"], {}) | cells.get(row.get("measure", ""), {})

    return change


LOW_CUTS = {
    "SC_HIGH": {"threshold": "55", "maintain": "50"},
    "SC_MED": {"threshold": "35", "maintain": "32"},
    "firm_units_60m": {"threshold": "4"},
    "property_net_60m": {"threshold": "20000000"},
    "energy_kwh_12m": {"threshold": "9000"},
    "engagement_score": {"threshold": "40"},
}
OTHER_CUTS = {
    "SC_HIGH": {"threshold": "62", "maintain": ""},
    "SC_MED": {"threshold": "41", "maintain": "39.5"},
    "engagement_score": {"threshold": "30"},
}
FEW_PEERS = {"min_peers": "2", "peer_quantile": "0.5"}


def approved_otherwise(row: PolicyRow) -> list[PolicyRow]:
    """Only some may approve some tiers."""
    if row["axis"] != "value":
        return [row]
    allowed = [("E0450", "*"), ("e0451", "medium"), ("E0451", "low")]
    return [row | {"approver": approver, "tier": tier} for approver, tier in allowed]


def each(change: Callable[[PolicyRow], PolicyRow]) -> PolicyChange:
    """One row for each."""
    return lambda row: [change(row)]


def tiers_from_then_on(day: date) -> dict[str, PolicyChange]:
    """Everything that decides on tiers is otherwise from a day on."""
    kept = {"margin_hold_months": "6", "grandfather_months": "9", "multi_property_months": "6"}
    held = {"HR_SPEND": {"hold_months": "6"}, "HR_ENERGY": {"hold_months": "0"}, "SC_HIGH": {"hold_months": "4"}}

    def cuts(row: PolicyRow) -> list[PolicyRow]:
        return from_then_on(day, of_rule(OTHER_CUTS))(of_rule(LOW_CUTS)(row))

    def weights(row: PolicyRow) -> list[PolicyRow]:
        return [row | {"effective_to": day.isoformat()}] + [
            changed | {"effective_from": day.isoformat()} for changed in with_experts(row)
        ]

    signals = {table: change for table, change in dated_changes(day).items() if not table.startswith("policy_tier_")}
    return signals | {
        "policy_review_calendar": from_then_on(day, with_cells({"months_between_reviews": "1"})),
        "policy_tier_thresholds": cuts,
        "policy_tier_rules": from_then_on(day, of_rule(held)),
        "policy_tiers": from_then_on(day, with_cells(kept)),
        "policy_tier_weights": weights,
        "policy_override_reasons": from_then_on(day, with_cells({"max_days": "120"})),
        "policy_overrides": from_then_on(day, with_cells({"min_text_length": "11"})),
        "policy_experts": from_then_on(day, with_cells({"max_age_days": "200", "trim_from": "4", "max_iqr": "3"})),
        "policy_attention": each(with_cells(FEW_PEERS)),
    }


TIER_POLICIES: dict[str, dict[str, PolicyChange]] = {
    "seeds": {"policy_attention": each(with_cells(FEW_PEERS))},
    "low_cuts_and_experts": {
        "policy_tier_thresholds": each(of_rule(LOW_CUTS)),
        "policy_tier_weights": with_experts,
        "policy_approvers": approved_otherwise,
        "policy_attention": each(with_cells({"min_peers": "3", "peer_quantile": "0.8"})),
    },
    "half_yearly": {
        "policy_review_calendar": each(with_cells({"months_between_reviews": "6"})),
        "policy_tier_thresholds": each(of_rule(LOW_CUTS)),
        "policy_tiers": each(with_cells({"margin_hold_months": "7", "grandfather_months": "0"})),
        "policy_attention": each(with_cells(FEW_PEERS)),
    },
    "dated": tiers_from_then_on(date(2023, 11, 15)),
}
"""The seeds, low cuts where experts count, reviews every half year, and a change of everything on one day."""
