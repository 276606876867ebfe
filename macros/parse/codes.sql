{# The allowed codes of a field and their other spellings (lower case): the only place that knows them. #}
{% macro codes(field) -%}
    {%- set codes = {
        'lob': {
            'property_sale': ['property sale', 'sale', '房产销售', '房地产销售', '售房'],
            'lease': ['leasing', 'rent', '租赁', '出租'],
            'energy': ['能源', '供能'],
            'venue': ['entertainment', '娱乐', '场馆', '娱乐场馆'],
            'property_service': ['property service', 'service', '物业', '物业服务'],
        },
        'txn_type': {
            'purchase': ['sale', '购买', '消费'],
            'refund': ['退款'],
            'cancellation': ['cancel', '取消', '退房'],
            'deposit': ['定金', '押金'],
            'deposit_return': ['退定金', '退押金'],
            'bill': ['账单'],
            'bill_credit': ['账单减免'],
            'adjustment': ['调整'],
        },
        'direction': {'credit': ['cr', '贷'], 'debit': ['dr', '借']},
        'payment_status': {
            'paid': ['已付', '已支付', '已缴'],
            'partial': ['部分支付'],
            'unpaid': ['未付', '未支付', '未缴'],
            'void': ['作废'],
        },
        'customer_type': {'person': ['individual', '个人'], 'company': ['organisation', 'organization', '企业', '公司']},
        'customer_status': {
            'active': ['正常'],
            'closed': ['销户', '已销户', '注销'],
            'deceased': ['已故'],
            'test': ['测试'],
            'staff': ['员工'],
        },
        'gender': {
            'male': ['m', '男', '男性'],
            'female': ['f', '女', '女性'],
            'other': ['其他'],
            'unknown': ['u', '未知', '保密'],
        },
        'income_band': {
            'low': ['低'],
            'lower_mid': ['中低'],
            'mid': ['中', 'medium'],
            'upper_mid': ['中高'],
            'high': ['高'],
        },
        'family_status': {
            'single': ['单身', '未婚'],
            'couple': ['married', '已婚', '夫妻'],
            'family_children': ['有子女', '已婚有子女'],
            'multi_generation': ['多代同堂', '三代同堂'],
            'unknown': ['未知'],
        },
        'language': {'zh': ['chinese', '中文'], 'en': ['english', '英文']},
        'contact_channel': {
            'app': [],
            'sms': ['短信'],
            'email': ['e-mail', '邮件', '电子邮件'],
            'phone': ['电话'],
            'wechat': ['微信'],
            'visit': ['上门', '拜访'],
        },
        'product_grade': {'high_end': ['高端'], 'mid': ['中端'], 'economy': ['经济', '低端']},
        'contract_status': {
            'subscribed': ['认购', '已认购'],
            'signed': ['签约', '已签约'],
            'active': ['生效', '履行中'],
            'ended': ['到期', '已到期'],
            'cancelled': ['canceled', '取消', '已取消', '退房'],
            'terminated': ['终止', '已终止'],
        },
        'property_type': {
            'residential': ['住宅'],
            'office': ['办公', '写字楼'],
            'retail': ['商铺', '商业'],
            'industrial': ['工业'],
            'parking': ['车位'],
        },
        'survey_type': {
            'relationship': ['关系'],
            'transactional': ['交易'],
            'nps': [],
            'product': ['产品'],
            'venue': ['场馆'],
        },
        'survey_scale': {'csat_5': [], 'nps_10': [], 'ces_7': [], 'rating_5': [], 'yes_no': []},
        'survey_channel': {
            'questionnaire': ['问卷'],
            'app': [],
            'sms': ['短信'],
            'email': ['邮件'],
            'phone_callback': ['电话回访', '回访'],
            'kiosk': ['自助机'],
        },
        'callback_outcome': {
            'connected_answered': ['已接听'],
            'connected_refused': ['拒访'],
            'no_answer': ['无人接听'],
            'busy': ['占线'],
            'wrong_number': ['错号'],
            'unreachable': ['无法接通'],
        },
        'feedback_type': {
            'complaint': ['投诉'],
            'suggestion': ['建议'],
            'praise': ['表扬'],
            'inquiry': ['enquiry', '咨询'],
        },
        'severity': {'minor': ['一般'], 'major': ['重要'], 'critical': ['重大']},
        'complaint_status': {
            'open': ['待处理'],
            'in_progress': ['处理中'],
            'pending_customer': ['待客户'],
            'resolved': ['已解决'],
            'closed': ['已关闭'],
            'withdrawn': ['已撤回'],
            'unfounded': ['不成立'],
        },
        'referral_status': {
            'open': ['待跟进'],
            'visited': ['已到访'],
            'converted': ['已成交'],
            'expired': ['已失效', '已过期'],
        },
        'interaction_type': {
            'page_view': ['浏览'], 'listing_view': [], 'click': ['点击'], 'brochure': [], 'enquiry': ['咨询'],
            'site_visit': ['看房', '到访'], 'unit_shortlist': [], 'subscribe': ['认购'], 'loan_precheck': [],
            'event_invite': [], 'event_attend': ['参加活动'], 'app_login': [], 'service_request': ['报修'],
            'call_out': [], 'call_in': ['来电'], 'email_open': [], 'sms_click': [], 'social_message': [],
            'not_interested': ['无意向'], 'grade_set': [],
        },
        'granularity': {
            'hour': ['hourly', 'h', '小时', '时'],
            'day': ['daily', 'd', '日', '天'],
            'month': ['monthly', 'm', '月'],
        },
        'read_type': {
            'actual': ['实抄', '实际'],
            'estimated': ['estimate', '估抄', '估算'],
            'customer': ['self', '自报', '用户自报'],
        },
        'override_axis': {'value': [], 'card': []},
        'override_kind': {'set': [], 'floor': [], 'ceiling': [], 'freeze': []},
        'override_tier': {
            'high': [], 'medium': [], 'low': [], 'potential': [],
            'regular': [], 'silver': [], 'gold': [], 'platinum': [], 'diamond': [],
        },
        'energy_unit': {
            'kWh': ['kwh', 'kw.h', '千瓦时', '度'],
            'MWh': ['mwh', '兆瓦时'],
            'm3': ['m³', 'm^3', '立方米', '方'],
            'GJ': ['gj', '吉焦'],
            't': ['ton', 'tonne', 'tce', '吨', '吨标准煤', '吨标煤'],
        },
    } -%}
    {{ return(codes[field]) }}
{%- endmacro %}

{# The least and the greatest score of each survey scale: what lies outside is no answer. Policy may not say otherwise. #}
{% macro scale_bounds() -%}
    {{ return({'csat_5': [1, 5], 'rating_5': [1, 5], 'ces_7': [1, 7], 'nps_10': [0, 10], 'yes_no': [0, 1]}) }}
{%- endmacro %}
