-- One row per landed transaction line: what it is worth in the reporting currency, and its contribution, before any refund.

with

transactions as (

    select * from {{ ref('int_transactions_screened') }}

),

margins as (

    select
        transactions.*,
        products.category as product_category,
        case
            when transactions.fate <> 'accepted' then null
            when transactions.fx_rate = 1 then transactions.amount
            else {{ money_product('transactions.amount', 'transactions.fx_rate') }}
        end as reporting_amount,
        case
            when transactions.cost_amount is not null and transactions.amount <> 0
                then greatest({{ ratio('transactions.amount - transactions.cost_amount', 'transactions.amount', 6, decimals=2) }}, -100)
            else coalesce(products.default_margin_rate, lobs.default_margin_rate)
        end as margin_rate,
        (transactions.cost_amount is null or transactions.amount = 0) and products.default_margin_rate is null as is_margin_assumed,
        lobs.occasion_basis = 'contract' and coalesce(transactions.contract_id, transactions.order_id) is not null as is_contract_occasion

    from transactions
    left join {{ ref('int_products_current') }} as products
        on transactions.product_id = products.product_id
    left join {{ ref('policy_lobs') }} as lobs
        on transactions.lob = lobs.lob and {{ in_force('lobs', 'transactions.event_date') }}

)

select
    _file,
    _line,
    source_system,
    txn_id,
    customer_id,
    customer_key,
    contract_id,
    order_id,
    product_id,
    coalesce(category, product_category, 'unknown') as category,
    original_txn_id,
    lob,
    txn_type,
    txn_role,
    txn_sign,
    payment_status,
    channel,
    venue_id,
    project_id,
    partner_id,
    campaign_id,
    currency,
    fx_rate,
    amount,
    gross_amount,
    discount_amount,
    quantity,
    margin_rate,
    reporting_amount,
    case when fate = 'accepted' then {{ money_product('reporting_amount', 'margin_rate') }} end as contribution_amount,
    coalesce('contract ' || contract_id, 'order ' || order_id, '') as occasion_key,
    event_at,
    event_date,
    recorded_at,
    known_on,
    paid_on,
    due_date,
    is_margin_assumed,
    is_contract_occasion,
    is_hidden,
    file_names_originals,
    fate,
    rejected_by,
    noted_rules

from margins
