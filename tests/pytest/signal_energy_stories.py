"""Stories of meters in which the rules of energy bite, among few customers."""

from collections.abc import Sequence
from datetime import date, timedelta

from clv_stories import knowledge_date
from signal_life_stories import add, back, profile
from strategies import Author, Story
from tests.reference.clocks import add_months

CITIES = ("Suzhou", "Suzhou", "Wuxi", "")
AREAS = ("59.99", "60", "89.99", "90", "140", "")


def supplied(author: Author, start: date) -> str:
    """A contract for energy and a profile with a city; the contract's id, sometimes there is none."""
    rng = author.rng
    profile(author, city=rng.choice(CITIES), recorded_at=rng.choice(["", f"{back(author.as_of, 100)} 10:11:12"]))
    if rng.random() < 0.2:
        return ""
    kind = rng.choice(["residential", "residential", "office", ""])
    told = {"start_date": start.isoformat(), "area_m2": rng.choice(AREAS), "property_type": kind}
    for _ in range(rng.choice([0, 0, 0, 1, 2])):
        end = back(author.as_of, rng.choice([-30, 0, 40, 40]))
        other = {"area_m2": rng.choice(AREAS), "property_type": rng.choice(["office", "retail", ""])}
        since = min(start, end).isoformat()
        author.contract(
            "energy", start_date=since, end_date=rng.choice(["", end.isoformat(), end.isoformat()]), **other
        )
    told |= {"status": rng.choice(["active", "active", "signed", "subscribed"])}
    contract_id = author.contract("energy", **told, recorded_at=rng.choice(["", "", f"{start} 08:00:00+08:00"]))
    if rng.random() < 0.2:
        moved_on = back(author.as_of, rng.choice([1, 50, 100]))
        moved = {"customer_id": rng.choice(["C0", "C-unknown"]), "recorded_at": f"{moved_on} 08:00:00+08:00"}
        add(author.delivery.contracts, author.delivery.contracts[-1] | moved)
    return contract_id


def reading(author: Author, start: date | str, **cells: str) -> None:
    """Add a reading of the customer's meter."""
    row = {"meter_id": f"M-{author.customer_id}", "customer_id": author.customer_id, "period_start": str(start)}
    add(author.delivery.energy_readings, row | cells)


def degree_days(author: Author, first: date, months: int) -> None:
    """Weather on two days of each month."""
    rng = author.rng
    for number in range(months):
        for day in (add_months(first, number), add_months(first, number) + timedelta(days=9)):
            told = {"hdd": rng.choice(["0", "3.5", "10", ""]), "cdd": rng.choice(["0", "2.25", "8"])}
            late = f"{day + timedelta(days=rng.choice([0, 50, 400]))} 08:00:00+08:00"
            told |= {"recorded_at": rng.choice(["", "", late])}
            add(author.delivery.weather, {"city": rng.choice(["Suzhou", "Wuxi"]), "date": day.isoformat()} | told)


def end_of(author: Author, last: date) -> str:
    """The end of a period whose last day is told: that day, a moment of it, or the midnight after it."""
    midnight = f"{last + timedelta(days=1)} 00:00:00+08:00"
    return author.rng.choice([last.isoformat(), f"{last} 23:59:59+08:00", midnight, f"{last}T16:00:00Z"])


def profile_of_year(author: Author) -> Sequence[str]:
    """The kWh of the months from January on: flat, by season, empty, wild, around the cuts of a pattern."""
    rng = author.rng
    flat = ["100"] * 12
    summer = [*flat[:6], rng.choice(["150", "149.99", "300"]), "150", *flat[8:]]
    winter = [rng.choice(["150", "149.99", "300"]), *flat[1:11], "150"]
    empty = [rng.choice(["0", "4.999", "5", "100"]) for _ in flat]
    wild = [rng.choice(["10", "1000", "400.125"]) for _ in flat]
    return rng.choice([flat, summer, summer, winter, empty, wild, ["0"] * 12])


def monthly_meters(author: Author) -> None:
    """A meter with consumption every month, around the six months that are enough, with parts, tariffs and units."""
    rng = author.rng
    d = knowledge_date(author)
    count = rng.choice([5, 6, 7, 12, 12, 13, 24, 26])
    first = add_months(d.replace(day=1), 1 - count)
    contract_id = supplied(author, first)
    kwh, parts = (
        profile_of_year(author),
        rng.choice([None, None, ("50", "25", "25"), ("49", "1", "50"), ("1", "1", "1")]),
    )
    for number in range(count):
        start = add_months(first, number)
        cells = {"consumption": kwh[start.month - 1], "tariff_code": rng.choice(["", "HOME_FLAT", "nobody's"])}
        cells |= {"contract_id": contract_id, "unit": rng.choice(["", "kWh", "度", "KWH"])}
        cells |= {"granularity": rng.choice(["", "month", "月"])}
        if rng.random() < 0.2:
            cells |= {"period_end": end_of(author, add_months(start, 1) - timedelta(days=1))}
        if rng.random() < 0.1:
            cells |= {"customer_id": rng.choice(["", "C-unknown"])}
        if parts is not None and rng.random() < 0.8:
            cells |= dict(zip(("peak_kwh", "flat_kwh", "valley_kwh"), parts, strict=True))
        if rng.random() < 0.05:
            continue
        reading(author, start, **cells)
    degree_days(author, add_months(first, 1), min(count, rng.choice([0, 5, 6, 12])))


def registers(author: Author) -> None:
    """A meter read by its register: estimated first and actual later, replaced, gone backwards."""
    rng = author.rng
    d = knowledge_date(author)
    count = rng.choice([7, 13])
    first = add_months(d.replace(day=1), 1 - count)
    contract_id = supplied(author, first)
    value, unit = 1000, rng.choice(["", "", "MWh", "千瓦时"])
    for number in range(count):
        start = add_months(first, number)
        end = add_months(start, 1) - timedelta(days=1)
        value += rng.choice([100, 100, 0, 350, 5])
        row = {"contract_id": contract_id, "customer_id": rng.choice([author.customer_id, author.customer_id, ""])}
        row |= {"unit": unit}
        kind = rng.choice(
            ["actual", "实抄", "", "estimated", "customer", "replaced", "backwards", "none", "actual", "actual"]
        )
        if kind == "replaced":
            value = rng.choice([30, 100])
            row |= {"meter_replaced": "true"}
        elif kind == "backwards":
            row |= {"reading_value": str(value - 900)}
        elif kind != "none":
            row |= {"read_type": kind}
        row = {"reading_value": str(value)} | row
        if kind == "estimated":
            late = end + timedelta(days=rng.choice([3, 40, 100]))
            estimate = {"reading_value": str(value - rng.choice([0, 10, 60])), "recorded_at": f"{end} 08:00:00+08:00"}
            reading(author, start, **(row | estimate))
            row |= {"read_type": rng.choice(["actual", "用户自报"]), "recorded_at": f"{late} 08:00:00+08:00"}
        reading(author, start, **row)


def odd_periods(author: Author) -> None:
    """Readings with gaps and overlaps of three and four days, over several months, of two meters, in other units."""
    rng = author.rng
    d = knowledge_date(author)
    count = rng.choice([8, 13])
    first = add_months(d.replace(day=1), 1 - count)
    supplied(author, first)
    for number in range(count):
        start = add_months(first, number)
        end = add_months(start, 1) - timedelta(days=1)
        start += timedelta(days=rng.choice([0, 0, 0, 2, 3, 4]))
        end += timedelta(days=rng.choice([0, 0, 0, 3, 4, -1, -3]))
        unit, amount = rng.choice(
            [("", "90"), ("MWh", "0.0925"), ("GJ", "0.3"), ("kWh", "100.005"), ("cal", "9"), ("吉焦", "0.3")]
        )
        reading(author, start, period_end=end_of(author, end), consumption=amount, unit=unit)
    if rng.random() < 0.4:
        since = add_months(first, 2)
        until = add_months(since, rng.choice([2, 3])) - timedelta(days=1)
        cells = {"meter_id": f"N-{author.customer_id}", "period_end": until.isoformat(), "consumption": "200"}
        reading(author, since, **cells)
    wrong = rng.choice([{"meter_id": ""}, {"consumption": "-1"}, {"granularity": "week"}, {"customer_id": "C-unknown"}])
    add(author.delivery.energy_readings, author.delivery.energy_readings[-1] | wrong)


def fine_meters(author: Author) -> None:
    """Days and hours: whole months of them, with some missing; nights, weekends and quiet hours."""
    rng = author.rng
    d = knowledge_date(author)
    first = add_months(d.replace(day=1), -1)
    supplied(author, first)
    missing = rng.choice([0, 0, 3, 4])
    granularity = rng.choice(["hour", "day", "day"])
    day, last = first + timedelta(days=missing), add_months(first, rng.choice([1, 1, 2])) - timedelta(days=1)
    night, daytime = rng.choice([("2", "1"), ("1", "2"), ("0", "0.125")])
    while day <= last:
        if granularity == "day":
            reading(author, day, granularity="day", consumption=rng.choice(["3", "8.5"]))
        else:
            for hour in range(24):
                used = night if hour == 23 or hour < 7 else daytime
                after = f"{day + timedelta(days=hour // 23)} {(hour + 1) % 24:02d}:00:00+08:00"
                cells = {"granularity": rng.choice(["hour", "小时"]), "period_end": rng.choice(["", after])}
                reading(author, f"{day} {hour:02d}:00:00+08:00", **cells, consumption=used)
        day += timedelta(days=1)
    for number in range(1, rng.choice([1, 5, 12])):
        reading(author, add_months(first, -number), consumption=rng.choice(["60", "100"]))


def unread(author: Author) -> None:
    """Contracts of which nothing is read, or nothing yet."""
    supplied(author, back(knowledge_date(author), author.rng.choice([0, 0, 1, -1, 400])))


ENERGY_STORIES: list[Story] = [*[monthly_meters] * 3, *[registers] * 2, *[odd_periods] * 2, fine_meters, unread]
