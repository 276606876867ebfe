"""The codes of the tables of the signals, and their other spellings (lower case)."""

CODES: dict[str, dict[str, list[str]]] = {
    "lob": {
        "property_sale": ["property sale", "sale", "房产销售", "房地产销售", "售房"],
        "lease": ["leasing", "rent", "租赁", "出租"],
        "energy": ["能源", "供能"],
        "venue": ["entertainment", "娱乐", "场馆", "娱乐场馆"],
        "property_service": ["property service", "service", "物业", "物业服务"],
    },
    "survey_type": {
        "relationship": ["关系"],
        "transactional": ["交易"],
        "nps": [],
        "product": ["产品"],
        "venue": ["场馆"],
    },
    "survey_scale": {"csat_5": [], "nps_10": [], "ces_7": [], "rating_5": [], "yes_no": []},
    "survey_channel": {
        "questionnaire": ["问卷"],
        "app": [],
        "sms": ["短信"],
        "email": ["邮件"],
        "phone_callback": ["电话回访", "回访"],
        "kiosk": ["自助机"],
    },
    "callback_outcome": {
        "connected_answered": ["已接听"],
        "connected_refused": ["拒访"],
        "no_answer": ["无人接听"],
        "busy": ["占线"],
        "wrong_number": ["错号"],
        "unreachable": ["无法接通"],
    },
    "feedback_type": {
        "complaint": ["投诉"],
        "suggestion": ["建议"],
        "praise": ["表扬"],
        "inquiry": ["enquiry", "咨询"],
    },
    "severity": {"minor": ["一般"], "major": ["重要"], "critical": ["重大"]},
    "complaint_status": {
        "open": ["待处理"],
        "in_progress": ["处理中"],
        "pending_customer": ["待客户"],
        "resolved": ["已解决"],
        "closed": ["已关闭"],
        "withdrawn": ["已撤回"],
        "unfounded": ["不成立"],
    },
    "referral_status": {
        "open": ["待跟进"],
        "visited": ["已到访"],
        "converted": ["已成交"],
        "expired": ["已失效", "已过期"],
    },
    "interaction_type": {
        "page_view": ["浏览"],
        "listing_view": [],
        "click": ["点击"],
        "brochure": [],
        "enquiry": ["咨询"],
        "site_visit": ["看房", "到访"],
        "unit_shortlist": [],
        "subscribe": ["认购"],
        "loan_precheck": [],
        "event_invite": [],
        "event_attend": ["参加活动"],
        "app_login": [],
        "service_request": ["报修"],
        "call_out": [],
        "call_in": ["来电"],
        "email_open": [],
        "sms_click": [],
        "social_message": [],
        "not_interested": ["无意向"],
        "grade_set": [],
    },
    "granularity": {
        "hour": ["hourly", "h", "小时", "时"],
        "day": ["daily", "d", "日", "天"],
        "month": ["monthly", "m", "月"],
    },
    "read_type": {
        "actual": ["实抄", "实际"],
        "estimated": ["estimate", "估抄", "估算"],
        "customer": ["self", "自报", "用户自报"],
    },
    "energy_unit": {
        "kWh": ["kwh", "kw.h", "千瓦时", "度"],
        "MWh": ["mwh", "兆瓦时"],
        "m3": ["m³", "m^3", "立方米", "方"],
        "GJ": ["gj", "吉焦"],
        "t": ["ton", "tonne", "tce", "吨", "吨标准煤", "吨标煤"],
    },
}


def parse_code(text: str | None, field: str) -> str | None:
    """The code a text means; None where it is none of them."""
    if text is None:
        return None
    found = (code for code, spellings in CODES[field].items() if text.lower() in (code, *spellings))
    return next(found, None)
