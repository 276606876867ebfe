"""Sales of the venues: who comes when, what they buy and what it costs."""

import numpy as np

from scripts.sample_data import calendars, catalogue, schema
from scripts.sample_data.catalogue import CITIES, PRICE_OF_PRODUCT, USUAL_RATE, VENUE, VENUES, VISITED, VISITS_BY_MONTH
from scripts.sample_data.columns import DAY, NULL, Frame, choose, constant, expand
from scripts.sample_data.lines import Lines
from scripts.sample_data.people import People
from scripts.sample_data.scenario import Scenario, serials

MEAN_VISITS_A_YEAR = 3.0
VISITS_SHAPE = 1.2  # of the gamma distribution of rates: most come rarely, few often
STAYS_AWAY = np.array([0.0, 0.30, 0.65, 0.88])  # later visits lost to no, a minor, a major, a critical complaint
SECOND_LINE_SHARE = 0.14  # visits with a second position in the same order
SECOND_LINE_PRODUCTS = np.array(catalogue.products_of(VENUE, "restaurant") + catalogue.products_of(VENUE, "shop"))
EVENT_PRODUCT = catalogue.products_of(VENUE, "corporate_event")[0]
SEASON_PASS = catalogue.products_of(VENUE, "season_pass")[0]
DISCOUNT_PERCENT = np.array([0, 5, 10, 20, 100])
DISCOUNT_SHARES = (70, 12, 10, 7.6, 0.4)
FREE = 4  # position of the gift ticket in DISCOUNT_PERCENT
CAMPAIGN_SHARE = 0.15
TAX_PERCENT = 6


def make_visits(scenario: Scenario, block: int, people: People, lines: Lines) -> Frame:
    """All venue sales of a block as a frame of sale columns."""
    rng = scenario.rng(block, "visits")
    customer, day = _visits(rng, scenario, people, lines)
    order = serials(block, len(customer))
    event = day * DAY + (3600 * np.clip(rng.normal(14.5, 2.6, len(day)), 9, 21.5)).astype(np.int64)
    product = _products(rng, people, customer, day)
    venue = _venues(rng, people, customer)
    channel = choose(rng, [34, 30, 24, 12], len(customer))
    campaign = catalogue.Campaigns.of(scenario).running(VENUE, day)
    campaign = np.where(rng.random(len(day)) < CAMPAIGN_SHARE, campaign, NULL)

    extra = np.flatnonzero((rng.random(len(customer)) < SECOND_LINE_SHARE) & (product != EVENT_PRODUCT))
    rows = np.concatenate([np.arange(len(customer)), extra])
    product = np.concatenate([product, SECOND_LINE_PRODUCTS[rng.integers(0, 2, len(extra))]])
    event = np.concatenate([event, event[extra] + rng.integers(600, 7200, len(extra))])
    customer, channel = customer[rows], channel[rows]
    partner = np.where(channel == 3, rng.integers(0, len(catalogue.PARTNERS), len(rows)), NULL)
    return {
        "customer": customer,
        "order_id": order[rows],
        "lob": constant(VENUE, len(rows)),
        "product_id": product,
        "txn_type": constant(schema.PURCHASE, len(rows)),
        "event_at": event,
        "paid_at": event,
        "channel": channel,
        "venue_id": venue[rows],
        "partner_id": partner,
        "campaign_id": campaign[rows],
        "payment_status": constant(schema.PAID, len(rows)),
    } | _amounts(rng, people, customer, product)


def _visits(
    rng: np.random.Generator, scenario: Scenario, people: People, lines: Lines
) -> tuple[np.ndarray, np.ndarray]:
    """Customer and day of every visit: a rate of one's own, the season, and fewer after a complaint."""
    cumulative = calendars.cumulative_visits(scenario)
    visitors = np.flatnonzero(lines.holds[:, VENUE])
    start, stop = lines.visits_from[visitors], lines.visits_until[visitors]
    rate = rng.gamma(VISITS_SHAPE, MEAN_VISITS_A_YEAR / VISITS_SHAPE, len(visitors)) * np.exp(
        0.25 * people.mood[visitors]
    )
    exposure = cumulative[stop - scenario.first_day + 1] - cumulative[start - scenario.first_day]
    visitor, ordinal = expand(1 + rng.poisson(rate * exposure / 365))
    day = calendars.sample_days(rng, cumulative, scenario.first_day, start[visitor], stop[visitor])
    customer = visitors[visitor]
    is_first_ever = (ordinal == 0) & (people.created[customer] >= scenario.first_day)
    day = np.where(is_first_ever, start[visitor], day)
    lost = rng.random(len(day)) < STAYS_AWAY[lines.annoyance(customer, day)]
    kept = ~lost | (ordinal == 0)
    return customer[kept], day[kept]


def _products(rng: np.random.Generator, people: People, customer: np.ndarray, day: np.ndarray) -> np.ndarray:
    """What persons visit depends on the month; companies book events."""
    bounds = np.cumsum(VISITS_BY_MONTH / VISITS_BY_MONTH.sum(axis=0), axis=0).T
    month = calendars.month_of_year(day)
    position = (bounds[month] < rng.random(len(day))[:, None]).sum(axis=1)
    books_event = people.is_company[customer] & (rng.random(len(day)) < 0.75)
    return np.where(books_event, EVENT_PRODUCT, np.array(VISITED)[np.minimum(position, len(VISITED) - 1)])


def _venues(rng: np.random.Generator, people: People, customer: np.ndarray) -> np.ndarray:
    """Mostly the venue of one's own city."""
    at_home = people.city[customer] * len(VENUES) // len(CITIES)
    return np.where(rng.random(len(customer)) < 0.85, at_home, rng.integers(0, len(VENUES), len(customer)))


def _amounts(rng: np.random.Generator, people: People, customer: np.ndarray, product: np.ndarray) -> Frame:
    count = len(customer)
    quantity = np.where(product == SEASON_PASS, 1, 1 + choose(rng, [30, 38, 18, 10, 4], count))
    currency = people.currency[customer]
    price = PRICE_OF_PRODUCT[product] * rng.uniform(0.8, 1.35, count) / USUAL_RATE[currency]
    gross = np.maximum(np.round(price * 2).astype(np.int64), 1) * 50 * quantity
    discount = gross * DISCOUNT_PERCENT[choose(rng, DISCOUNT_SHARES, count)] // 100
    amount = gross - discount
    cost = (amount * rng.uniform(0.45, 0.75, count)).astype(np.int64)
    return {
        "quantity": quantity * 1000,
        "gross_amount": gross,
        "discount_amount": discount,
        "tax_amount": amount * TAX_PERCENT // (100 + TAX_PERCENT),
        "amount": amount,
        "currency": currency,
        "cost_amount": np.where((rng.random(count) < 0.3) & (amount > 0), cost, NULL),
    }
