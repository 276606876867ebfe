"""What customers do besides buying: browsing and visits, referrals, campaign contacts, points; and the pilot groups."""

import numpy as np

from scripts.sample_data import catalogue, schema
from scripts.sample_data.catalogue import CAMPAIGN_DAYS, PROPERTY_SALE, VENUE, Campaigns
from scripts.sample_data.columns import (
    DAY,
    NULL,
    Frame,
    choose,
    concat,
    constant,
    expand,
    hex_text,
    take,
    uniform,
)
from scripts.sample_data.lines import Lines
from scripts.sample_data.people import ACTIVE, People
from scripts.sample_data.scenario import Scenario
from scripts.sample_data.transactions import Transactions

MEAN_INTERACTIONS = 4.0
# In the order of schema.EVENT_TYPES: browsing is common, house hunting rare.
EVENT_SHARES = (26, 9, 14, 1.5, 2, 1.5, 0.8, 0.4, 0.5, 2, 1, 16, 4, 2, 3, 8, 4, 3.5, 0.5, 0.8)
PROPERTY_EVENTS = [schema.EVENT_TYPES.index(name) for name in ("listing_view", "brochure", "enquiry", "site_visit")]
PROPERTY_EVENTS += [schema.EVENT_TYPES.index(name) for name in ("unit_shortlist", "subscribe", "loan_precheck")]
CAMPAIGN_EVENTS = [schema.EVENT_TYPES.index(name) for name in ("email_open", "sms_click", "event_invite")]
GRADE_SET, ENQUIRY = schema.EVENT_TYPES.index("grade_set"), schema.EVENT_TYPES.index("enquiry")
ANONYMOUS_SHARE = 0.04
REFERRED_SHARE = 0.05
NO_REFEREE_SHARE = 0.25
MEAN_CONTACTS = 1.6
REDEEM_SHARE = 0.25
POINTS_PER_CNY = 0.02  # well below what a sale earns, so that nobody overdraws
PILOT_SHARE = 0.06
REDEEM, REDEEM_CANCEL, ADJUST, _, PARTNER_EARN = range(5)


def interactions_frame(scenario: Scenario, block: int, people: People, lines: Lines) -> Frame:
    """Clicks, calls and visits: prospects and buyers of homes look at listings, some visitors stay anonymous."""
    rng = scenario.rng(block, "interactions")
    eagerness = rng.gamma(0.7, MEAN_INTERACTIONS / 0.7, len(people)) * np.where(lines.holds[:, PROPERTY_SALE], 1.8, 1)
    customer = expand(rng.poisson(eagerness))[0]
    count = len(customer)
    since = np.maximum(people.created, scenario.first_day)
    day = uniform(rng, since[customer], people.horizon[customer], count)
    event = np.minimum(day * DAY + rng.integers(7 * 3600, 23 * 3600, count), (scenario.last_day + 1) * DAY - 4000)
    event_type = choose(rng, EVENT_SHARES, count)
    looks_for_home = (people.is_prospect | lines.holds[:, PROPERTY_SALE])[customer] & (rng.random(count) < 0.4)
    event_type = np.where(looks_for_home, np.array(PROPERTY_EVENTS)[rng.integers(0, 7, count)], event_type)
    is_property = np.isin(event_type, PROPERTY_EVENTS)
    is_anonymous = (rng.random(count) < ANONYMOUS_SHARE) & (event_type < 3)
    running = Campaigns.of(scenario).running(VENUE, day)
    value = np.select(
        [event_type == GRADE_SET, event_type == ENQUIRY], [rng.integers(0, 7, count), rng.integers(7, 10, count)], NULL
    )
    number = block * 10_000_000 + np.arange(count) + 1
    return {
        "interaction_id": number,
        "customer_id": np.where(is_anonymous, NULL, people.number[customer]),
        "anonymous_id": np.where(is_anonymous, block * 10_000_000 + customer, NULL),
        "event_type": event_type,
        "event_at": event,
        "channel": choose(rng, [40, 8, 12, 14, 20, 6], count),
        "project_id": np.where(is_property, rng.integers(0, len(catalogue.PROJECTS), count), NULL),
        "venue_id": np.where(~is_property & (rng.random(count) < 0.3), rng.integers(0, 12, count), NULL),
        "duration_s": np.where(rng.random(count) < 0.8, rng.exponential(90, count).astype(np.int64), NULL),
        "value": value,
        "campaign_id": np.where(np.isin(event_type, CAMPAIGN_EVENTS), running, NULL),
        "sales_person_id": np.where(is_property & (rng.random(count) < 0.5), 100 + rng.integers(0, 60, count), NULL),
        "recorded_at": event + rng.integers(1, 3600, count),
    }


def referrals_frame(scenario: Scenario, block: int, people: People, lines: Lines) -> Frame:
    """Satisfied buyers bring in people who become customers after them, or never."""
    rng = scenario.rng(block, "referrals")
    came = (people.created > scenario.first_day + 60) & (rng.random(len(people)) < REFERRED_SHARE)
    referee = np.flatnonzero(came)
    happy = np.flatnonzero(lines.holds.any(axis=1) & (people.mood > 0.3) & (people.final_status == ACTIVE))
    happy = happy[np.argsort(people.created[happy], kind="stable")]
    earlier = np.searchsorted(people.created[happy], people.created[referee] - 60)
    referee, earlier = referee[earlier > 0], earlier[earlier > 0]
    count = len(referee)
    referrer = happy[(rng.random(count) * earlier).astype(np.int64)] if count else referee
    unknown = rng.random(count) < NO_REFEREE_SHARE
    referred = np.maximum(people.created[referee] - rng.integers(1, 30, count), people.created[referrer])
    referred_at = referred * DAY + rng.integers(9 * 3600, 18 * 3600, count)
    is_property = rng.random(count) < 0.25
    converted = lines.holds[referee].any(axis=1) & ~unknown
    return {
        "referral_id": block * 10_000_000 + np.arange(count) + 1,
        "referrer_customer_id": people.number[referrer],
        "referee_customer_id": np.where(unknown, NULL, people.number[referee]),
        "referee_contact_hash": hex_text(rng.integers(0, 256, (count, 32), np.uint8), ~unknown),
        "referred_at": referred_at,
        "lob": np.where(is_property, PROPERTY_SALE, VENUE),
        "project_id": np.where(is_property, rng.integers(0, len(catalogue.PROJECTS), count), NULL),
        "claimed_by": np.where(is_property, 100 + rng.integers(0, 60, count), NULL),
        "status": np.where(converted, 2, choose(rng, [40, 30, 0, 30], count)),
        "recorded_at": referred_at + rng.integers(60, 7200, count),
    }


def contacts_frame(scenario: Scenario, block: int, people: People) -> Frame:
    """Campaign contacts of those who consented, at most one per campaign and customer."""
    rng = scenario.rng(block, "contacts")
    campaigns = Campaigns.of(scenario)
    first = np.searchsorted(campaigns.start, people.created + 1)
    is_reachable = people.is_marketable & (first < len(campaigns.start))
    customer = expand(np.where(is_reachable, rng.poisson(MEAN_CONTACTS, len(people)), 0))[0]
    campaign = uniform(rng, first[customer], len(campaigns.start) - 1, len(customer))
    pairs = np.unique(customer * 1_000 + campaign)
    customer, campaign = pairs // 1_000, pairs % 1_000
    count = len(customer)
    sent = (campaigns.start[campaign] + rng.integers(0, CAMPAIGN_DAYS - 10, count)) * DAY + rng.integers(
        9 * 3600, 20 * 3600, count
    )
    delivered = rng.random(count) < 0.95
    opened = delivered & (rng.random(count) < 0.35)
    clicked = opened & (rng.random(count) < 0.3)
    responded = clicked & (rng.random(count) < 0.35)
    unsubscribed = opened & (rng.random(count) < 0.01)
    reaction = sent + rng.integers(600, 5 * DAY, count)
    return {
        "contact_id": block * 10_000_000 + np.arange(count) + 1,
        "campaign_id": campaign,
        "customer_id": people.number[customer],
        "channel": campaigns.channel[campaign],
        "sent_at": sent,
        "delivered": delivered.astype(np.int64),
        "opened": opened.astype(np.int64),
        "clicked": clicked.astype(np.int64),
        "responded_at": np.where(responded, reaction, NULL),
        "unsubscribed_at": np.where(unsubscribed, reaction + 60, NULL),
        "cost": np.array([5, 8, 2, 5, 350])[campaigns.channel[campaign]],
        "recorded_at": reaction + 7200,
    }


def points_frame(scenario: Scenario, block: int, people: People, transactions: Transactions) -> Frame:
    """Members redeem a part of what larger visits earned, sometimes take it back; the service desk grants a few points."""
    rng = scenario.rng(block, "points")
    frame, end = transactions.frame, (scenario.last_day + 1) * DAY
    taken_back = np.unique(frame["original_txn_id"])
    customer = transactions.customer
    is_member = (people.member_since[customer] != NULL) & (frame["event_at"] // DAY > people.member_since[customer])
    counts = (frame["lob"] == VENUE) & (frame["txn_type"] == schema.PURCHASE) & (frame["currency"] == 0)
    counts &= (frame["payment_status"] == schema.PAID) & (frame["amount"] >= 50_000) & is_member
    counts &= ~np.isin(frame["txn_id"], taken_back)
    sale = np.flatnonzero(counts & (rng.random(len(counts)) < REDEEM_SHARE))
    redeemed_at = frame["event_at"][sale] + rng.integers(45 * DAY, 200 * DAY, len(sale))
    sale, redeemed_at = sale[redeemed_at < end - DAY], redeemed_at[redeemed_at < end - DAY]
    count = len(sale)
    redeem = {
        "customer": customer[sale],
        "event_type": constant(REDEEM, count),
        "points": (frame["amount"][sale] / 100 * POINTS_PER_CNY).astype(np.int64),
        "event_at": redeemed_at,
        "reason": rng.integers(0, 2, count),
        "event_id": block * 10_000_000 + np.arange(count) + 1,
    }
    back = take(redeem, rng.random(count) < 0.06)
    cancel = back | {
        "event_type": constant(REDEEM_CANCEL, len(back["points"])),
        "event_at": back["event_at"] + 3 * 3600,
        "reason": constant(2, len(back["points"])),
        "original_event_id": back["event_id"],
    }
    granted = np.flatnonzero((people.member_since != NULL) & (rng.random(len(people)) < 0.03))
    since = np.maximum(people.member_since[granted], scenario.first_day) + 1
    kind = np.where(rng.random(len(granted)) < 0.5, ADJUST, PARTNER_EARN)
    grant = {
        "customer": granted,
        "event_type": kind,
        "points": rng.integers(1, 20, len(granted)) * 10,
        "direction": np.where(kind == ADJUST, 0, NULL),
        "event_at": uniform(rng, since, scenario.last_day - 1, len(granted)) * DAY + 12 * 3600,
        "reason": np.where(kind == ADJUST, 3, 4),
        "approved_by": np.where(kind == ADJUST, 300 + rng.integers(0, 5, len(granted)), NULL),
    }
    grant = take(grant, since < people.horizon[granted])
    columns = ("customer", "event_type", "points", "direction", "original_event_id", "event_at", "reason", "approved_by")
    points = concat([redeem, cancel, grant], columns)
    total = len(points["customer"])
    points["event_id"] = block * 10_000_000 + np.arange(total) + 1
    points["customer_id"] = people.number[points.pop("customer")]
    points["recorded_at"] = points["event_at"] + 300
    return points


def pilots_frame(scenario: Scenario, block: int, people: People) -> Frame:
    """Customers of the pilots with their arm, fixed on one day per pilot."""
    rng = scenario.rng(block, "pilots")
    assigned = scenario.last_day - np.array([420, 270, 120])
    pilot, customer = np.indices((len(assigned), len(people))).reshape(2, -1)
    is_in = (rng.random(len(pilot)) < PILOT_SHARE) & (people.final_status[customer] == ACTIVE)
    is_in &= people.created[customer] < assigned[pilot] - 90
    pilot, customer = pilot[is_in], customer[is_in]
    assigned_at = assigned[pilot] * DAY + 10 * 3600
    return {
        "pilot_id": pilot,
        "unit_id": people.number[customer],
        "customer_id": people.number[customer],
        "arm": choose(rng, [45, 45, 10], len(pilot)),
        "stratum": people.is_company[customer] * len(catalogue.CITIES) + people.city[customer],
        "assigned_at": assigned_at,
        "cluster_id": people.city[customer],
        "recorded_at": assigned_at + 60,
    }
