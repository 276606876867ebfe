"""Points and cards together at one as-of date, and how the marts are held beside them.

Qualifying points need no card, cards need no redeemable points, and these need the cards: one after the other.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction

from tests.reference.books import Books
from tests.reference.cards.ladder import Ladder
from tests.reference.cards.marts import benefits, card_row, history_rows
from tests.reference.cards.metrics import Meter, facts_of
from tests.reference.cards.overrides import card_overrides
from tests.reference.cards.paths import Path
from tests.reference.compare import MartRow, MartRows, compare_rows, plain
from tests.reference.delivery import Delivery, Options
from tests.reference.points.accounts import Account, accounts_at
from tests.reference.points.events import points_events_at
from tests.reference.points.ledger import NOT_MEMBER, Ledger
from tests.reference.points.marts import balance_row, ledger_rows, lot_rows
from tests.reference.points.rules import Rules
from tests.reference.points.sales import Till, grants, qualifying_entries
from tests.reference.policy import Policy
from tests.reference.registers import Contracts, Customers

Values = dict[str, object]
Keyed = dict[tuple[str, ...], Values]

POINTS_MARTS = ("points_ledger", "points_balances", "points_lots", "points_events_judged")
CARD_MARTS = ("customer_cards", "card_history", "card_benefits")
MERGES = {"merge_out", "merge_in"}
EXPIRE = "expire"


@dataclass
class Club:
    """The rows of the marts; those without a key of their own as lists."""

    ledger: list[Values] = field(default_factory=list)
    lots: list[Values] = field(default_factory=list)
    balances: Keyed = field(default_factory=dict)
    events: Keyed = field(default_factory=dict)
    cards: Keyed = field(default_factory=dict)
    history: Keyed = field(default_factory=dict)
    benefits: list[Values] = field(default_factory=list)
    accounts: list[Account] = field(default_factory=list)


def club_at(delivery: Delivery, options: Options, policy: Policy | None = None) -> Club:
    """All accounts and cards; `options` have an as_of_date."""
    d = options.as_of_date
    rules = Rules(policy or Policy(options.policy_folder, options.scenario_id))
    customers = Customers(delivery, options)
    books = Books(delivery, options, rules, customers, d)
    till = Till(delivery, options, books.book.sales, Contracts(delivery, options, customers), rules)
    club = Club(accounts=accounts_at(delivery, options, customers, d))
    earnings = {account.account_id: till.earnings(account, d) for account in club.accounts}
    qualifying = {account_id: qualifying_entries(own, d) for account_id, own in earnings.items()}
    facts = facts_of(
        books.book,
        [entry for entries in qualifying.values() for entry in entries],
        [(earning.sale, earning.posted_on) for own in earnings.values() for earning in own],
    )
    meter, ladder = Meter(facts, rules), Ladder(rules)
    overrides = defaultdict(list)
    for override in card_overrides(delivery, options, customers):
        overrides[override.customer_id].append(override)
    events = defaultdict(list)
    holders = {customer_id: account for account in club.accounts for customer_id in account.customers}
    for event in points_events_at(delivery, options, customers, d):
        account = holders.get(event.customer_id)
        if account is None:
            club.events[event.key] = {"account_id": None, "event_status": NOT_MEMBER}
        else:
            events[account.account_id].append(replace(event, posted_on=max(event.posted_on, account.open_from)))
    for account in club.accounts:
        account_id = account.account_id
        path = Path(account, account_id, meter, facts, overrides, ladder, rules, d)
        granted = grants(earnings[account_id], rules, path.shown_to, d)
        ledger = Ledger(account, granted, events[account_id], rules, d)
        club.ledger += ledger_rows([*ledger.entries, *ledger.pending, *qualifying[account_id]])
        club.lots += lot_rows(account, ledger)
        club.balances[(account_id,)] = balance_row(ledger, qualifying[account_id], rules, d)
        club.events |= {key: {"account_id": account_id, "event_status": s} for key, s in ledger.statuses.items()}
        club.history |= {(account_id, day): row for day, row in history_rows(path).items()}
        row = card_row(path, d)
        for customer_id in account.paths:
            club.cards[(customer_id,)] = row
            club.benefits += [{"customer_id": customer_id, "benefit": name} for name in benefits(path, rules, d)]
    return club


def compare_points(club: Club, marts: MartRows) -> list[str]:
    """All differences of POINTS_MARTS but for merge pairs; none means equal."""
    apart = MERGES | {EXPIRE}
    own = [row for row in club.ledger if row["entry_type"] not in apart]
    found = [row for row in marts["points_ledger"] if row["entry_type"] not in apart]
    return [
        *compare_sets("points_ledger", own, found),
        *compare_sets("points_ledger", expired_by_day(club.ledger), expired_by_day(marts["points_ledger"])),
        *compare_sets("points_lots", club.lots, marts["points_lots"]),
        *compare_rows("points_balances", ("account_id",), club.balances, marts["points_balances"]),
        *compare_rows(
            "points_events_judged", ("source_system", "event_id"), club.events, marts["points_events_judged"]
        ),
    ]


def expired_by_day(rows: list[MartRow]) -> list[Values]:
    """What expired in an account on a day, in however many entries."""
    expired: Counter[tuple[object, object]] = Counter()
    for row in rows:
        if row["entry_type"] == EXPIRE:
            expired[row["account_id"], plain(row["entry_on"])] += row["points"]
    return [{"account_id": key[0], "entry_on": key[1], EXPIRE: points} for key, points in expired.items()]


def compare_merges(club: Club, marts: MartRows) -> list[str]:
    """All differences of the pairs of merges."""

    def of(rows: list[MartRow]) -> list[MartRow]:
        columns = ("account_id", "customer_id", "entry_type", "points", "entry_on")
        return [{column: row[column] for column in columns} for row in rows if row["entry_type"] in MERGES]

    return compare_sets("points_ledger", of(club.ledger), of(marts["points_ledger"]))


def compare_cards(club: Club, marts: MartRows) -> list[str]:
    """All differences of CARD_MARTS; none means equal."""
    return [
        *compare_rows("customer_cards", ("customer_id",), club.cards, marts["customer_cards"]),
        *compare_rows("card_history", ("account_id", "valid_from"), club.history, marts["card_history"]),
        *compare_sets("card_benefits", club.benefits, marts["card_benefits"]),
    ]


def compare_sets(mart: str, expected: list[Values], rows: list[MartRow]) -> list[str]:
    """The rows of one side that are not on the other, by the columns of the reference."""
    columns = list(dict.fromkeys(column for row in expected for column in row))
    missing = [column for column in columns if rows and column not in rows[0]]
    if missing:
        return [f"{mart}: no columns {missing}"]

    def counted(these: list[Values]) -> Counter[tuple[object, ...]]:
        return Counter(tuple(comparable(row[column]) for column in columns) for row in these)

    own, found = counted(expected), counted(rows)
    told: list[str] = []
    for text, less in (("not in the mart", own - found), ("not in the reference", found - own)):
        for values, count in sorted(less.items(), key=str):
            shown = " ".join(f"{column}={value}" for column, value in zip(columns, values, strict=True))
            told.append(f"{mart} {shown}: {text} ({count})")
    return told


def comparable(value: object) -> object:
    """A value as both sides write it: dates as texts, numbers as fractions."""
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    return Fraction(value) if isinstance(value, int | Decimal | Fraction) else plain(value)
