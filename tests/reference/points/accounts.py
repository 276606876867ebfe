"""Points, section 1: members, merges, accounts and when they are closed."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from tests.reference.delivery import Delivery, Options
from tests.reference.registers import Customers
from tests.reference.signals.reading import FIRST_MOMENT, Cells, Clock
from tests.reference.text import parse_date
from tests.reference.versions import cutoff_of

MERGE = "merge"
LINK_TYPES = {MERGE, "crm_match", "household"}
NO_MEMBERS = {"test", "staff"}
CLOSED = {"closed", "deceased"}
LONGEST_CHAIN = 10


@dataclass(frozen=True)
class Link:
    """One customer becomes part of another."""

    from_id: str
    to_id: str
    merged_on: date


@dataclass(frozen=True)
class LinkVersion:
    """A delivered row of a merge."""

    from_id: str
    to_id: str
    valid_from: datetime
    valid_to: datetime | None
    recorded_at: datetime | None


def merge_versions(delivery: Delivery, options: Options, customers: Customers) -> list[LinkVersion]:
    """The rows of merges that break no rule on their own and whose customers are known, in the order recorded."""
    versions = []
    cutoff = cutoff_of(options)
    for row in delivery.customer_identity:
        cells = Cells(row, options)
        from_id, to_id = cells.text("from_customer_id"), cells.text("to_customer_id")
        valid_from, recorded_at = cells.moment("valid_from"), cells.moment("recorded_at")
        is_hidden = cutoff is not None and valid_from is not None and (recorded_at or valid_from) > cutoff
        is_read = from_id is not None and to_id is not None and from_id != to_id and valid_from is not None
        is_merge = (cells.text("link_type") or "").lower() == MERGE
        if is_read and is_merge and not is_hidden and customers.is_accepted(from_id) and customers.is_accepted(to_id):
            versions.append(LinkVersion(from_id, to_id, valid_from, cells.moment("valid_to"), recorded_at))
    return sorted(versions, key=lambda version: version.recorded_at or FIRST_MOMENT)


def open_links(versions: Iterable[LinkVersion], clock: Clock, d: date) -> list[Link]:
    """The merges open at d, whether or not they contradict each other."""
    by_link = defaultdict(list)
    for version in versions:
        recorded_on = clock.local(version.recorded_at)
        if recorded_on is None or recorded_on <= d:
            by_link[version.from_id, version.to_id, version.valid_from].append(version)
    links = []
    for (from_id, to_id, valid_from), told in by_link.items():
        days = [clock.local(valid_from), clock.local(told[0].recorded_at)]
        merged_on = max(day for day in days if day is not None)
        ended_on = clock.local(told[-1].valid_to)
        if merged_on <= d and not (ended_on is not None and ended_on <= d):
            links.append(Link(from_id, to_id, merged_on))
    return links


def counted_links(links: list[Link]) -> dict[str, Link]:
    """The links that are in no conflict and no circle of the others, by who is merged; of equal ones the earliest."""
    targets = defaultdict(set)
    for link in links:
        targets[link.from_id].add(link.to_id)
    onward = {from_id: next(iter(own)) for from_id, own in targets.items() if len(own) == 1}

    def comes_back(start: str) -> bool:
        seen, customer_id = set(), onward[start]
        while customer_id in onward and customer_id not in seen and customer_id != start:
            seen.add(customer_id)
            customer_id = onward[customer_id]
        return customer_id == start

    sound = [link for link in links if link.from_id in onward and not comes_back(link.from_id)]
    return {link.from_id: link for link in sorted(sound, key=lambda link: link.merged_on, reverse=True)}


@dataclass(frozen=True)
class Span:
    """Days from the first up to but not including the last; None: for good."""

    first: date
    until: date | None

    def holds(self, day: date) -> bool:
        """Whether the day is one of them."""
        return self.first <= day and (self.until is None or day < self.until)


def member_since(customers: Customers, customer_id: str, options: Options, d: date) -> date | None:
    """The first day of membership as known at d; None for somebody who is no member."""
    since, status = None, "active"
    for version in customers.versions(customer_id):
        if version.is_known(d):
            day = parse_date(version.cells.get("member_since"), options.date_order)
            since = day if day is not None and day <= d else since
            status = version.cells.get("status") or status
    return None if status in NO_MEMBERS else since


def member_known_on(customers: Customers, customer_id: str, options: Options, d: date) -> date:
    """The first day on which a day of membership is known; the first of all days where nobody says when."""
    for version in customers.versions(customer_id):
        day = parse_date(version.cells.get("member_since"), options.date_order)
        if version.is_known(d) and day is not None and day <= d:
            return version.recorded_on or date.min
    raise ValueError("no member")


def closed_spans(customers: Customers, customer_id: str, d: date) -> list[Span]:
    """The days on which a status closed or deceased was known."""
    spans: list[Span] = []
    status = "active"
    for version in customers.versions(customer_id):
        day = version.recorded_on or date.min
        if day > d:
            break
        before, status = status, version.cells.get("status") or status
        if status in CLOSED and before not in CLOSED:
            spans.append(Span(day, None))
        elif status not in CLOSED and before in CLOSED:
            spans[-1] = Span(spans[-1].first, day)
    return [span for span in spans if span.until is None or span.first < span.until]


@dataclass(frozen=True)
class Account:
    """Everybody whose points are in one ledger.

    `since` is its member_since, `open_from` the first day on which a member was known to be one; `joined` the days on
    which others were merged into the end of their chains; `paths` the first days of the cards of its members (and of
    the end); `links` the merges between its customers; `closed` the days on which a closing status is known.
    """

    account_id: str
    customers: list[str]
    since: date
    open_from: date
    joined: dict[str, date]
    paths: dict[str, date]
    links: list[Link]
    closed: list[Span]

    def is_closed(self, day: date) -> bool:
        """Whether nothing is earned or spent: after the first day of a span, while it lasts."""
        return any(span.holds(day) and day > span.first for span in self.closed)

    def merged_by(self, day: date) -> list[str]:
        """The end of the chain and everybody merged into it by a day."""
        return [c for c in self.customers if c == self.account_id or self.joined[c] <= day]


def accounts_at(delivery: Delivery, options: Options, customers: Customers, d: date) -> list[Account]:
    """All accounts at the as-of date, by the end of the chain."""
    versions = merge_versions(delivery, options, customers)
    links = counted_links(open_links(versions, Clock(options), d))
    everybody = sorted(c for c in customers.accepted if c is not None)
    chains = {customer_id: chain_of(customer_id, links) for customer_id in everybody}
    groups = defaultdict(list)
    for customer_id, chain in chains.items():
        groups[chain[-1].to_id if chain else customer_id].append(customer_id)
    since = {customer_id: member_since(customers, customer_id, options, d) for customer_id in everybody}
    accounts = []
    for account_id, group in sorted(groups.items()):
        members = {c: since[c] for c in group if since[c] is not None}
        if members:
            first = min(members.values())
            accounts.append(
                Account(
                    account_id=account_id,
                    customers=group,
                    since=first,
                    open_from=min(max(s, member_known_on(customers, c, options, d)) for c, s in members.items()),
                    joined={c: max(link.merged_on for link in chains[c]) for c in group if chains[c]},
                    paths={account_id: first} | members,
                    links=[links[c] for c in group if chains[c]],
                    closed=closed_spans(customers, account_id, d),
                )
            )
    return accounts


def chain_of(customer_id: str, links: dict[str, Link]) -> list[Link]:
    """The merges from somebody to the end."""
    chain: list[Link] = []
    while customer_id in links and len(chain) < LONGEST_CHAIN:
        chain.append(links[customer_id])
        customer_id = chain[-1].to_id
    return chain
