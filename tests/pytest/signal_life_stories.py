"""Stories in which the rules of lifecycle, loyalty and preferences bite, among few customers."""

from dataclasses import replace
from datetime import date, timedelta

from clv_stories import knowledge_date, leases, open_ended
from strategies import Author, Story
from tests.reference.clocks import add_months

IDLE = (0, 1, 30, 31, 32, 62, 63, 89, 90, 91, 92, 93, 94, 180, 181, 184, 185, 270, 271, 276, 277)
GAPS = (10, 44, 45, 46, 89, 90, 91, 170, 180, 181)
SILENCES = (62, 63, 180, 181, 184, 185, 400)
LEADS = ("enquiry", "site_visit", "unit_shortlist", "page_view", "event_invite")
EVENTS = ("page_view", "enquiry", "site_visit", "call_out", "grade_set", "not_interested", "gift")
CHANNELS = ("", "web", "app", "kiosk", "phone")
Row = dict[str, str]


def back(day: date, days: int) -> date:
    """So many days before a day."""
    return day - timedelta(days=days)


def add(rows: list[Row], row: Row) -> None:
    """Deliver a row without its empty cells."""
    rows.append({column: text for column, text in row.items() if text != ""})


def interaction(author: Author, day: date, event_type: str, **cells: str) -> None:
    """Add an interaction of the customer."""
    rows = author.delivery.interactions
    row = {"interaction_id": f"IL{len(rows)}", "customer_id": author.customer_id, "event_type": event_type}
    add(rows, row | {"event_at": author.moment(day)} | author.recorded(day) | cells)


def profile(author: Author, **cells: str) -> None:
    """Add a version of the customer that says a little more."""
    add(author.delivery.customers, {"customer_id": author.customer_id} | cells)


def rhythms(author: Author) -> None:
    """Purchases with equal or mixed gaps, around the number that makes a rhythm, and idle around its multiples."""
    rng = author.rng
    gap, lob = rng.choice(GAPS), rng.choice(["venue", "venue", "energy", "property_service"])
    day = back(knowledge_date(author), rng.choice([*IDLE, gap, gap + 1, 2 * gap, 2 * gap + 1, 3 * gap, 3 * gap + 1]))
    for _ in range(rng.choice([1, 4, 5, 5, 6, 9])):
        author.sale(day, author.amount(), lob, recorded_at=rng.choice(["", "", author.moment(day)]))
        day = back(day, rng.choice([gap, gap, gap, rng.choice(GAPS), 0]))


def returns(author: Author) -> None:
    """A long silence and a purchase after it, near the edges of both; sometimes a contract fills the silence."""
    rng = author.rng
    again = back(knowledge_date(author), rng.choice([0, 30, 31, 32, 89, 90, 91, 178, 179, 180, 181]))
    silence, lob = rng.choice(SILENCES), rng.choice(["venue", "venue", "lease", "property_service"])
    author.sale(back(again, silence), author.amount(), lob, recorded_at="")
    author.sale(again, author.amount(), rng.choice([lob, "venue"]), recorded_at="")
    if rng.random() < 0.2:
        start = back(again, silence + rng.choice([0, 1, -1, 100]))
        end = rng.choice(["", back(again, rng.choice([1, 180, 181])).isoformat()])
        author.contract("lease", start_date=start.isoformat(), end_date=end if end > start.isoformat() else "")


def given_up(author: Author) -> None:
    """Contracts that end, are terminated or cancelled, two on one day, with and without something after them."""
    rng = author.rng
    end = back(knowledge_date(author), rng.choice([0, 1, 5, 30, 31, 90, 91, 92, 93, -1]))
    start = back(end, rng.choice([20, 200, 800]))
    lob = rng.choice(["lease", "energy", "property_service"])
    for _ in range(rng.choice([1, 1, 2])):
        status = rng.choice(["ended", "terminated", "cancelled", "active", "subscribed"])
        cells = {"status": status, "end_date": end.isoformat(), "start_date": start.isoformat()}
        if status == "cancelled":
            cells |= {"end_date": rng.choice(["", end.isoformat()]), "cancelled_at": f"{end} 10:00:00+08:00"}
        recorded_on = min(author.as_of, end)
        contract_id = author.contract(lob, **cells, recorded_at=rng.choice(["", f"{recorded_on} 10:00:00+08:00"]))
        end = rng.choice([end, end, back(end, 1)])
    paid = rng.choice(["unpaid", "paid", "paid"])
    author.sale(start, author.amount(), lob, contract_id=contract_id, payment_status=paid, recorded_at="")
    if rng.random() < 0.5:
        after = min(author.as_of, end - timedelta(days=rng.choice([0, -1, 30])))
        author.sale(after, author.amount(), rng.choice(["venue", lob]), recorded_at="")
    if rng.random() < 0.2:
        author.sale(back(start, 900), "900000", "property_sale", recorded_at="")


def fortunes(author: Author) -> None:
    """A year's value around 0.7 and 1.2 of the year before, homes that run off, and lines added near a year ago."""
    rng = author.rng
    d = knowledge_date(author)
    cells = {"cost_amount": "0", "recorded_at": ""}
    now = rng.choice(["70", "70.01", "69.99", "120", "119.99", "100", "0.01"])
    author.sale(back(d, 450), "100", "property_service", **cells)
    author.sale(back(d, rng.choice([32, 40, 60])), now, "property_service", **cells)
    if rng.random() < 0.4:
        author.contract("property_service", start_date=back(d, 460).isoformat())
    if rng.random() < 0.4:
        bought = add_months(d, -60) + timedelta(days=rng.choice([0, 1, 2, -1, 31, 500]))
        author.sale(bought, "36524", "property_sale", **cells)
    if rng.random() < 0.5:
        added = add_months(d, -12) + timedelta(days=rng.choice([0, 1, 2, -1, 200]))
        author.sale(added, "0.5", rng.choice(["venue", "energy"]), **cells)


def home_owners(author: Author) -> None:
    """A home and what the owner does before and after: contacts that weigh something or not, days of bots."""
    rng = author.rng
    d = knowledge_date(author)
    bought = back(d, rng.choice([365, 366, 900, 1825, 1826, 5475, 5476]))
    author.sale(bought, "900000", "property_sale", recorded_at="")
    if rng.random() < 0.4:
        status = rng.choice(["signed", "active", "cancelled"])
        over = {"cancelled_at": back(d, rng.choice([0, 1, 300])).isoformat()} if status == "cancelled" else {}
        author.contract("property_sale", signed_at=bought.isoformat(), status=status, **over)
    for days in rng.sample([0, 1, 30], rng.choice([0, 0, 1, 2])):
        interaction(author, back(bought, days), rng.choice(EVENTS))
    for _ in range(rng.choice([0, 1, 1, 3])):
        day = back(d, rng.choice([0, 1, 179, 180, 364, 365, 366, 730, 731, 1095, 1096]))
        for _ in range(rng.choice([1, 1, 1, 3, 4])):
            interaction(author, day, rng.choice(EVENTS), channel=rng.choice(CHANNELS))
    if rng.random() < 0.2:
        author.sale(back(d, 1000), author.amount(), rng.choice(["venue", "lease"]), recorded_at="")


def recommendations(author: Author) -> None:
    """Referrals: of oneself, of nobody, in circles, of customers and leads, twice, recorded late, delivered twice."""
    rng = author.rng
    rows = author.delivery.referrals
    friends = [f"{author.customer_id}-{name}" for name in "abc"]
    author.delivery.customers.extend({"customer_id": friend} for friend in friends)
    anchor = back(knowledge_date(author), rng.choice([0, 90, 200, 365, 366]))
    for _ in range(rng.choice([1, 2, 4, 6])):
        referee = rng.choice([*friends, *friends, *friends, author.customer_id, "C0", "C-unknown", ""])
        referrer = rng.choice([author.customer_id, author.customer_id, *friends])
        day = anchor + timedelta(days=rng.choice([0, 0, 1, -1, 5]))
        row = {"referral_id": f"R{rng.randrange(100):02d}-{len(rows)}", "referrer_customer_id": referrer}
        row |= {"referee_customer_id": referee, "lob": rng.choice(["", "property_sale", "venue", "售房"])}
        row |= {"status": rng.choice(["", "", "已成交", "converted", "paid"])}
        add(rows, row | {"referred_at": rng.choice(["", *[author.moment(day)] * 6])} | author.recorded(day))
        if referee in friends and rng.random() < 0.4:
            befriended(replace(author, customer_id=referee), day)
    if rng.random() < 0.3:
        for number, (above, below) in enumerate(zip(friends, [*friends[1:], friends[0]], strict=True)):
            told = {"referral_id": f"R{author.customer_id}-{number}", "referrer_customer_id": above}
            day = back(anchor, 30 - number)
            add(rows, told | {"referee_customer_id": below, "referred_at": day.isoformat()})
    if rng.random() < 0.3:
        copy = rows[-1] | rng.choice([{}, {"batch_id": "2"}, {"status": "Converted"}, {"source_system": "crm"}])
        rows.append(copy)
    if rng.random() < 0.4:
        later = author.moment(anchor + timedelta(days=rng.choice([7, 100])))
        changed = rng.choice([{"referee_customer_id": rng.choice(friends)}, {"status": "expired"}, {}])
        rows.append(rows[-1] | changed | {"recorded_at": later})
    if rng.random() < 0.2:
        wrong = rng.choice([{"referral_id": ""}, {"referrer_customer_id": ""}, {"referrer_customer_id": "C-unknown"}])
        add(rows, rows[-1] | wrong)


def befriended(friend: Author, day: date) -> None:
    """What a referee does around the day of the referral: buys, asks, or buys a home that is firm or not."""
    rng = friend.rng
    bought = min(friend.as_of, day + timedelta(days=rng.choice([0, 1, -1, 100, 364, 365, 366])))
    kind = rng.choice(["sale", "sale", "refund", "home", "lead", "lead"])
    if kind == "lead":
        interaction(friend, back(day, rng.choice([0, 1, 89, 90, 91])), rng.choice(LEADS))
    elif kind == "home":
        total = rng.choice(["1000", "1000", ""])
        contract_id = friend.contract("property_sale", signed_at=friend.moment(bought), total_amount=total)
        amount = rng.choice(["299.99", "300", "1000"])
        friend.sale(bought, amount, "property_sale", contract_id=contract_id, recorded_at="")
    else:
        sale = friend.sale(bought, "80", recorded_at="")
        if kind == "refund":
            friend.refund(sale, min(friend.as_of, bought + timedelta(days=40)), rng.choice(["80", "79.99"]))


def opinion(author: Author, day: date, txn_id: str) -> None:
    """What the customer says of a sale, or of a line."""
    rng, rows = author.rng, author.delivery.surveys
    row = {"response_id": f"SL{len(rows)}", "customer_id": author.customer_id, "txn_id": txn_id, "scale": "csat_5"}
    told = {"score": rng.choice(["1", "3", "4", "5"]), "responded_at": author.moment(day)}
    row |= told | {"lob": rng.choice(["venue", "venue", "energy", ""])}
    add(rows, row | {"source_system": rng.choice(["", "", "crm"])} | author.recorded(day))


def tastes(author: Author) -> None:
    """Categories, lines and channels that tie or change from year to year, and discounts of every kind."""
    rng = author.rng
    d = knowledge_date(author)
    for days in rng.sample([0, 1, 40, 363, 364, 365, 366, 500, 728, 729, 730, 731], rng.choice([1, 2, 4, 5])):
        gross = rng.choice(["", "100", "100", "0", "33.33", "99999999999.99", "100000000000"])
        cells = {
            "category": rng.choice(["", "spa", "ride", "unknown"]),
            "channel": rng.choice(CHANNELS),
            "gross_amount": gross,
            "discount_amount": rng.choice(["", "0", "10", "33.33", "33.34", "100", "-1"]),
            "currency": rng.choice(["", "", "", "USD"]),
            "quantity": rng.choice(["", "2", "0.125", "0"]),
        }
        lob = rng.choice(["venue", "venue", "energy", "property_sale"])
        sale = author.sale(back(d, days), rng.choice(["50", "50", "100"]), lob, **cells)
        if rng.random() < 0.2:
            author.refund(sale, author.day(100), rng.choice(["50", "25"]))
        if rng.random() < 0.4:
            opinion(author, back(d, min(days, rng.choice([0, 10, 300]))), rng.choice([sale["txn_id"], "", "T-none"]))
    for _ in range(rng.choice([0, 1, 3])):
        day = back(d, rng.choice([0, 364, 365, 20]))
        interaction(
            author, day, rng.choice(["call_in", "click", "call_out", "email_open"]), channel=rng.choice(CHANNELS)
        )
    if rng.random() < 0.5:
        channel = rng.choice(["sms", "email", "wechat", "pigeon"])
        profile(author, preferred_channel=channel, recorded_at=rng.choice(["", f"{back(d, 1)} 10:11:12"]))


LIFE_STORIES: list[Story] = [
    *[rhythms] * 3,
    *[returns] * 2,
    *[given_up] * 3,
    *[fortunes] * 2,
    *[home_owners] * 2,
    *[recommendations] * 4,
    *[tastes] * 3,
    leases,
    open_ended,
]
