"""The tables that are delivered, their columns and how each is written; and the lists of words the codes stand for."""

from scripts.sample_data.catalogue import (
    BRAND_METRICS,
    CAMPAIGN_CHANNELS,
    CATEGORIES,
    CHANNELS,
    CITIES,
    CURRENCIES,
    DISTRICTS,
    GRADES,
    LOBS,
    PARTNERS,
    PRODUCT_IDS,
    PROJECTS,
    REGIONS,
    RESEARCH_METRICS,
    RESEARCH_SEGMENTS,
    TREATMENTS,
    UNITS,
    VENUES,
)
from scripts.sample_data.columns import Boolean, Code, Date, Decimal, Id, Integer, Kind, Text, Timestamp

CUSTOMER_TYPES = ("person", "company")
GENDERS = ("male", "female", "男", "女", "other", "unknown")
OCCUPATIONS = (
    "engineer",
    "teacher",
    "医生",
    "公务员",
    "个体经营",
    "sales",
    "finance",
    "student",
    "retired",
    "自由职业",
)
INCOME_BANDS = ("low", "lower_mid", "mid", "upper_mid", "high")
FAMILY_STATUSES = ("single", "couple", "family_children", "multi_generation", "unknown")
AREA_BANDS = ("<60", "60-90", "90-120", "120-180", ">180")
_SINGLE_INTERESTS = ("golf", "亲子", "travel", "fitness", "美食", "music", "wine", "摄影")
INTERESTS = _SINGLE_INTERESTS + tuple(f"{a};{b}" for a in _SINGLE_INTERESTS for b in _SINGLE_INTERESTS if a < b)
STATUSES = ("active", "closed", "deceased", "test", "staff")
CONSENTS = ("true", "false", "是", "否")
LANGUAGES = ("zh", "en")
CONTACT_CHANNELS = ("app", "sms", "email", "phone", "wechat", "visit")
LINK_TYPES = ("merge", "crm_match", "household")
DECIDERS = ("data_steward", "match_rule", "service_desk")
CONTRACT_STATUSES = ("subscribed", "signed", "active", "ended", "cancelled", "terminated")
PROPERTY_TYPES = ("residential", "office", "retail", "industrial", "parking")
TXN_TYPES = ("purchase", "bill", "refund", "cancellation", "bill_credit", "adjustment", "deposit", "deposit_return")
PURCHASE, BILL, REFUND, CANCELLATION, BILL_CREDIT, ADJUSTMENT, DEPOSIT, DEPOSIT_RETURN = range(8)
DIRECTIONS = ("credit", "debit")
PAYMENT_STATUSES = ("paid", "partial", "unpaid", "void")
PAID, PARTIAL, UNPAID, VOID = range(4)
GRANULARITIES = ("month",)
READ_TYPES = ("actual", "estimated", "customer")
TARIFFS = ("HOME_FLAT", "HOME_TOU", "BUSINESS_TOU")
SURVEYS = ("SV_RELATIONSHIP", "SV_AFTER_PURCHASE", "SV_NPS", "SV_PRODUCT", "SV_VENUE")
SURVEY_TYPES = ("relationship", "transactional", "nps", "product", "venue")
SCALES = ("csat_5", "nps_10", "ces_7", "rating_5", "yes_no")
QUESTIONS = ("overall", "rebuy_intent", "recommend", "service", "product", "brand_awareness")
SURVEY_CHANNELS = ("questionnaire", "app", "sms", "email", "phone_callback", "kiosk")
CALL_OUTCOMES = ("connected_answered", "connected_refused", "no_answer", "busy", "wrong_number", "unreachable")
COMMENTS = (
    "服务很好，下次还会来",
    "Friendly staff, long queue",
    "排队时间太长",
    "价格偏高",
    "Everything was fine, thank you",
    "The lift was out of order, twice",
    "环境干净，工作人员热情",
    "停车不方便",
)
FEEDBACK_TYPES = ("complaint", "suggestion", "praise", "inquiry")
FEEDBACK_CATEGORIES = ("service", "billing", "quality", "noise", "safety", "other")
SUB_CATEGORIES = ("waiting_time", "wrong_amount", "defect", "neighbours", "facilities", "staff", "information")
SEVERITIES = ("minor", "major", "critical", "一般", "重要", "重大")
FEEDBACK_CHANNELS = ("app", "phone", "email", "wechat", "counter")
CASE_STATUSES = ("open", "in_progress", "pending_customer", "resolved", "closed", "withdrawn", "unfounded")
EVENT_TYPES = (
    "page_view",
    "listing_view",
    "click",
    "brochure",
    "enquiry",
    "site_visit",
    "unit_shortlist",
    "subscribe",
    "loan_precheck",
    "event_invite",
    "event_attend",
    "app_login",
    "service_request",
    "call_out",
    "call_in",
    "email_open",
    "sms_click",
    "social_message",
    "not_interested",
    "grade_set",
)
INTERACTION_VALUES = (
    "A",
    "B+",
    "B",
    "B-",
    "C+",
    "C",
    "C-",
    "horizon_months 3",
    "horizon_months 6",
    "horizon_months 12",
)
REFERRAL_STATUSES = ("open", "visited", "converted", "expired")
POINTS_TYPES = ("redeem", "redeem_cancel", "adjust", "transfer", "partner_earn")
POINTS_REASONS = ("gift_shop", "parking_voucher", "changed_mind", "goodwill", "partner_hotel", "gift_to_family")
AXES = ("value", "card")
OVERRIDE_KINDS = ("set", "floor", "ceiling", "freeze")
TIERS = ("high", "medium", "low", "silver", "gold", "platinum")
OVERRIDE_REASONS = ("vip_strategic", "service_recovery", "data_error", "dispute", "key_account", "expert_panel")
OVERRIDE_REASONS += ("status_match",)
OVERRIDE_TEXTS = (  # one for each reason, and one that says too little
    "战略合作客户，董事会决定",
    "Recovery after a serious complaint",
    "Sales of a namesake were booked here",
    "Contract is in dispute, decision pending",
    "Key account of the sales office",
    "专家评审小组一致意见，见会议纪要",
    "Gold member of a partner hotel group",
    "见邮件",
)
DIMENSIONS = ("potential", "strategic_fit", "influence", "relationship", "risk")
PILOTS = ("PILOT_PRIORITY", "PILOT_POINTS", "PILOT_ADVICE")
ARMS = ("treat", "control", "holdout")
STRATA = tuple(f"{kind}_{city.name}" for kind in CUSTOMER_TYPES for city in CITIES)
REQUEST_TYPES = ("erase", "restrict_profiling", "opt_out_marketing", "access", "rectify", "human_review")
ZOHO_SEGMENTS = ("VIP", "Regular", "Prospect")
ZOHO_OWNERS = ("Sales team east", "Sales team north", "Sales team south")
FXIAOKE_OWNERS = ("华东大客户组", "华北大客户组", "华南大客户组")
ACCOUNT_LEVELS = ("重点客户", "普通客户", "小客户")
RECORD_TYPES = ("default__c", "key_account__c")
LIFE_STATUSES = ("normal", "invalid", "under_review")

SERIAL = 12  # digits of numbers given within a block: see blocks.serial
_CUSTOMER, _CONTRACT, _TXN = Id("C", 8), Id("K", SERIAL), Id("T", SERIAL)
_LOB, _PRODUCT, _PROJECT, _VENUE = Code(LOBS), Code(PRODUCT_IDS), Code(PROJECTS), Code(VENUES)
_CURRENCY, _CAMPAIGN, _EMPLOYEE = Code(CURRENCIES), Id("CMP", 4), Id("E", 4)
_DELIVERY: dict[str, Kind] = {"source_system": Code(("default",)), "recorded_at": Timestamp(), "batch_id": Id("B", 8)}

TABLES: dict[str, dict[str, Kind]] = {
    "customers": {
        "customer_id": _CUSTOMER,
        "customer_type": Code(CUSTOMER_TYPES),
        "display_name": Text(),
        "phone": Text(),
        "email": Id("c", 8, "@example.com"),
        "id_number_hash": Text(),
        "birth_date": Date(),
        "birth_md": Text(),
        "gender": Code(GENDERS),
        "occupation": Code(OCCUPATIONS),
        "income_band": Code(INCOME_BANDS),
        "family_status": Code(FAMILY_STATUSES),
        "city": Code(tuple(city.name for city in CITIES)),
        "district": Code(DISTRICTS),
        "address_area_band": Code(AREA_BANDS),
        "interests": Code(INTERESTS),
        "member_since": Date(),
        "status": Code(STATUSES),
        "account_manager_id": _EMPLOYEE,
        "profiling_consent": Code(CONSENTS),
        "marketing_consent": Code(CONSENTS),
        "preferred_language": Code(LANGUAGES),
        "preferred_channel": Code(CONTACT_CHANNELS),
        "created_at": Timestamp(),
        "updated_at": Timestamp(),
    },
    "customer_identity": {
        "from_customer_id": _CUSTOMER,
        "to_customer_id": _CUSTOMER,
        "link_type": Code(LINK_TYPES),
        "confidence": Decimal(2),
        "valid_from": Timestamp(),
        "valid_to": Timestamp(),
        "decided_by": Code(DECIDERS),
    },
    "products": {
        "product_id": _PRODUCT,
        "lob": _LOB,
        "category": Code(CATEGORIES),
        "name": Text(),
        "unit": Code(UNITS),
        "default_margin_rate": Decimal(2),
        "grade": Code(GRADES),
        "is_points_eligible": Boolean(),
        "valid_from": Date(),
        "valid_to": Date(),
    },
    "contracts": {
        "contract_id": _CONTRACT,
        "customer_id": _CUSTOMER,
        "lob": _LOB,
        "product_id": _PRODUCT,
        "status": Code(CONTRACT_STATUSES),
        "subscribed_at": Timestamp(),
        "signed_at": Timestamp(),
        "start_date": Date(),
        "end_date": Date(),
        "handover_date": Date(),
        "cancelled_at": Timestamp(),
        "term_months": Integer(),
        "total_amount": Decimal(2),
        "currency": _CURRENCY,
        "area_m2": Decimal(2),
        "project_id": _PROJECT,
        "unit_id": Id("U", SERIAL),
        "property_type": Code(PROPERTY_TYPES),
        "renewal_of_contract_id": _CONTRACT,
        "sales_person_id": _EMPLOYEE,
    },
    "contract_parties": {"contract_id": _CONTRACT, "customer_id": _CUSTOMER, "share": Decimal(2)},
    "transactions": {
        "txn_id": _TXN,
        "customer_id": _CUSTOMER,
        "contract_id": _CONTRACT,
        "order_id": Id("O", SERIAL),
        "lob": _LOB,
        "product_id": _PRODUCT,
        "category": Code(CATEGORIES),
        "txn_type": Code(TXN_TYPES),
        "direction": Code(DIRECTIONS),
        "original_txn_id": _TXN,
        "event_at": Timestamp(),
        "paid_at": Timestamp(),
        "due_date": Date(),
        "period_start": Date(),
        "period_end": Date(),
        "quantity": Decimal(3),
        "gross_amount": Decimal(2),
        "discount_amount": Decimal(2),
        "tax_amount": Decimal(2),
        "amount": Decimal(2),
        "currency": _CURRENCY,
        "cost_amount": Decimal(2),
        "channel": Code(CHANNELS),
        "venue_id": _VENUE,
        "project_id": _PROJECT,
        "partner_id": Code(PARTNERS),
        "campaign_id": _CAMPAIGN,
        "payment_status": Code(PAYMENT_STATUSES),
    },
    "energy_readings": {
        "meter_id": Id("M", SERIAL),
        "period_start": Date(),
        "period_end": Date(),
        "customer_id": _CUSTOMER,
        "contract_id": _CONTRACT,
        "granularity": Code(GRANULARITIES),
        "reading_value": Decimal(3),
        "consumption": Decimal(3),
        "unit": Code(("kWh",)),
        "read_type": Code(READ_TYPES),
        "meter_replaced": Boolean(),
        "peak_kwh": Decimal(3),
        "flat_kwh": Decimal(3),
        "valley_kwh": Decimal(3),
        "tariff_code": Code(TARIFFS),
    },
    "weather": {
        "city": Code(tuple(city.name for city in CITIES)),
        "date": Date(),
        "hdd": Decimal(1),
        "cdd": Decimal(1),
    },
    "surveys": {
        "response_id": Id("R", SERIAL),
        "invitation_id": Id("I", SERIAL),
        "survey_id": Code(SURVEYS),
        "survey_type": Code(SURVEY_TYPES),
        "scale": Code(SCALES),
        "question_code": Code(QUESTIONS),
        "score": Integer(),
        "customer_id": _CUSTOMER,
        "lob": _LOB,
        "txn_id": _TXN,
        "channel": Code(SURVEY_CHANNELS),
        "invited_at": Timestamp(),
        "responded_at": Timestamp(),
        "callback_outcome": Code(CALL_OUTCOMES),
        "attempt_no": Integer(),
        "agent_id": _EMPLOYEE,
        "comment_text": Code(COMMENTS),
    },
    "complaints": {
        "complaint_id": Id("F", SERIAL),
        "customer_id": _CUSTOMER,
        "feedback_type": Code(FEEDBACK_TYPES),
        "category": Code(FEEDBACK_CATEGORIES),
        "sub_category": Code(SUB_CATEGORIES),
        "lob": _LOB,
        "severity": Code(SEVERITIES),
        "channel": Code(FEEDBACK_CHANNELS),
        "created_at": Timestamp(),
        "first_response_at": Timestamp(),
        "resolved_at": Timestamp(),
        "closed_at": Timestamp(),
        "status": Code(CASE_STATUSES),
        "incident_id": Id("N", SERIAL),
        "adopted": Boolean(),
        "closure_rating": Integer(),
        "compensation_amount": Decimal(2),
    },
    "complaint_events": {
        "complaint_id": Id("F", SERIAL),
        "event_at": Timestamp(),
        "from_status": Code(CASE_STATUSES),
        "to_status": Code(CASE_STATUSES),
    },
    "interactions": {
        "interaction_id": Id("X", SERIAL),
        "customer_id": _CUSTOMER,
        "anonymous_id": Id("A", SERIAL),
        "event_type": Code(EVENT_TYPES),
        "event_at": Timestamp(in_utc=True),
        "channel": Code(CONTACT_CHANNELS),
        "project_id": _PROJECT,
        "venue_id": _VENUE,
        "duration_s": Integer(),
        "value": Code(INTERACTION_VALUES),
        "campaign_id": _CAMPAIGN,
        "sales_person_id": _EMPLOYEE,
    },
    "referrals": {
        "referral_id": Id("RF", SERIAL),
        "referrer_customer_id": _CUSTOMER,
        "referee_customer_id": _CUSTOMER,
        "referee_contact_hash": Text(),
        "referred_at": Timestamp(),
        "lob": _LOB,
        "project_id": _PROJECT,
        "claimed_by": _EMPLOYEE,
        "status": Code(REFERRAL_STATUSES),
    },
    "points_events": {
        "event_id": Id("PE", SERIAL),
        "customer_id": _CUSTOMER,
        "event_type": Code(POINTS_TYPES),
        "points": Integer(),
        "direction": Code(DIRECTIONS),
        "original_event_id": Id("PE", SERIAL),
        "event_at": Timestamp(),
        "partner_id": Code(PARTNERS),
        "reason": Code(POINTS_REASONS),
        "approved_by": _EMPLOYEE,
    },
    "tier_overrides": {
        "override_id": Id("OV", SERIAL),
        "customer_id": _CUSTOMER,
        "axis": Code(AXES),
        "kind": Code(OVERRIDE_KINDS),
        "tier": Code(TIERS),
        "reason_code": Code(OVERRIDE_REASONS),
        "reason_text": Code(OVERRIDE_TEXTS),
        "requested_by": _EMPLOYEE,
        "requested_at": Timestamp(),
        "approved_by": _EMPLOYEE,
        "approved_at": Timestamp(),
        "valid_from": Date(),
        "valid_to": Date(),
        "revoked_at": Timestamp(),
    },
    "expert_scores": {
        "score_id": Id("ES", SERIAL),
        "expert_id": _EMPLOYEE,
        "customer_id": _CUSTOMER,
        "dimension": Code(DIMENSIONS),
        "score": Integer(),
        "round_no": Integer(),
        "scored_at": Timestamp(),
    },
    "campaigns": {
        "campaign_id": _CAMPAIGN,
        "name": Text(),
        "treatment_id": Code(TREATMENTS),
        "lob": _LOB,
        "channel": Code(CAMPAIGN_CHANNELS),
        "start": Date(),
        "end": Date(),
        "cost": Decimal(2),
        "currency": _CURRENCY,
        "capacity": Integer(),
    },
    "campaign_contacts": {
        "contact_id": Id("CC", SERIAL),
        "campaign_id": _CAMPAIGN,
        "customer_id": _CUSTOMER,
        "channel": Code(CAMPAIGN_CHANNELS),
        "sent_at": Timestamp(),
        "delivered": Boolean(),
        "opened": Boolean(),
        "clicked": Boolean(),
        "responded_at": Timestamp(),
        "unsubscribed_at": Timestamp(),
        "cost": Decimal(2),
    },
    "pilot_assignments": {
        "pilot_id": Code(PILOTS),
        "unit_id": _CUSTOMER,
        "customer_id": _CUSTOMER,
        "arm": Code(ARMS),
        "stratum": Code(STRATA),
        "assigned_at": Timestamp(),
        "cluster_id": Code(tuple(city.name for city in CITIES)),
    },
    "privacy_requests": {
        "request_id": Id("PR", SERIAL),
        "customer_id": _CUSTOMER,
        "type": Code(REQUEST_TYPES),
        "received_at": Timestamp(),
        "verified_at": Timestamp(),
        "completed_at": Timestamp(),
        "legal_hold": Boolean(),
    },
    "fx_rates": {"currency": _CURRENCY, "rate_date": Date(), "rate_to_reporting": Decimal(6)},
    "brand_metrics": {
        "metric": Code(tuple(metric[0] for metric in BRAND_METRICS)),
        "period_start": Date(),
        "period_end": Date(),
        "region": Code(REGIONS),
        "value": Decimal(2),
        "source": Code(("media_monitor", "market_panel")),
        "source_url": Code(("https://example.com/brand",)),
    },
    "market_research": {
        "study_id": Id("STUDY", 4),
        "segment": Code(RESEARCH_SEGMENTS),
        "metric": Code(RESEARCH_METRICS),
        "value": Decimal(2),
        "n": Integer(),
        "period": Id("", 4),
    },
    "crm_zoho_accounts": {
        "record_id": Id("58", 17),
        "account_name": Text(),
        "owner": Code(ZOHO_OWNERS),
        "segment_label": Code(ZOHO_SEGMENTS),
        "segment_score": Integer(),
        "last_activity_time": Timestamp(),
        "modified_time": Timestamp(),
        "customer_id": _CUSTOMER,
    },
    "crm_fxiaoke_accounts": {
        "_id": Id("6f", 22),
        "name": Text(),
        "owner": Code(FXIAOKE_OWNERS),
        "account_level": Code(ACCOUNT_LEVELS),
        "record_type": Code(RECORD_TYPES),
        "last_followed_time": Timestamp(),
        "last_modified_time": Timestamp(),
        "life_status": Code(LIFE_STATUSES),
        "customer_id": _CUSTOMER,
    },
}
for _columns in TABLES.values():
    _columns.update(_DELIVERY)

# Without any optional column a negative amount is a refund.
REQUIRED_ONLY: dict[str, dict[str, Kind]] = {
    "customers": {"customer_id": _CUSTOMER},
    "transactions": {name: TABLES["transactions"][name] for name in ("txn_id", "customer_id", "event_at", "amount")},
}
