-- One row per landed line of a table that staging reads: its fate, the rule that rejected it, and what was noted about it.
{% set tables = {
    'customers': 'customer_id', 'products': 'product_id', 'contracts': 'contract_id', 'fx_rates': 'currency',
    'surveys': 'response_id', 'complaints': 'complaint_id', 'complaint_events': 'complaint_id',
    'interactions': 'interaction_id', 'referrals': 'referral_id', 'energy_readings': 'meter_id', 'weather': 'city',
    'tier_overrides': 'override_id', 'expert_scores': 'score_id',
    'points_events': 'event_id', 'customer_identity': 'from_customer_id'
} %}

with

transactions as (

    select
        transactions._file,
        transactions._line,
        transactions.txn_id as record_key,
        case when reversals.match_kind in ('orphan_refund', 'fx_missing') then 'rejected' else transactions.fate end as fate,
        case
            when reversals.match_kind in ('orphan_refund', 'fx_missing') then reversals.match_kind
            else transactions.rejected_by
        end as rejected_by,
        transactions.noted_rules
        || case when applied.unapplied_amount > 0 then 'refund_exceeds_sale;' else '' end
        || case when reversals.match_kind = 'unreferenced' then 'refund_without_original;' else '' end as noted_rules

    from {{ ref('int_transactions_valued') }} as transactions
    left join {{ ref('int_reversals_matched') }} as reversals
        on transactions._file = reversals._file and transactions._line = reversals._line
    left join {{ ref('int_reversals_applied') }} as applied
        on transactions._file = applied._file and transactions._line = applied._line

)

select
    'transactions' as source_table,
    _file,
    _line,
    record_key,
    fate,
    rejected_by,
    noted_rules

from transactions
{% for table, key in tables.items() %}
union all

select
    '{{ table }}' as source_table,
    _file,
    _line,
    {{ key }} as record_key,
    fate,
    rejected_by,
    noted_rules

from {{ ref('int_' ~ table ~ '_screened') }}
{% endfor %}
