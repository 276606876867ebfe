"""Stories and policies in which the rules of lifetime value bite, among few customers."""

from datetime import date, timedelta

from strategies import (
    CONTRACT_LINES,
    STORIES,
    Author,
    PolicyChange,
    PolicyRow,
    Story,
    dated_changes,
    from_then_on,
    regulars,
)
from tests.reference.clocks import add_months, quarter_ends_before

YEAR = 365
BAND_EDGES = (2 * YEAR, 2 * YEAR, 2 * YEAR - 1, 2 * YEAR + 1, 5 * YEAR, 5 * YEAR - 1, 8 * YEAR)
GRACES = (90, 91, 89, 30, 31)
GAPS = (46, 45, 92, 93, 10, 10)
PRICES = ("2000000", "1999999.99", "6000000", "5999999.99", "900000", "2500000")


def knowledge_date(author: Author) -> date:
    """A day on which something is predicted: as_of, a quarter end, or the start of a backtest."""
    as_of = author.as_of
    return author.rng.choice(
        [as_of, as_of, add_months(as_of, -12), add_months(as_of, -3), *quarter_ends_before(as_of)[:2]]
    )


def in_time(author: Author, day: date) -> dict[str, str]:
    """A contract is known at once, or from its first day on."""
    return {"recorded_at": author.rng.choice(["", author.moment(min(day, author.as_of))])}


def billed(author: Author, lob: str, since: date, until: date, contract_id: str = "") -> None:
    """Bills every month, every quarter or now and then, mostly of one amount; sometimes half of one comes back."""
    rng = author.rng
    step, amount, day = rng.choice([1, 1, 3, 2]), author.amount(), since
    while day <= min(until, author.as_of):
        sale = author.sale(day, amount, lob, txn_type="bill", contract_id=contract_id, recorded_at="")
        if rng.random() < 0.1:
            author.refund(sale, min(author.as_of, day + timedelta(days=20)), "100", txn_type="bill_credit")
        day = add_months(day, step)


def leases(author: Author) -> None:
    """Contracts that end and are renewed or not: at once, overlapping, exactly at the grace, a day later."""
    rng = author.rng
    lob, term = rng.choice(CONTRACT_LINES), rng.choice([3, 6, 12, 24])
    count = rng.choice([1, 2, 3])
    last_day = knowledge_date(author) - timedelta(days=rng.choice([0, 1, -1, *GRACES, 400, -100, -400, -1500]))
    for _ in range(count):
        start = add_months(last_day + timedelta(days=1), -term)
        contract_id = author.contract(
            lob,
            start_date=start.isoformat(),
            end_date=last_day.isoformat(),
            term_months=rng.choice([str(term), str(term), "", "1", "0"]),
            status=rng.choice(["active", "ended", "signed"]),
            **in_time(author, start),
        )
        if rng.random() < 0.15:
            cancelled_on = last_day + timedelta(days=rng.choice([0, 0, -40, 1]))
            author.delivery.contracts[-1] |= {"cancelled_at": f"{cancelled_on} 10:00:00+08:00"}
        if rng.random() < 0.8:
            billed(author, lob, max(start, author.as_of - timedelta(days=1500)), last_day, contract_id)
        last_day = start - timedelta(days=rng.choice([1, 1, *GRACES, -5]))


def open_ended(author: Author) -> None:
    """Contracts without an end, some of them cancelled and taken up again; tenures on the edges of the bands."""
    rng = author.rng
    lob, anchor = rng.choice(CONTRACT_LINES), knowledge_date(author)
    start = anchor - timedelta(days=rng.choice([*BAND_EDGES, 0, 1, 100, 400]))
    told = {"start_date": start.isoformat(), "end_date": "", "term_months": rng.choice(["", "12"])}
    contract_id = author.contract(lob, **told, **in_time(author, start))
    until = author.as_of
    if rng.random() < 0.6:
        until = min(anchor, start + timedelta(days=rng.choice([*BAND_EDGES, 60, 300])))
        until = rng.choice([until, until, anchor - timedelta(days=rng.choice(GRACES)), anchor + timedelta(days=50)])
        until = max(until, start)
        author.delivery.contracts[-1] |= {"status": "cancelled", "cancelled_at": f"{until} 10:00:00+08:00"}
        if rng.random() < 0.4:
            again = until + timedelta(days=rng.choice([1, *GRACES]))
            author.contract(lob, start_date=again.isoformat(), **in_time(author, again))
    if rng.random() < 0.8:
        billed(author, lob, max(start, anchor - timedelta(days=rng.choice([60, 400, 1200]))), until, contract_id)


def starting_later(author: Author) -> None:
    """A contract signed that has not begun, alone or after another."""
    rng = author.rng
    lob, anchor = rng.choice(CONTRACT_LINES), knowledge_date(author)
    start = anchor + timedelta(days=rng.choice([1, 20, 90, 200]))
    end = rng.choice([add_months(start, rng.choice([6, 12, 24])).isoformat(), ""])
    signed = anchor - timedelta(days=rng.choice([0, 30]))
    author.contract(
        lob,
        status="signed",
        signed_at=author.moment(signed),
        start_date=start.isoformat(),
        end_date=end,
        recorded_at="",
    )
    if rng.random() < 0.3:
        author.contract(lob, status="subscribed", start_date=signed.isoformat(), recorded_at="")
    if rng.random() < 0.5:
        billed(author, lob, anchor - timedelta(days=300), author.as_of)


def bills_alone(author: Author) -> None:
    """Bills without a contract, the last one around the gap that still counts; now and then a month is taken back."""
    rng = author.rng
    lob = rng.choice(CONTRACT_LINES)
    last = knowledge_date(author) - timedelta(days=rng.choice(GAPS))
    months = rng.choice([0, 1, 2, 3, 11, 12, 13, 35, 36])
    billed(author, lob, add_months(last, -months), last)
    author.sale(last, author.amount(), lob, txn_type="bill", recorded_at="", cost_amount=rng.choice(["", "3000"]))
    if rng.random() < 0.3:
        author.transaction(last, "400", lob=lob, txn_type="adjustment", direction="credit", recorded_at="")


def second_homes(author: Author) -> None:
    """Homes bought again after exactly so many years, or a day earlier; with and without another line before."""
    rng = author.rng
    day = knowledge_date(author) - timedelta(days=rng.choice([*BAND_EDGES, 0, 1, 200, 1000, 3000]))
    if rng.random() < 0.6:
        first = day - timedelta(days=rng.choice([*BAND_EDGES, 0, 30, 900]))
        author.sale(rng.choice([first, first - timedelta(days=1), author.day(900)]), author.amount(), recorded_at="")
    for _ in range(rng.choice([1, 2, 2, 3])):
        price = rng.choice(PRICES)
        cost = rng.choice(["", "", "0", str(int(float(price) * 1.5))])
        told = {"cost_amount": cost, "recorded_at": rng.choice(["", author.moment(day)])}
        author.sale(day, price, "property_sale", order_id=author.txn_id(), **told)
        day += timedelta(days=rng.choice([*BAND_EDGES, 0, 300]))
        if day > author.as_of:
            break


CLV_STORIES: list[Story] = [
    *STORIES,
    regulars,
    *[leases] * 4,
    *[open_ended] * 3,
    *[starting_later] * 2,
    *[bills_alone] * 3,
    *[second_homes] * 3,
]

OPEN_GATE = {"gate_min_customers": "3", "gate_min_ratio": "0", "gate_max_ratio": "999999", "gate_min_capture": "0"}
OTHERWISE = OPEN_GATE | {
    "discount_rate": "0.05",
    "days_per_month": "30.4375",
    "horizon_months": "12",
    "tier_basis": "total",
    "prior_purchases": "0.5",
    "prior_strength": "0.5",
    "billing_gap_days": "45",
    "renewal_grace_days": "30",
    "backtest_months": "3",
}
RANKS = {"0": "0.05", "30": "0.1", "50": "0.3", "75": "0.5", "90": "0.8", "100": "0.95"}


def ranked(row: PolicyRow) -> PolicyRow:
    """Cuts on the share of customers below."""
    return row | {"measure": "percent_rank", "lower_bound": RANKS[row["score"]]}


def other_models(row: PolicyRow) -> PolicyRow:
    """Another model in the venues, and one in a contract line."""
    return row | {"purchase_model": {"venue": "mbg_nbd", "lease": "bg_nbd"}.get(row["lob"], "none")}


def other_rates(row: PolicyRow) -> PolicyRow:
    """Rates with other edges; also for energy, should it be bought like homes."""
    rates = {"renewal_share": "0.55", "monthly_leaving_rate": "0.05", "yearly_repurchase_rate": "0.03"}
    return row | rates | {"from_years": {"5": "6"}.get(row["from_years"], row["from_years"])}


def clv_from_then_on(day: date) -> dict[str, PolicyChange]:
    """Everything else from a day on; another gate too."""
    gate = {"backtest_months": "6", "gate_min_ratio": "0.5", "gate_max_ratio": "3"}
    later = OTHERWISE | gate | {"tier_basis": "predicted"}

    def halved(row: PolicyRow) -> PolicyRow:
        return row | {"lower_bound": str(int(row["lower_bound"]) // 2 + 1)}

    return dated_changes(day) | {
        "policy_clv": lambda row: [
            row | OPEN_GATE | {"effective_to": day.isoformat()},
            row | later | {"effective_from": day.isoformat()},
        ],
        "policy_clv_tenure_bands": from_then_on(day, other_rates),
        "policy_clv_price_bands": from_then_on(day, halved),
    }


CLV_POLICIES: dict[str, dict[str, PolicyChange]] = {
    "open_gate": {"policy_clv": lambda row: [row | OPEN_GATE]},
    "otherwise": {
        "policy_clv": lambda row: [row | OTHERWISE],
        "policy_clv_cuts": lambda row: [ranked(row)],
        "policy_lobs": lambda row: [other_models(row)],
    },
    "dated": clv_from_then_on(date(2023, 11, 15)),
}
"""The policy with a gate that lets through, one that says everything else, and a change of everything on one day."""
