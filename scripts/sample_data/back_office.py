"""What the company itself records about customers: links, overrides, expert scores, privacy requests, CRM accounts."""

import numpy as np

from scripts.sample_data import schema
from scripts.sample_data.catalogue import PROPERTY_SALE
from scripts.sample_data.columns import DAY, NULL, Frame, choose, concat, constant, expand, uniform
from scripts.sample_data.lines import Lines
from scripts.sample_data.people import ACTIVE, People
from scripts.sample_data.scenario import Scenario, serials

LINKED_SHARE = 0.02
CHAINED_SHARE = 0.003
OVERRIDE_SHARE = 0.008
SCORED_SHARE = 0.01
REQUEST_SHARE = 0.012
ZOHO_SHARE = 0.15
FXIAOKE_COMPANY_SHARE = 0.7
MAPPED_SHARE = 0.92
MERGE, CRM_MATCH, HOUSEHOLD = range(3)
ERASE, OPT_OUT = 0, 2


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
    """Requests to set a tier by hand: most are approved by a second person, a few are revoked or never approved."""
    rng = scenario.rng(block, "overrides")
    can_have = lines.holds.any(axis=1) & (people.final_status == ACTIVE) & (people.created < scenario.last_day - 200)
    customer = np.flatnonzero(can_have & (rng.random(len(people)) < OVERRIDE_SHARE))
    count = len(customer)
    since = np.maximum(people.created[customer], scenario.first_day) + 100
    day = uniform(rng, since, scenario.last_day - 10, count)
    requested_at = day * DAY + 10 * 3600
    approved_at = requested_at + rng.integers(3600, 3 * DAY, count)
    is_value = rng.random(count) < 0.75
    is_approved = rng.random(count) < 0.92
    is_revoked = is_approved & (rng.random(count) < 0.08)
    return {
        "override_id": serials(block, count),
        "customer_id": people.number[customer],
        "axis": np.where(is_value, 0, 1),
        "kind": choose(rng, [40, 40, 10, 10], count),
        "tier": np.where(is_value, choose(rng, [70, 25, 5], count), 3 + choose(rng, [30, 50, 20], count)),
        "reason_code": rng.integers(0, len(schema.OVERRIDE_REASONS), count),
        "reason_text": rng.integers(0, len(schema.OVERRIDE_TEXTS), count),
        "requested_by": 400 + rng.integers(0, 20, count),
        "requested_at": requested_at,
        "approved_by": np.where(is_approved, 450 + rng.integers(0, 5, count), NULL),
        "approved_at": np.where(is_approved, approved_at, NULL),
        "valid_from": day + 4,
        "valid_to": day + 4 + rng.integers(30, 175, count),
        "revoked_at": np.where(is_revoked, approved_at + 2 * DAY, NULL),
        "recorded_at": np.where(is_approved, approved_at, requested_at) + 60,
    }


def expert_scores_frame(scenario: Scenario, block: int, people: People, lines: Lines) -> Frame:
    """Three to five experts score companies and buyers of homes in all dimensions."""
    rng = scenario.rng(block, "expert_scores")
    matters = people.is_company | lines.holds[:, PROPERTY_SALE]
    scored = np.flatnonzero(
        matters & (people.created < scenario.last_day - 120) & (rng.random(len(people)) < SCORED_SHARE * 5)
    )
    panel, expert = expand(rng.integers(3, 6, len(scored)))
    row, dimension = expand(constant(len(schema.DIMENSIONS), len(panel)))
    customer, count = scored[panel[row]], len(row)
    scored_at = (scenario.last_day - 100 + panel[row] % 80) * DAY + 14 * 3600
    opinion = 5.5 + 1.3 * people.mood[customer] + rng.normal(0, 1.4, count)
    return {
        "score_id": serials(block, count),
        "expert_id": 500 + expert[row],
        "customer_id": people.number[customer],
        "dimension": dimension,
        "score": np.clip(np.round(opinion), 1, 10).astype(np.int64),
        "round_no": constant(1, count),
        "scored_at": scored_at,
        "recorded_at": scored_at + 3600,
    }


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
