"""Stories in which the rules of the signals bite, among few customers, and policies with other edges."""

from datetime import date, timedelta

from strategies import STORIES, Author, PolicyChange, PolicyRow, Story, dated_changes, from_then_on, homes, visits
from tests.reference.clocks import add_months
from voice_stories import (
    CHINA,
    asked_in_vain,
    asked_oddly,
    clock_time,
    complained,
    complained_again,
    loyal,
    made_good,
    odd_complaints,
    odd_surveys,
    praised,
    reviewed,
    surveyed,
    told_again,
    told_late,
)

GRADES = ("A", "B+", "B", "B-", "C+", "C", "C-", "D", "E", "b", "c+")
EVENTS = (
    *("page_view", "listing_view", "click", "brochure", "enquiry", "看房", "event_invite", "event_attend"),
    *("app_login", "service_request", "call_out", "call_in", "email_open", "sms_click", "social_message", "gossip"),
)
HUNTING = ("enquiry", "site_visit", "loan_precheck", "unit_shortlist", "subscribe", "not_interested")


def interaction(author: Author, day: date, event_type: str, /, **cells: str) -> dict[str, str]:
    """Add an interaction of the customer."""
    rows = author.delivery.interactions
    row = {"interaction_id": f"I{author.rng.randrange(1000):03d}-{len(rows)}", "customer_id": author.customer_id}
    row |= {"event_type": event_type, "event_at": author.moment(day)} | told_late(author, day) | cells
    rows.append({column: text for column, text in row.items() if text != ""})
    return rows[-1]


def browsed(author: Author) -> None:
    """Interactions of all kinds: above the limit of a day, on the edges of windows, told late."""
    rng, anchor = author.rng, reviewed(author)
    for _ in range(rng.randint(1, 6)):
        day = anchor - timedelta(days=rng.choice([0, 1, 45, 89, 90, 179, 180, 364, 365, 500]))
        event_type = rng.choice(EVENTS)
        cells = {
            "channel": rng.choice(["", "app", "web", "store"]),
            "project_id": rng.choice(["", "", "PR1", "PR2"]),
            "venue_id": rng.choice(["", "", "VE1"]),
            "duration_s": rng.choice(["", "30", "long", "-1"]),
        }
        for _ in range(rng.choice([1, 1, 2, 3, 11, 12])):
            interaction(author, day, event_type, **cells)


def house_hunting(author: Author) -> None:
    """On the way to a home: reserved, subscribed, with a deposit, declined, asked when, graded by sales, bought."""
    rng, anchor = author.rng, reviewed(author)
    wanted = rng.choice([HUNTING, HUNTING, HUNTING[:3], HUNTING[:4]])
    ages = rng.choice([(0,), (0, 0, 3, 3, 7, 14, 30, 89, 90, 179, 180)])
    for _ in range(rng.randint(1, 6)):
        day = anchor - timedelta(days=rng.choice(ages))
        event_type = rng.choice(wanted)
        months = rng.choice(["0", "1", "2", "3", "6", "7", "12", "999", "1000", "some"])
        said = rng.choice(["", "", f"{rng.choice(['horizon_months', 'Horizon_Months'])} {months}"])
        cells = {
            "project_id": rng.choice(["PR1", "PR2", "", ""]),
            "venue_id": rng.choice(["", "", "VE1"]),
            "value": said,
        }
        for _ in range(rng.choice([1, 1, 2])):
            interaction(author, day, event_type, **cells)
    if rng.random() < 0.5:
        interaction(author, author.day(900), "grade_set", value=rng.choice(GRADES))
    if rng.random() < 0.2:
        said_in_two_systems(author, anchor)
    if rng.random() < 0.4:
        deposited(author, anchor)
    if rng.random() < 0.2:
        day = min(author.as_of, anchor - timedelta(days=rng.choice([0, 3, 4, 30])))
        author.sale(day, author.amount(), "property_sale", order_id=author.txn_id())


def hunted_before(author: Author) -> None:
    """A lead a year before a review, who bought exactly in time, a day too early or late, or not; and again a lead."""
    rng, anchor = author.rng, reviewed(author)
    start = add_months(anchor, -12)
    wanted = rng.choice([("enquiry", "enquiry"), ("unit_shortlist",), ("site_visit", "enquiry", "loan_precheck")])
    for event_type in wanted:
        interaction(author, start - timedelta(days=rng.choice([0, 0, 0, 1, -1])), event_type)
        interaction(author, anchor, event_type, recorded_at="")
    if rng.random() < 0.5:
        author.sale(start - timedelta(days=rng.choice([0, 1, 400])), author.amount(), recorded_at="")
    if rng.random() < 0.7:
        bought = start + timedelta(days=rng.choice([0, 1, 30, 180, 181]))
        sale = author.sale(bought, author.amount(), rng.choice(["venue", "lease", "property_sale"]))
        if rng.random() < 0.2:
            author.refund(sale, bought + timedelta(days=rng.choice([1, 150])), sale["amount"])


def said_in_two_systems(author: Author, anchor: date) -> None:
    """Two times to buy, or two grades of sales, at one moment under one id of two systems."""
    rng, day = author.rng, anchor - timedelta(days=author.rng.choice([0, 20]))
    kind, values = rng.choice(
        [("enquiry", ("horizon_months 2", "horizon_months 5", "horizon_months")), ("grade_set", GRADES)]
    )
    row = interaction(author, day, kind, event_at=clock_time(day, 3600), value=rng.choice(values), recorded_at="")
    author.delivery.interactions.append(row | {"source_system": "crm-2", "value": rng.choice(values)})


def deposited(author: Author, anchor: date) -> None:
    """A deposit around its last day, returned or not, before or after, in the line or another, void or not."""
    rng, day = author.rng, anchor - timedelta(days=author.rng.choice([0, 5, 89, 90]))
    lob = rng.choice(["property_sale", "venue", "lease"])
    void = {"payment_status": rng.choice(["", "", "", "void"])}
    noon = {"event_at": clock_time(day, 43_200), "recorded_at": ""}
    author.transaction(day, author.amount(), lob=lob, txn_type="deposit", **(void | noon))
    if rng.random() < 0.5:
        back = min(author.as_of, day + timedelta(days=rng.choice([-1, 0, 0, 1, 40])))
        told = {"lob": rng.choice([lob, lob, "energy"]), "payment_status": rng.choice(["", "", "void"])}
        told |= {"event_at": clock_time(back, 43_200 + rng.choice([-1, 0, 1])), "recorded_at": ""}
        author.transaction(back, author.amount(), txn_type="deposit_return", **told)
    if rng.random() < 0.3:
        author.sale(day + timedelta(days=rng.choice([0, -1])), author.amount(), lob, recorded_at="")


def subscribers(author: Author) -> None:
    """A contract subscribed, and signed, cancelled or still waiting at the next review."""
    rng, day = author.rng, reviewed(author) - timedelta(days=author.rng.choice([0, 1, 40, 200]))
    lob = rng.choice(["property_sale", "lease"])
    author.contract(lob, status="subscribed", recorded_at=author.moment(day))
    if rng.random() < 0.6:
        later = day + timedelta(days=rng.choice([1, 30, 92]))
        version = author.delivery.contracts[-1] | {"status": rng.choice(["signed", "cancelled"])}
        author.delivery.contracts.append(version | {"recorded_at": f"{later} 13:14:15"})


def owners(author: Author) -> None:
    """Homes handed over exactly so many years before a review, a day later, or not yet."""
    rng, anchor = author.rng, reviewed(author)
    for _ in range(rng.choice([1, 1, 2])):
        handover = add_months(anchor, -rng.choice([0, 12, 24, 60])) + timedelta(days=rng.choice([0, 1, -1]))
        author.contract(
            "property_sale",
            status=rng.choice(["signed", "signed", "active", "subscribed"]),
            handover_date=rng.choice([handover.isoformat(), handover.isoformat(), ""]),
            **told_late(author, anchor - timedelta(days=rng.choice([0, 100, 400]))),
        )
    if rng.random() < 0.2:
        cancelled = anchor - timedelta(days=rng.choice([0, -1, 30]))
        author.delivery.contracts[-1] |= {"status": "cancelled", "cancelled_at": f"{cancelled} 10:00:00{CHINA}"}


def odd_interactions(author: Author) -> None:
    """Rows that break a rule, or are told twice, and people nobody knows."""
    rng, day = author.rng, reviewed(author) - timedelta(days=2)
    broken = [
        {"interaction_id": ""},
        {"customer_id": "", "anonymous_id": "dev-1"},
        {"customer_id": ""},
        {"customer_id": "C-unknown"},
        {"customer_id": "X1"},
        {"event_at": "soon"},
        {"event_at": "1989-12-31"},
        {"recorded_at": "yesterday"},
    ]
    interaction(author, day, "enquiry", **rng.choice(broken))
    row = interaction(author, day, "site_visit", event_at=clock_time(day, 3600))
    again = [{}, {"event_at": f"{day - timedelta(days=1)}T17:00:00Z"}, {"event_type": "看房"}, {"project_id": "PR1"}]
    author.delivery.interactions.append(row | rng.choice(again))


SIGNAL_STORIES: list[Story] = [
    *STORIES,
    *[visits, homes],
    *[surveyed] * 3,
    *[made_good] * 2,
    *[asked_in_vain] * 2,
    asked_oddly,
    *[loyal] * 2,
    odd_surveys,
    *[complained] * 3,
    *[complained_again] * 2,
    *[praised] * 2,
    odd_complaints,
    *[told_again] * 2,
    *[browsed] * 2,
    *[house_hunting] * 4,
    *[hunted_before] * 2,
    subscribers,
    owners,
    odd_interactions,
]

FEW = {
    "policy_satisfaction": {"min_segment_size": "2"},
    "policy_engagement": {"bot_events_per_day": "10"},
    "policy_intent": {"min_leads": "1"},
}
"""Limits that few customers reach."""
OTHERWISE: dict[str, dict[str, str]] = {
    "policy_satisfaction": {"half_life_days": "90", "satisfied_from": "75", "min_weight": "0.5", "recent_days": "30"},
    "policy_feedback": {"half_life_days": "90", "repeat_days": "30", "many_complaints": "2", "praise_points": "1.25"},
    "policy_engagement": {"half_life_days": "30", "half_points": "10", "bot_events_per_day": "3"},
    "policy_intent": {
        "max_age_days": "120",
        "firm_days": "60",
        "plus_from": "50",
        "zero_from": "25",
        "contact_from": "5",
    },
}


def told(cells: dict[str, str]) -> PolicyChange:
    """Each row with these cells."""
    return lambda row: [row | cells]


def signals_from_then_on(day: date) -> dict[str, PolicyChange]:
    """Everything else from a day on."""

    def of_table(cells: dict[str, str]) -> PolicyChange:
        def change(row: PolicyRow) -> PolicyRow:
            return row | cells

        return from_then_on(day, change)

    halved = {"app": "0.5", "phone_callback": "1"}
    return dated_changes(day) | {
        **{table: of_table(cells) for table, cells in OTHERWISE.items()},
        "policy_survey_channels": from_then_on(
            day, lambda row: row | {"weight": halved.get(row["channel"], row["weight"])}
        ),
        "policy_sla": from_then_on(day, lambda row: row | {"first_response_hours": "2", "points": "3"}),
    }


SIGNAL_POLICIES: dict[str, dict[str, PolicyChange]] = {
    "few": {table: told(cells) for table, cells in FEW.items()},
    "otherwise": {table: told(FEW.get(table, {}) | cells) for table, cells in OTHERWISE.items()},
    "dated": signals_from_then_on(date(2023, 11, 15)),
}
"""Limits for few customers, another policy, and a change of everything on one day."""
