"""What the company itself records about customers: links, overrides, expert scores, privacy requests, CRM accounts."""

import numpy as np

from scripts.sample_data import schema
from scripts.sample_data.catalogue import PROPERTY_SALE
from scripts.sample_data.columns import (
    DAY,
    NULL,
    Frame,
    choose,
    concat,
    constant,
    expand,
    length,
    take,
    uniform,
)
from scripts.sample_data.lines import Lines
from scripts.sample_data.people import ACTIVE, People
from scripts.sample_data.scenario import Scenario, serials

LINKED_SHARE = 0.02
CHAINED_SHARE = 0.003
OVERRIDE_SHARE = 0.02
SCORED_SHARE = 0.01
REQUEST_SHARE = 0.012
ZOHO_SHARE = 0.15
FXIAOKE_COMPANY_SHARE = 0.7
MAPPED_SHARE = 0.92
MERGE, CRM_MATCH, HOUSEHOLD = range(3)
ERASE, OPT_OUT = 0, 2
VALUE_AXIS, CARD_AXIS = range(2)
SET, FLOOR, CEILING, FREEZE = range(4)
HIGH, MEDIUM, LOW, SILVER, GOLD, _ = range(6)
FIRST_CARD_TIER = SILVER
VIP, RECOVERY, DATA_ERROR, DISPUTE, KEY_ACCOUNT, PANEL, MATCH = range(7)
# Reason, kind, tier, and the days it may last.
OVERRIDE_CASES = np.array(
    [
        (VIP, SET, HIGH, 365),
        (KEY_ACCOUNT, FLOOR, HIGH, 365),
        (KEY_ACCOUNT, FLOOR, MEDIUM, 365),
        (RECOVERY, FLOOR, MEDIUM, 180),
        (DISPUTE, FREEZE, NULL, 180),
        (DATA_ERROR, CEILING, LOW, 180),
        (DATA_ERROR, SET, MEDIUM, 180),
        (PANEL, FLOOR, HIGH, 180),
        (MATCH, FLOOR, GOLD, 180),
        (MATCH, SET, SILVER, 180),
    ]
)
OVERRIDE_CASE_SHARES = (14, 10, 10, 18, 14, 6, 6, 6, 10, 6)
UNAPPROVED, TOO_LONG, REVOKED, SELF_APPROVED, TEXT_SHORT = range(5)
FAULT_EVERY = 14  # one override in so many has each of these faults
RISK = schema.DIMENSIONS.index("risk")


def identity_frame(scenario: Scenario, block: int, people: People) -> Frame:
    """Pairs of numbers that belong together, and a few members merged twice: chains, but no cycles."""
    rng = scenario.rng(block, "identity")
    chosen = rng.permutation(len(people))[: int(len(people) * LINKED_SHARE) // 2 * 2]
    pair = chosen.reshape(-1, 2)
    pair = pair[people.is_company[pair[:, 0]] == people.is_company[pair[:, 1]]]
    is_swapped = people.created[pair[:, 0]] < people.created[pair[:, 1]]
    later = np.where(is_swapped, pair[:, 1], pair[:, 0])
    earlier = np.where(is_swapped, pair[:, 0], pair[:, 1])
    since = np.maximum(people.created[later], scenario.first_day) + 1
    known = since < scenario.last_day - 10
    later, earlier, since = later[known], earlier[known], since[known]
    count = len(later)
    day = uniform(rng, since, scenario.last_day - 10, count)
    link = np.where(people.is_company[later], choose(rng, [70, 30], count), choose(rng, [35, 25, 40], count))
    valid_from = day * DAY + 15 * 3600
    pairs = {
        "from_customer_id": people.number[later],
        "to_customer_id": people.number[earlier],
        "link_type": link,
        "confidence": np.where(link == MERGE, 100, rng.integers(80, 100, count)),
        "valid_from": valid_from,
        "valid_to": np.where((link == MERGE) & (rng.random(count) < 0.06), valid_from + 5 * DAY, NULL),
        "decided_by": np.where(link == CRM_MATCH, 1, rng.choice([0, 2], count)),
        "recorded_at": valid_from + 600,
    }
    free = np.setdiff1d(np.flatnonzero(people.member_since != NULL), chosen)
    return concat([pairs, _chains(scenario.rng(block, "identity_chains"), scenario, people, free)], pairs)


def _chains(rng: np.random.Generator, scenario: Scenario, people: People, free: np.ndarray) -> Frame:
    """Three numbers of one member: the newest is merged into the middle one, and that one later into the oldest."""
    free = free[~people.is_company[free] & (people.created[free] < scenario.last_day - 120)]
    chains = min(int(len(people) * CHAINED_SHARE) // 3, len(free) // 3)
    members = rng.permutation(free)[: 3 * chains].reshape(-1, 3)
    members = np.take_along_axis(members, np.argsort(people.created[members], axis=1, kind="stable"), axis=1)
    since = np.maximum(people.created[members[:, 2]], scenario.first_day) + 1
    day = uniform(rng, since, scenario.last_day - 60, chains)
    valid_from = np.concatenate([day, day + rng.integers(1, 50, chains)]) * DAY + 16 * 3600
    return {
        "from_customer_id": people.number[np.concatenate([members[:, 2], members[:, 1]])],
        "to_customer_id": people.number[np.concatenate([members[:, 1], members[:, 0]])],
        "link_type": constant(MERGE, 2 * chains),
        "confidence": constant(100, 2 * chains),
        "valid_from": valid_from,
        "decided_by": constant(0, 2 * chains),
        "recorded_at": valid_from + 600,
    }


def overrides_frame(scenario: Scenario, block: int, people: People, lines: Lines) -> Frame:
    """Requests to set a tier by hand, in a few typical cases; some are faulty, a few are delivered again as revoked."""
    rng = scenario.rng(block, "overrides")
    can_have = lines.holds.any(axis=1) & (people.final_status == ACTIVE) & (people.created < scenario.last_day - 200)
    customer = np.flatnonzero(can_have & (rng.random(len(people)) < OVERRIDE_SHARE))
    count = len(customer)
    since = np.maximum(people.created[customer], scenario.first_day) + 100
    is_recent = rng.random(count) < 0.6
    day = uniform(rng, np.where(is_recent, scenario.last_day - 150, since), scenario.last_day - 10, count)
    reason, kind, tier, longest = OVERRIDE_CASES[choose(rng, OVERRIDE_CASE_SHARES, count)].T
    fault = rng.permutation(count) % FAULT_EVERY
    requested_by = 400 + rng.integers(0, 20, count)
    approved_by = np.where(fault == SELF_APPROVED, requested_by, 450 + choose(rng, [50, 20, 15, 10, 5], count))
    requested_at = day * DAY + 10 * 3600
    approved_at = requested_at + rng.integers(3600, 3 * DAY, count)
    is_approved = fault != UNAPPROVED
    first_day = day + np.where(is_recent, 4, rng.integers(0, 30, count))
    frame = {
        "override_id": serials(block, count),
        "customer_id": people.number[customer],
        "axis": np.where((tier == NULL) | (tier < FIRST_CARD_TIER), VALUE_AXIS, CARD_AXIS),
        "kind": kind,
        "tier": tier,
        "reason_code": reason,
        "reason_text": np.where(fault == TEXT_SHORT, len(schema.OVERRIDE_TEXTS) - 1, reason),
        "requested_by": requested_by,
        "requested_at": requested_at,
        "approved_by": np.where(is_approved, approved_by, NULL),
        "approved_at": np.where(is_approved, approved_at, NULL),
        "valid_from": first_day,
        "valid_to": first_day + np.where(fault == TOO_LONG, longest + 190, uniform(rng, longest // 3, longest, count)),
        "revoked_at": constant(NULL, count),
        "recorded_at": np.where(is_approved, approved_at, requested_at) + 60,
    }
    revoked = take(frame, (fault == REVOKED) & (approved_at + 6 * DAY < scenario.last_day * DAY))
    revoked["revoked_at"] = revoked["approved_at"] + 5 * DAY
    revoked["recorded_at"] = revoked["revoked_at"] + 60
    return concat([frame, revoked], frame)


def expert_scores_frame(scenario: Scenario, block: int, people: People, lines: Lines) -> Frame:
    """Two to six experts score companies and buyers of homes in all dimensions; a few panels meet a second time."""
    rng = scenario.rng(block, "expert_scores")
    matters = people.is_company | lines.holds[:, PROPERTY_SALE]
    scored = np.flatnonzero(
        matters & (people.created < scenario.last_day - 120) & (rng.random(len(people)) < SCORED_SHARE * 5)
    )
    meets_again = rng.random(len(scored)) < 0.2
    is_old = (rng.random(len(scored)) < 0.1) & (people.created[scored] < scenario.last_day - 600)
    panel, expert = expand(2 + choose(rng, [10, 30, 25, 20, 15], len(scored)))
    row, dimension = expand(constant(len(schema.DIMENSIONS), len(panel)))
    panel, expert = panel[row], expert[row]
    scored_at = (scenario.last_day - 100 + panel % 80 - 400 * is_old[panel]) * DAY + 14 * 3600
    usual = 5.5 + 1.3 * people.mood[scored[panel]] * np.where(dimension == RISK, -1, 1)
    opinion = usual + rng.normal(0, 1.4, len(row))
    frame = {
        "expert_id": 500 + expert,
        "customer_id": people.number[scored[panel]],
        "dimension": dimension,
        "score": np.clip(np.round(opinion), 1, 10).astype(np.int64),
        "round_no": constant(1, len(row)),
        "scored_at": scored_at,
    }
    second = frame | {
        "score": np.clip(np.round((opinion + 2 * usual) / 3), 1, 10).astype(np.int64),
        "round_no": constant(2, len(row)),
        "scored_at": scored_at + 14 * DAY,
    }
    scores = concat([frame, take(second, meets_again[panel])], frame)
    return {"score_id": serials(block, length(scores))} | scores | {"recorded_at": scores["scored_at"] + 3600}


def privacy_frame(scenario: Scenario, block: int, people: People) -> Frame:
    """Requests under privacy law; those who consented to marketing neither opt out nor ask to be erased."""
    rng = scenario.rng(block, "privacy")
    since = np.maximum(people.created, scenario.first_day) + 10
    asks = (rng.random(len(people)) < REQUEST_SHARE) & (since < people.horizon - 20)
    customer = np.flatnonzero(asks)
    count = len(customer)
    received = uniform(rng, since[customer], people.horizon[customer] - 15, count) * DAY + 11 * 3600
    kind = choose(rng, [12, 8, 35, 20, 15, 10], count)
    kind = np.where(people.is_marketable[customer] & np.isin(kind, (ERASE, OPT_OUT)), 3, kind)
    is_verified = rng.random(count) < 0.95
    verified = received + rng.integers(3600, 3 * DAY, count)
    return {
        "request_id": serials(block, count),
        "customer_id": people.number[customer],
        "type": kind,
        "received_at": received,
        "verified_at": np.where(is_verified, verified, NULL),
        "completed_at": np.where(is_verified, verified + rng.integers(DAY, 10 * DAY, count), NULL),
        "legal_hold": ((kind == ERASE) & (rng.random(count) < 0.2)).astype(np.int64),
        "recorded_at": received + 60,
    }


def zoho_frame(scenario: Scenario, block: int, people: People) -> Frame:
    """Accounts of one CRM; most are mapped to a customer number."""
    rng = scenario.rng(block, "zoho")
    customer = np.flatnonzero(rng.random(len(people)) < ZOHO_SHARE)
    count = len(customer)
    modified, active = _last_changes(rng, scenario, people, customer)
    score = np.clip(50 + 18 * people.mood[customer] + rng.normal(0, 12, count), 0, 100).astype(np.int64)
    return {
        "record_id": serials(block, count),
        "account_name": people.name.take(customer),
        "owner": people.city[customer] % len(schema.ZOHO_OWNERS),
        "segment_label": np.select([score >= 70, score >= 30], [0, 1], 2),
        "segment_score": score,
        "last_activity_time": active,
        "modified_time": modified,
        "customer_id": np.where(rng.random(count) < MAPPED_SHARE, people.number[customer], NULL),
        "recorded_at": modified + 1800,
    }


def fxiaoke_frame(scenario: Scenario, block: int, people: People) -> Frame:
    """Accounts of the other CRM, mostly companies."""
    rng = scenario.rng(block, "fxiaoke")
    share = np.where(people.is_company, FXIAOKE_COMPANY_SHARE, 0.03)
    customer = np.flatnonzero(rng.random(len(people)) < share)
    count = len(customer)
    modified, active = _last_changes(rng, scenario, people, customer)
    level = choose(rng, [20, 55, 25], count)
    return {
        "_id": serials(block, count),
        "name": people.name.take(customer),
        "owner": people.city[customer] % len(schema.FXIAOKE_OWNERS),
        "account_level": level,
        "record_type": np.where(level == 0, 1, 0),
        "last_followed_time": active,
        "last_modified_time": modified,
        "life_status": choose(rng, [94, 2, 4], count),
        "customer_id": np.where(rng.random(count) < MAPPED_SHARE, people.number[customer], NULL),
        "recorded_at": modified + 1800,
    }


def _last_changes(
    rng: np.random.Generator, scenario: Scenario, people: People, customer: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """When the account was last modified, and the last activity before that."""
    created, horizon = people.created[customer], people.horizon[customer]
    active = uniform(rng, np.maximum(created, scenario.first_day - 30), horizon - 1, len(customer))
    modified = np.minimum(active + rng.integers(0, 60, len(customer)), scenario.last_day - 1)
    return np.maximum(modified, active) * DAY + 19 * 3600, active * DAY + 16 * 3600
