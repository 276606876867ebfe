"""The customers: who they are, since when, and the traits that shape all they do; and the table customers."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from scripts.sample_data import schema
from scripts.sample_data.catalogue import CITY_SHARES, DISTRICTS_PER_CITY
from scripts.sample_data.columns import (
    DAY,
    NULL,
    Code,
    Frame,
    Id,
    choose,
    constant,
    hex_text,
    take,
    uniform,
)
from scripts.sample_data.scenario import BLOCK_SIZE, Scenario

COMPANY_SHARE = 0.12
ENGLISH_SHARE = 0.30
PROSPECT_SHARE = 0.12
KNOWN_BEFORE_SHARE = 0.38  # customers who were there when the history starts
DECEASED_SHARE, CLOSED_SHARE, TEST_SHARE, STAFF_SHARE = 0.004, 0.022, 0.004, 0.012
UPDATED_SHARE = 0.04
REDELIVERED_SHARE = 0.003
ACTIVE, CLOSED, DECEASED, TEST, STAFF = range(5)


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


SURNAMES = tuple("王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾")
GIVEN_NAMES = _words("伟 芳 娜 敏 静 磊 强 洋 勇 艳 杰 娟 涛 明 超 秀英 建国 志强 晓雨 梓涵 浩然 欣怡 子轩 雨桐")
FIRST_NAMES = _words("Anna Ben Clara David Emma Frank Grace Henry Iris Jack Karen Leo Mia Noah Olivia Peter")
LAST_NAMES = _words("Adams Baker Clark Davies Evans Fisher Green Harris Irving Jones King Lewis Moore Nolan")
COMPANY_WORDS = _words("华信 金泰 东方 恒达 瑞丰 明远 天成 凯越 博雅 盛世 安泰 宏图")
COMPANY_TRADES = tuple(f"{trade}有限公司" for trade in _words("贸易 科技 餐饮 物流 置业 文化 制造 咨询"))
ENGLISH_WORDS = _words("Harbour Summit Bluewave Redwood Silverline Northgate Lotus Pearl")
ENGLISH_TRADES = tuple(f"{trade} Co., Ltd." for trade in _words("Trading Technology Foods Logistics Media Design"))


@dataclass(frozen=True)
class People:
    """The customers of one block, one element each.

    `number` is the number of the customer over all blocks; `created` and `horizon` are the first and the last day on
    which anything happens to them; `mood` (mean 0, deviation 1) is how satisfied they tend to be.
    """

    number: np.ndarray
    is_company: np.ndarray
    is_english: np.ndarray
    is_prospect: np.ndarray
    is_marketable: np.ndarray
    created: np.ndarray
    horizon: np.ndarray
    final_status: np.ndarray
    mood: np.ndarray
    city: np.ndarray
    currency: np.ndarray
    member_since: np.ndarray
    name: pa.Array
    profiling_consent: np.ndarray
    marketing_consent: np.ndarray

    def __len__(self) -> int:
        return len(self.number)


def make_people(scenario: Scenario, block: int) -> People:
    """Draw the customers of a block."""
    rng = scenario.rng(block, "people")
    count = scenario.block_size(block)
    number = block * BLOCK_SIZE + np.arange(count) + 1
    is_company = rng.random(count) < COMPANY_SHARE
    is_english = rng.random(count) < ENGLISH_SHARE
    created = _created(rng, scenario, count)
    status, horizon = _fate(rng, scenario, is_company, created)
    city = choose(rng, CITY_SHARES, count)
    is_foreign = is_english & (rng.random(count) < 0.10)
    is_prospect = rng.random(count) < PROSPECT_SHARE
    member_since = np.minimum(created + rng.integers(0, 30, count), horizon)
    is_member = ~is_company & (rng.random(count) < np.where(is_prospect, 0.15, 0.55))
    profiling_consent = _consent(rng, count, yes=0.92, no=0.02)
    marketing_consent = _consent(rng, count, yes=0.62, no=0.26)
    return People(
        number=number,
        is_company=is_company,
        is_english=is_english,
        is_prospect=is_prospect,
        is_marketable=np.isin(marketing_consent, (0, 2)) & (status == ACTIVE),
        created=created,
        horizon=horizon,
        final_status=status,
        mood=rng.normal(0, 1, count),
        city=city,
        currency=np.where(is_foreign, rng.integers(1, 4, count), 0),
        member_since=np.where(is_member, member_since, NULL),
        name=_names(rng, is_company, is_english, status == TEST),
        profiling_consent=profiling_consent,
        marketing_consent=marketing_consent,
    )


def _created(rng: np.random.Generator, scenario: Scenario, count: int) -> np.ndarray:
    """Day each customer was created: some before the history, the others in it and ever more of them."""
    before = scenario.first_day - 1 - (rng.exponential(500, count)).astype(np.int64)
    within = scenario.first_day + ((scenario.days - 2) * rng.random(count) ** 0.75).astype(np.int64)
    return np.where(rng.random(count) < KNOWN_BEFORE_SHARE, np.maximum(before, scenario.first_day - 3_000), within)


def _fate(
    rng: np.random.Generator, scenario: Scenario, is_company: np.ndarray, created: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Final status and last active day; accounts younger than 60 days stay open."""
    count = len(created)
    deceased = np.where(is_company, 0, DECEASED_SHARE)
    bounds = np.cumsum([deceased, constant(0, count) + CLOSED_SHARE, constant(0, count) + TEST_SHARE], axis=0)
    drawn = rng.random(count)
    status = np.full(count, ACTIVE)
    status[drawn < bounds[2] + STAFF_SHARE] = STAFF
    status[drawn < bounds[2]] = TEST
    status[drawn < bounds[1]] = CLOSED
    status[drawn < bounds[0]] = DECEASED
    first_end = np.maximum(created, scenario.first_day) + 60
    ends = np.isin(status, (CLOSED, DECEASED)) & (first_end < scenario.last_day)
    status = np.where(np.isin(status, (CLOSED, DECEASED)) & ~ends, ACTIVE, status)
    return status, np.where(ends, uniform(rng, first_end, scenario.last_day - 1, count), scenario.last_day)


def _consent(rng: np.random.Generator, count: int, yes: float, no: float) -> np.ndarray:
    """Positions in schema.CONSENTS, a third of them in Chinese; NULL where nothing was recorded."""
    drawn = rng.random(count)
    answer = np.where(drawn < yes, 0, 1) + np.where(rng.random(count) < 0.33, 2, 0)
    return np.where(drawn < yes + no, answer, NULL)


def _pick(rng: np.random.Generator, words: tuple[str, ...], count: int) -> pa.Array:
    return pa.array(words).take(pa.array(rng.integers(0, len(words), count)))


def _names(rng: np.random.Generator, is_company: np.ndarray, is_english: np.ndarray, is_test: np.ndarray) -> pa.Array:
    count = len(is_company)
    variants = [
        pc.binary_join_element_wise(_pick(rng, SURNAMES, count), _pick(rng, GIVEN_NAMES, count), ""),
        pc.binary_join_element_wise(_pick(rng, FIRST_NAMES, count), _pick(rng, LAST_NAMES, count), " "),
        pc.binary_join_element_wise(_pick(rng, COMPANY_WORDS, count), _pick(rng, COMPANY_TRADES, count), ""),
        pc.binary_join_element_wise(_pick(rng, ENGLISH_WORDS, count), _pick(rng, ENGLISH_TRADES, count), " "),
        pa.array(["测试账户"] * count),
    ]
    variant = np.where(is_test, 4, 2 * is_company + is_english)
    return pc.choose(pa.array(variant), *variants)


def customers_frame(scenario: Scenario, block: int, people: People) -> Frame:
    """All deliveries of the customers of a block: first as created, some again when they changed."""
    first = _first_delivery(scenario.rng(block, "customers"), scenario, people)
    rng = scenario.rng(block, "customer_updates")
    later = _later_deliveries(rng, scenario, people, first)
    copies = take(first, rng.random(len(people)) < REDELIVERED_SHARE)
    deliveries = [first, *later, copies]
    return {
        name: pa.concat_arrays([d[name] for d in deliveries])
        if isinstance(first[name], pa.Array)
        else np.concatenate([d[name] for d in deliveries])
        for name in first
    }


def _first_delivery(rng: np.random.Generator, scenario: Scenario, people: People) -> Frame:
    count = len(people)
    person = ~people.is_company

    def persons(values: np.ndarray, known: float = 1.0) -> np.ndarray:
        return np.where(person & (rng.random(count) < known), values, NULL)

    created_at = people.created * DAY + rng.integers(8 * 3600, 20 * 3600, count)
    is_birth_known = rng.random(count) < 0.85
    birth = scenario.first_day - rng.integers(18 * 365, 78 * 365, count)
    district = people.city * DISTRICTS_PER_CITY + rng.integers(0, DISTRICTS_PER_CITY, count)
    leaves_later = np.isin(people.final_status, (CLOSED, DECEASED))
    return {
        "customer_id": people.number,
        "customer_type": people.is_company.astype(np.int64),
        "display_name": people.name,
        "phone": _phones(rng, people.number),
        "email": np.where(rng.random(count) < 0.7, people.number, NULL),
        "id_number_hash": hex_text(rng.integers(0, 256, (count, 32), np.uint8), rng.random(count) < 0.4),
        "birth_date": persons(np.where(is_birth_known, birth, NULL)),
        "birth_md": _birthdays(rng, person & ~is_birth_known),
        "gender": persons(choose(rng, [26, 26, 20, 20, 1, 7], count)),
        "occupation": persons(rng.integers(0, len(schema.OCCUPATIONS), count), 0.7),
        "income_band": persons(choose(rng, [15, 25, 32, 18, 10], count), 0.6),
        "family_status": persons(choose(rng, [28, 22, 32, 8, 10], count), 0.7),
        "city": people.city,
        "district": district,
        "address_area_band": persons(choose(rng, [12, 28, 34, 18, 8], count), 0.5),
        "interests": persons(rng.integers(0, len(schema.INTERESTS), count), 0.45),
        "member_since": people.member_since,
        "status": np.where(leaves_later, ACTIVE, people.final_status),
        "account_manager_id": np.where(people.is_company | (rng.random(count) < 0.05), 1 + people.number % 40, NULL),
        "profiling_consent": people.profiling_consent,
        "marketing_consent": people.marketing_consent,
        "preferred_language": people.is_english.astype(np.int64),
        "preferred_channel": np.where(rng.random(count) < 0.8, choose(rng, [30, 10, 12, 14, 30, 4], count), NULL),
        "created_at": created_at,
        "updated_at": created_at,
        "recorded_at": created_at + rng.integers(60, 4 * 3600, count),
    }


def _later_deliveries(rng: np.random.Generator, scenario: Scenario, people: People, first: Frame) -> list[Frame]:
    """A closed or deceased account is delivered again on that day; some others move to another district."""
    leaves = np.isin(people.final_status, (CLOSED, DECEASED))
    left = take(first, leaves)
    left["status"] = people.final_status[leaves]
    left["updated_at"] = people.horizon[leaves] * DAY + rng.integers(9 * 3600, 18 * 3600, leaves.sum())
    can_move = ~leaves & (people.created < scenario.last_day - 30)
    moves = can_move & (rng.random(len(people)) < UPDATED_SHARE)
    moved = take(first, moves)
    count = int(moves.sum())
    moved_on = uniform(rng, np.maximum(people.created[moves], scenario.first_day) + 10, scenario.last_day - 1, count)
    moved["district"] = moved["city"] * DISTRICTS_PER_CITY + rng.integers(0, DISTRICTS_PER_CITY, count)
    moved["updated_at"] = moved_on * DAY + rng.integers(9 * 3600, 18 * 3600, count)
    for frame in (left, moved):
        frame["recorded_at"] = frame["updated_at"] + 600
    return [left, moved]


def _phones(rng: np.random.Generator, number: np.ndarray) -> pa.Array:
    """Numbers with the prefix 154, which no operator holds; a quarter in international form, some missing."""
    drawn = rng.random(len(number))
    national = Id("154", 8).arrow(np.where(drawn < 0.1, NULL, number))
    international = Id("+86154", 8).arrow(np.where(drawn < 0.1, NULL, number))
    return pc.if_else(pa.array(drawn < 0.35), international, national)


def _birthdays(rng: np.random.Generator, wanted: np.ndarray) -> pa.Array:
    """MM-DD for half of those whose date of birth is not known."""
    days = tuple(f"{month:02d}-{day:02d}" for month in range(1, 13) for day in range(1, 29))
    is_given = wanted & (rng.random(len(wanted)) < 0.5)
    return Code(days).arrow(np.where(is_given, rng.integers(0, len(days), len(wanted)), NULL)).cast(pa.string())
