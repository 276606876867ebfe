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
    length,
    take,
    uniform,
)
from scripts.sample_data.lines import Lines
from scripts.sample_data.people import ACTIVE, People
from scripts.sample_data.scenario import SERIALS_PER_BLOCK, Scenario, serials
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
POINTS_PER_CNY = 0.02  # well below what a sale earns, so that hardly anybody overdraws
PILOT_SHARE = 0.06
LARGER_VISIT = 50_000  # hundredths of CNY
TAKEN_BACK_SHARE = 0.06
GRANT_SHARE = 0.08
TRANSFER_SHARE = 0.01
GREEDY_SHARE = 0.02  # of redemptions: they ask for far more than there is
LARGE_SHARE = 0.2  # of adjustments: above what the service desk may grant alone
REDEEM, REDEEM_CANCEL, ADJUST, TRANSFER, PARTNER_EARN = range(5)
CREDIT, DEBIT = 0, 1
CHANGED_MIND, GOODWILL, PARTNER_HOTEL, GIFT = 2, 3, 4, 5  # positions in schema.POINTS_REASONS


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
    number = serials(block, count)
    return {
        "interaction_id": number,
        "customer_id": np.where(is_anonymous, NULL, people.number[customer]),
        "anonymous_id": np.where(is_anonymous, block * SERIALS_PER_BLOCK + customer, NULL),
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
        "referral_id": serials(block, count),
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
        "contact_id": serials(block, count),
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
    """Members redeem a part of what larger visits earned and pass some on; service desk and partners grant a few."""
    rng = scenario.rng(block, "points")
    redeemed = _redemptions(rng, scenario, people, transactions)
    redeemed["event_id"] = serials(block, length(redeemed))
    back = take(redeemed, rng.random(length(redeemed)) < TAKEN_BACK_SHARE)
    back |= {
        "event_type": constant(REDEEM_CANCEL, length(back)),
        "event_at": back["event_at"] + 3 * 3600,
        "reason": constant(CHANGED_MIND, length(back)),
        "original_event_id": back["event_id"],
    }
    columns = [name for name in schema.TABLES["points_events"] if name not in ("source_system", "batch_id")]
    given = _transfers(scenario.rng(block, "transfers"), scenario, people)
    points = concat([redeemed, back, _grants(rng, scenario, people), given], [*columns, "customer"])
    points["event_id"] = serials(block, length(points))
    points["customer_id"] = people.number[points["customer"]]
    points["recorded_at"] = points["event_at"] + 300
    return points


def _redemptions(rng: np.random.Generator, scenario: Scenario, people: People, transactions: Transactions) -> Frame:
    """After some larger visits that were paid in CNY, kept and made as a member: less than the visit earned."""
    sales, customer = transactions.frame, transactions.customer
    earns = (sales["lob"] == VENUE) & (sales["txn_type"] == schema.PURCHASE) & (sales["currency"] == 0)
    earns &= (sales["payment_status"] == schema.PAID) & (sales["amount"] >= LARGER_VISIT)
    earns &= (people.member_since != NULL)[customer] & (sales["event_at"] // DAY > people.member_since[customer])
    earns &= ~np.isin(sales["txn_id"], sales["original_txn_id"])
    sale = np.flatnonzero(earns & (rng.random(len(earns)) < REDEEM_SHARE))
    redeemed_at = sales["event_at"][sale] + rng.integers(45 * DAY, 200 * DAY, len(sale))
    asked = (sales["amount"][sale] / 100 * POINTS_PER_CNY).astype(np.int64)
    redeemed = {
        "customer": customer[sale],
        "event_type": constant(REDEEM, len(sale)),
        "points": np.where(rng.random(len(sale)) < GREEDY_SHARE, 50 * asked, asked),
        "event_at": redeemed_at,
        "reason": rng.integers(0, 2, len(sale)),
    }
    return take(redeemed, redeemed_at < scenario.last_day * DAY)


def _grants(rng: np.random.Generator, scenario: Scenario, people: People) -> Frame:
    customer = np.flatnonzero((people.member_since != NULL) & (rng.random(len(people)) < GRANT_SHARE))
    since = np.maximum(people.member_since[customer], scenario.first_day) + 1
    customer, since = customer[since < scenario.last_day], since[since < scenario.last_day]
    count = len(customer)
    is_adjustment = rng.random(count) < 0.5
    is_large = is_adjustment & (rng.random(count) < LARGE_SHARE)
    is_approved = is_adjustment & (rng.random(count) < np.where(is_large, 0.8, 0.3))
    return {
        "customer": customer,
        "event_type": np.where(is_adjustment, ADJUST, PARTNER_EARN),
        "points": rng.integers(1, 20, count) * np.where(is_large, 300, 10),
        "direction": np.where(is_adjustment, choose(rng, [85, 15], count), NULL),
        "event_at": uniform(rng, since, scenario.last_day - 1, count) * DAY + 12 * 3600,
        "partner_id": np.where(is_adjustment, NULL, rng.integers(0, len(catalogue.PARTNERS), count)),
        "reason": np.where(is_adjustment, GOODWILL, PARTNER_HOTEL),
        "approved_by": np.where(is_approved, 300 + rng.integers(0, 5, count), NULL),
    }


def _transfers(rng: np.random.Generator, scenario: Scenario, people: People) -> Frame:
    """A member gives points to another: a debit of the one and a credit of the other at the same moment."""
    members = np.flatnonzero((people.member_since != NULL) & (people.member_since < scenario.last_day - 30))
    giver = members[rng.random(len(members)) < TRANSFER_SHARE]
    count = len(giver)
    taker = members[(np.searchsorted(members, giver) + 1) % len(members)] if count else giver
    since = np.maximum(np.maximum(people.member_since[giver], people.member_since[taker]), scenario.first_day) + 1
    event_at = uniform(rng, since, scenario.last_day - 1, count) * DAY + 11 * 3600
    return {
        "customer": np.concatenate([giver, taker]),
        "event_type": constant(TRANSFER, 2 * count),
        "points": np.tile(rng.integers(1, 6, count) * 10, 2),
        "direction": np.repeat([DEBIT, CREDIT], count),
        "event_at": np.tile(event_at, 2),
        "reason": constant(GIFT, 2 * count),
    }


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
