"""What the company has and knows apart from its customers: products, venues, campaigns, rates, weather, market."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from scripts.sample_data import calendars
from scripts.sample_data.columns import DAY, NULL, Frame, constant, expand
from scripts.sample_data.scenario import COMPANY_WIDE, YEARS, Scenario

LOBS = ("property_sale", "lease", "energy", "venue", "property_service")
PROPERTY_SALE, LEASE, ENERGY, VENUE, PROPERTY_SERVICE = range(5)


@dataclass(frozen=True)
class Product:
    """One product: line of business, category, name, unit of sale, margin in per cent (None: not known), grade, price.

    `price` is the usual price of one unit in CNY; 0 where each contract has a price of its own.
    """

    lob: int
    category: str
    name: str
    unit: str
    margin: int | None
    grade: str
    price: int = 0
    earns_points: bool = True


PRODUCTS = (
    Product(PROPERTY_SALE, "residential", "江景大平层", "unit", 18, "high_end", earns_points=False),
    Product(PROPERTY_SALE, "residential", "花园洋房", "unit", 13, "mid", earns_points=False),
    Product(PROPERTY_SALE, "residential", "City starter flat", "unit", 9, "economy", earns_points=False),
    Product(PROPERTY_SALE, "office", "Tower office floor", "unit", 15, "high_end", earns_points=False),
    Product(PROPERTY_SALE, "office", "商务办公单元", "unit", None, "mid", earns_points=False),
    Product(LEASE, "residential_lease", "长租公寓", "month", 40, "mid"),
    Product(LEASE, "residential_lease", "Serviced apartment", "month", 48, "high_end"),
    Product(LEASE, "office_lease", "写字楼租赁", "month", 46, "mid"),
    Product(LEASE, "retail_lease", "商铺租赁", "month", None, "mid"),
    Product(LEASE, "industrial_lease", "Logistics hall", "month", 38, "economy"),
    Product(ENERGY, "electricity_home", "居民用电", "kWh", 7, "economy"),
    Product(ENERGY, "electricity_business", "商业用电", "kWh", None, "mid"),
    Product(PROPERTY_SERVICE, "management_fee", "物业管理费", "month", 22, "mid"),
    Product(PROPERTY_SERVICE, "parking", "车位月租", "month", 35, "economy"),
    Product(PROPERTY_SERVICE, "facility_management", "Facility management", "month", None, "high_end"),
    Product(VENUE, "theme_park", "主题乐园门票", "ticket", 42, "mid", 280),
    Product(VENUE, "water_park", "水上乐园门票", "ticket", 45, "mid", 220),
    Product(VENUE, "ice_rink", "Ice rink session", "ticket", 38, "economy", 110),
    Product(VENUE, "cinema", "电影票", "ticket", None, "economy", 85),
    Product(VENUE, "restaurant", "园区餐饮", "meal", 30, "mid", 160),
    Product(VENUE, "shop", "Souvenirs", "item", 50, "economy", 120),
    Product(VENUE, "season_pass", "年卡", "pass", 55, "high_end", 1280),
    Product(VENUE, "corporate_event", "Corporate event", "event", 33, "high_end", 5200),
)
PRODUCT_IDS = tuple(f"P{i + 1:03d}" for i in range(len(PRODUCTS)))
CATEGORIES = tuple(dict.fromkeys(product.category for product in PRODUCTS))
CATEGORY_OF_PRODUCT = np.array([CATEGORIES.index(product.category) for product in PRODUCTS])
PRICE_OF_PRODUCT = np.array([product.price for product in PRODUCTS])
GRADES = ("high_end", "mid", "economy")
UNITS = tuple(dict.fromkeys(product.unit for product in PRODUCTS))


def products_of(lob: int, category: str | None = None) -> list[int]:
    """Positions of the products of a line of business, or of one category of it."""
    return [i for i, p in enumerate(PRODUCTS) if p.lob == lob and category in (None, p.category)]


# Share of visits by month (January to December) for each venue category a person goes to, in the order of PRODUCTS.
VISITED = products_of(VENUE)[:7]
VISITS_BY_MONTH = np.array(
    [
        [30, 32, 30, 32, 34, 30, 26, 26, 32, 36, 30, 28],
        [0, 0, 0, 2, 8, 20, 34, 34, 12, 2, 0, 0],
        [16, 14, 10, 6, 4, 4, 4, 4, 4, 6, 10, 16],
        [22, 24, 24, 22, 20, 18, 16, 16, 20, 22, 24, 24],
        [22, 20, 24, 24, 22, 18, 12, 12, 20, 22, 24, 22],
        [9, 9, 9, 9, 9, 7, 6, 6, 9, 9, 10, 9],
        [1, 1, 3, 5, 3, 3, 2, 2, 3, 3, 2, 1],
    ]
)
VENUES = ("V01", "V02", "V03", "V04", "V05", "V06", "V07", "V08", "V09", "V10", "V11", "V12")
PROJECTS = tuple(f"PRJ{i + 1:02d}" for i in range(20))
PARTNERS = tuple(f"PT{i + 1:02d}" for i in range(8))


@dataclass(frozen=True)
class City:
    """A city: its districts, its share of the customers, and mean and half swing of the temperature in the year."""

    name: str
    districts: tuple[str, ...]
    share: int
    temperature: float
    swing: float


CITIES = (
    City("上海", ("浦东新区", "徐汇区", "静安区", "闵行区"), 22, 17.5, 12.5),
    City("北京", ("朝阳区", "海淀区", "丰台区", "通州区"), 18, 13.0, 15.5),
    City("广州", ("天河区", "越秀区", "番禺区", "海珠区"), 13, 22.5, 8.0),
    City("深圳", ("南山区", "福田区", "宝安区", "龙岗区"), 12, 23.0, 7.5),
    City("杭州", ("西湖区", "滨江区", "余杭区", "萧山区"), 9, 17.5, 12.5),
    City("成都", ("锦江区", "武侯区", "高新区", "双流区"), 8, 17.0, 10.0),
    City("武汉", ("江汉区", "武昌区", "洪山区", "汉阳区"), 7, 17.5, 13.0),
    City("西安", ("雁塔区", "碑林区", "未央区", "长安区"), 5, 14.5, 13.5),
    City("沈阳", ("和平区", "沈河区", "铁西区", "浑南区"), 3, 8.5, 18.0),
    City("哈尔滨", ("南岗区", "道里区", "香坊区", "松北区"), 3, 4.5, 21.0),
)
CITY_SHARES = [city.share for city in CITIES]
CITY_TEMPERATURE = np.array([city.temperature for city in CITIES])
CITY_SWING = np.array([city.swing for city in CITIES])
DISTRICTS = tuple(district for city in CITIES for district in city.districts)
DISTRICTS_PER_CITY = 4

CURRENCIES = ("CNY", "USD", "HKD", "EUR")
USUAL_RATE = np.array([1.0, 7.0, 0.9, 7.7])  # CNY for one unit

CHANNELS = ("app", "mini_program", "onsite", "partner", "sales_office", "direct_debit", "bank_transfer")
CAMPAIGN_CHANNELS = ("app", "sms", "email", "wechat", "phone")
TREATMENTS = ("TR_NEWSLETTER", "TR_TIMED_PROMOTION", "TR_POINTS_BOOSTER", "TR_PRIORITY_BOOKING", "TR_SAVING_ADVICE")
CAMPAIGN_LOBS = (VENUE, VENUE, PROPERTY_SALE, ENERGY, VENUE, PROPERTY_SERVICE, LEASE)
CAMPAIGNS_PER_YEAR = 8
CAMPAIGN_DAYS = 30


@dataclass(frozen=True)
class Campaigns:
    """All campaigns of the history in order of time: first day, line of business and channel of each."""

    start: np.ndarray
    lob: np.ndarray
    channel: np.ndarray

    @classmethod
    def of(cls, scenario: Scenario) -> "Campaigns":
        """One campaign every six and a half weeks, of changing lines and channels."""
        start = np.arange(scenario.first_day + 10, scenario.last_day - CAMPAIGN_DAYS, 365 // CAMPAIGNS_PER_YEAR)
        number = np.arange(len(start))
        return cls(start, np.array(CAMPAIGN_LOBS)[number % len(CAMPAIGN_LOBS)], number % len(CAMPAIGN_CHANNELS))

    def running(self, lob: int, days: np.ndarray) -> np.ndarray:
        """Number of the campaign of a line of business that runs on each day, NULL where none does."""
        candidates = np.flatnonzero(self.lob == lob)
        latest = np.searchsorted(self.start[candidates], days, side="right") - 1
        campaign = candidates[np.maximum(latest, 0)]
        is_running = (latest >= 0) & (days < self.start[campaign] + CAMPAIGN_DAYS)
        return np.where(is_running, campaign, NULL)


BRAND_METRICS = (
    ("media_mentions", 800, 150, 0),
    ("sentiment", 62, 3, 1),
    ("awareness_pct", 41, 2, 1),
    ("market_share_pct", 12, 1, 1),
    ("industry_rank", 6, 1, 0),
    ("share_of_voice", 18, 2, 1),
    ("nps_brand", 31, 4, 0),
)
REGIONS = ("华东", "华北", "华南", "西部")
RESEARCH_SEGMENTS = ("家庭客户", "Young professionals", "企业客户")
RESEARCH_METRICS = ("purchase_intent_pct", "price_sensitivity", "awareness_pct")


def company_wide(scenario: Scenario) -> dict[str, Frame]:
    """Frames of the tables that do not grow with the customers."""
    return {
        "products": _products(scenario),
        "campaigns": _campaigns(scenario),
        "fx_rates": _fx_rates(scenario),
        "weather": _weather(scenario),
        "brand_metrics": _brand_metrics(scenario),
        "market_research": _market_research(scenario),
    }


def _products(scenario: Scenario) -> Frame:
    count = len(PRODUCTS)
    since = scenario.first_day - 2_000
    return {
        "product_id": np.arange(count),
        "lob": np.array([p.lob for p in PRODUCTS]),
        "category": CATEGORY_OF_PRODUCT,
        "name": pa.array([p.name for p in PRODUCTS]),
        "unit": np.array([UNITS.index(p.unit) for p in PRODUCTS]),
        "default_margin_rate": np.array([NULL if p.margin is None else p.margin for p in PRODUCTS]),
        "grade": np.array([GRADES.index(p.grade) for p in PRODUCTS]),
        "is_points_eligible": np.array([int(p.earns_points) for p in PRODUCTS]),
        "valid_from": constant(since, count),
        "valid_to": constant(NULL, count),
        "recorded_at": constant(since * DAY + 9 * 3600, count),
    }


def _campaigns(scenario: Scenario) -> Frame:
    rng = scenario.rng(COMPANY_WIDE, "campaigns")
    campaigns = Campaigns.of(scenario)
    count = len(campaigns.start)
    return {
        "campaign_id": np.arange(count),
        "name": pa.array([f"{CAMPAIGN_CHANNELS[c]} campaign {i + 1}" for i, c in enumerate(campaigns.channel)]),
        "treatment_id": np.arange(count) % len(TREATMENTS),
        "lob": campaigns.lob,
        "channel": campaigns.channel,
        "start": campaigns.start,
        "end": campaigns.start + CAMPAIGN_DAYS - 1,
        "cost": rng.integers(20, 400, count) * 100_000,
        "currency": constant(0, count),
        "capacity": rng.integers(1, 50, count) * 1_000,
        "recorded_at": (campaigns.start - 14) * DAY + 10 * 3600,
    }


def _fx_rates(scenario: Scenario) -> Frame:
    """Rates of every weekday, from ten days before the history: a random walk around the usual rate."""
    rng = scenario.rng(COMPANY_WIDE, "fx_rates")
    days = np.arange(scenario.first_day - 10, scenario.last_day + 1)
    days = days[calendars.weekday(days) < 5]
    foreign = np.arange(1, len(CURRENCIES))
    walk = np.cumsum(rng.normal(0, 0.002, (len(days), len(foreign))), axis=0)
    rates = USUAL_RATE[foreign] * np.exp(np.clip(walk, -0.12, 0.12))
    return {
        "currency": np.tile(foreign, len(days)),
        "rate_date": np.repeat(days, len(foreign)),
        "rate_to_reporting": np.round(rates * 1_000_000).astype(np.int64).ravel(),
        "recorded_at": np.repeat(days, len(foreign)) * DAY + 16 * 3600 + 30 * 60,
    }


def _weather(scenario: Scenario) -> Frame:
    rng = scenario.rng(COMPANY_WIDE, "weather")
    city, offset = expand(constant(scenario.days, len(CITIES)))
    days = scenario.first_day + offset
    temperature = calendars.mean_temperature(days, CITY_TEMPERATURE[city], CITY_SWING[city])
    temperature = np.round((temperature + rng.normal(0, 2.5, len(days))) * 10).astype(np.int64)
    return {
        "city": city,
        "date": days,
        "hdd": np.maximum(180 - temperature, 0),
        "cdd": np.maximum(temperature - 240, 0),
        "recorded_at": days * DAY + 23 * 3600,
    }


def _quarters(scenario: Scenario) -> np.ndarray:
    """First days of the quarters that lie in the history."""
    months = np.arange(0, 12 * YEARS, 3) + calendars.month_number(np.array([scenario.first_day + 27]))[0]
    starts = calendars.first_of_month(months)
    return starts[(starts >= scenario.first_day) & (calendars.add_months(starts, 3) <= scenario.last_day + 1)]


def _brand_metrics(scenario: Scenario) -> Frame:
    rng = scenario.rng(COMPANY_WIDE, "brand_metrics")
    quarters = _quarters(scenario)
    rows = [(q, m, r) for q in range(len(quarters)) for m in range(len(BRAND_METRICS)) for r in range(len(REGIONS))]
    quarter, metric, region = np.array(rows, np.int64).reshape(-1, 3).T
    _, level, spread, decimals = (np.array(column) for column in zip(*BRAND_METRICS, strict=True))
    value = level[metric] + rng.normal(0, 1, len(quarter)) * spread[metric] + 0.02 * level[metric] * quarter / 4
    value = np.where(decimals[metric] == 0, np.round(value) * 100, np.round(value * 10) * 10).astype(np.int64)
    period_end = calendars.add_months(quarters, 3)[quarter] - 1
    return {
        "metric": metric,
        "period_start": quarters[quarter],
        "period_end": period_end,
        "region": region,
        "value": np.maximum(value, 100),
        "source": metric % 2,
        "source_url": constant(0, len(metric)),
        "recorded_at": np.minimum(period_end + 10, scenario.last_day) * DAY + 11 * 3600,
    }


def _market_research(scenario: Scenario) -> Frame:
    rng = scenario.rng(COMPANY_WIDE, "market_research")
    years = calendars.month_number(np.array([scenario.last_day]))[0] // 12 + 1970 - np.arange(1, 5)
    shape = (len(years), len(RESEARCH_SEGMENTS), len(RESEARCH_METRICS))
    study, segment, metric = (axis.ravel() for axis in np.indices(shape))
    published = calendars.first_of_month((years[study] - 1970 + 1) * 12 + 1)
    return {
        "study_id": years[study],
        "segment": segment,
        "metric": metric,
        "value": rng.integers(150, 700, len(study)) * 10,
        "n": rng.integers(300, 2_000, len(study)),
        "period": years[study],
        "recorded_at": np.minimum(published, scenario.last_day) * DAY + 9 * 3600,
    }
